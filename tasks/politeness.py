"""Turns at each host: so many requests at a time, so long between two, a pause when the host asks for one."""

import asyncio
import heapq
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from tasks.item import Item
from tasks.page import NotFetchedError
from tasks.urls import host_of

# So many connections in a row that come to nothing, and a host is left alone for the rest of the run: a
# thousand pages of a dead site would otherwise cost a thousand time-outs.
MAX_DEAD_CONNECTIONS: Final = 5


class _Host:
    __slots__ = ("closed", "dead_connections", "delay_s", "next_start", "slots")

    def __init__(self, concurrency: int, delay_s: float) -> None:
        self.slots = asyncio.Semaphore(concurrency)
        self.delay_s = delay_s
        self.next_start = 0.0
        self.dead_connections = 0
        self.closed: str | None = None


class HostTurns:
    """Gives out turns: ``per_host`` at one host, starts at least ``delay_s`` apart, ``in_all`` together.

    Kept in the process: one run fetches from one process, and a limiter on a server would cost more than a
    page.
    """

    def __init__(self, *, in_all: int, per_host: int, delay_s: float) -> None:
        self._in_all = asyncio.Semaphore(in_all)
        self._per_host = per_host
        self._delay_s = delay_s
        self._hosts: dict[str, _Host] = {}

    def _host(self, name: str) -> _Host:
        if (host := self._hosts.get(name)) is None:
            host = self._hosts[name] = _Host(self._per_host, self._delay_s)
        return host

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for a turn at a host and hold it.

        Raises
        ------
        NotFetchedError
            When the host is to be left alone for the rest of the run.
        """
        host = self._host(name)
        async with host.slots:
            loop = asyncio.get_running_loop()
            while host.closed is None:
                now = loop.time()
                if now >= host.next_start:
                    host.next_start = now + host.delay_s
                    break
                # Others may wait for the same moment, or the host may ask for a pause meanwhile: look again.
                await asyncio.sleep(host.next_start - now)
            if host.closed is not None:
                raise NotFetchedError("fetch_failed", host.closed)
            async with self._in_all:
                yield

    def slow_down(self, name: str, delay_s: float) -> None:
        """Keep requests at a host at least so far apart from now on (``Crawl-delay``)."""
        host = self._host(name)
        if host.delay_s < delay_s:
            host.delay_s = delay_s
            host.next_start = max(host.next_start, asyncio.get_running_loop().time() + delay_s)

    def pause(self, name: str, seconds: float) -> None:
        """Start nothing at a host for so long (``Retry-After``)."""
        host = self._host(name)
        host.next_start = max(host.next_start, asyncio.get_running_loop().time() + seconds)

    def close(self, name: str, reason: str) -> None:
        """Leave a host alone for the rest of the run; whatever still waits for it is told the reason."""
        self._host(name).closed = reason

    def note_connection(self, name: str, *, alive: bool) -> None:
        """Count connections that come to nothing, and leave a dead host alone."""
        host = self._host(name)
        host.dead_connections = 0 if alive else host.dead_connections + 1
        if host.dead_connections >= MAX_DEAD_CONNECTIONS and host.closed is None:
            host.closed = (
                f"{name} did not answer {host.dead_connections} times in a row: left alone in this run"
            )


def in_host_turns(items: Iterable[Item]) -> list[Item]:
    """Order items so that hosts alternate: no batch is made of one host alone while others wait."""
    by_host: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_host[host_of(item.url)].append(item)
    # Spread each host evenly over the whole: its k-th of n items stands at (k + 0.5) / n.
    lanes = [
        [((k + 0.5) / len(lane), index, item) for k, item in enumerate(lane)]
        for index, lane in enumerate(by_host.values())
    ]
    return [item for _, _, item in heapq.merge(*lanes, key=lambda entry: entry[:2])]
