"""Parsing of content from outside without blocking the event loop: in a worker process, or at least in a thread."""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from commentariat import CommentariatError

__all__ = ["WorkLostError", "WorkerPool", "run_off_event_loop"]

Result = TypeVar("Result")


class WorkLostError(CommentariatError):
    """A worker gave no answer: it took too long, needed too much memory, or ended."""


class WorkerPool(Protocol):
    """Worker processes, such as :class:`tasks.extract.workers.Workers`."""

    def call(self, function: Callable[[bytes], Result], content: bytes, *, seconds: float) -> Result:
        """Let a worker apply the function to the content within so many seconds; raises :class:`WorkLostError`."""


async def run_off_event_loop(
    workers: WorkerPool | None, function: Callable[[bytes], Result], content: bytes, *, seconds: float
) -> Result:
    """Apply a function to content without blocking the event loop.

    A thread is enough for harmless content. A parser or a pattern in its worst case holds Python's lock, and with it
    every other thread and the loop, until it ends. A worker process can be stopped.

    Parameters
    ----------
    workers
        The worker processes; None uses a thread, which has no time limit.
    function
        A function defined in a module; its results and errors must not depend on this process.
    seconds
        Time limit for a worker.

    Raises
    ------
    WorkLostError
        When a worker gave no answer. An error of the function itself is raised unchanged.
    """
    if workers is None:
        return await asyncio.to_thread(function, content)
    return await asyncio.to_thread(lambda: workers.call(function, content, seconds=seconds))
