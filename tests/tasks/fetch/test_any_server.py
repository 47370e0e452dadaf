"""Whatever bytes a server or an archive sends, each item has one outcome in a limited time, and the event loop goes on.

The answers are good ones with faults: cut, repeated, spliced, packed wrongly, with wrong headers. A few are tried;
``pytest --hypothesis-profile many`` tries many.
"""

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.addresses.urls import article_id
from tasks.discover.discover import discover
from tasks.fetch.fetcher import Fetcher, fetch_batch
from tasks.fetch.settings import FetchSettings
from tasks.fetch.warc import list_records, read_record
from tasks.item import Discovery, Item
from tasks.page import NotFetchedError
from tasks.sources import Source
from tests.tasks.pages import html_of, prose
from tests.tasks.processor import at_most

LONGEST_TURN_S = 0.25
"""Longest turn of the event loop, in processor time of its thread, so that other work does not count."""
SECONDS = 5
MOST_PROCESSOR_S = 30
"""A limit outside the event loop, because an endless loop would also stop every limit inside it."""
MAX_BYTES = 1 << 20

RECORD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://site.example/a\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
    b"WARC-Record-ID: <urn:uuid:12345678-1234-5678-1234-567812345678>\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: 57\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>A piece.</p>\r\n\r\n"
)
GOOD = [
    html_of(prose(3)).encode(),
    b"User-agent: *\nCrawl-delay: 0\nDisallow: /private\nSitemap: http://site.example/1\n",
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><title>A piece</title>'
    b"<link>http://site.example/a</link><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate></item></channel></rss>",
    b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>T</title><entry><title type="html">'
    b'A&amp;lt;b&amp;gt;</title><link href="http://site.example/b"/><updated>2026-01-01T00:00:00Z</updated></entry></feed>',
    b'{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "url": "/c", "title": "C"}]}',
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://site.example/d</loc>'
    b"<lastmod>2026-01-01</lastmod></url></urlset>",
    b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://site.example/2</loc>'
    b"</sitemap><sitemap><loc>http://site.example/0</loc></sitemap></sitemapindex>",
    b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><rss><channel>"
    b"<title>&b;</title></channel></rss>",
    b"",
]

chunk = st.binary(max_size=12) | st.sampled_from(
    [
        b"<",
        b"]]>",
        b"&#x0;",
        b"<a href='",
        b"\x00",
        b"\xff\xfe",
        b"<![CDATA[",
        b"-" * 40,
        b" " * 4000,
        b"<p>" * 500,
    ]
)


