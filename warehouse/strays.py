"""Files under ``data/`` that belong to no commit: found without the lock, removed before something is taken down."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from commentariat import WarehouseError
from warehouse.log import CommitLog
from warehouse.staging import named_in_staging

_OWN_NAME = re.compile(r".*-[0-9a-f]{8}\.parquet")
"""How this program names a file: run and eight hex digits."""


def find_strays(root: Path, log: CommitLog) -> list[Path]:
    """Find the files that no commit ever added; those that compaction replaced may still be there. Needs no lock.

    The order matters: a file that a commit has named and not yet entered in the log is on record in staging until it
    is in the log, so of what is found first, staging or the log knows all but the strays.
    """
    found = [
        Path(folder) / name
        for folder, _, names in os.walk(root / "data")
        for name in names
        if "_delta_log" not in Path(folder).parts
    ]
    begun = named_in_staging(root)
    with contextlib.suppress(WarehouseError):  # damaged: whoever opened the log knows
        log.refresh()
    known = begun | {file.path for commit in log for file in commit.add}
    return sorted(place for place in found if str(place.relative_to(root)) not in known and place.exists())


def remove_strays(root: Path, log: CommitLog) -> int:
    """Remove strays that are named as this program names files; returns how many.

    Only for the holder of the writer's lock, and not while a commit is being prepared. Nobody knows what they hold, so
    a takedown cannot leave them.
    """
    strays = [place for place in find_strays(root, log) if _OWN_NAME.fullmatch(place.name)]
    for place in strays:
        place.unlink()
    return len(strays)
