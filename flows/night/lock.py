"""The writer's lock for flows: a flow that waits for another one can still be stopped."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from commentariat import WarehouseLockedError
from warehouse import Warehouse, Writer

_POLL_SECONDS = 0.1


@asynccontextmanager
async def writing(
    warehouse: Warehouse, *, flow: str, create: bool, wait_seconds: float, is_of_inputs: bool | None = None
) -> AsyncIterator[Writer]:
    """Give the writer as :meth:`warehouse.Warehouse.writing` does, without blocking the event loop while it waits.

    Ctrl-C and a time limit stop a flow on the event loop; on a loop that is blocked, they have no effect.

    Raises
    ------
    WarehouseLockedError
        When another run is writing and does not end in time.
    WarehouseError
        When the folder cannot be used as a warehouse.
    """
    deadline = time.monotonic() + wait_seconds
    with ExitStack() as held:
        while True:
            try:
                opened = warehouse.writing(flow=flow, is_of_inputs=is_of_inputs, create=create)
                writer = held.enter_context(opened)
                break
            except WarehouseLockedError:
                if time.monotonic() >= deadline:
                    raise
            await asyncio.sleep(_POLL_SECONDS)
        yield writer
