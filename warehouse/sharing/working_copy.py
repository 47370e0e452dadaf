"""The record of a working copy: the shared place to which a folder belongs, in the folder itself.

It is written only when the shared place holds the first and the last commit of the folder, or when the folder joins a
warehouse that is there. So a mistyped address does not tie the folder to a place that does not exist.
Without the record, a command with another configuration would commit in the folder alone: the other machines would
never see that commit, and the folder could never follow them again, because its log would differ from theirs. Folders
that were connected before there was a record get it with their next run.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from commentariat import WarehouseError
from warehouse.durable import create_if_absent, explained
from warehouse.log.remote import Remote, entry_name

logger = logging.getLogger(__name__)

RECORD = "shared-place"
"""The file beside the lock that holds the address of the shared place."""


def recorded_place(root: Path) -> str | None:
    """Return the address of the shared place to which the folder belongs; None if it has no record of one.

    Raises
    ------
    WarehouseError
        The record cannot be read.
    """
    with explained("Reading the shared place", root):
        try:
            return os.fsdecode((root / RECORD).read_bytes()).removesuffix("\n")
        except FileNotFoundError:
            return None


def is_working_copy_of(root: Path, remote: Remote) -> bool:
    """Whether the folder is recorded as a working copy of this shared place.

    Raises
    ------
    WarehouseError
        The record cannot be read.
    """
    return recorded_place(root) == _address(remote)


def refuse_another_place(root: Path, remote: Remote | None) -> None:
    """Check that whoever writes in the folder writes to the shared place to which it belongs.

    Raises
    ------
    WarehouseError
        The folder belongs to a shared place, and ``remote`` is another one or none.
    """
    belongs_to = recorded_place(root)
    if belongs_to is None or (remote is not None and _address(remote) == belongs_to):
        return
    named = f"the shared place {remote.place}" if remote is not None else "no shared place"
    raise WarehouseError(
        f"{root} is a working copy of the warehouse at {belongs_to}, but the configuration names {named}: nothing was "
        f'changed. Pass --config FILE with shared = "{belongs_to}" under [warehouse]. If that warehouse has moved, or '
        f"this folder is to be a warehouse of its own from now on, delete {root / RECORD} first"
    )


def refuse_new_copy(root: Path, remote: Remote) -> None:
    """Check that the folder is a working copy of the shared place already.

    Raises
    ------
    WarehouseError
        The folder is new, or is a warehouse of its own.
    """
    if recorded_place(root) is not None:
        return
    entry = _entry(root, 1)
    if entry is not None and remote.entries.read(1) == entry:
        return  # it was connected before there was a record
    raise WarehouseError(
        f"{root} is not a working copy of {remote.place}, and the configuration names another folder as this machine's "
        f'one: nothing was changed. To join {root} to it, write path = "{root}" under [warehouse], or set '
        f"COMMENTARIAT_WAREHOUSE__PATH={root}. For a warehouse of its own, pass --config FILE without shared, or set "
        "COMMENTARIAT_WAREHOUSE__SHARED to nothing"
    )


@contextlib.contextmanager
def recorded(root: Path, remote: Remote | None) -> Iterator[None]:
    """Record the shared place of a run that writes, before it if a warehouse is there already, or else after it.

    What a killed run has not recorded, the next run with the same shared place records.

    Raises
    ------
    WarehouseError
        The folder belongs to another shared place, or the place holds another warehouse or cannot be read.
    """
    refuse_another_place(root, remote)
    if remote is None:
        yield
        return
    record_place(root, remote)
    try:
        yield
    finally:
        try:
            record_place(root, remote)
        except WarehouseError as error:  # the run must end as its own work did
            logger.warning(
                "the shared place of %s is not recorded yet; the next run tries again: %s", root, error
            )


def record_place(root: Path, remote: Remote) -> None:
    """Record the shared place if it holds a warehouse and there is no record yet; only for the holder of the lock.

    Raises
    ------
    WarehouseError
        The shared place holds another warehouse, cannot be read, or the record cannot be written.
    """
    if recorded_place(root) is not None:
        return
    # The place is read first: an address that leads nowhere, or to another warehouse, must not be recorded.
    if remote.entries.read(1) is None:
        return
    # A copy of the folder may have gone on alone: then only later entries differ. If the place lacks the last one, the
    # folder's entries are compared when they are brought to the place (warehouse.sharing.place.adopt).
    if not all(has_entry(remote, root, sequence) for sequence in sorted(_first_and_last(root))):
        return
    with explained("Recording the shared place", root), contextlib.suppress(FileExistsError):
        create_if_absent(root / RECORD, os.fsencode(f"{_address(remote)}\n"))


def has_entry(remote: Remote, root: Path, sequence: int) -> bool:
    """Whether the shared place has an entry of the folder's log.

    Raises
    ------
    WarehouseError
        The place has another entry with this number, so it holds another warehouse; or it cannot be read.
    """
    there = remote.entries.read(sequence)
    if there is not None and there != _entry(root, sequence):
        raise WarehouseError(f"{remote.place} holds another warehouse than {root}: name another place")
    return there is not None


def _first_and_last(root: Path) -> set[int]:
    with explained("Reading the log", root):
        numbers = {int(entry.stem) for entry in (root / "log").glob("[0-9]*.json")}
    return {min(numbers), max(numbers)} if numbers else set()


def _entry(root: Path, sequence: int) -> bytes | None:
    with explained("Reading the log", root):
        try:
            return (root / entry_name(sequence)).read_bytes()
        except FileNotFoundError:
            return None


def _address(remote: Remote) -> str:
    """Write the address of a place in one way only, however it was named."""
    return remote.place.rstrip("/") if "://" in remote.place else str(Path(remote.place).resolve())
