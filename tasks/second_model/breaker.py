"""A circuit breaker: if a server fails again and again, it is not asked for a while, and finally not any more."""

import asyncio
from contextlib import suppress
from time import monotonic

from tasks.second_model.failures import StopAsking


class Breaker:
    """Counts failures in a row, over all requests together.

    Parameters
    ----------
    after
        Number of failures in a row after which it opens.
    pause_s
        Seconds for which it stays open the first time; each further time takes twice as long.
    pauses
        Number of times that it closes again without a success in between; after that, nothing more is asked.
    """

    def __init__(self, *, after: int = 5, pause_s: float = 15.0, pauses: int = 2) -> None:
        self._after, self._pause_s, self._pauses = after, pause_s, pauses
        self._failed = self._opened = 0
        self._open_until = 0.0
        self._over, self._reason = asyncio.Event(), ""

    async def admit(self) -> None:
        """Wait until a request may be sent.

        Raises
        ------
        StopAsking
            When the server has been given up.
        """
        while not self._over.is_set() and (wait := self._open_until - monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), wait)
        if self._over.is_set():
            raise StopAsking(self._reason)

    def pause(self, seconds: float) -> None:
        """Send no request for some seconds, because the server asks for it."""
        self._open_until = max(self._open_until, monotonic() + seconds)

    def give_up(self, reason: str) -> None:
        """Send no more requests."""
        self._reason = self._reason or reason
        self._over.set()

    def succeeded(self) -> None:
        """Count an answer."""
        self._failed = self._opened = 0

    def failed(self, reason: str) -> None:
        """Count a failure of the server."""
        self._failed += 1
        if self._failed < self._after or monotonic() < self._open_until:
            return
        if self._opened >= self._pauses:
            self.give_up(f"it failed {self._failed} times in a row, last: {reason}")
            return
        self.pause(self._pause_s * 2**self._opened)
        self._opened += 1
        self._failed = self._after - 1  # the next failure opens it again
