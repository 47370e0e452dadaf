"""The writer's lock: one writer at a time, and a message that names the present writer."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commentariat import WarehouseLockedError
from warehouse.durable import explained
from warehouse.log.entries import now

_POLL_SECONDS = 0.1


@contextmanager
def write_lock(path: Path, *, run_id: str, flow: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the writer's lock on the file ``path`` during the block.

    The lock is an ``flock``: the kernel releases it when the process ends, however it ends.

    Parameters
    ----------
    wait_seconds
        How long to wait for another writer to finish; with 0 the error is raised at once.

    Raises
    ------
    WarehouseLockedError
        Another process (or thread) is still writing; the message names its process, run and start.
    WarehouseError
        The disk is full, or the file cannot be written.
    """
    with explained("Taking the writer's lock", path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + wait_seconds
        while not _taken(descriptor, path):
            if time.monotonic() >= deadline:
                raise WarehouseLockedError(_who(path))
            time.sleep(_POLL_SECONDS)
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "run_id": run_id,
            "flow": flow,
            "since": now(),
        }
        content = json.dumps(holder).encode()
        with explained("Taking the writer's lock", path):
            # In this order the file keeps its block on a full disk, so that a takedown or a clean-up can still start.
            os.pwrite(descriptor, content, 0)
            os.ftruncate(descriptor, len(content))
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int, path: Path) -> bool:
    """Try to take the lock; return whether it has been taken."""
    with explained("Taking the writer's lock", path):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):  # the second is CIFS's answer if another machine has it
            return False
    return True


def _who(path: Path) -> str:
    try:
        holder = json.loads(path.read_text())
        who = (
            f"run {holder['run_id']} (flow {holder['flow']}, process {holder['pid']} on {holder['host']}) "
            f"has been writing since {holder['since'][:19]} UTC"
        )
    except (OSError, ValueError, KeyError):
        who = "another run is writing"  # it has the lock but has not yet written its data
    return f"{path.parent} is locked: {who}. Wait for it to finish, or end that process"
