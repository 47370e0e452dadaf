"""The synthetic corpus as a web server on loopback, in a process of its own."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing.connection import Connection

from benchmarks.synthetic import piece


class Pages(asyncio.Protocol):
    """A server that does as little as possible: it answers with the page of the piece that the address numbers."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        """Answer each complete request."""
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            request, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            body = _page(request.split(b" ", 2)[1])
            status = b"200 OK" if body else b"404 Not Found"
            head = b"HTTP/1.1 %b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
            self.transport.write(head % (status, len(body)) + body)


@lru_cache(maxsize=5_000)
def _page(path: bytes) -> bytes:
    number = path.removeprefix(b"/opinion/").removesuffix(b".html")
    return piece(int(number)).page if number.isdigit() else b""


def serve(channel: Connection, ready: int) -> None:
    """Make the first `ready` pages of a corpus, send the port, and serve the pages until the process is ended."""
    for number in range(ready):
        _page(piece(number).path.encode())

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Pages, "127.0.0.1", 0)
        channel.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def served(ready: int = 0) -> Iterator[int]:
    """Serve a corpus from a process of its own while the block runs; yield the port.

    Parameters
    ----------
    ready
        Number of pages that are made before, at most 5,000; other pages are made when they are requested.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, ready), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()
