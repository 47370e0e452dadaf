"""A disk that ends the process, or fails once, before the n-th operation that changes something on it.

The process of the tests goes on: the block that stands for the killed one is given up, and its later operations on the
disk fail too.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_CHANGES = {
    "os.rename",
    "os.link",
    "os.mkdir",
    "os.rmdir",
    "os.remove",
    "os.symlink",
    "os.truncate",
    "sqlite3.connect",
}
_WRITING = os.O_WRONLY | os.O_RDWR


class Killed(BaseException):
    """The end of the process: nothing in it catches this, and all its later operations on the disk fail too."""


class _Disk:
    """Counts the operations that change something.

    Python calls audit hooks before every such operation. A hook cannot be removed, so there is only one.
    """

    def __init__(self) -> None:
        self.left, self.is_fatal, self.is_dead = 0, False, False
        self.folder: Path | None = None
        sys.addaudithook(self._hook)

    def _hook(self, event: str, details: tuple[object, ...]) -> None:
        if not (self.left or self.is_dead):
            return
        flags = details[2] if event == "open" else 0
        if event not in _CHANGES and not (isinstance(flags, int) and flags & _WRITING):
            return
        if self.is_dead:
            raise Killed
        self.left -= 1
        if not self.left and self.is_fatal:
            if self.folder is not None:
                shutil.copytree(self.folder, _aside(self.folder), symlinks=True)
            self.is_dead = True
            raise Killed
        if not self.left:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    @contextmanager
    def ending_before(self, nth: int, folder: Path | None = None) -> Iterator[None]:
        """Kill the process that the block represents before its n-th operation, if there is one; 0 means never.

        Parameters
        ----------
        folder
            Everything in it is in the end as it was at the kill: databases that the given up block closes change files
            without an operation of Python, and a killed process leaves their journals.
        """
        self.left, self.is_fatal, self.folder = nth, True, folder
        try:
            with suppress(Killed):
                yield
        finally:
            was_killed, self.left, self.is_dead, self.folder = self.is_dead, 0, False, None
            if was_killed and folder is not None:
                shutil.rmtree(folder)
                _aside(folder).rename(folder)

    @contextmanager
    def of_another_process(self) -> Iterator[None]:
        """Let another process act in the block, inside a block of :meth:`ending_before`; it may have such a block."""
        before = self.left, self.is_fatal, self.folder
        self.left = 0
        try:
            yield
        finally:
            self.left, self.is_fatal, self.folder = before

    @contextmanager
    def failing_at(self, nth: int) -> Iterator[None]:
        """Make the n-th operation of the block fail."""
        self.left, self.is_fatal = nth, False
        try:
            yield
        finally:
            self.left = 0


def _aside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.at-the-kill")


DISK = _Disk()
