"""A web site on this machine for tests: real sockets, any number of hosts, and a record of all requests."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tasks.fetch.settings import FetchSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Asked:
    host: str
    path: str
    at: float
    headers: dict[str, str]


@dataclass
class Site:
    """Answers by path, or by host and path; anything else is a 404."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    pages: dict[str, str | bytes | Handler] = field(default_factory=dict)
    open_now: dict[str, int] = field(default_factory=dict)
    most_open: dict[str, int] = field(default_factory=dict)

    def settings(self, *hosts: str, **changes: object) -> FetchSettings:
        values = {
            "delay_s": 0,
            "retries": 0,
            "connect_timeout_s": 2,
            "total_timeout_s": 5,
            "contact": "desk@reader.example",
            "connect_to": dict.fromkeys(hosts or ("site.example",), f"127.0.0.1:{self.port}"),
        }
        return FetchSettings.model_validate(values | changes)

    def paths(self, host: str | None = None) -> list[str]:
        """Return the requested paths, without robots.txt."""
        return [
            one.path for one in self.asked if one.path != "/robots.txt" and (host is None or one.host == host)
        ]

    def times(self, host: str) -> list[float]:
        return [one.at for one in self.asked if one.host == host]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        host = request.host.partition(":")[0]
        self.asked.append(Asked(host, request.path_qs, time.perf_counter(), dict(request.headers)))
        self.open_now[host] = self.open_now.get(host, 0) + 1
        self.most_open[host] = max(self.most_open.get(host, 0), self.open_now[host])
        try:
            page = self.pages.get(f"{host}{request.path}", self.pages.get(request.path))
            if page is None:
                return web.Response(status=404)
            if callable(page):
                return await page(request)
            body = page.encode() if isinstance(page, str) else page
            return web.Response(body=body, content_type=_type_of(request.path, body))
        finally:
            self.open_now[host] -= 1


def _type_of(path: str, body: bytes) -> str:
    if path == "/robots.txt" or path.endswith(".txt"):
        return "text/plain"
    return "application/xml" if body.startswith((b"<?xml", b"<rss")) else "text/html"


@asynccontextmanager
async def loopback_site() -> AsyncIterator[Site]:
    site = Site()
    server = web.Server(site._answer)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    site.port = runner.addresses[0][1]
    try:
        yield site
    finally:
        await runner.cleanup()


@dataclass
class Together:
    """A handler that answers as soon as ``number`` requests have been open at a time, and counts the most that were.

    Even then every answer takes a moment, in which a request too many would arrive.
    """

    number: int
    body: str
    content_type: str = "text/html"
    most: int = 0
    _open: int = 0
    _reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, _: web.Request) -> web.Response:
        self._open += 1
        self.most = max(self.most, self._open)
        if self._open >= self.number:
            self._reached.set()
        try:
            async with asyncio.timeout(30):
                await self._reached.wait()
            await asyncio.sleep(0.05)
        finally:
            self._open -= 1
        return web.Response(text=self.body, content_type=self.content_type)


RawHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(handler: RawHandler) -> AsyncIterator[int]:
    """Run a server that sends the bytes that the handler writes after the request's headers; yield its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def answering(*chunks: bytes) -> RawHandler:
    """Return a handler that writes these bytes and closes the connection."""

    async def handler(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()
        await asyncio.sleep(0.05)

    return handler
