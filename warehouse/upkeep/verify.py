"""The check of a whole warehouse: the log, every file against its checksum, every audit, and the published snapshot."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from commentariat import WarehouseError
from warehouse.definitions.tables import TABLES
from warehouse.durable import checksum, explained
from warehouse.engine import MEMORY_LIMIT, engine
from warehouse.log import checkpoint
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import DataFile, rows_by_table
from warehouse.log.relations import live_relation
from warehouse.log.remote import Remote
from warehouse.log.replaced_files import returned
from warehouse.publishing.definition import has_definition
from warehouse.publishing.generations import current_generation, snapshot_sequence
from warehouse.querying.fetched import fetched_state
from warehouse.sharing.working_copy import recorded_place
from warehouse.spill import place_to_spill
from warehouse.sql_files import load_sql
from warehouse.upkeep.shared_faults import shared_faults
from warehouse.upkeep.stored_passwords import sources_with_password
from warehouse.upkeep.strays import find_strays
from warehouse.writing.audit import checked, violations

_TRIES = 5
"""The number of attempts at a check, because a run may replace the checked files."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault that was found.

    Attributes
    ----------
    check
        ``log``, ``files``, ``stray``, ``password``, ``snapshot``, ``shared`` or the name of an audit.
    """

    check: str
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Numbers of checked parts, and the findings; without findings the warehouse is intact."""

    commits: int
    files: int
    rows: int
    seconds: float
    findings: tuple[Finding, ...]


def verify(
    path: Path | str, *, remote: Remote | None = None, on_file: Callable[[DataFile], None] = lambda _: None
) -> Verification:
    """Check the warehouse at ``path`` from the log to the snapshot. Changes nothing and needs no lock.

    A run may be writing meanwhile: files that it commits, replaces or takes down during the check are no finding. The
    files and the audits are those of one commit: the last one when the check began, or, in a working copy that has not
    yet fetched all files of other machines, the published one.

    Parameters
    ----------
    remote
        The shared place of a working copy, to be checked too.
    on_file
        Called with each file once it has been read, for a progress bar.

    Raises
    ------
    WarehouseError
        There is no warehouse at ``path``, or the record of its shared place cannot be read.
    """
    root, started = Path(path), time.perf_counter()
    with explained("Looking for the warehouse", root):
        has_log = (root / "log").is_dir()
    if not has_log:
        raise WarehouseError(f"there is no warehouse at {root}: name another folder")
    log = CommitLog(root / "log", whole=True)
    findings = list(_check_log(root, log))
    is_log_whole = not any(finding.check == "log" for finding in findings)
    state = fetched_state(root, log)
    live = list(state.live.values())
    findings += (damaged := _check_files(root, log, live, on_file))
    if is_log_whole:  # files added by an entry that cannot be read are no strays
        findings += [
            Finding("stray", f"{place} belongs to no commit: move it away")
            for place in find_strays(root, log)
        ]
        as_opened = CommitLog(root / "log")  # as a run opens it, with the checkpoint
        _follow(as_opened)
        findings += [
            Finding("stray", f"{place} was deleted and is there again: `commentariat maintain` deletes it")
            for place in returned(root, as_opened)
        ]
    if not damaged:  # audits over unreadable files would only repeat the finding
        findings += _check_audits(root, log, live)
    findings += _check_snapshot(root, log)
    if remote is not None and is_log_whole:
        findings += [Finding("shared", fault) for fault in shared_faults(root, log, remote)]
    seconds = time.perf_counter() - started
    return Verification(state.sequence, len(live), sum(file.rows for file in live), seconds, tuple(findings))


def _check_log(root: Path, log: CommitLog) -> Iterator[Finding]:
    """Read every entry, and compare the checkpoint, from which later runs will start, with the entries."""
    place = root / "log" / checkpoint.NAME
    # Read before the entries, so that it cannot cover more entries than are read here; and a run may replace the one of
    # another version meanwhile.
    is_of_another_version = checkpoint.is_of_another_version(root / "log")
    is_there, state = place.exists(), checkpoint.read(root / "log")
    try:
        log.refresh()
    except WarehouseError as error:
        yield Finding("log", str(error))
    if is_there and state is None and not is_of_another_version:
        yield Finding("log", f"{place} is damaged: delete it, it will be made again")
    elif state is not None and (wrong := state.disagreement(log.as_of(state.sequence))):
        yield Finding("log", f"{place} contradicts the entries ({wrong}): delete it, it will be made again")


def _follow(log: CommitLog) -> None:
    """Read the new entries; a damaged entry has been reported already."""
    with contextlib.suppress(WarehouseError):
        log.refresh()


def _check_files(
    root: Path, log: CommitLog, live: list[DataFile], on_file: Callable[[DataFile], None]
) -> list[Finding]:
    wrong: dict[str, str] = {}
    shared = recorded_place(root)
    for file in live:
        if fault := _fault(root / file.path, file, shared):
            wrong[file.path] = fault
        on_file(file)
    if not wrong:
        return []
    _follow(log)
    still = fetched_state(root, log).live  # the other files have been replaced or taken down
    return [Finding("files", fault) for path, fault in wrong.items() if path in still]


