"""Packed content ends where its stream ends, whatever bytes follow and however it is divided into blocks."""

import gzip
import random
import sys
import zlib
from collections.abc import Callable, Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from tasks.fetch.unpack import PIECE, Unpacker
from tasks.page import NotFetchedError
from tests.tasks.processor import at_most


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


# brotli's library refuses further bytes in the block with the end of the stream. test_hostile_servers has the
# test with such bytes in a block of their own.
PACKINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("zstd", zstd.compress),
]
SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE]
FILLINGS = {
    "a zero byte": b"\0",
    "zero bytes": bytes(300_000),
    "a word": b"filling",
    "noise": b"\1" + random.Random(7).randbytes(100_000),
}


def unpacked(encoding: str, blocks: Iterator[bytes], most: int) -> bytes:
    """Unpack, and stop after ``most`` pieces, because endless content would use all memory."""
    unpacker = Unpacker(encoding)
    pieces = (piece for block in blocks for piece in unpacker.pieces(block))
    content = b"".join(islice(pieces, most))
    unpacker.check_whole()
    return content


def in_blocks(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("filling", FILLINGS.values(), ids=FILLINGS)
@pytest.mark.parametrize(("encoding", "pack"), PACKINGS)
def test_bytes_in_one_block_with_the_end_of_a_stream_are_ignored(
    encoding: str, pack: Callable[[bytes], bytes], filling: bytes, size: int
) -> None:
    body = pack(bytes(size)) + filling
    for block in (len(body), 1_000):
        assert unpacked(encoding, in_blocks(body, block), 1_000) == bytes(size)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("between", [b"", b"\0", bytes(70_000)], ids=["nothing", "one", "many"])
@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("zstd", zstd.compress)])
def test_every_stream_is_read_also_behind_zero_bytes(
    encoding: str, pack: Callable[[bytes], bytes], between: bytes, size: int
) -> None:
    body = pack(bytes(size)) + between + pack(b"second") + between + pack(b"third" * size) + between
    for block in (len(body), 1_000):
        assert unpacked(encoding, in_blocks(body, block), 1_000) == bytes(size) + b"second" + b"third" * size


@pytest.mark.parametrize(("encoding", "pack"), PACKINGS)
@given(data=st.data())
def test_any_content_in_any_blocks_with_anything_behind_it_unpacks_to_itself(
    encoding: str, pack: Callable[[bytes], bytes], data: st.DataObject
) -> None:
    some, size = data.draw(st.binary(min_size=1, max_size=50)), data.draw(st.sampled_from([7, 999, *SIZES]))
    content = (some * size)[:size]
    # Bytes that begin like another stream count as another stream.
    filling = data.draw(
        st.binary(max_size=50).filter(lambda it: it.lstrip(b"\0")[:1] not in (b"\x1f", b"\x28"))
    )
    blocks = in_blocks(pack(content) + filling, data.draw(st.integers(1, 2_000)))
    with at_most(2):
        assert unpacked(encoding, blocks, len(content) + 100) == content


def test_an_incomplete_last_stream_makes_the_content_incomplete() -> None:
    body = gzip.compress(bytes(2 * PIECE)) + gzip.compress(b"second" * 99)[:-9]
    with pytest.raises(NotFetchedError, match="breaks off"):
        unpacked("gzip", iter([body]), 1_000)


def test_the_longest_sitemap_in_blocks_as_bgzip_writes_them_is_read() -> None:
    block = gzip.compress(bytes(64 * 1024))
    assert len(unpacked("gzip", iter([block * 800]), 10_000)) == 800 * 64 * 1024
