"""A flow that waits for the warehouse's lock can be stopped, and goes on as soon as the lock is free."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from commentariat import WarehouseLockedError
from flows.night.lock import writing
from warehouse import Warehouse, Writer

LONG = 20.0


@dataclass(frozen=True)
class Watched(Warehouse):
    """A warehouse that tells when its lock was refused."""

    refused: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    @contextmanager
    def writing(self, **named: Any) -> Iterator[Writer]:
        try:
            with super().writing(**named) as writer:
                yield writer
        except WarehouseLockedError:
            self.refused.release()
            raise


async def enter(warehouse: Warehouse, wait_seconds: float) -> Writer:
    async with writing(warehouse, flow="second", create=True, wait_seconds=wait_seconds) as writer:
        return writer


@pytest.fixture
def warehouse(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "commentary")


async def test_a_flow_that_waits_for_the_lock_ends_at_once_when_it_is_cancelled(warehouse: Watched) -> None:
    with warehouse.writing(flow="first"):
        begun = time.monotonic()
        second = asyncio.create_task(enter(warehouse, LONG))
        await warehouse.refused.acquire()
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        assert time.monotonic() - begun < LONG / 2


async def test_it_goes_on_when_the_lock_is_free(warehouse: Watched) -> None:
    with warehouse.writing(flow="first"):
        second = asyncio.create_task(enter(warehouse, LONG))
        for _ in range(2):  # it tries more than once
            await warehouse.refused.acquire()
        assert not second.done()
    assert await second


async def test_a_flow_that_has_waited_long_enough_is_told_which_run_has_the_lock(
    warehouse: Watched,
) -> None:
    with warehouse.writing(flow="first"), pytest.raises(WarehouseLockedError, match="flow first"):
        await enter(warehouse, 0.3)
