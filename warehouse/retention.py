"""What is kept and for how long: snapshots, replaced files, trash."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from warehouse.durable import explained
from warehouse.generations import KEEP_GENERATIONS, generations, prune, snapshot_sequence
from warehouse.log import COMPACTION, CommitLog

TRASH_DAYS = 30.0


@dataclass(frozen=True, slots=True)
class Retained:
    """What a clean-up did: files moved to trash, files deleted from it, bytes freed."""

    moved_to_trash: int
    deleted: int
    bytes_freed: int


def clean(
    root: Path, log: CommitLog, *, keep: int = KEEP_GENERATIONS, trash_days: float = TRASH_DAYS
) -> Retained:
    """Move files that compaction replaced and no kept snapshot refers to into ``trash/``; empty old trash.

    Only for the holder of the writer's lock. A file stays in trash for ``trash_days``, so that a mistake can be
    undone by hand; what was taken down is never there.
    """
    moved = deleted = freed = 0
    with explained("Cleaning up", root):
        prune(root, keep=keep)
        shown = min((snapshot_sequence(generation) or 0 for generation in generations(root)), default=0)
        for path in log.replaced(kind=COMPACTION, until=shown):
            if (root / path).exists():
                place = in_trash(root, path)
                (root / path).rename(place)
                if log.remote:
                    log.remote.delete([path])
                os.utime(place)  # the days in trash count from now
                moved += 1
        oldest = time.time() - trash_days * 86_400
        for place in (root / "trash").iterdir():
            status = place.stat()
            if status.st_mtime < oldest:
                place.unlink()
                deleted, freed = deleted + 1, freed + status.st_size
    return Retained(moved, deleted, freed)


def purge(root: Path, log: CommitLog) -> int:
    """Delete every replaced file that may hold what was taken down, also from trash; returns how many.

    These are the files that the last takedown or any commit before it removed. A takedown ends with this; a run
    that finds one cut short begins with it.
    """
    deleted = 0
    with explained("Deleting what was taken down", root):
        for path in log.replaced(until=log.last_takedown):
            for place in (root / path, in_trash(root, path)):
                if place.exists():
                    place.unlink()
                    deleted += 1
                    if log.remote:
                        log.remote.delete([path])
    return deleted


def in_trash(root: Path, path: str) -> Path:
    """Where the data file ``path`` lies once it is in trash."""
    return root / "trash" / path.replace("/", "~")


def is_kept(root: Path, path: str) -> bool:
    """Whether a replaced file still lies in its place or in trash."""
    return (root / path).exists() or in_trash(root, path).exists()
