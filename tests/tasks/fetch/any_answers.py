"""Answers of servers, and archives, as hypothesis makes them up: good ones with faults, and those of the catalogues.

The catalogues are that of bad servers and listings (``tests/journeys/bad_press.py``) and that of bad pages
(``tests/tasks/extract/test_bad_pages.py``).
"""

import gzip
import zlib

import brotli
from hypothesis import strategies as st

from tests.journeys.bad_press import BOMBS, FEEDS, SECTIONS, SITEMAPS, WIRE
from tests.tasks.extract.test_bad_pages import CATALOGUE
from tests.tasks.pages import html_of, prose

MAX_BYTES = 1 << 20
_LARGEST_SEED = 100_000

RECORD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://site.example/a\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
    b"WARC-Record-ID: <urn:uuid:12345678-1234-5678-1234-567812345678>\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
)


def _bodies(entries: dict[str, tuple[object, str, str]]) -> list[bytes]:
    answers = (answer for answer, _, _ in entries.values() if isinstance(answer, bytes))
    return [answer.partition(b"\r\n\r\n")[2] for answer in answers]


def _small(seeds: list[bytes]) -> list[bytes]:
    return [seed for seed in seeds if len(seed) <= _LARGEST_SEED]


PAGES = _small(
    [
        html_of(prose(8)).encode(),
        html_of(prose(3)).encode(),
        b"",
        *(page.body for page, _, _ in CATALOGUE.values() if page.body is not None),
    ]
)
LISTINGS = _small(
    [
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><title>A piece</title>'
        b"<link>http://site.example/1</link><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate></item></channel></rss>",
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>T</title><entry><title type="html">'
        b'A&amp;lt;b&amp;gt;</title><link href="http://site.example/b"/><updated>2026-01-01T00:00:00Z</updated></entry>'
        b"</feed>",
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "url": "/1", "title": '
        b'"C"}]}',
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://site.example/1</loc>'
        b"<lastmod>2026-01-01</lastmod></url></urlset>",
        b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://site.example/2</loc>'
        b"</sitemap><sitemap><loc>http://site.example/0</loc></sitemap></sitemapindex>",
        b"<html><body><main><h2><a href='/1'>The harbour is not for sale</a></h2><h2><a href='/2'>A long headline of "
        b"many words</a></h2></main></body></html>",
        *(listing.replace("{}", "http://site.example/1").encode() for listing, _ in BOMBS.values()),
        *_bodies(FEEDS),
        *_bodies(SITEMAPS),
        *_bodies(SECTIONS),
    ]
)
ALL_MAY = b"User-agent: *\nDisallow: /private\n"
ROBOTS = [
    ALL_MAY,
    b"User-agent: *\nCrawl-delay: 0\nDisallow: /private\nSitemap: http://site.example/1\n",
    b"User-agent: Commentariat\nAllow: /1\nDisallow: /\n\nUser-agent: *\nDisallow: /*?print=\nDisallow: /*.pdf$\n",
    b"\xef\xbb\xbfuser-agent:*\r\ncrawl-delay: 1e999\r\nrequest-rate: 1/0\r\nvisit-time: 0-0\r\n",
    b"<html><title>Not found</title>",
]
#: Whole answers, from the status line on.
WHOLE = _small([answer for answer, _, _ in WIRE.values() if isinstance(answer, bytes)])

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
REDIRECTS = [b"301 Moved", b"302 Found", b"303 See", b"307 Temporary", b"308 Permanent"]
STATUSES = [b"200 OK"] * 12 + REDIRECTS + [b"304 Not", b"404 N", b"429 Slow", b"500 E", b"503 B", b"999", b""]
locations = st.sampled_from(
    [
        b"/0",
        b"/1",
        b"/2#part",
        b"?x=1",
        b"http://site.example/1",
        b"//other.example/2",
        b"file:///etc/passwd",
        b"http://169.254.169.254/",
        b"http://user:pass@site.example/1",
        b"//[::1",
        b"\xff\xfe",
        b"",
        b"/" + b"x" * 5000,
    ]
)
headers = st.sampled_from(
    [
        b"Content-Type: text/html; charset=utf-8",
        b"Content-Type: application/rss+xml",
        b"Content-Type: text/plain; charset=utf-7",
        b"Content-Type: ;;;=",
        b"Content-Type: application/pdf",
        b"Retry-After: 0",
        b"Retry-After: 99999999999999999999",
        b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
        b"ETag: " + b"x" * 3000,
        b'ETag: "1"',
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
def made_answers(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """Make an answer with one of the bodies, from its status line to its last byte."""
    body = draw(st.sampled_from(seeds).flatmap(spoiled))
    if draw(st.booleans()):
        body += b" " * (MAX_BYTES // 2)  # spaces, which need hardly any bytes when they are packed
    encoding, pack = draw(st.sampled_from(PACKINGS))
    body = pack(body)
    body += draw(st.sampled_from([b"", bytes(10), bytes(300_000), b"filling", body, body[: len(body) // 2]]))
    body = draw(st.just(body) | spoiled(body))
    status = draw(st.sampled_from(STATUSES))
    lines = [b"HTTP/1.1 " + status, *draw(st.lists(headers, max_size=3)), b"Connection: close"]
    if status in REDIRECTS or draw(st.integers(0, 9)) == 0:
        lines.append(b"Location: " + draw(locations))
    if encoding:
        lines.append(b"Content-Encoding: " + encoding.encode())
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def answers(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """Make an answer with one of the bodies, or one of the catalogue of bad servers with more faults."""
    made = made_answers(seeds)
    return made | made | made | st.sampled_from(WHOLE).flatmap(spoiled)


#: Answers to the request for robots.txt; half of them let everybody in, because otherwise little would be fetched.
robots = st.just(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + ALL_MAY) | answers(ROBOTS)


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """Make a web archive of a few answers."""
    packed = draw(st.sampled_from([bytes, gzip.compress]))
    records = []
    for _ in range(draw(st.integers(1, 4))):
        answer = draw(answers(PAGES))
        record = (RECORD % (len(answer), answer)).replace(b"/a\r\n", b"/%d\r\n" % draw(st.integers(0, 3)), 1)
        records.append(packed(draw(st.just(record) | spoiled(record))))
    return b"".join(records) + draw(st.sampled_from([b"", bytes(100), b"\r\n\r\n", b"WARC/1.0\r\n"]))
