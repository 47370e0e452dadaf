"""Ports on loopback for programs that take only a number and bind it later, and ports at which nobody answers.

A server that can bind port 0 needs neither: it says afterwards which port it was given.
"""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOOPBACK = "127.0.0.1"
# Linux gives connections, and servers that bind port 0, only ports from 32768 on; other systems begin later.
_FIRST, _COUNT = 20_000, 10_000
_LOCKS: list[IO[bytes]] = []


def own_port() -> int:
    """Return a port that stays free until a program binds it, also between two programs that bind it in turn.

    Until this process ends, no other process of the tests is given the port.
    """
    folder = Path(tempfile.gettempdir()) / f"commentariat-test-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    for number in range(_COUNT):
        port = _FIRST + (os.getpid() + number) % _COUNT
        lock = (folder / str(port)).open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind((LOOPBACK, port))
        except OSError:  # it is another test's, or another program uses it
            lock.close()
        else:
            _LOCKS.append(lock)
            return port
    raise RuntimeError(f"no port from {_FIRST} to {_FIRST + _COUNT - 1} is free")


@contextmanager
def silent_port() -> Iterator[int]:
    """Give a port at which nobody answers: it is bound, so that no other program gets it, and does not listen."""
    with socket.socket() as bound:
        bound.bind((LOOPBACK, 0))
        yield bound.getsockname()[1]
