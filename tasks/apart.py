"""Content from outside is taken apart beside the event loop: in a worker process, or at least in a thread."""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from commentariat import CommentariatError

__all__ = ["Apart", "WorkLostError", "apart"]

Result = TypeVar("Result")


class WorkLostError(CommentariatError):
    """A worker gave no answer: it took too long, needed too much memory, or died."""


class Apart(Protocol):
    """Worker processes, such as :class:`tasks.extract.workers.Workers`."""

    def call(self, function: Callable[[bytes], Result], content: bytes, *, seconds: float) -> Result:
        """Let a worker do something with content, in so many seconds; raises :class:`WorkLostError`."""


async def apart(
    workers: Apart | None, function: Callable[[bytes], Result], content: bytes, *, seconds: float
) -> Result:
    """Do something with content beside the event loop.

    A thread is enough for content that means no harm. A parser or a pattern that meets its worst case holds Python's
    lock, and with it every other thread and the loop, for as long as it takes; a worker process can be stopped.

    Parameters
    ----------
    workers
        Where to do it; None for a thread, which has no limit of time.
    function
        A function of a module, and nothing it returns or raises may be bound to this process.
    seconds
        How long a worker may take.

    Raises
    ------
    WorkLostError
        When a worker gave no answer. What the function itself raises comes back as it is.
    """
    if workers is None:
        return await asyncio.to_thread(function, content)
    return await asyncio.to_thread(lambda: workers.call(function, content, seconds=seconds))
