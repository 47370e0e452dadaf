"""The measure of the event loop's standstills sees what stops the loop, and nothing else."""

import asyncio
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.fetch.fetcher import Fetcher
from tests.journeys.standstills import (
    TURNS,
    Standstill,
    assert_that_no_loop_stood_still,
    runs_measured,
    standstills,
)
from tests.journeys.turns.sitecustomize import LIMIT_S


@pytest.fixture(scope="module", autouse=True)
def no_loop_stands_still() -> None:
    """Here loops stand still on purpose; in every other module this fixture is that of ``conftest.py``."""


def busy() -> None:
    """Calculate for longer than the limit, and let other threads run."""
    end = time.process_time() + 2 * LIMIT_S
    while time.process_time() < end:
        pass


def holds_the_lock() -> None:
    """Calculate for longer than the limit in one instruction, so that no other thread runs."""
    began = time.process_time()
    sum(range(40_000_000))
    assert time.process_time() - began > LIMIT_S, "the machine is quicker: it needs more numbers"


def without_the_lock() -> None:
    """Calculate for longer than the limit in C, beside all other threads."""
    began = time.process_time()
    hashlib.pbkdf2_hmac("sha256", b"x", b"y", 3_000_000)
    assert time.process_time() - began > LIMIT_S, "the machine is quicker: it needs more rounds"


def measure(folder: Path, work: Callable[[], None], *, in_thread: bool) -> Standstill:
    async def fetch() -> None:
        async with Fetcher():
            await asyncio.sleep(0.02)
            if in_thread:
                await asyncio.to_thread(work)
            else:
                work()

    with runs_measured(folder):
        asyncio.run(fetch())
    (found,) = standstills(folder)
    return found


@pytest.mark.parametrize(
    ("work", "in_thread", "cause"),
    [(busy, False, "fetch"), (holds_the_lock, True, "another thread held Python's lock")],
)
def test_what_stops_the_loop_is_seen_with_its_cause(
    tmp_path: Path, work: Callable[[], None], in_thread: bool, cause: str
) -> None:
    found = measure(tmp_path, work, in_thread=in_thread)
    assert found.seconds > LIMIT_S
    assert cause in found.cause
    with pytest.raises(AssertionError, match="stood still"):
        assert_that_no_loop_stood_still(tmp_path)


@pytest.mark.parametrize(
    ("work", "in_thread"),
    [(busy, True), (without_the_lock, True), (lambda: time.sleep(2 * LIMIT_S), False)],
    ids=["a thread of Python", "a thread in C", "a slow disk"],
)
def test_work_beside_the_loop_and_waiting_for_the_machine_do_not_count(
    tmp_path: Path, work: Callable[[], None], in_thread: bool
) -> None:
    measure(tmp_path, work, in_thread=in_thread)
    assert_that_no_loop_stood_still(tmp_path)


def test_a_process_that_a_journey_starts_is_measured_and_still_imports_what_it_would_import_without(
    tmp_path: Path,
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sitecustomize.py").write_text("print('imported too')")
    found = tmp_path / "found"
    found.mkdir()
    program = (
        "import asyncio\nfrom tasks.fetch.fetcher import Fetcher\n"
        "async def fetch():\n    async with Fetcher():\n        sum(range(40_000_000))\n"
        "asyncio.run(fetch())\n"
    )
    path = os.pathsep.join([str(TURNS), str(tmp_path / "other")])
    environment = os.environ | {"JOURNEY_TURNS": str(found), "PYTHONPATH": path}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(
        command, cwd=Path(__file__).parents[2], env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "imported too\n"
    (standstill,) = standstills(found)
    assert standstill.seconds > LIMIT_S
