"""A disk that ends the process, or fails once, before the n-th operation that changes something on it.

The whole process is not killed: everything in a block is then given up, and its later operations fail too.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHANGES = {"os.rename", "os.link", "os.mkdir", "os.rmdir", "os.remove", "os.symlink", "os.truncate"}
_WRITING = os.O_WRONLY | os.O_RDWR


class Killed(BaseException):
    """The end of the process: nothing in it catches this, and all its later operations on the disk fail too."""


class _Disk:
    """Counts the operations that change something.

    Python calls audit hooks before every such operation. A hook cannot be removed, so there is only one.
    """

    def __init__(self) -> None:
        self.left, self.is_fatal, self.is_dead = 0, False, False
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
            self.is_dead = True
            raise Killed
        if not self.left:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    @contextmanager
    def ending_before(self, nth: int) -> Iterator[None]:
        """Kill the process that the block represents before its n-th operation, if there is one; 0 means never."""
        self.left, self.is_fatal = nth, True
        try:
            with suppress(Killed):
                yield
        finally:
            self.left, self.is_dead = 0, False

    @contextmanager
    def failing_at(self, nth: int) -> Iterator[None]:
        """Make the n-th operation of the block fail."""
        self.left, self.is_fatal = nth, False
        try:
            yield
        finally:
            self.left = 0


DISK = _Disk()