def _fault(place: Path, file: DataFile, shared: str | None) -> str:
    """Describe the fault of a file, and the remedy: a run fetches from the shared place what its working copy lacks."""
    fetch = f"the next run fetches it from {shared}"
    restore = f"delete it, and {fetch}" if shared else "restore it from a backup"
    try:
        if checksum(place) != file.sha256:
            return f"{place} has been altered (its checksum does not fit): {restore}"
        rows = pq.read_metadata(place).num_rows
    except FileNotFoundError:
        return f"{place} is missing: {fetch if shared else restore}"
    except (OSError, pa.ArrowInvalid) as error:
        return f"{place} cannot be read ({error}): make it readable, or {restore}"
    if rows == file.rows:
        return ""
    return f"{place} has {rows} rows, the log records {file.rows}: {restore}"


def _check_audits(root: Path, log: CommitLog, live: list[DataFile]) -> list[Finding]:
    """Run every audit over ``live``; if files are replaced meanwhile, run it over the files that replace them."""
    for _ in range(_TRIES):
        try:
            return list(_run_audits(root, live))
        except duckdb.Error as error:
            reason = str(error)
        _follow(log)
        now = list(fetched_state(root, log).live.values())
        if {file.path for file in live} <= {file.path for file in now}:
            break  # no file is missing: the error has another cause
        live = now
    remedy = f"free some memory, and disk space in {tempfile.gettempdir()}, and verify again"
    return [Finding("audits", f"the audits could not be run ({reason}): {remedy}")]


def _run_audits(root: Path, live: list[DataFile]) -> Iterator[Finding]:
    with engine(spill=place_to_spill(), config={"memory_limit": MEMORY_LIMIT}) as connection:
        relations = {name: live_relation(root, name, live) for name in TABLES}
        for name, relation in relations.items():
            connection.execute(f"CREATE VIEW {name} AS {relation}")
        with checked(connection, relations, in_memory=False):
            found = violations(connection, set(TABLES), before_commit=False)
        for violation in found:
            yield Finding(
                violation.audit,
                f"{violation.meaning} For example {violation.example}. The files are as they were committed: restore "
                "the warehouse from an earlier backup that is sound",
            )
        for source, since in sources_with_password(connection):
            yield Finding(
                "password",
                f"an earlier version stored the location of source {source!r} of {since:%Y-%m-%d} with a user name or "
                "a password: change the password there, and remove it here with `commentariat compact`",
            )


def _check_snapshot(root: Path, log: CommitLog) -> list[Finding]:
    for _ in range(_TRIES):
        generation = current_generation(root)
        if generation is None:
            missing = f"nothing is published in {root}: the next run will do it"
            return [Finding("snapshot", missing)] if log.head else []
        findings = list(_check_generation(generation, log))
        if generation.exists():  # otherwise a newer one has replaced it
            break
    return findings


def _check_generation(generation: Path, log: CommitLog) -> Iterator[Finding]:
    sequence = snapshot_sequence(generation)
    if sequence is None:
        yield Finding("snapshot", f"{generation} cannot be read: the next run makes it again")
        return
    _follow(log)
    try:
        if sequence > log.head:
            beyond = f"{generation} shows commit {sequence}, the log ends at {log.head}"
            remedy = "restore log/ from a backup, or, if this log is the right one"
            yield Finding("snapshot", f"{beyond}: {remedy}, {_rebuild(generation)}")
            return
        wanted = rows_by_table(log.as_of(sequence).live.values())
        with duckdb.connect(str(generation), read_only=True) as connection:
            listed = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            for name, table in TABLES.items():
                # A snapshot of an earlier version lacks newer tables, which have no rows yet.
                if table.published and (name in wanted or (name,) in listed):
                    ((count,),) = connection.execute(f"SELECT count(*) FROM {name}").fetchall()
                    if count != wanted.get(name, 0):
                        message = (
                            f"{generation} has {count} rows in {name}, the log records {wanted.get(name, 0)}: the next "
                            "run that commits builds it again"
                        )
                        yield Finding("snapshot", message)
            ((made_as,),) = connection.execute("SELECT definition FROM snapshot").fetchall()
            if not has_definition(made_as):  # another version of this program may define totals differently
                return
            if wrong := connection.execute(load_sql("wrong_totals")).fetchall():
                added = f"{generation} adds up stances wrongly (for example {wrong[0]})"
                yield Finding("snapshot", f"{added}: {_rebuild(generation)}")
    except duckdb.Error as error:
        yield Finding("snapshot", f"{generation} cannot be read ({error}): {_rebuild(generation)}")


def _rebuild(generation: Path) -> str:
    """Say how to build the snapshot anew; a publish alone would begin with a copy of the faulty one."""
    every = generation.with_name("*.duckdb")
    return f"while no run is writing, delete {every} and run `commentariat publish`, which builds it from the files"
