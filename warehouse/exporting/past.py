"""The warehouse as of a past moment: a database of the rows committed until then, built from the present files.

Compaction and takedown replace files, but rows stay, and each row names the run that wrote it. The state at a moment
therefore consists of the rows of all runs that were over by then, and is the same however often files have been
rewritten since. The earlier and later rows of one run cannot be distinguished; a moment in the middle of a run is taken
as the moment before that run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from commentariat import InputError, WarehouseError
from warehouse.definitions.schema import SCHEMA_VERSION, create_tables, create_view
from warehouse.definitions.tables import BOOKKEEPING, TABLES
from warehouse.engine import MEMORY_LIMIT, Config, engine
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import COMPACTION, FINISH, TAKEDOWN, Commit, rows_by_table
from warehouse.log.relations import live_relation
from warehouse.publishing.appending import APPEND_SCRIPTS, commit_rows
from warehouse.publishing.definition import definition
from warehouse.querying.fetched import fetched_state
from warehouse.spill import place_to_spill
from warehouse.sql_files import load_sql, views_sql

_TRIES = 3
_RECORD_THEIR_END = ("nightly", "rescore")
"""Flows whose runs have ended only if they have recorded it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the warehouse.

    Attributes
    ----------
    commit
        The last commit of the state.
    at
        When that commit was made.
    runs
        The runs whose rows the state holds.
    rows
        The number of rows of each table at that moment.
    """

    commit: int
    at: str
    runs: frozenset[str]
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Past:
    """A database as of a moment, in the form in which databases are published.

    Attributes
    ----------
    last_takedown
        Sequence of the last takedown that the database respects. Rows removed by a later one are still in it.
    """

    moment: Moment
    connection: duckdb.DuckDBPyConnection
    last_takedown: int

    def count(self, table: str) -> int:
        """Count the rows of a table or view."""
        ((rows,),) = self.connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()
        return int(rows)

    @property
    def taken_down(self) -> dict[str, int]:
        """The number of rows that each table has lost by takedown since."""
        lost = {name: self.moment.rows.get(name, 0) - self.count(name) for name in TABLES}
        return {name: rows for name, rows in lost.items() if rows}


def moment(log: CommitLog, at: int | datetime) -> Moment:
    """Find the state for a commit or a time: that of the last moment until then in which no run was under way.

    Raises
    ------
    InputError
        There is no such commit, or no run was over by then.
    """
    commits = list(log)
    if isinstance(at, int):
        if not 1 <= at <= len(commits):
            raise InputError(f"there is no commit {at}; the last one is {len(commits)}")
        until = at
    else:
        until = _made_by(at, [datetime.fromisoformat(commit.committed_at) for commit in commits])
    while until and (under_way := _under_way(commits, until)):
        until = under_way - 1
    if not until:
        raise InputError(
            "no run was over by then: name a later commit or day (`commentariat sql runs` shows when each ended)"
        )
    past = commits[:until]
    live = log.as_of(until).live
    return Moment(
        until, past[-1].committed_at, frozenset(c.run_id for c in past), rows_by_table(live.values())
    )


def _made_by(then: datetime, times: list[datetime]) -> int:
    """Count the commits made by then: the number that fits most of their times, in case a clock was ahead once."""
    until = fits = best = 0
    for number, time in enumerate(times, start=1):
        fits += 1 if time <= then else -1
        if fits >= best:
            until, best = number, fits
    return until


def _under_way(commits: list[Commit], until: int) -> int | None:
    """Give the first commit of a run that was in progress at ``until``; None if none was.

    A run was over if it had ended (see :func:`_ends`) and has committed nothing since, or if it was cut short and
    another one has begun.
    """
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    is_over: dict[str, bool] = {}
    for commit in commits:
        first.setdefault(commit.run_id, commit.sequence)
        last[commit.run_id] = commit.sequence
        if commit.sequence <= until:
            is_over[commit.run_id] = _ends(commit)
    newest = max((sequence for sequence in first.values() if sequence <= until), default=0)
    under_way = (
        first[run]
        for run, over in is_over.items()
        if last[run] > until or (not over and first[run] == newest)
    )
    return min(under_way, default=None)


def _ends(commit: Commit) -> bool:
    """Whether a run is over if this is its last commit; ``finished_at`` of view ``run`` follows the same rule.

    A compaction or a takedown in a run of its own is complete by itself and records no end. A night also takes down
    what is listed again, but goes on after that.
    """
    by_itself = commit.kind in (COMPACTION, TAKEDOWN) and commit.flow not in _RECORD_THEIR_END
    return commit.kind == FINISH or by_itself


@contextmanager
def past(root: Path, at: int | datetime) -> Iterator[Past]:
    """Build the database of a moment, in a temporary folder that is removed after the block. Needs no lock.

    Raises
    ------
    InputError
        There is no such moment.
    WarehouseError
        In every attempt something was taken down while the database was built; or a file is damaged, or has not been
        fetched from the shared place yet.
    """
    with tempfile.TemporaryDirectory(dir=place_to_spill().parent) as folder:
        for attempt in range(_TRIES):
            log = CommitLog(root / "log")
            log.refresh()
            if (here := fetched_state(root, log).sequence) < log.head:
                raise WarehouseError(
                    f"{root} does not have all files of the commits after {here} yet, because other machines have made "
                    "some of them: wait for the end of the run that is writing, or run `commentariat publish`, and "
                    "export again"
                )
            meant = moment(log, at)
            place = Path(folder) / f"{attempt}.duckdb"
            limit: Config = {"memory_limit": MEMORY_LIMIT}
            with engine(place, spill=Path(folder) / "spill", config=limit) as connection:
                try:
                    _build(connection, root, log, meant)
                except duckdb.Error as error:
                    seen = log.last_takedown
                    log.refresh()
                    if log.last_takedown > seen:
                        continue
                    raise WarehouseError(
                        f"the state at commit {meant.commit} cannot be made: {error}. Run `commentariat verify`"
                    ) from error
                yield Past(meant, connection, log.last_takedown)
                return
    raise WarehouseError(f"{_TRIES} times something was taken down in {root} meanwhile: try again later")


def _build(connection: duckdb.DuckDBPyConnection, root: Path, log: CommitLog, meant: Moment) -> None:
    """Insert the rows of the moment into empty tables with the scripts that publishing uses."""
    connection.execute("BEGIN")
    connection.execute(create_tables((*TABLES.values(), *BOOKKEEPING)))
    connection.execute(load_sql("macros"))
    connection.execute("CREATE TABLE past_run (run_id VARCHAR)")
    connection.register("runs_of_the_past", pa.table({"run_id": pa.array(sorted(meant.runs), pa.string())}))
    connection.execute("INSERT INTO past_run SELECT run_id FROM runs_of_the_past")
    for name, table in TABLES.items():
        rows = live_relation(root, name, log.live_files(name))
        then = f"SELECT * FROM ({rows}) WHERE run_id IN (SELECT run_id FROM past_run)"
        if table.published:
            connection.execute(f"CREATE TEMP VIEW new_{name} AS {then}")
        else:
            connection.execute(create_view(table, then))
    commits = [commit for commit in log if commit.sequence <= meant.commit]
    connection.register("new_commit_log", commit_rows(commits))
    for script in APPEND_SCRIPTS:
        connection.execute(load_sql(script))
    snapshot = [meant.commit, commits[-1].checksum, meant.at, SCHEMA_VERSION, definition()]
    connection.execute("INSERT INTO snapshot VALUES (?, ?, ?::TIMESTAMPTZ, ?, ?)", snapshot)
    connection.execute(views_sql())
    connection.execute("COMMIT")
