"""Packed content (gzip, deflate, brotli, zstd): unpacked in small parts, and checked to be complete.

The HTTP library could unpack too, but it accepts a gzip, brotli or zstd stream that stops in the middle as complete.
This module checks the end of the stream, so that half a page is never taken for a whole page.
"""

import re
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

#: The encodings that are requested, as they are written in ``Accept-Encoding``.
ENCODINGS: Final = ("gzip", "deflate", "br", "zstd")
#: Number of bytes unpacked at a time (for brotli up to twice as many), so that a zip bomb is never in memory as a
#: whole.
PIECE: Final = 128 * 1024
# Packed bytes are given to a stream in parts of this size, because at its end the stream copies its unused bytes.
_SLICE: Final = 64 * 1024
# Streams one after another: programs that pack in blocks of 64 KiB make some 800 of them for the longest sitemap. A
# larger number can only be an attack on our time.
_MAX_MEMBERS: Final = 1_024
# RFC 9659: a zstd stream sent over HTTP may ask for a window of 8 MiB, and no more.
_ZSTD_OPTIONS: Final[dict[int, int]] = {zstd.DecompressionParameter.window_log_max: 23}


class _Stream(Protocol):
    """One packed stream; it raises the errors of its library."""

    whole: bool
    rest: bytes

    def pieces(self, data: bytes) -> Iterator[bytes]: ...


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits=wbits)
        self.whole = False
        self.rest = b""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        # Not "while data": at the end of the stream Python also leaves the bytes after the stream in unconsumed_tail,
        # and would read them again without end. It is also possible that all input has been read before all output was
        # given.
        while not self.whole:
            piece = self._stream.decompress(data, PIECE)
            self.whole, data = self._stream.eof, self._stream.unconsumed_tail
            if piece:
                yield piece
            elif not data:
                break
        self.rest = self._stream.unused_data


class _Deflate:
    """Deflate with its zlib header, as in the standard, or without the header, as some servers send it."""

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


# How to open a stream, and the first bytes of a further stream after it (gzip skips zero bytes between two streams).
# Any other bytes after a complete stream are filling, which some servers add and every browser ignores.
_KINDS: Final[dict[str, tuple[Callable[[], _Stream], bytes | None]]] = {
    "gzip": (lambda: _Zlib(16 + zlib.MAX_WBITS), b"\x1f\x8b"),
    "deflate": (_Deflate, None),
    "br": (_Brotli, None),
    "zstd": (_Zstd, b"\x28\xb5\x2f\xfd"),
}
_KINDS["x-gzip"] = _KINDS["gzip"]
# Names in ``Content-Encoding`` that are no packing: some servers write the charset there, or that of another header.
# Any other unknown name may be a packing.
_NO_PACKING: Final = re.compile(
    r"|identity|none|plain|text|binary|[78]bit|chunked|aws-chunked|(?:us-)?ascii|utf-?(?:8|16)|iso-?8859-\d{1,2}"
    r"|(?:windows|cp)-?125\d"
)


def packing_in(content_encoding: str | None) -> str:
    """Give the packings that a ``Content-Encoding`` names, without what is none; empty if the body is not packed.

    Examples
    --------
    >>> packing_in("UTF-8, GZIP")
    'gzip'
    """
    names = map(str.strip, (content_encoding or "").lower().split(","))
    return ", ".join(name for name in names if not _NO_PACKING.fullmatch(name))


def can_unpack(packing: str) -> bool:
    """Say whether what :func:`packing_in` gives is one that we request."""
    return packing in _KINDS


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
        self._between = b""  # bytes after a complete stream that may be the start of another one
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Unpack a part of the body, in parts of about :data:`PIECE` bytes at most.

        Raises
        ------
        NotFetchedError
            When the body is not packed as declared.
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
        """Give data for the open stream; after a complete stream, open another one if its first bytes are there."""
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
        """Check at the end of the body that the last stream is complete.

        Raises
        ------
        NotFetchedError
            When the last stream ends early: another attempt may bring all of it.
        """
        if self._begun and not self._stream.whole:
            raise NotFetchedError("fetch_failed", "the packed content breaks off early", retry_after=0)
