"""Web servers on loopback, in a process of their own: of the synthetic corpus, or of any other responses."""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from multiprocessing.connection import Connection

from benchmarks.synthetic import piece


class Server(asyncio.Protocol):
    """A server that does as little as possible: it sends what `respond` returns for the head of a request."""

    def __init__(self, respond: Callable[[bytes], bytes]) -> None:
        self.respond = respond

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
            self.transport.write(self.respond(request))


def respond_with_piece(request: bytes) -> bytes:
    """Respond with the page of the piece that the address numbers."""
    body = _page(request.split(b" ", 2)[1])
    status = b"200 OK" if body else b"404 Not Found"
    head = b"HTTP/1.1 %b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


@lru_cache(maxsize=5_000)
def _page(path: bytes) -> bytes:
    number = path.removeprefix(b"/opinion/").removesuffix(b".html")
    return piece(int(number)).page if number.isdigit() else b""


def serve(channel: Connection, respond: Callable[[bytes], bytes], ready: int) -> None:
    """Make the first `ready` pages of the corpus, send the port, and serve until the process is ended."""
    for number in range(ready):
        _page(piece(number).path.encode())

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(partial(Server, respond), "127.0.0.1", 0)
        channel.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def served(ready: int = 0, respond: Callable[[bytes], bytes] = respond_with_piece) -> Iterator[int]:
    """Serve the corpus, or other responses, from a process of its own while the block runs; yield the port.

    Parameters
    ----------
    ready
        Number of pages of the corpus that are made before, at most 5,000; other pages are made when they are requested.
    respond
        A function of a module: it returns the whole response to the head of a request.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(theirs, respond, ready), daemon=True
    )
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()
