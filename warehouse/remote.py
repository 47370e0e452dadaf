"""A warehouse whose truth lies in object storage: any fsspec file system, S3 and its kin above all.

The folder on this machine then is a working copy. Parquet files are uploaded before the commit that names them; the
log entry is created by a conditional put (``If-None-Match: *``), so that of two machines exactly one gets a number,
just as ``os.link`` decides on one disk. Whatever the folder lacks is fetched. Published DuckDB files stay local:
every machine publishes its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commentariat import WarehouseError
from warehouse.durable import write_bytes


@dataclass(frozen=True, slots=True)
class Remote:
    """A place in object storage.

    Parameters
    ----------
    filesystem
        An fsspec file system (``s3fs.S3FileSystem(...)``, ``fsspec.filesystem("gs")`` ...) whose ``pipe_file`` knows
        ``mode="create"``.
    prefix
        Bucket and folder, such as ``"my-bucket/commentary"``.
    """

    filesystem: Any
    prefix: str

    def _key(self, path: str) -> str:
        return f"{self.prefix}/{path}"

    def read(self, path: str) -> bytes | None:
        """Return the object's bytes, or None where there is none."""
        try:
            content: bytes = self.filesystem.cat_file(self._key(path))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise self._failed("reading", path, error) from error
        return content

    def create(self, path: str, content: bytes) -> None:
        """Create the object, or raise :class:`FileExistsError` and change nothing."""
        try:
            self.filesystem.pipe_file(self._key(path), content, mode="create")
        except FileExistsError:
            raise
        except Exception as error:
            raise self._failed("creating", path, error) from error

    def upload(self, root: Path, paths: Iterable[str]) -> None:
        """Copy files of the folder to the store."""
        for path in paths:
            try:
                self.filesystem.put_file(str(root / path), self._key(path))
            except Exception as error:
                raise self._failed("uploading", path, error) from error

    def download(self, root: Path, paths: Iterable[str]) -> int:
        """Fetch those of ``paths`` that the folder lacks; returns how many."""
        fetched = 0
        for path in paths:
            place = root / path
            if not place.exists():
                content = self.read(path)
                if content is None:
                    raise WarehouseError(f"{self._key(path)} is missing: restore it from a backup")
                place.parent.mkdir(parents=True, exist_ok=True)
                aside = place.with_name(f".{place.name}")
                write_bytes(aside, content)
                aside.rename(place)
                fetched += 1
        return fetched

    def delete(self, paths: Iterable[str]) -> None:
        """Delete objects; those that are not there are no error."""
        for path in paths:
            try:
                self.filesystem.rm_file(self._key(path))
            except FileNotFoundError:
                continue
            except Exception as error:
                raise self._failed("deleting", path, error) from error

    # The file systems of fsspec raise errors of their own libraries; all of them are caught and explained.
    def _failed(self, doing: str, path: str, error: Exception) -> WarehouseError:
        return WarehouseError(
            f"{doing} {self._key(path)} failed: {error}. Check the network, the credentials and the bucket; "
            "nothing committed is lost"
        )
