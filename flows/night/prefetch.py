"""Back-pressure: prepare the next few micro-batches while the current one is processed, but never more than that."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Iterable
from typing import Any, TypeVar

Result = TypeVar("Result")


async def prefetch(steps: Iterable[Coroutine[Any, Any, Result]], limit: int) -> AsyncGenerator[Result, None]:
    """Run at most ``limit`` steps at a time and yield their results in order.

    Each step is created when it is needed, so memory holds at most ``limit`` results in a night of any length. When the
    consumer stops early, running steps are cancelled.
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
