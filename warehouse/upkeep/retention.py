"""Retention: how long snapshots, replaced files and trash are kept."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from warehouse.durable import explained
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import COMPACTION
from warehouse.log.replaced_files import delete_remotely, in_trash, returned
from warehouse.publishing.generations import KEEP_GENERATIONS, generations, prune, snapshot_sequence

TRASH_DAYS = 30.0


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

    In a shared place, such files are deleted, and with them those that a lost machine has uploaded and never committed.

    Files that a takedown removed, and that came back with a restored backup, are deleted at once.

    Only the holder of the writer's lock may call this. A file stays in trash for ``trash_days``, so that a mistake can
    be undone by hand; taken-down content is never there.
    """
    moved = deleted = freed = 0
    with explained("Cleaning up", root):
        prune(root, keep=keep)
        shown = min((snapshot_sequence(generation) or 0 for generation in generations(root)), default=0)
        delete_remotely(log, until=shown)
        for path in log.replaced(kind=COMPACTION, until=shown):
            if (root / path).exists():
                # The days in trash count from now, also if the process is killed between these two lines.
                os.utime(root / path)
                (root / path).rename(in_trash(root, path))
                moved += 1
        for place in returned(root, log):
            freed += place.stat().st_size
            place.unlink()
            deleted += 1
        oldest = time.time() - trash_days * 86_400
        for place in (root / "trash").iterdir():
            status = place.stat()
            if status.st_mtime < oldest:
                place.unlink()
                deleted, freed = deleted + 1, freed + status.st_size
    return Retained(moved, deleted, freed)
