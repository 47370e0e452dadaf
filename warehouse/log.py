"""The commit log: the one truth about which files belong to the warehouse.

``log/00000123.json`` is created at one instant (:func:`warehouse.durable.create_if_absent`) and never
changed. It names the files that a commit adds and removes, with rows, bytes and checksums, and carries the
checksum of the entry before it, so that a missing or altered entry is noticed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commentariat import WarehouseError
from warehouse.durable import create_if_absent
from warehouse.remote import Remote
from warehouse.schema import SCHEMA_VERSION

APPEND, FINISH, COMPACTION, TAKEDOWN = "append", "finish", "compaction", "takedown"


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file under ``data/``; ``path`` is relative to the warehouse."""

    path: str
    table: str
    rows: int
    bytes: int
    sha256: str
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Commit:
    """One entry of the log.

    Parameters
    ----------
    sequence
        1, 2, 3 ...; also the file name.
    run_id, batch
        Together they make a commit idempotent: the same pair is never committed twice.
    kind
        ``append`` (a micro-batch), ``finish`` (the end of a run, no files), ``compaction``, ``takedown``.
    add, remove
        Files that belong to the warehouse from here on, and paths that no longer do.
    previous
        Checksum of the entry before; empty for the first.
    note
        For people: how the run ended, what was taken down.
    """

    sequence: int
    run_id: str
    batch: str
    flow: str
    kind: str
    started_at: str
    committed_at: str
    add: tuple[DataFile, ...] = ()
    remove: tuple[str, ...] = ()
    previous: str = ""
    note: str = ""
    outcomes: Mapping[str, int] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION
    checksum: str = ""

    @property
    def rows(self) -> dict[str, int]:
        """Rows added, by table."""
        counts: dict[str, int] = {}
        for file in self.add:
            counts[file.table] = counts.get(file.table, 0) + file.rows
        return counts


