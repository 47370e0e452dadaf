"""No step of a run stops the event loop while another thread has its turn to use the warehouse."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flows.night.configured_models import load_reference_rows
from flows.night.run import Run, finish
from flows.night.scoring.backlog import score_backlog
from tests.flows.night.unsure_night import a_run, configured, take_in
from warehouse import Writer

Step = Callable[[Run], Coroutine[Any, Any, object]]


async def trial_rows(run: Run) -> None:
    """Look for the targets that are not stored yet; all of them are."""
    await load_reference_rows(run, is_trial=True)


async def end_of_the_run(run: Run) -> None:
    """Record how the run ended."""
    await finish(run, "3 taken in: 3 loaded")


@dataclass(slots=True)
class OtherThread:
    """A thread that keeps the writer's turn until the event loop releases it, or gives up after a while."""

    writer: Writer
    began: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    was_released: bool = False

    def keep_the_turn(self) -> None:
        with self.writer.turn():
            self.began.set()
            self.was_released = self.released.wait(20)


@pytest.mark.parametrize("step", [score_backlog, trial_rows, end_of_the_run])
async def test_a_step_that_waits_for_another_thread_does_not_stop_the_event_loop(tmp_path: Path, step: Step):
    config = configured(tmp_path, "http://127.0.0.1:9")
    with a_run(config) as run:
        take_in(run, range(0))
        run.choice.load()  # as when a run is opened
        other = OtherThread(run.writer)
        thread = threading.Thread(target=other.keep_the_turn)
        thread.start()
        await asyncio.to_thread(other.began.wait)
        waiting = asyncio.create_task(step(run))
        for _ in range(60):
            await asyncio.sleep(0.01)
        assert not waiting.done(), "the step waits for its turn"
        other.released.set()
        await waiting
        thread.join()
        assert other.was_released, "the event loop went on while the step waited"
