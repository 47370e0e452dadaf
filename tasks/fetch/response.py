"""A server's response: read with a limit on its size, and checked to be complete."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import BinaryIO, Final

import aiohttp

from tasks.fetch.media import check_declared, parse_content_type
from tasks.fetch.memory import Memory
from tasks.fetch.unpack import Unpacker, can_unpack, packing_in
from tasks.page import NotFetchedError

_MAX_VALIDATOR_CHARS: Final = 1_024
# After unpacking so many bytes, other tasks get a turn, so that a zip bomb does not block the event loop.
_TURN_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on one response: its size as sent and unpacked, and whether it must be a page or a text."""

    max_bytes: int
    max_compressed_bytes: int
    any_type: bool = False
    cut: bool = False  # True: take the first max_bytes of a longer response instead of refusing it
    timeout: aiohttp.ClientTimeout | None = None  # replaces the session's own
    sink: BinaryIO | None = None  # if given, the body is written here and not kept in memory
    memory: Memory | None = None  # if given, counts the body while it is read


class NotKeptError(OSError):
    """The sink does not take what was sent: a fault of this machine, for which no server is asked again."""


@dataclass(slots=True)  # not frozen: a frozen one takes five times as long to build, for every page
class Response:
    """The last response after all redirects.

    ``elapsed`` is the sum of the seconds of all requests. ``redirected_for_now`` is true if one of the redirects is
    temporary.
    """

    status: int
    url: str
    media_type: str
    charset: str | None
    etag: str | None
    last_modified: str | None
    body: bytes
    elapsed: float = 0.0
    redirected_for_now: bool = False


async def read_response(response: aiohttp.ClientResponse, url: str, limits: Limits) -> Response:
    """Read the response to one request to ``url``.

    Raises
    ------
    NotFetchedError
        When its type or its packing is not supported, when it is larger than allowed, or when it ends early.
    NotKeptError
        When the sink does not take it.
    """
    headers = response.headers
    media_type, charset = parse_content_type(headers.get("Content-Type"))
    body = b""
    if response.status != 304:
        if not limits.any_type:
            check_declared(media_type)
        packing = packing_in(headers.get("Content-Encoding"))
        with nullcontext(_uncounted) if limits.memory is None else limits.memory.of_a_body() as count:
            if not packing or limits.sink is not None:
                body = await _read_plain(response, limits, count)
            else:
                body = await _read_packed(response, limits, count, packing)
    return Response(
        status=response.status,
        url=url,
        media_type=media_type,
        charset=charset,
        etag=_validator(headers.get("ETag")),
        last_modified=_validator(headers.get("Last-Modified")),
        body=body,
    )


def _uncounted(_: int) -> None:
    pass


async def _read_plain(
    response: aiohttp.ClientResponse, limits: Limits, count: Callable[[int], None]
) -> bytes:
    _check_length(response, limits, limits.max_bytes)
    stream = response.content
    chunks: list[bytes] = []
    size = 0
    while not stream.at_eof():
        chunk = await stream.readany()
        if limits.sink is None:
            chunks.append(chunk)
        else:
            try:
                limits.sink.write(chunk)
            except OSError as error:
                raise NotKeptError(*error.args) from error
        count(len(chunk))
        size += len(chunk)
        if size > limits.max_bytes:
            if limits.cut:
                break
            raise NotFetchedError("too_large", f"is more than {limits.max_bytes:,} bytes")
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _read_packed(
    response: aiohttp.ClientResponse, limits: Limits, count: Callable[[int], None], packing: str
) -> bytes:
    if not can_unpack(packing):
        # Packed bytes that are read as a robots.txt would allow everything.
        raise NotFetchedError("unsupported_type", f"is packed as {packing[:40]!r}, which we did not ask for")
    _check_length(response, limits, limits.max_compressed_bytes)
    unpacker = Unpacker(packing)
    stream = response.content
    pieces: list[bytes] = []
    sent = size = rested = 0
    while not stream.at_eof():
        chunk = await stream.readany()
        sent += len(chunk)
        for piece in unpacker.pieces(chunk):
            pieces.append(piece)
            count(len(piece))
            size += len(piece)
            if size > limits.max_bytes:
                if limits.cut:
                    return b"".join(pieces)
                raise NotFetchedError("too_large", f"is more than {limits.max_bytes:,} bytes")
            if size - rested > _TURN_BYTES:
                rested = size
                await asyncio.sleep(0)
        if sent > limits.max_compressed_bytes:
            if limits.cut:
                return b"".join(pieces)
            raise NotFetchedError("too_large", f"is more than {limits.max_compressed_bytes:,} bytes as sent")
    unpacker.check_whole()
    return b"".join(pieces)


def _check_length(response: aiohttp.ClientResponse, limits: Limits, allowed: int) -> None:
    declared = response.content_length
    if declared is not None and declared > allowed and not limits.cut:
        raise NotFetchedError("too_large", f"is {declared:,} bytes; the limit is {allowed:,}")


def _validator(value: str | None) -> str | None:
    """Keep an ETag or date only if it can be stored and sent back unchanged."""
    if value is None or len(value) > _MAX_VALIDATOR_CHARS or not (value.isascii() and value.isprintable()):
        return None
    return value
