"""Back-pressure: work on the next few micro-batches while the current one is dealt with, never on more."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Iterable
from typing import Any, TypeVar

Result = TypeVar("Result")


async def prefetch(steps: Iterable[Coroutine[Any, Any, Result]], limit: int) -> AsyncGenerator[Result, None]:
    """Run at most ``limit`` steps at a time and hand out their results in order.

    The steps are made lazily, so memory holds ``limit`` results however long the night. When the consumer stops
    early, what is still running is cancelled.
    """
    running: deque[asyncio.Task[Result]] = deque()
    try:
        for step in steps:
            running.append(asyncio.create_task(step))
            if len(running) >= limit:
                yield await running.popleft()
        while running:
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
