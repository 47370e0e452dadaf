"""No step of a run stops the event loop while the warehouse is busy with the query of another thread."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from flows.night.backlog import score_backlog
from flows.night.configured_models import load_reference_rows
from flows.night.run import Run
from tests.flows.night.unsure_night import a_run, configured, take_in
from warehouse import Writer

Step = Callable[[Run], Coroutine[Any, Any, object]]
BUSY_S = 0.6


async def trial_rows(run: Run) -> None:
    """Look for the targets that are not stored yet; all of them are."""
    await load_reference_rows(run, is_trial=True)


def keep_busy(writer: Writer, began: threading.Event) -> None:
    with writer.turn():
        began.set()
        time.sleep(BUSY_S)


async def longest_pause(of: Coroutine[Any, Any, object]) -> float:
    """Give the longest time for which the event loop did nothing else while a step ran."""
    step = asyncio.create_task(of)
    longest, last = 0.0, time.monotonic()
    while not step.done():
        await asyncio.sleep(0.01)
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    await step
    return longest


@pytest.mark.parametrize("step", [score_backlog, trial_rows])
async def test_a_query_that_waits_for_another_thread_does_not_stop_the_event_loop(tmp_path: Path, step: Step):
    config = configured(tmp_path, "http://127.0.0.1:9")
    with a_run(config) as run:
        take_in(run, range(0))
        run.choice.load()  # as when a run is opened
        began = threading.Event()
        thread = threading.Thread(target=keep_busy, args=(run.writer, began))
        thread.start()
        await asyncio.to_thread(began.wait)
        assert await longest_pause(step(run)) < BUSY_S / 2
        thread.join()
