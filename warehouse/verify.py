"""Checking a whole warehouse: the log, every file against its checksum, every audit, and the published snapshot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from commentariat import WarehouseError
from warehouse import checkpoint
from warehouse.audit import check_relations, violations
from warehouse.base import definition
from warehouse.engine import engine
from warehouse.entries import rows_by_table
from warehouse.generations import current_generation, snapshot_sequence
from warehouse.log import CommitLog, DataFile
from warehouse.parquet import checksum, live_relation
from warehouse.statements import statement
from warehouse.tables import TABLES


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Parameters
    ----------
    check
        ``log``, ``files``, ``stray``, ``snapshot`` or the name of an audit.
    """

    check: str
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and what was found; no findings means the warehouse is sound."""

    commits: int
    files: int
    rows: int
    seconds: float
    findings: tuple[Finding, ...]


def verify(path: Path | str, *, on_file: Callable[[DataFile], None] = lambda _: None) -> Verification:
    """Check the warehouse at ``path`` from the log to the snapshot. Changes nothing and needs no lock.

    Parameters
    ----------
    on_file
        Called with each file once it has been read, for a progress bar.

    Raises
    ------
    WarehouseError
        There is no warehouse at ``path``.
    """
    root, started = Path(path), time.perf_counter()
    if not (root / "log").is_dir():
        raise WarehouseError(f"there is no warehouse at {root}: name another folder")
    log = CommitLog(root / "log", whole=True)
    findings: list[Finding] = []
    try:
        log.refresh()
    except WarehouseError as error:
        findings.append(Finding("log", str(error)))
    findings += _check_checkpoint(root, log)
    live = log.live_files()
    damaged = list(_check_files(root, live, on_file))
    findings += damaged
    findings += _check_strays(root, log)
    if not damaged:  # audits over unreadable files would only repeat it
        findings += _run_audits(root, live)
    findings += _check_snapshot(root, log)
    seconds = time.perf_counter() - started
    return Verification(log.head, len(live), sum(file.rows for file in live), seconds, tuple(findings))


def _check_checkpoint(root: Path, log: CommitLog) -> Iterator[Finding]:
    """Compare the checkpoint, which later runs will start from, with what the entries come to."""
    place = root / "log" / checkpoint.NAME
    if place.exists():
        state = checkpoint.read(root / "log")
        if state is None:
            yield Finding("log", f"{place} is damaged or another version's: delete it, it will be made again")
        elif wrong := state.disagreement(log.as_of(state.sequence)):
            yield Finding(
                "log", f"{place} contradicts the entries ({wrong}): delete it, it will be made again"
            )


def _check_files(root: Path, live: list[DataFile], on_file: Callable[[DataFile], None]) -> Iterator[Finding]:
    for file in live:
        place = root / file.path
        if not place.exists():
            yield Finding("files", f"{place} is missing: restore it from a backup")
        elif checksum(place) != file.sha256:
            yield Finding("files", f"{place} has been altered (its checksum does not fit): restore it")
        else:
            yield from _check_rows(place, file)
        on_file(file)


def _check_rows(place: Path, file: DataFile) -> Iterator[Finding]:
    try:
        rows = pq.read_metadata(place).num_rows
    except (OSError, pa.ArrowInvalid) as error:
        yield Finding("files", f"{place} is not a Parquet file: {error}")
        return
    if rows != file.rows:
        yield Finding("files", f"{place} has {rows} rows, the log says {file.rows}")


def _check_strays(root: Path, log: CommitLog) -> Iterator[Finding]:
    """Find files under ``data/`` that no commit ever added; those that compaction replaced may still be there."""
    known = {file.path for commit in log for file in commit.add}
    for place in sorted((root / "data").glob("**/*")):
        if place.is_file() and "_delta_log" not in place.parts and str(place.relative_to(root)) not in known:
            yield Finding("stray", f"{place} belongs to no commit: move it away")


def _run_audits(root: Path, live: list[DataFile]) -> Iterator[Finding]:
    with engine() as connection:
        relations = {name: live_relation(root, name, live) for name in TABLES}
        for name, relation in relations.items():
            connection.execute(f"CREATE VIEW {name} AS {relation}")
        check_relations(connection, relations)
        for violation in violations(connection, set(TABLES), before_commit=False):
            yield Finding(violation.audit, f"{violation.meaning} For example {violation.example}")


def _check_snapshot(root: Path, log: CommitLog) -> Iterator[Finding]:
    generation = current_generation(root)
    if generation is None:
        if log.head:
            yield Finding("snapshot", f"nothing is published in {root}: the next run will do it")
        return
    sequence = snapshot_sequence(generation)
    if sequence is None:
        yield Finding("snapshot", f"{generation} cannot be read: the next run makes it again")
        return
    try:
        if sequence > log.head:
            yield Finding("snapshot", f"{generation} shows commit {sequence}, the log ends at {log.head}")
            return
        wanted = rows_by_table(log.as_of(sequence).live.values())
        with duckdb.connect(str(generation), read_only=True) as connection:
            listed = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            for name, table in TABLES.items():
                # A snapshot of an earlier version lacks tables that came later, and so far they have no rows.
                if table.published and (name in wanted or (name,) in listed):
                    ((found,),) = connection.execute(f"SELECT count(*) FROM {name}").fetchall()  # noqa: S608
                    if found != wanted.get(name, 0):
                        message = (
                            f"{generation} has {found} rows in {name}, the log says {wanted.get(name, 0)}"
                        )
                        yield Finding("snapshot", message)
            ((made_as,),) = connection.execute("SELECT definition FROM snapshot").fetchall()
            if made_as != definition():  # totals of another version of this program may add up something else
                return
            if wrong := connection.execute(statement("wrong_totals")).fetchall():
                yield Finding("snapshot", f"{generation} adds up stances wrongly, for example {wrong[0]}")
    except duckdb.Error as error:
        yield Finding("snapshot", f"{generation} cannot be read: {error}")
