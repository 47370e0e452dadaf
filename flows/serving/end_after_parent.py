"""A program that ends a server when the process that started it is gone: ``end_after_parent.py PARENT SERVER``.

Both arguments are ids of processes; PARENT is the process that starts this program. A process that is killed, or that a
signal ends at once, cannot end its server itself.

The program imports nothing but the standard library: it starts within a few hundredths of a second, needs little
memory, and does not depend on the folder in which it is started.
"""

import os
import signal
import sys
import time

_LOOK_EVERY_SECONDS = 0.5
_STOP_SECONDS = 15.0


def end_after_parent(parent: int, server: int) -> None:
    """Wait until the server has ended or the parent is gone; then end the server, by force if SIGTERM does not."""
    while os.getppid() == parent:
        if not _send(server, 0):
            return
        time.sleep(_LOOK_EVERY_SECONDS)
    _send(server, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < deadline:
        if not _send(server, 0):
            return
        time.sleep(_LOOK_EVERY_SECONDS)
    _send(server, signal.SIGKILL)


def _send(process: int, number: int) -> bool:
    """Send a signal, or with 0 only look; return whether there is such a process."""
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    end_after_parent(int(sys.argv[1]), int(sys.argv[2]))
