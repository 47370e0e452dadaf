"""A night that can kill its own process at a named step."""

from __future__ import annotations

import os
import signal

from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.publishing.generations import is_published


def write_night(path: str, night: int, batches: int, crash_at: str = "", crash_on: int = 1) -> None:
    """Write one night; with ``crash_at``, end by SIGKILL when this step is reached for the ``crash_on``-th time."""
    seen = 0

    def on_step(step: str) -> None:
        nonlocal seen
        seen += step == crash_at
        if step == crash_at and seen == crash_on:
            os.kill(os.getpid(), signal.SIGKILL)

    with Warehouse(path, on_step=on_step).writing(
        run_id=f"night-{night}", flow="nightly", wait_seconds=30
    ) as writer:
        if night == 1:
            writer.commit("reference rows", nights.reference_rows())
        for number in range(batches):
            writer.commit(f"{number:04d}", nights.batch(night, number))
            if number % 3 == 2:
                writer.publish()
        if writer.committed("finish-1") is None:
            writer.finish()
        if not is_published(writer.root, head=writer.log.head):
            writer.publish()
