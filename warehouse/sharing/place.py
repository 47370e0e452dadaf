"""The shared place of a warehouse, found by its address, and the move of an existing warehouse to it."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

from commentariat import ConfigError
from warehouse.log.commit_log import CommitLog
from warehouse.log.remote import Remote
from warehouse.sharing.log_kind import LogKind
from warehouse.sharing.object_store import ObjectStore
from warehouse.sharing.shared_folder import SharedFolder
from warehouse.sharing.working_copy import has_entry

logger = logging.getLogger(__name__)

_CONDITIONAL = ("s3", "s3a")
"""Stores whose fsspec file system can create an object on the condition that it does not exist."""


def shared_place(address: str, *, log: LogKind = "files") -> Remote:
    """Open the shared place at ``address``.

    Parameters
    ----------
    address
        A folder that all machines reach, or the URL of a bucket and folder: ``s3://bucket/commentary``. Credentials and
        endpoints come from the environment (``AWS_...``).
    log
        ``files``: entries of the log are files, created if they do not exist; ``delta``: versions of a Delta table.

    Raises
    ------
    ConfigError
        A package is missing, or the store cannot create a file on the condition that it does not exist.
    """
    scheme, _, rest = address.rpartition("://")
    entries = None
    if log == "delta":
        from warehouse.sharing.delta_log import NAME, DeltaEntries  # noqa: PLC0415 - an extra

        entries = DeltaEntries(f"{address.rstrip('/')}/{NAME}")
    if scheme in ("", "file"):
        return SharedFolder(Path(rest), entries)
    if entries is None and scheme not in _CONDITIONAL:
        raise ConfigError(
            f'{address}: with log = "files" the warehouse can be shared in a folder or on S3 and the like; '
            'name log = "delta" for other stores'
        )
    import fsspec  # noqa: PLC0415 - comes with Prefect, and is slow to import

    try:
        filesystem, prefix = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise ConfigError(f"{address} cannot be opened: {error}") from error
    return ObjectStore(filesystem, prefix, entries)


def adopt(root: Path, log: CommitLog) -> int:
    """Copy a warehouse that so far was only in ``root`` to its shared place; return the number of copied entries.

    The files and their names stay the same; they are linked if both places are on one file system. If this is
    interrupted, the next run continues it.

    Raises
    ------
    WarehouseError
        The shared place holds another warehouse.
    """
    remote = log.remote
    if remote is None or not log.head or has_entry(remote, root, log.head):
        return 0
    live = {file.path for file in log.live_files()}
    brought = 0
    for commit in log:
        if not has_entry(remote, root, commit.sequence):
            remote.upload(root, [file.path for file in commit.add if file.path in live])
            with suppress(FileExistsError):  # another machine was first
                remote.entries.create(commit.sequence, log.path(commit.sequence).read_bytes())
            has_entry(remote, root, commit.sequence)  # raises an error if another entry is there now
            brought += 1
    logger.info("copied %d commits of %s to %s", brought, root, remote.place)
    return brought
