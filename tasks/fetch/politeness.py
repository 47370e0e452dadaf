"""Turns at each host: so many requests at a time, so long between two, a pause when the host asks for one."""

import asyncio
from collections import deque
from typing import Final

from tasks.page import NotFetchedError

# So many connections in a row that come to nothing, and a host is left alone for the rest of the run: a
# thousand pages of a dead site would otherwise cost a thousand time-outs.
MAX_DEAD_CONNECTIONS: Final = 5


class _Slots:
    """So many places, given out in order.

    asyncio's semaphore does the same, but looks through all who wait each time one comes or goes.
    """

    __slots__ = ("_free", "_waiting")

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take_now(self) -> bool:
        """Take a place if there is a free one; nobody waits while there is."""
        if self._free:
            self._free -= 1
            return True
        return False

    async def take(self) -> None:
        """Wait for a place and take it."""
        if self.take_now():
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.give_back()  # it came at the moment when nobody wanted it any more
            raise

    def give_back(self) -> None:
        """Hand the place to the next who waits."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1


class Host:
    """One host as this run has met it: its places, its pauses, and whether it is left alone."""

    __slots__ = ("closed", "dead_connections", "delay_s", "name", "next_start", "slots")

    def __init__(self, name: str, concurrency: int, delay_s: float) -> None:
        self.name = name
        self.slots = _Slots(concurrency)
        self.delay_s = delay_s
        self.next_start = 0.0
        self.dead_connections = 0
        self.closed: str | None = None

    def must_wait(self) -> bool:
        """Say whether a request may not start yet, or not at all."""
        if self.closed is not None:
            return True
        return self.next_start > 0 and self.next_start > asyncio.get_running_loop().time()

    def start_now(self) -> bool:
        """Start a request if one may start at once; the next one may then start ``delay_s`` later."""
        if self.must_wait():
            return False
        if self.delay_s:
            self.next_start = asyncio.get_running_loop().time() + self.delay_s
        return True

    async def wait(self) -> None:
        """Wait until a request may start, as far as is known by now.

        Raises
        ------
        NotFetchedError
            When the host is to be left alone for the rest of the run.
        """
        clock = asyncio.get_running_loop().time
        while (wait := self.next_start - clock()) > 0 and self.closed is None:  # noqa: ASYNC110 - a clock, no event
            # Others may wait for the same moment, or the host may ask for a pause meanwhile: look again.
            await asyncio.sleep(wait)
        if self.closed is not None:
            raise NotFetchedError("fetch_failed", self.closed)

    def slow_down(self, delay_s: float) -> None:
        """Keep requests at least so far apart from now on (``Crawl-delay``)."""
        if self.delay_s < delay_s:
            self.delay_s = delay_s
            self.pause(delay_s)

    def pause(self, seconds: float) -> None:
        """Start nothing for so long (``Retry-After``)."""
        self.next_start = max(self.next_start, asyncio.get_running_loop().time() + seconds)

    def close(self, reason: str) -> None:
        """Leave the host alone for the rest of the run; whatever still waits for it is given the reason."""
        self.closed = reason

    def note_connection(self, *, alive: bool) -> None:
        """Count connections that come to nothing, and leave a dead host alone."""
        self.dead_connections = 0 if alive else self.dead_connections + 1
        if self.dead_connections >= MAX_DEAD_CONNECTIONS and self.closed is None:
            self.close(
                f"{self.name} did not answer {self.dead_connections} times in a row: left alone in this run"
            )


class HostTurns:
    """Gives out turns: ``per_host`` at one host, starts at least ``delay_s`` apart, ``in_all`` together.

    Kept in the process: one run fetches from one process, and a limiter on a server would cost more than a
    page.
    """

    def __init__(self, *, in_all: int, per_host: int, delay_s: float) -> None:
        self._in_all = _Slots(in_all)
        self._per_host = per_host
        self._delay_s = delay_s
        self._hosts: dict[str, Host] = {}

    def host(self, name: str) -> Host:
        """Give the host of this name, met now or before."""
        if (host := self._hosts.get(name)) is None:
            host = self._hosts[name] = Host(name, self._per_host, self._delay_s)
        return host

    # Two calls, where a context manager would read better, and no coroutine where nothing has to be waited for: this is
    # done for every request, and would take a tenth of all that a page costs us.

    async def begin(self, host: Host) -> None:
        """Wait for a turn at a host and take it; whoever has it calls :meth:`end`.

        Raises
        ------
        NotFetchedError
            When the host is to be left alone for the rest of the run.
        """
        if not host.slots.take_now():
            await host.slots.take()
        try:
            while True:
                if host.must_wait():
                    await host.wait()
                if not self._in_all.take_now():
                    await self._in_all.take()
                # Only now: whoever waited for a place among all may find that the host has asked for a pause meanwhile,
                # or that another request to it has just started.
                if host.start_now():
                    return
                self._in_all.give_back()
        except BaseException:
            host.slots.give_back()
            raise

    def end(self, host: Host) -> None:
        """Give a turn back."""
        self._in_all.give_back()
        host.slots.give_back()
