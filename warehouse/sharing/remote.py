"""A warehouse that several machines share: its log and files are in object storage or in a shared folder.

The folder on each machine is then a working copy. Parquet files are copied to the shared place before the commit that
names them. The first writer creates the log entry there, so that of several writers exactly one gets a number. Files
that a working copy lacks are fetched. Published DuckDB files stay local: every machine publishes its own.

:class:`Entries` decides which writer is first: by the store's own conditional put (``If-None-Match: *``), by
``link(2)`` in a shared folder, or by the versions of a Delta table (:mod:`warehouse.sharing.delta_log`).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from commentariat import WarehouseError
from warehouse.durable import (
    copy_file,
    create_if_absent,
    explained,
    remove_asides,
    sync_file,
    sync_folder,
)

_OF_THIS_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
"""Errors of the local disk while an object is written to it: they say nothing about the store."""


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
        """The log."""

    def upload(self, root: Path, paths: Iterable[str]) -> None:
        """Copy files of the working copy to the shared place; files that are there already stay unchanged."""

    def download(self, root: Path, paths: Iterable[str]) -> int:
        """Fetch those of ``paths`` that the working copy lacks; returns how many."""

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files; a missing file is no error."""

    def data_files(self) -> set[str]:
        """List the paths of all table files in the shared place, whichever machine wrote them."""


def entry_name(sequence: int) -> str:
    """Name the file of a log entry."""
    return f"log/{sequence:08d}.json"


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """A place in object storage: any fsspec file system, mainly S3 and compatible stores.

    Parameters
    ----------
    filesystem
        An fsspec file system (``s3fs.S3FileSystem(...)``, ``fsspec.filesystem("gs")`` ...).
    prefix
        Bucket and folder, such as ``"my-bucket/commentary"``.
    log
        Where writers agree on entries. Without it, objects are created on the condition that they do not exist, for
        which the file system's ``pipe_file`` must support ``mode="create"``.
    """

    filesystem: Any
    prefix: str
    log: Entries | None = None

    @property
    def place(self) -> str:
        """Its address, for people."""
        return str(self.filesystem.unstrip_protocol(self.prefix))

    @property
    def entries(self) -> Entries:
        """The log."""
        return self.log or _ConditionalPut(self)

    def key(self, path: str) -> str:
        """Name the object of a file."""
        return f"{self.prefix}/{path}"

    def read(self, path: str) -> bytes | None:
        """Return the object's bytes, or None if there is none."""
        try:
            content: bytes = self.filesystem.cat_file(self.key(path))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise self.failed("reading", path, error) from error
        return content

    def upload(self, root: Path, paths: Iterable[str]) -> None:
        """Copy files of the folder to the store."""
        for path in paths:
            try:
                self.filesystem.put_file(str(root / path), self.key(path))
            except Exception as error:
                raise self.failed("uploading", path, error) from error

    def download(self, root: Path, paths: Iterable[str]) -> int:
        """Fetch those of ``paths`` that the folder lacks; returns how many.

        Raises
        ------
        WarehouseError
            The store cannot be read, or lacks one of the files.
        """
        fetched = 0
        for path in paths:
            place = root / path
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                aside = _aside(root, path)
                try:
                    with explained("Fetching", place):
                        self._get(path, aside)
                        sync_file(aside)
                        aside.rename(place)
                finally:
                    aside.unlink(missing_ok=True)
                fetched += 1
        return fetched

    def _get(self, path: str, aside: Path) -> None:
        """Copy an object to a file in parts, because a compacted month may be larger than the memory."""
        try:
            self.filesystem.get_file(self.key(path), str(aside))
        except FileNotFoundError:
            raise WarehouseError(f"{self.key(path)} is missing: restore it from a backup") from None
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _OF_THIS_MACHINE:
                raise
            raise self.failed("reading", path, error) from error

    def data_files(self) -> set[str]:
        """List the paths of all table files in the store."""
        try:
            self.filesystem.invalidate_cache()  # changes of other machines must be visible
            found = self.filesystem.find(self.key("data"))
        except FileNotFoundError:
            return set()
        except Exception as error:
            raise self.failed("listing", "data", error) from error
        return {name.strip("/").removeprefix(f"{self.prefix.strip('/')}/") for name in found}

    def delete(self, paths: Iterable[str]) -> None:
        """Delete objects; a missing object is no error."""
        for path in paths:
            try:
                self.filesystem.rm_file(self.key(path))
            except FileNotFoundError:
                continue
            except Exception as error:
                raise self.failed("deleting", path, error) from error

    # The file systems of fsspec raise errors of their own libraries; all of them are caught and explained.
    def failed(self, doing: str, path: str, error: Exception) -> WarehouseError:
        """Make an error that names the failed action and the remedy."""
        return WarehouseError(
            f"{doing} {self.key(path)} failed: {error}. Check the network, the credentials and the bucket; "
            "nothing committed is lost"
        )


@dataclass(frozen=True, slots=True)
class _ConditionalPut:
    """Entries as objects of the store, each created on the condition that it does not exist."""

    store: ObjectStore

    def read(self, sequence: int) -> bytes | None:
        return self.store.read(entry_name(sequence))

    def create(self, sequence: int, content: bytes) -> None:
        path = entry_name(sequence)
        try:
            self.store.filesystem.pipe_file(self.store.key(path), content, mode="create")
        except FileExistsError:
            raise
        except Exception as error:
            raise self.store.failed("creating", path, error) from error

    def tidy(self, head: int) -> int:
        return 0  # an object exists completely or not at all


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """A folder that all writers reach. If a working copy is on the same file system, files are linked and not copied.

    Parameters
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
        """The log."""
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
                        _bring(self.folder / path, root / path, aside=_aside(root, path))
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

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files; a missing file is no error."""
        with explained("Deleting", self.folder):
            for path in paths:
                place = self.folder / path
                place.unlink(missing_ok=True)
                place.with_name(f".{place.name}").unlink(missing_ok=True)  # partly copied


def _aside(root: Path, path: str) -> Path:
    """Give the place of a file while it is fetched: in staging, which the next run clears if this one is killed."""
    return root / "staging" / Path(path).name


def _bring(original: Path, place: Path, *, aside: Path) -> None:
    """Link or copy the file ``original`` to ``place``, completely or not at all; a copy is first written ``aside``."""
    place.parent.mkdir(parents=True, exist_ok=True)
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
            place.parent.mkdir(parents=True, exist_ok=True)
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
