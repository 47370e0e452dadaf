"""The promise that the event loop of a run never stands still for 250 ms while pages are fetched, for every journey.

``turns/sitecustomize.py`` measures, in the processes that a journey starts and in this one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.turns.sitecustomize import LIMIT_S, measured

TURNS = Path(__file__).with_name("turns")


@dataclass(frozen=True)
class Standstill:
    """The longest standstill of a run: its command, what caused it, and how long it was."""

    seconds: float
    cause: str
    command: str

    def __str__(self) -> str:
        return f"{self.seconds:.3f} s in {self.command!r}: {self.cause}"


def standstills(folder: Path) -> list[Standstill]:
    """Read what the runs that wrote to this folder measured, the longest first."""
    found = [Standstill(**json.loads(file.read_text())) for file in folder.glob("*.json")]
    return sorted(found, key=lambda standstill: standstill.seconds, reverse=True)


def measuring() -> dict[str, str]:
    """Return the environment in which the runs of this journey are measured; for processes that get an empty one."""
    if "JOURNEY_TURNS" not in os.environ:
        return {}
    return {"JOURNEY_TURNS": os.environ["JOURNEY_TURNS"], "PYTHONPATH": str(TURNS)}


@contextmanager
def runs_measured(folder: Path) -> Iterator[None]:
    """Measure the runs of this process, and of those that it starts, and write the results to a folder."""
    from tasks.fetch.fetcher import Fetcher  # noqa: PLC0415 - some journeys need no fetcher

    path = os.pathsep.join([str(TURNS), *filter(None, [os.environ.get("PYTHONPATH")])])
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JOURNEY_TURNS", str(folder))
        patched.setenv("PYTHONPATH", path)
        undo = measured(Fetcher, folder)
        try:
            yield
        finally:
            undo()


def assert_that_no_loop_stood_still(folder: Path) -> None:
    """Fail if the loop of a run stood still for too long."""
    too_long = [str(standstill) for standstill in standstills(folder) if standstill.seconds >= LIMIT_S]
    assert not too_long, "\n".join(["the event loop stood still while pages were fetched:", *too_long])