def now() -> str:
    """Return the present instant as log entries write it: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def encode(commit: Commit) -> bytes:
    """Write a commit as the bytes of its log entry, its checksum included."""
    content = asdict(replace(commit, checksum=""))
    content["outcomes"] = dict(commit.outcomes)
    content["checksum"] = _checksum(content)
    return json.dumps(content, indent=1, ensure_ascii=False).encode()


def decode(content: bytes, path: Path) -> Commit:
    """Read a log entry; :class:`WarehouseError` where it is damaged or newer than this program."""
    try:
        fields: dict[str, Any] = json.loads(content)
        version, claimed = int(fields["schema_version"]), fields["checksum"]
    except (ValueError, KeyError, TypeError) as error:
        raise WarehouseError(
            f"{path} is not a log entry of this warehouse: restore it from a backup"
        ) from error
    if version > SCHEMA_VERSION:
        raise WarehouseError(
            f"{path} was written by a newer version (schema {version}, this program knows {SCHEMA_VERSION}): "
            "upgrade commentariat"
        )
    fields["checksum"] = ""
    if _checksum(fields) != claimed:
        raise WarehouseError(f"{path} has been altered (its checksum does not fit): restore it from a backup")
    fields["checksum"] = claimed
    fields["add"] = tuple(DataFile(**file) for file in fields["add"])
    fields["remove"] = tuple(fields["remove"])
    return Commit(**fields)


def _checksum(fields: Mapping[str, Any]) -> str:
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


class CommitLog:
    """The entries under ``log/``, read once and then followed.

    Not safe for use by several threads at once; :class:`warehouse.writer.Writer` serialises its callers.
    """

    def __init__(self, folder: Path, remote: Remote | None = None) -> None:
        self.folder, self.remote = folder, remote
        self._commits: list[Commit] = []
        self._by_batch: dict[tuple[str, str], Commit] = {}
        self._live: dict[str, DataFile] = {}
        self._looked_beyond = False

    def path(self, sequence: int) -> Path:
        """Where entry ``sequence`` lies."""
        return self.folder / f"{sequence:08d}.json"

    def refresh(self) -> None:
        """Read the entries that have appeared since the last call; each must follow the one before."""
        while True:
            path = self.path(self.head + 1)
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                if self._fetch(path):
                    continue
                if self._has_entry_beyond(path):
                    raise WarehouseError(f"{path} is missing: restore log/ from a backup") from None
                return
            self._accept(decode(content, path), path)

    def _fetch(self, path: Path) -> bool:
        """Copy an entry that another machine has made from object storage; whether there was one."""
        content = self.remote.read(f"log/{path.name}") if self.remote else None
        if content is not None:
            with contextlib.suppress(FileExistsError):
                create_if_absent(path, content)
        return content is not None

    def _has_entry_beyond(self, path: Path) -> bool:
        """Whether a later entry exists although ``path`` does not: entries appear strictly in order."""
        if self._looked_beyond:
            return False
        later = any(entry.name > path.name for entry in self.folder.glob("[0-9]*.json"))
        self._looked_beyond = not later
        return later and not path.exists()

    def _accept(self, commit: Commit, path: Path) -> None:
        if commit.sequence != self.head + 1 or commit.previous != self.head_checksum:
            raise WarehouseError(f"{path} does not follow the entry before it: restore log/ from a backup")
        self._commits.append(commit)
        self._by_batch[commit.run_id, commit.batch] = commit
        for removed in commit.remove:
            self._live.pop(removed, None)
        self._live.update({file.path: file for file in commit.add})

    @property
    def head(self) -> int:
        """Sequence of the last commit known; 0 for an empty log."""
        return self._commits[-1].sequence if self._commits else 0

    @property
    def head_checksum(self) -> str:
        """Checksum of the last commit known."""
        return self._commits[-1].checksum if self._commits else ""

    def __iter__(self) -> Iterator[Commit]:
        return iter(self._commits)

    def after(self, sequence: int) -> list[Commit]:
        """Return the commits that follow ``sequence``."""
        return self._commits[sequence:]

    def at(self, sequence: int) -> Commit | None:
        """Return commit ``sequence``, or None where the log does not reach so far."""
        return self._commits[sequence - 1] if 1 <= sequence <= self.head else None

    def find(self, run_id: str, batch: str) -> Commit | None:
        """Return the commit of this batch if it has been made."""
        return self._by_batch.get((run_id, batch))

    def live_files(self, table: str | None = None) -> list[DataFile]:
        """Return the files that make up the warehouse (or one table) now, in the order of their commits."""
        return [file for file in self._live.values() if table in (None, file.table)]

    def rows(self, tables: Iterable[str]) -> dict[str, int]:
        """Count the live rows of ``tables``."""
        counts = dict.fromkeys(tables, 0)
        for file in self._live.values():
            if file.table in counts:
                counts[file.table] += file.rows
        return counts

    def rows_at(self, sequence: int) -> dict[str, int]:
        """Count the rows of every table as of commit ``sequence``."""
        live: dict[str, DataFile] = {}
        for commit in self._commits[:sequence]:
            for removed in commit.remove:
                live.pop(removed, None)
            live.update({file.path: file for file in commit.add})
        counts: dict[str, int] = {}
        for file in live.values():
            counts[file.table] = counts.get(file.table, 0) + file.rows
        return counts

    def append(self, commit: Commit, *, recheck: Callable[[], None] = lambda: None) -> Commit:
        """Make ``commit`` the next entry: this is the instant at which it happens.

        Parameters
        ----------
        recheck
            Called when another machine has committed meanwhile: what was right to commit before may not be so after.

        Returns
        -------
        Commit
            With its sequence and checksum. If another writer took the number meanwhile, the next one is
            tried; if another writer has committed the same batch, that commit is returned instead.
        """
        seen = self.head
        while True:
            self.refresh()
            if existing := self.find(commit.run_id, commit.batch):
                return existing
            if self.head != seen:
                recheck()
                seen = self.head
            entry = replace(commit, sequence=self.head + 1, previous=self.head_checksum)
            path = self.path(entry.sequence)
            content = encode(entry)
            try:
                if self.remote:
                    self.remote.create(f"log/{path.name}", content)
                create_if_absent(path, content)
            except FileExistsError:
                continue
            self._accept(decode(content, path), path)
            return self._commits[-1]
