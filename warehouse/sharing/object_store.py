"""A shared place in object storage, whose log entries are objects that can be created only once."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commentariat import WarehouseError
from warehouse.durable import explained, make_folder, sync_file, sync_folder
from warehouse.log.remote import Entries, aside_of, entry_name

_OF_THIS_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
"""Errors of the local disk while an object is written to it: they say nothing about the store."""


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """A place in object storage: any fsspec file system, mainly S3 and compatible stores.

    Attributes
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
        """Where writers agree on the next log entry."""
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
                aside = aside_of(root, path)
                try:
                    with explained("Fetching", place):
                        make_folder(place.parent)
                        self._get(path, aside)
                        sync_file(aside)
                        aside.rename(place)
                        sync_folder(place.parent)
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
        return set(self.sizes())

    def sizes(self) -> dict[str, int]:
        """Give the bytes of all table files in the store, by path."""
        try:
            self.filesystem.invalidate_cache()  # changes of other machines must be visible
            found = self.filesystem.find(self.key("data"), detail=True)
        except FileNotFoundError:
            return {}
        except Exception as error:
            raise self.failed("listing", "data", error) from error
        beginning = f"{self.prefix.strip('/')}/"
        return {name.strip("/").removeprefix(beginning): about["size"] for name, about in found.items()}

    def written_at(self, path: str) -> datetime | None:
        """Return when an object was written; None if there is none, or if the file system does not tell."""
        try:
            written: datetime = self.filesystem.modified(self.key(path))
        except (FileNotFoundError, NotImplementedError):
            return None
        except Exception as error:
            raise self.failed("reading", path, error) from error
        return written if written.tzinfo else written.replace(tzinfo=UTC)

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
