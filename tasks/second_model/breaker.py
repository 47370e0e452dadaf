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
    least_s
        Shortest pause that is kept if the server asks for one: it may name no seconds, or a time that is past here.
    """

    def __init__(
        self, *, after: int = 5, pause_s: float = 15.0, pauses: int = 2, least_s: float = 1.0
    ) -> None:
        self._after, self._pause_s, self._pauses, self._least_s = after, pause_s, pauses, least_s
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
        self._pause(self._pause_s * 2**self._opened)
        self._opened += 1
        self._failed = self._after - 1  # the next failure opens it again

    def asked_to_wait(self, seconds: float, reason: str) -> None:
        """Count a failure of a server that says when to ask again, and send no request until then.

        Requests that are under way together get the same answer. So during a pause no failure is counted.
        """
        if monotonic() >= self._open_until:
            self.failed(reason)
        self._pause(max(seconds, self._least_s))

    def _pause(self, seconds: float) -> None:
        self._open_until = max(self._open_until, monotonic() + seconds)
