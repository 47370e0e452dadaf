"""Where the databases of readers put what does not fit into memory (they spill it).

This is a folder of the process in the system's temporary folder, unreadable for other users. The database of a past
moment is there too, as long as it is needed. Spilled data holds rows. A process removes its folder when it
ends; the folder of a killed process is removed by the next reader of the same user, and by a takedown.
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
    """Name a folder inside the one of this process; DuckDB makes it when it needs it."""
    folder = _own_folder(os.getpid())
    if not folder.is_dir():  # a clean-up of temporary files has removed it as old
        _own_folder.cache_clear()
        folder = _own_folder(os.getpid())
    return folder / uuid4().hex


@cache
def _own_folder(process: int) -> Path:
    remove_abandoned()
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{process}-"))
        try:
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:  # it was removed as abandoned before it was opened
            continue
        fcntl.flock(held, fcntl.LOCK_EX)  # until the process ends, however it ends
        if folder.is_dir():  # otherwise it was removed as abandoned before it was locked
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            return folder
        os.close(held)


def remove_abandoned() -> int:
    """Remove the folders that killed processes of this user have left; return their number.

    A folder without a lock is abandoned. The process number is no sign, because another process may have it by now, or
    a process of another container that shares the temporary folder.
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
