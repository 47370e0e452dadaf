"""A shared place in a folder that all machines reach, whose log entries are files that can be created only once."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from commentariat import WarehouseError
from warehouse.durable import (
    copy_file,
    create_if_absent,
    explained,
    make_folder,
    remove_asides,
    sync_file,
    sync_folder,
)
from warehouse.log.remote import Entries, aside_of, entry_name


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """A folder that all writers reach. If a working copy is on the same file system, files are linked and not copied.

    Attributes
    ----------
    folder
        The folder; it is made if it is missing.
    log
        Where writers agree on entries. Without it, entries are files that are created by ``link(2)``.
    """

    folder: Path
    log: Entries | None = None

    @property
    def place(self) -> str:
        """Its address, for people."""
        return str(self.folder)

    @property
    def entries(self) -> Entries:
        """Where writers agree on the next log entry."""
        return self.log or _Linked(self.folder)

    def upload(self, root: Path, paths: Iterable[str]) -> None:
        """Link or copy files of the working copy to the folder."""
        with explained("Sharing", self.folder):
            for path in paths:
                place = self.folder / path
                _bring(root / path, place, aside=place.with_name(f".{place.name}"))

    def download(self, root: Path, paths: Iterable[str]) -> int:
        """Fetch those of ``paths`` that the working copy lacks; returns how many.

        Raises
        ------
        WarehouseError
            The folder cannot be read, or lacks one of the files.
        """
        fetched = 0
        with explained("Fetching", self.folder):
            for path in paths:
                if not (root / path).exists():
                    try:
                        _bring(self.folder / path, root / path, aside=aside_of(root, path))
                    except FileNotFoundError:
                        message = f"{self.folder / path} is missing: restore it from a backup"
                        raise WarehouseError(message) from None
                    fetched += 1
        return fetched

    def data_files(self) -> set[str]:
        """List the paths of all table files in the folder, including partly copied ones."""
        return {
            str(Path(folder, name.removeprefix(".")).relative_to(self.folder))
            for folder, _, names in os.walk(self.folder / "data")
            for name in names
        }

    def sizes(self) -> dict[str, int]:
        """Give the bytes of all complete table files in the folder, by path."""
        sizes: dict[str, int] = {}
        with explained("Reading", self.folder):
            for folder, _, names in os.walk(self.folder / "data"):
                for place in (Path(folder, name) for name in names if not name.startswith(".")):
                    with suppress(FileNotFoundError):  # deleted meanwhile
                        sizes[str(place.relative_to(self.folder))] = place.stat().st_size
        return sizes

    def written_at(self, path: str) -> datetime | None:
        """Return when a file, or the part of it that was copied, was written; None if there is none."""
        whole = self.folder / path
        with explained("Reading", self.folder):
            for place in (whole, whole.with_name(f".{whole.name}")):
                with suppress(FileNotFoundError):
                    return datetime.fromtimestamp(place.stat().st_mtime, UTC)
        return None

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files; a missing file is no error."""
        with explained("Deleting", self.folder):
            for path in paths:
                place = self.folder / path
                place.unlink(missing_ok=True)
                place.with_name(f".{place.name}").unlink(missing_ok=True)  # partly copied


def _bring(original: Path, place: Path, *, aside: Path) -> None:
    """Link or copy the file ``original`` to ``place``, completely or not at all; a copy is first written ``aside``."""
    make_folder(place.parent)
    try:
        os.link(original, place)
    except FileExistsError:
        return
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without links
        try:
            copy_file(original, aside)
            sync_file(aside)
            aside.rename(place)
        finally:
            aside.unlink(missing_ok=True)
    sync_folder(place.parent)


@dataclass(frozen=True, slots=True)
class _Linked:
    """Entries as files of a shared folder."""

    folder: Path

    def read(self, sequence: int) -> bytes | None:
        with explained("Reading the log", self.folder):
            try:
                return (self.folder / entry_name(sequence)).read_bytes()
            except FileNotFoundError:
                return None

    def create(self, sequence: int, content: bytes) -> None:
        place = self.folder / entry_name(sequence)
        with explained("Writing the log", self.folder):
            make_folder(place.parent)
            try:
                create_if_absent(place, content)
            except FileExistsError as error:
                taken = error
            else:
                return
        raise taken

    def tidy(self, head: int) -> int:
        place = self.folder / entry_name(head)
        with explained("Tidying the log", self.folder):
            return remove_asides(place.parent, place.name)
