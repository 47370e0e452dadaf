"""The published DuckDB files: numbered, read-only; the last few are kept, and a symlink points to the newest."""

from __future__ import annotations

import contextlib
import errno
import re
import shutil
from pathlib import Path

import duckdb

from commentariat import WarehouseError
from warehouse.durable import explained, sync_folder

KEEP_GENERATIONS = 3
LINK = "warehouse.duckdb"
REPORT = "report.html"
"""The report's name in a warehouse's folder. It quotes articles, so it is deleted with the snapshots it may show."""
_NAME = re.compile(r"warehouse-(\d{8})\.duckdb")


def generations(root: Path) -> list[Path]:
    """List the published files, oldest first."""
    return sorted(path for path in (root / "db").glob("warehouse-*.duckdb") if _NAME.fullmatch(path.name))


def current_generation(root: Path) -> Path | None:
    """Return the file that ``warehouse.duckdb`` points to, or None before the first publish.

    Raises
    ------
    WarehouseError
        It is not known whether there is one, because this user may not look there or the disk reports an error.
    """
    with explained("Reading what is published", root, access="read"):
        try:
            target = root / (root / LINK).readlink()
            return target if target.exists() else None
        except OSError as error:
            # There is none, or it is no link, or the folder is a link that leads to itself.
            if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.EINVAL, errno.ELOOP):
                raise
            return None


def snapshot_sequence(generation: Path) -> int | None:
    """Return the last commit that a published file contains, or None if the file cannot be read."""
    try:
        with duckdb.connect(str(generation), read_only=True) as connection:
            rows = connection.execute("SELECT sequence FROM snapshot").fetchall()
    except duckdb.Error:  # damaged; it can be built again
        return None
    return int(rows[0][0]) if rows else None


def published_sequence(root: Path) -> int:
    """Return the last commit that the published file contains; 0 if there is none, or if it cannot be read."""
    while (generation := current_generation(root)) is not None:
        shown = snapshot_sequence(generation)
        if shown is not None or generation.exists():  # otherwise a newer one has replaced it meanwhile
            return shown or 0
    return 0


def is_published(root: Path, *, head: int) -> bool:
    """Whether the published file shows ``head``, the last commit; an empty log has nothing that could be shown.

    Raises
    ------
    WarehouseError
        The published file shows commits that the log does not have.
    """
    generation = current_generation(root)
    if generation is None:
        return not head
    shown = snapshot_sequence(generation)
    if shown is None:
        return False
    if shown > head:
        raise WarehouseError(
            f"{generation} shows commit {shown}, but the log in {root / 'log'} ends at {head}: "
            f"restore log/ from a backup, or, if this log is the right one, delete {root / 'db' / '*.duckdb'} and run "
            "`commentariat publish`"
        )
    return shown == head


def next_generation(root: Path) -> Path:
    """Return the path for the next published file; numbers never decrease."""
    last = [_NAME.fullmatch(path.name) for path in generations(root)[-1:]]
    number = int(last[0][1]) + 1 if last and last[0] else 1
    return root / "db" / f"warehouse-{number:08d}.duckdb"


def point_link(root: Path, generation: Path) -> None:
    """Make ``warehouse.duckdb`` point to ``generation``, atomically."""
    aside = root / f".{LINK}.new"
    aside.unlink(missing_ok=True)
    aside.symlink_to(generation.relative_to(root))
    aside.replace(root / LINK)
    sync_folder(root)


def prune(root: Path, *, keep: int = KEEP_GENERATIONS, not_before: int = 0) -> None:
    """Remove all but the last ``keep`` generations, and those that show a commit earlier than ``not_before``.

    The content of a damaged generation is unknown, so with ``not_before`` it is removed too. The current generation
    always stays. Readers that have a removed file open can still read it. Files that another DuckDB has spilled beside
    a generation are removed with it. With a generation that is too early, the report is removed, because it may show
    the same content.
    """
    current = current_generation(root)
    kept = generations(root)[-keep:]
    for path in generations(root):
        too_early = not_before and path != current and (snapshot_sequence(path) or 0) < not_before
        if too_early:
            for report in (root / REPORT, *root.glob(f".{REPORT}.*")):  # and unfinished ones
                report.unlink(missing_ok=True)
        if path != current and (too_early or path not in kept):
            # The generation goes last: as long as it is there, a later run knows what is to be removed with it.
            shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