@st.composite
def spoiled(draw: st.DrawFn, good: bytes) -> bytes:
    """Put faults into good bytes."""
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted(draw(st.lists(st.integers(0, len(good)), min_size=2, max_size=2)))
        what = draw(st.sampled_from(["cut", "drop", "repeat", "insert"]))
        if what == "cut":
            good = good[:end]
        elif what == "drop":
            good = good[:start] + good[end:]
        elif what == "repeat":
            good = (good[:end] + good[start:end] * draw(st.integers(1, 400)) + good[end:])[: MAX_BYTES + 1]
        else:
            good = good[:start] + draw(chunk) + good[start:]
    return good


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKINGS = [
    ("", bytes),
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli.compress),
    ("br", bytes),
    ("zstd", bytes),
    ("x-gzip", gzip.compress),
    ("gzip, gzip", gzip.compress),
]
STATUSES = [b"200 OK"] * 6 + [b"301 Moved", b"304 Not", b"404 N", b"429 Slow", b"500 E", b"999", b""]
headers = st.sampled_from(
    [
        b"Content-Type: text/html; charset=utf-8",
        b"Content-Type: application/rss+xml",
        b"Content-Type: text/plain; charset=utf-7",
        b"Content-Type: ;;;=",
        b"Content-Type: application/pdf",
        b"Location: /0",
        b"Location: http://site.example/1",
        b"Location: file:///etc/passwd",
        b"Location: http://169.254.169.254/",
        b"Location: //[::1",
        b"Location: \xff\xfe",
        b"Retry-After: 0",
        b"Retry-After: 99999999999999999999",
        b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
        b"ETag: " + b"x" * 3000,
        b"Last-Modified: never",
        b"Set-Cookie: " + b"a=b; " * 200,
        b"Transfer-Encoding: chunked",
        b"Content-Length: 5",
        b"Content-Length: 99999999999",
        b"Content-Length: -1",
        b"X: " + b"y" * 9000,
        b"no colon",
        b": no name",
    ]
)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """Make an answer of a server, from its status line to its last byte."""
    body = draw(st.sampled_from(GOOD).flatmap(spoiled))
    if draw(st.booleans()):
        body += b" " * (MAX_BYTES // 2)  # spaces, which need hardly any bytes when they are packed
    encoding, pack = draw(st.sampled_from(PACKINGS))
    body = pack(body)
    body += draw(st.sampled_from([b"", bytes(10), bytes(300_000), b"filling", body, body[: len(body) // 2]]))
    body = draw(st.just(body) | spoiled(body))
    status = draw(st.sampled_from(STATUSES))
    lines = [b"HTTP/1.1 " + status, *draw(st.lists(headers, max_size=3)), b"Connection: close"]
    if encoding:
        lines.append(b"Content-Encoding: " + encoding.encode())
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@asynccontextmanager
async def server(sent: list[bytes]) -> AsyncIterator[FetchSettings]:
    """Answer the path ``/n`` with the n-th answer, robots.txt with the last one, and other paths with the first."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].removeprefix(b"/")
            number = int(path) % len(sent) if path.isdigit() else -1 if path == b"robots.txt" else 0
            writer.write(sent[number])
            await writer.drain()
            writer.write_eof()
            await asyncio.sleep(0.01)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield FetchSettings(
            delay_s=0,
            retries=0,
            max_retry_after_s=0,
            max_crawl_delay_s=0,
            total_timeout_s=SECONDS,
            max_bytes=MAX_BYTES,
            max_compressed_bytes=MAX_BYTES,
            max_listing_bytes=MAX_BYTES,
            connect_to={"site.example": f"127.0.0.1:{port}"},
        )
    finally:
        listening.close()


@asynccontextmanager
async def turns_measured() -> AsyncIterator[list[float]]:
    """Measure how long the event loop was busy between any two of its turns."""
    turns: list[float] = []

    async def measure() -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0.005)
            turns.append((now := time.thread_time()) - before)
            before = now

    task = asyncio.create_task(measure())
    try:
        yield turns
    finally:
        task.cancel()


few = settings(
    max_examples=settings.default.max_examples // 5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@few
@given(sent=st.lists(answers(), min_size=1, max_size=5))
def test_each_page_of_any_server_soon_has_one_outcome_and_the_loop_goes_on(sent: list[bytes]) -> None:
    async def run() -> None:
        urls = [f"http://site.example/{number}" for number in range(len(sent))]
        items = [Item(url=url, article_id=article_id(url), source="any") for url in urls]
        async with server(sent) as fetch, Fetcher(fetch) as fetcher, turns_measured() as turns:
            async with asyncio.timeout(10 * SECONDS):
                fetched = await fetch_batch(fetcher, items)
        ended = [page.item.url for page in fetched.pages] + [outcome.url for outcome in fetched.outcomes]
        assert sorted(ended) == sorted(urls)
        assert not [outcome.reason for outcome in fetched.outcomes if "unforeseen" in outcome.reason]
        assert all(outcome.reason.strip() for outcome in fetched.outcomes)
        assert all(len(page.body or b"") <= MAX_BYTES for page in fetched.pages)
        assert max(turns, default=0) < LONGEST_TURN_S

    with at_most(MOST_PROCESSOR_S):
        asyncio.run(run())


@few
@given(sent=st.lists(answers(), min_size=1, max_size=4), kind=st.sampled_from(["feed", "sitemap", "section"]))
def test_any_listing_gives_items_or_a_reason_and_the_loop_goes_on(sent: list[bytes], kind: str) -> None:
    async def run() -> Discovery:
        source = Source(name="any", type=kind, locations=("http://site.example/0",))  # type: ignore[arg-type]
        async with server(sent) as fetch, Fetcher(fetch) as fetcher, turns_measured() as turns:
            async with asyncio.timeout(20 * SECONDS):
                found = await discover(source, fetcher)
        assert max(turns, default=0) < LONGEST_TURN_S
        return found

    with at_most(MOST_PROCESSOR_S):
        found = asyncio.run(run())
    assert found.items or found.left_out or found.problems or found.visits
    for item in found.items:
        assert item.url.startswith(("http://", "https://"))
        assert item.location is None
    for problem in found.problems:
        assert problem.reason.strip()
        assert "unforeseen" not in problem.reason


@few
@given(
    records=st.lists(spoiled(RECORD), min_size=1, max_size=4),
    packed=st.sampled_from([bytes, gzip.compress]),
    tail=st.sampled_from([b"", bytes(100), b"\r\n\r\n", b"WARC/1.0\r\n"]),
)
def test_any_archive_gives_pages_or_a_reason(
    records: list[bytes], packed: type, tail: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "any.warc"
    path.write_bytes(b"".join(packed(record) for record in records) + tail)
    with at_most(SECONDS):
        try:
            for page in list_records(path):
                with suppress(NotFetchedError):
                    assert len(read_record(path, page.offset, MAX_BYTES).body) <= MAX_BYTES
        except NotFetchedError as error:
            assert str(error).startswith(str(path))
