"""A flow that waits for the warehouse's lock can be stopped, and goes on as soon as the lock is free."""

import asyncio
import time
from pathlib import Path

import pytest

from commentariat import WarehouseLockedError
from flows.night.lock import writing
from warehouse import Warehouse, Writer

LONG = 20.0


async def enter(warehouse: Warehouse, wait_seconds: float) -> Writer:
    async with writing(warehouse, flow="second", create=True, wait_seconds=wait_seconds) as writer:
        return writer


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "commentary")


async def test_a_flow_that_waits_for_the_lock_ends_at_once_when_it_is_cancelled(warehouse: Warehouse) -> None:
    with warehouse.writing(flow="first"):
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(enter(warehouse, LONG), 0.5)
        assert time.monotonic() - begun < LONG / 2


async def test_it_goes_on_when_the_lock_is_free(warehouse: Warehouse) -> None:
    with warehouse.writing(flow="first"):
        second = asyncio.create_task(enter(warehouse, LONG))
        await asyncio.sleep(0.5)
        assert not second.done()
    assert await second


async def test_a_flow_that_has_waited_long_enough_is_told_which_run_has_the_lock(
    warehouse: Warehouse,
) -> None:
    with warehouse.writing(flow="first"), pytest.raises(WarehouseLockedError, match="flow first"):
        await enter(warehouse, 0.3)
