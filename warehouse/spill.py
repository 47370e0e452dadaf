"""Where readers spill: a folder of their process in the system's temporary one, which no other user can read.

The database of a past moment lies there too, for as long as it is needed. What is spilled holds rows. A process removes
its folder when it ends; the folder of one that was killed is removed by the next reader of the same user, and by a
takedown.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from uuid import uuid4

_PREFIX = "commentariat-spill-"


def place_to_spill() -> Path:
    """Name a folder that DuckDB makes when it needs it, inside the one of this process."""
    folder = _own_folder(os.getpid())
    if not folder.is_dir():  # whoever clears temporary files has taken it for an old one
        _own_folder.cache_clear()
        folder = _own_folder(os.getpid())
    return folder / uuid4().hex


@cache
def _own_folder(process: int) -> Path:
    remove_abandoned()
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{process}-"))
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(held, fcntl.LOCK_EX)  # until the process ends, however it ends
        if folder.is_dir():  # else it was taken for an abandoned one before it was locked
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            return folder
        os.close(held)


def remove_abandoned() -> int:
    """Remove what killed processes of this user have spilled; returns how many folders.

    The lock on a folder shows it, not the number of its process: that may be another one's by now, or one of another
    container that shares the temporary folder.
    """
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # gone meanwhile, in use, or another user's
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if os.fstat(held).st_uid == os.getuid():
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
                    removed += 1
            finally:
                os.close(held)
    return removed
