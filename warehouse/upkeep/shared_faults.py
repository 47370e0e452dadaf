"""The check of a shared place: it must hold every entry and every file of the log of a working copy.

A machine that joins fetches its files from the shared place, and so does one whose disk is lost. Names and sizes are
compared; to compare checksums too, everything would have to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from commentariat import WarehouseError
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import decode
from warehouse.log.remote import Remote, entry_name


def shared_faults(root: Path, log: CommitLog, remote: Remote) -> Iterator[str]:
    """Compare the shared place with the log of the working copy, and describe each fault. Changes nothing.

    Other machines may write meanwhile: files that they replace or take down during the check are no fault.

    Parameters
    ----------
    root
        The working copy.
    log
        Its log, up to date; entries of other machines that it has not fetched yet are not needed.
    remote
        The shared place.
    """
    try:
        yield from _faults_of_entries(root, log, remote)
        yield from _faults_of_files(root, log, remote)
    except WarehouseError as error:
        yield str(error)


def _faults_of_entries(root: Path, log: CommitLog, remote: Remote) -> Iterator[str]:
    for sequence in range(1, log.head + 1):
        there, here = remote.entries.read(sequence), log.path(sequence)
        if there is None:
            yield f"{remote.place} lacks {entry_name(sequence)}: restore it from {here}"
        elif there != here.read_bytes():
            yield f"{remote.place} and {root} differ in {entry_name(sequence)}: restore the damaged one from a backup"


def _faults_of_files(root: Path, log: CommitLog, remote: Remote) -> Iterator[str]:
    live = log.live_files()
    sizes = remote.sizes()
    wrong = {file.path: file.bytes for file in live if sizes.get(file.path) != file.bytes}
    if not wrong:
        return
    # A file is deleted after the commit that replaces it, so these entries are read after the files.
    replaced = _replaced_later(log, remote)
    for path, size in wrong.items():
        if path in replaced:
            continue
        remedy = f"restore it from {root / path}" if (root / path).is_file() else "restore it from a backup"
        if path not in sizes:
            yield f"{remote.place} lacks {path}: {remedy}"
        else:
            yield f"{path} in {remote.place} has {sizes[path]:,} bytes, the log records {size:,}: {remedy}"


def _replaced_later(log: CommitLog, remote: Remote) -> set[str]:
    """Give the files that entries remove which this working copy has not fetched yet."""
    removed: set[str] = set()
    for sequence in count(log.head + 1):
        content = remote.entries.read(sequence)
        if content is None:
            break
        removed.update(decode(content, log.path(sequence)).remove)
    return removed
