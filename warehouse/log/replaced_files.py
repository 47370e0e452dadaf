"""The files that commits have replaced: where they are, and the deletion of those that may hold taken-down content.

In a shared place, the same is done with files that a lost machine has uploaded and never committed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from warehouse.durable import explained, write_bytes
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import OWN_NAME
from warehouse.log.remote import ABANDONED_AFTER, Remote

PURGED = "db/purged"
"""File with the sequence of the last takedown after which this machine has purged the shared place."""


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


def returned(root: Path, log: CommitLog) -> list[Path]:
    """Find files here that were deleted after a takedown and are there again, as after a backup was restored over them.

    These are those for which :func:`purge` does not look any more, because the checkpoint has them as gone. The others
    may still be needed by the published snapshot. This reads all entries of the log.
    """
    gone = sorted(log.removed(until=log.last_takedown) - set(log.replaced()))
    return [place for path in gone for place in (root / path, in_trash(root, path)) if place.exists()]


def _purge_remotely(root: Path, log: CommitLog) -> None:
    """Delete the same files in the shared place, unless this machine has done so since the last takedown.

    As long as there are files there that may still be committed, or may be those of a lost machine, the next run
    repeats this.
    """
    if log.remote and _purged_until(root) < log.last_takedown:
        if delete_remotely(log, until=log.last_takedown):
            return
        aside = root / f"{PURGED}.partial"
        write_bytes(aside, str(log.last_takedown).encode())
        aside.rename(root / PURGED)


def _purged_until(root: Path) -> int:
    try:
        return int((root / PURGED).read_text())
    except (FileNotFoundError, ValueError):  # never purged, or a damaged file: purge again
        return 0


def delete_remotely(log: CommitLog, *, until: int) -> list[str]:
    """Delete from the shared place the files that commits up to ``until`` have removed, whoever wrote them.

    Also delete those that a machine has uploaded and not committed, if they are so old that it can no longer do so: a
    machine that was lost cannot delete them itself.

    Returns
    -------
    list of str
        The younger files that no commit names. Another machine may be about to commit them.
    """
    if not (log.remote and (there := log.remote.data_files())):
        return []
    not_committed = _not_committed(log, there)
    abandoned = _abandoned(log, log.remote, not_committed)
    log.remote.delete(sorted(there & log.removed(until=until) | abandoned))
    return sorted(not_committed - abandoned)


def _not_committed(log: CommitLog, there: set[str]) -> set[str]:
    """Give those of the files that no commit ever added, and whose names have the form of this program's names."""
    unknown = there - {file.path for commit in log for file in commit.add}
    return {path for path in unknown if OWN_NAME.fullmatch(PurePosixPath(path).name)}


def _abandoned(log: CommitLog, remote: Remote, paths: set[str]) -> set[str]:
    """Give those of the files that were written long before the last committed one.

    The times are those of the shared place, because the clock of this machine may be wrong. But a clock that was ahead
    when the last file was written must not make all other files look old, so that they also have this age by the clock
    of this machine.
    """
    live = log.live_files()
    last = remote.written_at(live[-1].path) if paths and live else None
    if last is None:
        return set()
    until = min(last, datetime.now(UTC)) - ABANDONED_AFTER
    written = {path: remote.written_at(path) for path in paths}
    return {path for path, at in written.items() if at is not None and at < until}


def in_trash(root: Path, path: str) -> Path:
    """Give the place that the data file ``path`` has in trash."""
    return root / "trash" / path.replace("/", "~")


def is_kept(root: Path, path: str) -> bool:
    """Whether a replaced file is still in its place or in trash."""
    return (root / path).exists() or in_trash(root, path).exists()
