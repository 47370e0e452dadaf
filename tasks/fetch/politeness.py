"""Turns at each host: a limit on requests at a time, a delay between starts, and a pause if the host asks for it."""

import asyncio
from collections import deque
from typing import Final

from tasks.outcome import OutcomeName
from tasks.page import NotFetchedError

# After so many failed connections in a row, a host is not visited again in this run. Otherwise a thousand pages of a
# dead site would cost a thousand time-outs.
MAX_DEAD_CONNECTIONS: Final = 5
# After so many answers in a row that it is busy, each after the wait that it asked for or after a longer one, a host
# is not visited again in this run.
MAX_BUSY_ANSWERS: Final = 5
# The first wait for a busy host that names no time; each further one is twice as long.
FIRST_BUSY_WAIT_S: Final = 30.0


class _Slots:
    """A limited number of places, given out in order.

    asyncio's semaphore does the same, but each time a task comes or goes it looks through all waiting tasks.
    """

    __slots__ = ("_free", "_waiting")

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take_now(self) -> bool:
        """Take a place if one is free; then nobody is waiting."""
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
                self.give_back()  # the place was given at the moment when the waiting task was cancelled
            raise

    def give_back(self) -> None:
        """Give the place to the next waiting task."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1


class Host:
    """The state of one host in this run: its places, its pauses, and whether it is not visited any more."""

    __slots__ = (
        "busy_answers",
        "busy_until",
        "closed",
        "dead_connections",
        "delay_s",
        "name",
        "next_start",
        "slots",
    )

    def __init__(self, name: str, concurrency: int, delay_s: float) -> None:
        self.name = name
        self.slots = _Slots(concurrency)
        self.delay_s = delay_s
        self.next_start = 0.0
        self.dead_connections = 0
        self.busy_answers = 0
        self.busy_until = 0.0
        self.closed: NotFetchedError | None = None

    def must_wait(self) -> bool:
        """Whether a request may not start yet, or not at all."""
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
        """Wait until a request may start, by the state that is known now.

        Raises
        ------
        NotFetchedError
            When the host is not to be visited any more in this run.
        """
        clock = asyncio.get_running_loop().time
        while (wait := self.next_start - clock()) > 0 and self.closed is None:  # noqa: ASYNC110 - a clock, no event
            # Other tasks may wait for the same moment, or the host may ask for a pause meanwhile: check again.
            await asyncio.sleep(wait)
        if self.closed is not None:
            raise NotFetchedError(self.closed.outcome, str(self.closed))

    def slow_down(self, delay_s: float) -> None:
        """From now on, keep at least this time between the starts of two requests (``Crawl-delay``)."""
        if self.delay_s < delay_s:
            self.delay_s = delay_s
            self.pause(delay_s)

    def pause(self, seconds: float) -> None:
        """Start no request during this time."""
        self.next_start = max(self.next_start, asyncio.get_running_loop().time() + seconds)

    def close(self, outcome: OutcomeName, reason: str) -> None:
        """Stop visiting the host in this run; all waiting requests end with this outcome."""
        self.closed = NotFetchedError(outcome, reason)

    def note_connection(self, *, alive: bool) -> None:
        """Count failed connections in a row, and stop visiting a dead host."""
        self.dead_connections = 0 if alive else self.dead_connections + 1
        if self.dead_connections >= MAX_DEAD_CONNECTIONS and self.closed is None:
            self.close(
                "fetch_failed",
                f"{self.name} did not answer {self.dead_connections} times in a row: left alone in this run",
            )

    def note_not_busy(self) -> None:
        """End the row of answers that the host is busy."""
        self.busy_answers = 0

    def note_busy(self, wait_s: float | None, *, longest_s: float, may_be_the_page: bool) -> None:
        """Count answers in a row that the host is busy; start no request for a while, and in the end none in this run.

        Parameters
        ----------
        wait_s
            The wait that the host asks for (``Retry-After``); None or 0 if it names none. Then the wait is half a
            minute, and twice as long each further time.
        longest_s
            Longest wait if the host names none.
        may_be_the_page
            True if the answer may be about this page only (503); then the host is slowed down only by the next such
            answer in a row.
        """
        now = asyncio.get_running_loop().time()
        if wait_s:
            self.pause(wait_s)
        if now < self.busy_until:
            return  # the request was sent before the last such answer came
        self.busy_answers += 1
        if self.busy_answers >= MAX_BUSY_ANSWERS:
            self.close(
                "postponed",
                f"{self.name} answered {self.busy_answers} times in a row that it is busy: left alone in this run",
            )
            return
        if not wait_s and (self.busy_answers > 1 or not may_be_the_page):
            wait_s = min(FIRST_BUSY_WAIT_S * 2 ** (self.busy_answers - 1), longest_s)
            self.pause(wait_s)
        self.busy_until = now + (wait_s or 0)


class HostTurns:
    """Gives out turns: ``per_host`` requests at one host, ``delay_s`` between starts, ``in_all`` requests together.

    The turns are counted in this process, because one run fetches from one process. A limiter on a server would cost
    more time than a page.
    """

    def __init__(self, *, in_all: int, per_host: int, delay_s: float) -> None:
        self._in_all = _Slots(in_all)
        self._per_host = per_host
        self._delay_s = delay_s
        self._hosts: dict[str, Host] = {}

    def host(self, name: str) -> Host:
        """Give the host of this name; it is created at the first call."""
        if (host := self._hosts.get(name)) is None:
            host = self._hosts[name] = Host(name, self._per_host, self._delay_s)
        return host

    # These are two methods, although a context manager would be easier to read, and no coroutine runs if there is no
    # need to wait. The code runs for every request, and would otherwise take a tenth of our time for a page.

    async def begin(self, host: Host) -> None:
        """Wait for a turn at a host and take it; the caller must then call :meth:`end`.

        Raises
        ------
        NotFetchedError
            When the host is not to be visited any more in this run.
        """
        if not host.slots.take_now():
            await host.slots.take()
        try:
            while True:
                if host.must_wait():
                    await host.wait()
                if not self._in_all.take_now():
                    await self._in_all.take()
                # This is checked only now: while a request waited for a place among all, the host may have asked for a
                # pause, or another request to the host may just have started.
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
