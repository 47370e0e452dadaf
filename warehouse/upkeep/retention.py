"""Retention: how long snapshots, replaced files and trash are kept."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from warehouse.durable import explained, write_bytes
from warehouse.log.commit_log import COMPACTION, CommitLog
from warehouse.publishing.generations import KEEP_GENERATIONS, generations, prune, snapshot_sequence

TRASH_DAYS = 30.0
PURGED = "db/purged"
"""File with the sequence of the last takedown after which this machine has purged the shared place."""


@dataclass(frozen=True, slots=True)
class Retained:
    """The result of a clean-up: numbers of files moved to trash, of files deleted from it, and of bytes freed."""

    moved_to_trash: int
    deleted: int
    bytes_freed: int


def clean(
    root: Path, log: CommitLog, *, keep: int = KEEP_GENERATIONS, trash_days: float = TRASH_DAYS
) -> Retained:
    """Move files that compaction replaced and that no kept snapshot needs to ``trash/``; delete old trash.

    Only the holder of the writer's lock may call this. A file stays in trash for ``trash_days``, so that a mistake can
    be undone by hand; taken-down content is never there.
    """
    moved = deleted = freed = 0
    with explained("Cleaning up", root):
        prune(root, keep=keep)
        shown = min((snapshot_sequence(generation) or 0 for generation in generations(root)), default=0)
        _delete_remotely(log, until=shown)
        for path in log.replaced(kind=COMPACTION, until=shown):
            if (root / path).exists():
                place = in_trash(root, path)
                (root / path).rename(place)
                os.utime(place)  # the days in trash count from now
                moved += 1
        oldest = time.time() - trash_days * 86_400
        for place in (root / "trash").iterdir():
            status = place.stat()
            if status.st_mtime < oldest:
                place.unlink()
                deleted, freed = deleted + 1, freed + status.st_size
    return Retained(moved, deleted, freed)


def purge(root: Path, log: CommitLog, *, first: Callable[[], None] = lambda: None) -> int:
    """Delete every replaced file that may hold taken-down content: in the shared place, here, and in trash.

    These are the files that the last takedown or any commit before it removed, on any machine. A takedown ends with
    this; a run that finds an interrupted takedown begins with it.

    Parameters
    ----------
    first
        Called before the first file here is deleted, if there is one. It removes what was made from the files. As long
        as a file is left, the next run knows that this has to be done; therefore the files are deleted last.

    Returns
    -------
    int
        Number of files deleted here.
    """
    with explained("Deleting taken-down files", root):
        _purge_remotely(root, log)
        replaced = log.replaced(until=log.last_takedown)
        places = [
            place for path in replaced for place in (root / path, in_trash(root, path)) if place.exists()
        ]
        if places:
            first()
        for place in places:
            place.unlink()
    return len(places)


def _purge_remotely(root: Path, log: CommitLog) -> None:
    """Delete the same files in the shared place, unless this machine has done so since the last takedown."""
    if log.remote and _purged_until(root) < log.last_takedown:
        _delete_remotely(log, until=log.last_takedown)
        aside = root / f"{PURGED}.partial"
        write_bytes(aside, str(log.last_takedown).encode())
        aside.rename(root / PURGED)


def _purged_until(root: Path) -> int:
    try:
        return int((root / PURGED).read_text())
    except (FileNotFoundError, ValueError):  # never purged, or a damaged file: purge again
        return 0


def _delete_remotely(log: CommitLog, *, until: int) -> None:
    """Delete from the shared place the files that commits up to ``until`` have removed, whoever wrote them."""
    if log.remote and (there := log.remote.data_files()):
        log.remote.delete(sorted(there & log.removed(until=until)))


def in_trash(root: Path, path: str) -> Path:
    """Give the place that the data file ``path`` has in trash."""
    return root / "trash" / path.replace("/", "~")


def is_kept(root: Path, path: str) -> bool:
    """Whether a replaced file still lies in its place or in trash."""
    return (root / path).exists() or in_trash(root, path).exists()
