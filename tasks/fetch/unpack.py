"""Content packed for the way (gzip, deflate, brotli, zstd): unpacked piece by piece, and seen to be whole.

The HTTP library could unpack by itself, but takes a gzip, brotli or zstd stream that stops in the middle for a
whole one. Here the end of the stream is looked at, so half a page is never taken for a page.
"""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Final, Protocol

import brotli

from tasks.page import NotFetchedError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: What is asked for, as it stands in ``Accept-Encoding``.
ENCODINGS: Final = ("gzip", "deflate", "br", "zstd")
#: How many bytes come out at a time (of brotli up to twice as many): a bomb never exists in memory as a whole.
PIECE: Final = 128 * 1024
# Packed bytes are handed to a stream so many at a time: at its end it copies what is left of them.
_SLICE: Final = 64 * 1024
# Streams behind each other: packers that work in blocks of 64 KiB make some 800 of the longest sitemap, and beyond
# this somebody only wants to cost us time.
_MAX_MEMBERS: Final = 1_024
# RFC 9659: a zstd stream sent over HTTP may ask for a window of 8 MiB, and no more.
_ZSTD_OPTIONS: Final[dict[int, int]] = {zstd.DecompressionParameter.window_log_max: 23}


class _Stream(Protocol):
    """One packed stream; raises whatever its library raises."""

    whole: bool
    rest: bytes

    def pieces(self, data: bytes) -> Iterator[bytes]: ...


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits=wbits)
        self.whole = False
        self.rest = b""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        # Not "while data": at the end of the stream Python leaves what follows it in unconsumed_tail too, and takes it
        # in again and again. And all input may be taken in before all output was given.
        while not self.whole:
            piece = self._stream.decompress(data, PIECE)
            self.whole, data = self._stream.eof, self._stream.unconsumed_tail
            if piece:
                yield piece
            elif not data:
                break
        self.rest = self._stream.unused_data


class _Deflate:
    """Deflate with its zlib header, as the standard has it, or without, as some servers send it."""

    def __init__(self) -> None:
        self._inner: _Zlib | None = None
        self._start = b""
        self.whole = False
        self.rest = b""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            self._start += data
            if len(self._start) < 2:
                return
            data = self._start
            has_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._inner = _Zlib(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
        yield from self._inner.pieces(data)
        self.whole, self.rest = self._inner.whole, self._inner.rest


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self.whole = False
        self.rest = b""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        piece = self._stream.process(data, output_buffer_limit=PIECE)
        while piece or not self._stream.can_accept_more_data():
            if piece:
                yield piece
            piece = self._stream.process(b"", output_buffer_limit=PIECE)
        self.whole = self._stream.is_finished()


class _Zstd:
    def __init__(self) -> None:
        self._stream = zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)
        self.whole = False
        self.rest = b""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._stream.decompress(data, PIECE)
            self.whole = self._stream.eof
            if piece:
                yield piece
            if self.whole or self._stream.needs_input:
                break
            data = b""
        self.rest = self._stream.unused_data if self.whole else b""


# How to open a stream, and how another one behind it begins, zero bytes between them passed over, as gzip does. What
# else follows a whole stream is filling, which some servers add and every browser passes over.
_KINDS: Final[dict[str, tuple[Callable[[], _Stream], bytes | None]]] = {
    "gzip": (lambda: _Zlib(16 + zlib.MAX_WBITS), b"\x1f\x8b"),
    "deflate": (_Deflate, None),
    "br": (_Brotli, None),
    "zstd": (_Zstd, b"\x28\xb5\x2f\xfd"),
}
_KINDS["x-gzip"] = _KINDS["gzip"]


def can_unpack(encoding: str) -> bool:
    """Say whether a ``Content-Encoding`` (lower case) is one of those that are asked for."""
    return encoding in _KINDS


class Unpacker:
    """Unpacks one body.

    Examples
    --------
    >>> unpacker = Unpacker("gzip")
    >>> b"".join(unpacker.pieces(gzip.compress(b"hello")))
    b'hello'
    >>> unpacker.check_whole()
    """

    def __init__(self, encoding: str) -> None:
        self._open, self._mark = _KINDS[encoding]
        self._stream = self._open()
        self._members = 0
        self._between = b""  # what follows a whole stream, as long as it may be the start of another
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Give what a part of the body unpacks to, in pieces of about :data:`PIECE` bytes at most.

        Raises
        ------
        NotFetchedError
            When it is not packed as it is declared.
        """
        self._begun = self._begun or bool(data)
        try:
            for start in range(0, len(data), _SLICE):
                part = data[start : start + _SLICE]
                while part := self._of_the_next_stream(part):
                    yield from self._stream.pieces(part)
                    part = self._stream.rest if self._stream.whole else b""
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
            raise NotFetchedError("fetch_failed", "the content is not packed as the site says") from error

    def _of_the_next_stream(self, data: bytes) -> bytes:
        """Give data for the open stream; behind a whole one, open another if its first bytes are there."""
        if not self._stream.whole:
            return data
        if self._mark is None or self._members >= _MAX_MEMBERS:
            return b""
        data = (self._between + data).lstrip(b"\0")
        self._between = b""
        if not data.startswith(self._mark):
            if len(data) < len(self._mark) and self._mark.startswith(data):
                self._between = data
            else:
                self._mark = None
            return b""
        self._members += 1
        if self._members >= _MAX_MEMBERS:
            raise NotFetchedError(
                "fetch_failed", f"the content is packed as more than {_MAX_MEMBERS:,} streams"
            )
        self._stream = self._open()
        return data

    def check_whole(self) -> None:
        """Let a body pass at its end.

        Raises
        ------
        NotFetchedError
            When the last stream breaks off: another attempt may bring all of it.
        """
        if self._begun and not self._stream.whole:
            raise NotFetchedError("fetch_failed", "the packed content breaks off early", retry_after=0)
