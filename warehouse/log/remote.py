"""A warehouse that several machines share: its log and files are in object storage or in a shared folder.

The folder on each machine is then a working copy. Parquet files are copied to the shared place before the commit that
names them. The first writer creates the log entry there, so that of several writers exactly one gets a number. Files
that a working copy lacks are fetched. Published DuckDB files stay local: every machine publishes its own.

The protocols are here because the log uses them; the places that fulfil them are in :mod:`warehouse.sharing`.

:class:`Entries` decides which writer is first: by the store's own conditional put (``If-None-Match: *``,
:mod:`warehouse.sharing.object_store`), by ``link(2)`` (:mod:`warehouse.sharing.shared_folder`), or by the versions of a
Delta table (:mod:`warehouse.sharing.delta_log`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

COMMITTED_WITHIN = timedelta(hours=12)
"""A commit is refused if one of its files was written longer ago than this: its machine may have slept in between."""
ABANDONED_AFTER = 2 * COMMITTED_WITHIN
"""From this age on, a file in the shared place that no entry names will never be committed, because its commit would be
refused. The second half of the time is for machines that have not read the newest entries, and for wrong clocks.
"""


class Entries(Protocol):
    """The place where several writers agree on the next entry of the log."""

    def read(self, sequence: int) -> bytes | None:
        """Return entry ``sequence``, or None if there is none yet."""

    def create(self, sequence: int, content: bytes) -> None:
        """Make ``content`` entry ``sequence``, or raise :class:`FileExistsError` and change nothing."""

    def tidy(self, head: int) -> int:
        """Remove the files that killed writers left beside the entries up to ``head``; return their number."""


class Remote(Protocol):
    """A shared place: its files by their path in the warehouse, and the entries of its log."""

    @property
    def place(self) -> str:
        """Its address, for people."""

    @property
    def entries(self) -> Entries:
        """Where writers agree on the next log entry."""

    def upload(self, root: Path, paths: Iterable[str]) -> None:
        """Copy files of the working copy to the shared place; files that are there already stay unchanged."""

    def download(self, root: Path, paths: Iterable[str]) -> int:
        """Fetch those of ``paths`` that the working copy lacks; returns how many."""

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files; a missing file is no error."""

    def data_files(self) -> set[str]:
        """List the paths of all table files in the shared place, whichever machine wrote them."""

    def sizes(self) -> dict[str, int]:
        """Give the bytes of all complete table files in the shared place, by path."""

    def written_at(self, path: str) -> datetime | None:
        """Return when a file was written, by the clock of the shared place; None if that is not known."""


def entry_name(sequence: int) -> str:
    """Name the file of a log entry."""
    return f"log/{sequence:08d}.json"


def aside_of(root: Path, path: str) -> Path:
    """Give the place of a file while it is fetched: in staging, which the next run clears if this one is killed."""
    return root / "staging" / Path(path).name
