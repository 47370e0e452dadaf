"""Files: writing that leaves the whole file or none after a kill or a power cut, checksums, errors with a remedy."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from commentariat import WarehouseError

_REMEDIES = {
    errno.ENOSPC: "the disk is full: free some space and run again, nothing committed is lost",
    errno.EDQUOT: "the disk quota is used up: free some space and run again, nothing committed is lost",
    errno.EFBIG: "the file would exceed the allowed size: raise the limit and run again",
    errno.EIO: "the disk reports an error: check it (dmesg, smartctl), then run again",
    errno.EROFS: "the file system is read-only: mount it writable or name another folder",
    errno.EACCES: "permission denied: give this user write access or name another folder",
    errno.EPERM: "operation not permitted: give this user write access or name another folder",
    errno.ENOLCK: "the file system has no locks: mount it with them, or put the warehouse on a local disk",
    errno.EMFILE: "too many open files: raise the limit (ulimit -n) and run again",
}
_REMEDIES |= dict.fromkeys(
    (errno.ENOSYS, errno.EOPNOTSUPP),
    "the file system lacks locks or hard links: use another one, or put the warehouse on a local disk",
)

MADE_AGAIN = "Give this user write access to it, or delete it: the next run makes it again"
"""The remedy for a file of an index that a run cannot open or write."""

#: A disk with less free space counts as full: SQLite's shared memory alone takes 32 kB at a time.
_NO_ROOM_BYTES = 1 << 18

_NO_QUOTA = os.strerror(errno.EDQUOT)
#: The words of the system, of SQLite, and of DuckDB when it may not spill more because the disk is nearly full.
_SIGNS_OF_NO_ROOM = (
    os.strerror(errno.ENOSPC),
    _NO_QUOTA,
    "database or disk is full",
    "max_temp_directory_size",
)


def sync_folder(folder: Path) -> None:
    """Make names created in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, with durable names; one that exists is left as it is."""
    if folder.is_dir():
        return
    try:
        folder.mkdir(exist_ok=True)
    except FileNotFoundError:  # the one above it is missing
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_file(path: Path) -> None:
    """Make the bytes of ``path`` durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to the new file ``path`` and make it durable; the caller gives it its final name."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_file(original: Path, copy: Path) -> None:
    """Copy a file's bytes. File systems that can share blocks (XFS, Btrfs) do so, which costs almost nothing."""
    with original.open("rb", buffering=0) as source, copy.open("wb", buffering=0) as target:
        if not _copied_by_kernel(source.fileno(), target.fileno()):
            # From the position where the kernel stopped. A file without a buffer may write only those bytes for which
            # there is room, and raise no error; a file with a buffer writes all of them or raises one.
            with os.fdopen(target.fileno(), "wb", closefd=False) as buffered:
                shutil.copyfileobj(source, buffered)


def _copied_by_kernel(source: int, target: int) -> bool:
    """Let the kernel copy from one descriptor to the other; return whether it copied all. Only Linux supports this."""
    if not hasattr(os, "copy_file_range"):
        return False
    try:
        while os.copy_file_range(source, target, 2**30):
            pass
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}:
            raise
        return False
    return True


def create_if_absent(path: Path, content: bytes) -> None:
    """Create ``path`` with ``content`` at one instant, or raise :class:`FileExistsError` and change nothing.

    ``os.link`` is atomic and, unlike ``os.rename``, never replaces a file: of two writers exactly one succeeds. The
    content is first written to a file beside ``path``, under a name that no writer on another machine can use too.
    """
    aside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        write_bytes(aside, content)
        os.link(aside, path)
    except FileNotFoundError:
        if path.exists():  # another writer was faster, and has removed the file beside it (remove_asides)
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        raise
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def remove_asides(folder: Path, until: str) -> int:
    """Remove the files that killed writers left in :func:`create_if_absent`; return their number.

    Parameters
    ----------
    until
        The alphabetically last name that has been created. Files beside later names may belong to a writer that is
        about to create one of these names.
    """
    pattern = re.compile(r"\.(?P<name>.+\.json)\.[0-9a-f]+")
    left = [
        place
        for place in folder.glob(".*")
        if (match := pattern.fullmatch(place.name)) and match["name"] <= until
    ]
    for place in left:
        place.unlink(missing_ok=True)
    return len(left)


@contextmanager
def explained(doing: str, path: Path, *, access: str = "write") -> Iterator[None]:
    """Turn an :class:`OSError` into a :class:`WarehouseError` that names the path and the remedy.

    Parameters
    ----------
    access
        What this user must be allowed to do there: write or read.
    """
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, error.strerror or str(error))
        remedy = remedy.replace("write access", f"{access} access")
        raise WarehouseError(f"{doing} in {error.filename or path} failed: {remedy}") from error


def has_no_room(path: Path, error: Exception) -> bool:
    """Whether there is no room on the disk of ``path``, by its free space or by the words of an error of an engine."""
    folder = path if path.is_dir() else path.parent  # a folder may be the place where another disk is mounted
    return shutil.disk_usage(folder).free < _NO_ROOM_BYTES or any(
        sign in str(error) for sign in _SIGNS_OF_NO_ROOM
    )


def engine_error(doing: str, path: Path, error: Exception, *, remedy: str = "") -> WarehouseError:
    """Make an error for a failure of SQLite or DuckDB; on a full disk SQLite often reports only "disk I/O error".

    Parameters
    ----------
    remedy
        A sentence that says what to do if the disk is not full.
    """
    message = str(error).strip().removesuffix(".")
    if has_no_room(path, error):
        reason = _REMEDIES[errno.EDQUOT if _NO_QUOTA in message else errno.ENOSPC]
    else:
        reason = f"{message}. {remedy}" if remedy else str(error)
    return WarehouseError(f"{doing} in {path} failed: {reason}")
