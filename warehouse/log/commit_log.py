"""The commit log: the only authority on which files belong to the warehouse.

``log/00000123.json`` is created at one instant (:func:`warehouse.durable.create_if_absent`) and never changed. It names
the files that a commit adds and removes, with rows, bytes and checksums. It also holds the checksum of the entry before
it, so that a missing or altered entry is detected.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from commentariat import WarehouseError
from warehouse.durable import create_if_absent
from warehouse.log.checkpoint import fits, read, write
from warehouse.log.entries import Commit, CommitKind, DataFile, decode, encode, rows_by_table
from warehouse.log.remote import COMMITTED_WITHIN, Remote
from warehouse.log.state import LogState, RunRecord


class OvertakenError(WarehouseError):
    """Another writer has committed something that excludes this commit; nothing was changed."""


class UnknownEndError(WarehouseError):
    """The shared place failed while an entry was created there, so it is not known whether the entry exists."""


class CommitLog:
    """The entries under ``log/``, read once and then followed.

    If there is a checkpoint, only the entries after it are read at first. Earlier entries are read backwards when they
    are needed, and each is checked against the one after it.

    It must not be used by several threads at once; :class:`warehouse.writing.writer.Writer` serialises its callers.

    Parameters
    ----------
    folder
        The warehouse's folder ``log``.
    remote
        The shared place: entries that the folder lacks are fetched from it, and new ones are created there first.
    whole
        Read every entry, even if there is a checkpoint.
    """

    def __init__(self, folder: Path, remote: Remote | None = None, *, whole: bool = False) -> None:
        self.folder, self.remote = folder, remote
        self._whole = whole
        self._commits: list[Commit] = []
        self._by_batch: dict[tuple[str, str], Commit] = {}
        self._looked_beyond = False
        self._begin(LogState())

    def _begin(self, state: LogState) -> None:
        """Start from ``state``; the entries before it are read when they are needed."""
        self._start, self._start_checksum = state.sequence, state.checksum
        self._checkpointed = state.sequence
        self._state = state

    def path(self, sequence: int) -> Path:
        """Path of entry ``sequence``."""
        return self.folder / f"{sequence:08d}.json"

    def refresh(self) -> None:
        """Read the entries created since the last call; each must follow the one before it.

        Raises
        ------
        WarehouseError
            An entry is missing, damaged, or does not follow the one before it; or the shared place cannot be read.
        """
        if not self.head and not self._whole:
            self._resume()
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

    def _resume(self) -> None:
        """Start from the checkpoint if it belongs to this log."""
        state = read(self.folder)
        if state is not None and state.sequence:
            path = self.path(state.sequence)
            with contextlib.suppress(
                WarehouseError, OSError
            ):  # reading from the first entry will report what is wrong
                if fits(state, decode(path.read_bytes(), path)):
                    self._begin(state)

    def _fetch(self, path: Path) -> bool:
        """Copy an entry of another machine from the shared place; return whether it exists there."""
        content = self.remote.entries.read(self.head + 1) if self.remote else None
        if content is None or self.remote is None:
            return False
        if decode(content, path).previous != self.head_checksum:
            raise WarehouseError(
                f"{self.remote.place} holds another warehouse than {self.folder.parent}: name another place"
            )
        with contextlib.suppress(FileExistsError):
            create_if_absent(path, content)
        return True

    def _has_entry_beyond(self, path: Path) -> bool:
        """Whether a later entry exists although ``path`` does not: entries must be created in order."""
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
        self._state.apply(commit)

    def _read_back(self, down_to: int) -> None:
        """Read the entries before the checkpoint, from the last of them back to the one after ``down_to``."""
        earlier: list[Commit] = []
        checksum = self._start_checksum
        for sequence in range(self._start, down_to, -1):
            path = self.path(sequence)
            try:
                commit = decode(path.read_bytes(), path)
            except FileNotFoundError:
                raise WarehouseError(f"{path} is missing: restore log/ from a backup") from None
            if (commit.sequence, commit.checksum) != (sequence, checksum):
                raise WarehouseError(
                    f"{path} does not precede the entry after it: restore log/ from a backup"
                )
            checksum = commit.previous
            earlier.append(commit)
        if earlier:
            self._commits = [*reversed(earlier), *self._commits]
            self._by_batch.update({(commit.run_id, commit.batch): commit for commit in earlier})
            self._start, self._start_checksum = down_to, checksum

    @property
    def head(self) -> int:
        """Sequence of the last known commit; 0 for an empty log."""
        return self._state.sequence

    @property
    def head_checksum(self) -> str:
        """Checksum of the last known commit."""
        return self._state.checksum

    @property
    def last_takedown(self) -> int:
        """Sequence of the last takedown, 0 if there was none."""
        return self._state.last_takedown

    def __iter__(self) -> Iterator[Commit]:
        self._read_back(0)
        return iter(self._commits)

    def after(self, sequence: int) -> list[Commit]:
        """Return the commits after ``sequence``."""
        self._read_back(sequence)
        return self._commits[max(sequence - self._start, 0) :]

    def at(self, sequence: int) -> Commit | None:
        """Return commit ``sequence``; None if the log ends before it."""
        if not 1 <= sequence <= self.head:
            return None
        self._read_back(sequence - 1)
        return self._commits[sequence - self._start - 1]

    def find(self, run_id: str, batch: str) -> Commit | None:
        """Return the commit of this batch if it has been made."""
        run = self._state.runs.get(run_id)
        if run is not None and (run_id, batch) not in self._by_batch:
            self._read_back(run.first - 1)
        return self._by_batch.get((run_id, batch))

    def run(self, run_id: str) -> RunRecord | None:
        """Return the record of a run; None if it has committed nothing."""
        return self._state.runs.get(run_id)

    def live_files(self, table: str | None = None) -> list[DataFile]:
        """Return the files that now make up the warehouse (or one table), in the order of their commits."""
        return [file for file in self._state.live.values() if table in (None, file.table)]

    def replaced(self, *, kind: CommitKind | None = None, until: int | None = None) -> list[str]:
        """Return the files that compaction and takedown removed and that may still exist somewhere.

        Parameters
        ----------
        kind
            Only files that commits of this kind removed.
        until
            Only files that this commit or earlier ones removed.
        """
        return [
            path
            for path, (sequence, by) in self._state.replaced.items()
            if kind in (None, by) and (until is None or sequence <= until)
        ]

    def removed(self, *, until: int) -> set[str]:
        """Return every file that was ever removed up to commit ``until``, even if it no longer exists.

        Unlike :meth:`replaced` this reads all entries, and includes files that this machine has never had.
        """
        return {path for commit in self if commit.sequence <= until for path in commit.remove}

    def rows(self, tables: Iterable[str]) -> dict[str, int]:
        """Count the live rows of ``tables``."""
        counts = rows_by_table(self._state.live.values())
        return {table: counts.get(table, 0) for table in tables}

    def as_of(self, sequence: int) -> LogState:
        """Compute from the entries the state of the log at ``sequence``."""
        state = LogState()
        for commit in list(self)[:sequence]:
            state.apply(commit)
        return state

    def checkpoint(self, *, every: int, is_there: Callable[[str], bool]) -> bool:
        """Write a checkpoint if ``every`` entries have appeared since the last; only for the holder of the lock.

        Parameters
        ----------
        is_there
            Whether a replaced file still exists somewhere; files that no longer exist are removed from the checkpoint.
        """
        if self.head - self._checkpointed < every:
            return False
        self._state.replaced = {path: by for path, by in self._state.replaced.items() if is_there(path)}
        write(self.folder, self._state)
        self._checkpointed = self.head
        return True

    def append(
        self, commit: Commit, *, recheck: Callable[[Commit], Commit] = lambda commit: commit
    ) -> Commit:
        """Make ``commit`` the next entry. The commit happens at this instant.

        Parameters
        ----------
        recheck
            Called if another machine has committed meanwhile, because the commit may no longer be right after that. It
            returns the commit to be made now.

        Raises
        ------
        OvertakenError
            When another writer has removed a file that this commit wanted to remove.
        WarehouseError
            When the files of the commit were written so long ago that another machine may have deleted them in the
            shared place (:data:`warehouse.log.remote.ABANDONED_AFTER`).
        UnknownEndError
            When the shared place failed: the entry may exist, or may still appear.

        Returns
        -------
        Commit
            The commit with its sequence and checksum. If another writer took the number meanwhile, the next number is
            tried. If another writer has committed the same batch, that commit is returned.
        """
        seen = self.head
        while True:
            self.refresh()
            while self.head != seen and not self.find(commit.run_id, commit.batch):
                seen = self.head  # the check may itself read newer entries
                commit = recheck(commit)
            if existing := self.find(commit.run_id, commit.batch):
                return existing
            if gone := [path for path in commit.remove if path not in self._state.live]:
                raise OvertakenError(
                    f"another writer has replaced {gone[0]} meanwhile: nothing was changed, try again"
                )
            self._refuse_if_late(commit)
            entry = replace(commit, sequence=self.head + 1, previous=self.head_checksum)
            path = self.path(entry.sequence)
            content = encode(entry)
            try:
                self._create_remotely(entry.sequence, content)
                create_if_absent(path, content)
            except FileExistsError:
                continue
            self._accept(decode(content, path), path)
            return self._commits[-1]

    def _refuse_if_late(self, commit: Commit) -> None:
        if not (self.remote and commit.add):
            return
        first = min((self.folder.parent / file.path).stat().st_mtime for file in commit.add)
        if time.time() - first > COMMITTED_WITHIN.total_seconds():
            raise WarehouseError(
                f"batch {commit.batch} was not committed: its files were written more than "
                f"{COMMITTED_WITHIN // timedelta(hours=1)} hours ago, and other machines delete such files in "
                f"{self.remote.place}; start the run again"
            )

    def _create_remotely(self, sequence: int, content: bytes) -> None:
        if self.remote:
            try:
                self.remote.entries.create(sequence, content)
            except WarehouseError as error:
                raise UnknownEndError(str(error)) from error


def last_takedown_of(root: Path) -> int:
    """Read from the log of the warehouse at ``root`` the sequence of its last takedown, 0 if there was none."""
    log = CommitLog(root / "log")
    log.refresh()
    return log.last_takedown
