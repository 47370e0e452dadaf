"""Strays, files under ``data/`` that belong to no commit: found without the lock, removed before a takedown."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from commentariat import WarehouseError
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import OWN_NAME
from warehouse.log.replaced_files import returned
from warehouse.writing.staging import named_in_staging


def find_strays(root: Path, log: CommitLog) -> list[Path]:
    """Find the files that no commit ever added; files that compaction replaced are not among them. Needs no lock.

    The order of the steps matters: a file that a commit has named but not yet entered in the log is listed in staging
    until it is in the log. The files are found first, so all of them except the strays are then in staging or in the
    log.
    """
    places = [
        Path(folder) / name
        for folder, _, names in os.walk(root / "data")
        for name in names
        if "_delta_log" not in Path(folder).parts
    ]
    begun = named_in_staging(root)
    with contextlib.suppress(WarehouseError):  # damaged; this was reported when the log was opened
        log.refresh()
    known = begun | {file.path for commit in log for file in commit.add}
    return sorted(place for place in places if str(place.relative_to(root)) not in known and place.exists())


def remove_strays(root: Path, log: CommitLog) -> int:
    """Remove strays whose names have the form of this program's file names, and files that a takedown had removed.

    Only the holder of the writer's lock may call this, and not while a commit is being prepared. The content of strays
    is unknown, so a takedown cannot leave them. Returns the number of files.
    """
    strays = [place for place in find_strays(root, log) if OWN_NAME.fullmatch(place.name)]
    strays += returned(root, log)
    for place in strays:
        place.unlink()
    return len(strays)
