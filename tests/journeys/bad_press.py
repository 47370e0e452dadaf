"""A made-up press with every kind of fault, on loopback and on disk, and the catalogue of these faults.

:func:`catalogue` lists every bad input with the outcomes that are allowed and a word that the reason must contain. Some
of its pages are unusual but not bad; these must be read.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import sys
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pyarrow as pa
import pyarrow.parquet as pq

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from tests.journeys import press
from tests.tasks.extract.test_bad_pages import CATALOGUE as PAGES

BAD, GOOD, BUSY, SHY, GONE = (f"{name}-press.example" for name in ("bad", "good", "busy", "shy", "gone"))
MIB = 1 << 20
#: Limits of the night, in seconds and bytes. They are small, so that bad inputs reach them soon.
TOTAL_TIMEOUT_S, MAX_BYTES = 10, 4 * MIB
READ = "loaded|duplicate"

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Bad:
    """A bad input: its description, the address of its item, the allowed outcomes, and a word of the reason."""

    name: str
    url: str
    outcomes: str
    reason: str = ""


def _http(
    body: bytes = b"<p>hello", *, status: str = "200 OK", media_type: str = "text/html", **headers: str
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def _packed(encoding: str, body: bytes) -> bytes:
    return _http(body, Content_Encoding=encoding)


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _to(location: str) -> bytes:
    return _http(b"", status="302 Found", Location=location)


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + bytes(65536) + b"\r\n")
        await writer.drain()


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.2)


async def _header_without_end(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.2)


async def _silence(_: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


_ZEROS = bytes(64 * MIB)
_HTML = b"<!doctype html><p>hello"
_LONG_HTML = _HTML + b" ".join(b"word-%d" % n for n in range(5_000))

#: Faults of the connection or the answer: path -> (answer, outcomes, word in the reason).
WIRE: dict[str, tuple[bytes | Answer, str, str]] = {
    "bomb-gzip": (_packed("gzip", gzip.compress(_ZEROS)), "too_large", "bytes"),
    "bomb-deflate": (_packed("deflate", zlib.compress(_ZEROS, 9)), "too_large", "bytes"),
    "bomb-raw-deflate": (_packed("deflate", _raw_deflate(_ZEROS)), "too_large", "bytes"),
    "bomb-brotli": (_packed("br", brotli.compress(_ZEROS, quality=1)), "too_large", "bytes"),
    "bomb-zstd": (_packed("zstd", zstd.compress(_ZEROS)), "too_large", "bytes"),
    "not-packed-as-declared": (_packed("gzip", b"plain words"), "fetch_failed", ""),
    "packed-as-nobody-knows": (_packed("x-cupboard", _HTML), "unsupported_type|fetch_failed", ""),
    **{
        f"{name}-broken-off": (
            _packed(encoding, whole[: len(whole) // 2]),
            "fetch_failed",
            "breaks off early",
        )
        for name, encoding, whole in (
            ("gzip", "gzip", gzip.compress(_LONG_HTML)),
            ("deflate", "deflate", zlib.compress(_LONG_HTML)),
            ("raw-deflate", "deflate", _raw_deflate(_LONG_HTML)),
            ("brotli", "br", brotli.compress(_LONG_HTML, quality=4)),
            ("zstd", "zstd", zstd.compress(_LONG_HTML)),
        )
    },
    "packed-as-thousands-of-streams": (
        _packed("gzip", gzip.compress(b"") * 20_000),
        "fetch_failed",
        "streams",
    ),
    "endless-body": (_endless, "too_large", "bytes"),
    "declared-too-large": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999999999\r\n\r\nx",
        "too_large",
        "99,999,999,999",
    ),
    "slow-drip": (_drip, "fetch_failed", f"{TOTAL_TIMEOUT_S} s"),
    "header-without-end": (_header_without_end, "fetch_failed", ""),
    "no-answer": (_silence, "fetch_failed", f"{TOTAL_TIMEOUT_S} s"),
    "one-huge-header": (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\nhi", "fetch_failed", ""),
    "a-huge-status-line": (b"HTTP/1.1 200 " + b"x" * 200_000 + b"\r\n\r\nhi", "fetch_failed", ""),
    "ten-thousand-headers": (
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\nhi",
        "fetch_failed",
        "",
    ),
    "nothing-at-all": (b"", "fetch_failed", ""),
    "another-protocol": (b"SSH-2.0-OpenSSH_9.6\r\n", "fetch_failed", ""),
    "a-tls-alert": (b"\x15\x03\x01\x00\x02\x02\x28", "fetch_failed", ""),
    "a-status-of-letters": (b"HTTP/1.1 abc OK\r\n\r\n", "fetch_failed", ""),
    "a-negative-length": (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "fetch_failed", ""),
    "two-lengths": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello",
        "fetch_failed",
        "",
    ),
    "a-bad-chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "fetch_failed", ""),
    "body-broken-off": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\nonly this",
        "fetch_failed",
        "",
    ),
    "chunk-broken-off": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "fetch_failed",
        "",
    ),
    "redirect-to-itself": (_to("/"), "fetch_failed", "circle"),
    "redirect-there": (_to("/also-there"), "fetch_failed", "circle"),
    "redirect-without-end": (_to("/further/x"), "fetch_failed", "more than 5 times"),
    "redirect-to-nowhere": (_http(b"", status="302 Found"), "fetch_failed", ""),
    "redirect-inwards": (_to("http://127.0.0.1:22/"), "refused", ""),
    "redirect-to-metadata": (_to("http://169.254.169.254/latest/meta-data/"), "refused", ""),
    "redirect-to-a-file": (_to("file:///etc/passwd"), "refused", ""),
    "redirect-to-a-script": (_to("javascript:alert(1)"), "refused", ""),
    "a-pdf": (_http(b"%PDF-1.7 ...", media_type="application/pdf"), "unsupported_type", "pdf"),
    "a-picture": (_http(b"\x89PNG\r\n", media_type="image/png"), "unsupported_type", "png"),
    "a-film": (_http(b"....", media_type="video/mp4"), "unsupported_type", "mp4"),
    "an-archive": (_http(b"PK\x03\x04", media_type="application/zip"), "unsupported_type", "zip"),
    "a-pdf-as-html": (_http(b"%PDF-1.7 ..."), "unsupported_type", "PDF"),
    "no-page-of-unknown-type": (
        _http(b"\x00\x01\x02", media_type="application/octet-stream"),
        "unsupported_type",
        "binary",
    ),
    **{
        f"status-{status.partition(' ')[0]}": (_http(status=status), "fetch_failed", status[:3])
        for status in (
            "400 Bad Request",
            "401 Unauthorized",
            "402 Payment Required",
            "403 Forbidden",
            "404 Not Found",
            "410 Gone",
            "418 I'm a teapot",
            "451 Unavailable For Legal Reasons",
            "500 Internal Server Error",
            "502 Bad Gateway",
            "999 Request denied",
        )
    },
    "status-204": (b"HTTP/1.1 204 No Content\r\n\r\n", "fetch_failed", ""),
}

_LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
_LAUGHS += "".join(
    f'<!ENTITY {new} "{f"&{old};" * 9}">' for old, new in zip("bcdefgh", "cdefghi", strict=True)
)
_FILE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY i SYSTEM "file:///etc/passwd">'
_ITEM = "<item><title>&i;</title><link>{}</link></item>"
_CHANNEL = f"<rss version='2.0'><channel><title>&i;</title>{_ITEM}</channel></rss>"
_URLSET = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc>{}</loc></url><url><loc>&i;</loc></url></urlset>"
)
NOTHING_OR = "extract_failed|fetch_failed|refused"

#: The same for listings: feeds and sitemaps.
FEEDS: dict[str, tuple[bytes | Answer, str, str]] = {
    "html.xml": (_http(b"<html><body><p>No feed any more"), "extract_failed", ""),
    "empty.xml": (_http(b""), NOTHING_OR, ""),
    "broken.json": (_http(b'{"version": "https://jsonfeed.org/version/1.1", "items": [{'), NOTHING_OR, ""),
    "binary.xml": (_http(bytes(range(256)), media_type="application/rss+xml"), f"{NOTHING_OR}|unsupported_type", ""),
    "gone.xml": (_http(status="410 Gone"), "fetch_failed", "410"),
    "slow.xml": (_drip, "fetch_failed", f"{TOTAL_TIMEOUT_S} s"),
    "bomb.xml": (_packed("gzip", gzip.compress(_ZEROS)), "too_large", ""),
}  # fmt: skip
SITEMAPS: dict[str, tuple[bytes | Answer, str, str]] = {
    "html-sitemap.xml": (_http(b"<html><body><p>No map any more"), "extract_failed", ""),
    "torn-sitemap.xml.gz": (
        _http(gzip.compress(_URLSET.encode() * 50)[:40], media_type="application/gzip"),
        NOTHING_OR,
        "",
    ),
    "bomb-sitemap.xml.gz": (
        _http(gzip.compress(_ZEROS), media_type="application/gzip"),
        "too_large",
        "bytes",
    ),
    "gone-sitemap.xml": (_http(status="404 Not Found"), "fetch_failed", "404"),
}
SECTIONS: dict[str, tuple[bytes | Answer, str, str]] = {
    "of-scripts": (_http(b"<html><div id=app></div><script src=x.js></script>"), "extract_failed", "script"),
    "of-nothing": (_http(b"<html><body><p>Nothing today."), "extract_failed", ""),
}

#: Listings with a decompression bomb and a good piece: path -> (listing, number of the piece, which must be loaded).
BOMBS: dict[str, tuple[str, int]] = {
    "feeds/laughs.xml": (f"{_LAUGHS}]>{_CHANNEL}", 902),
    "feeds/reads-files.xml": (f"{_FILE}]>{_CHANNEL}", 903),
    "maps/laughs-sitemap.xml": (f"{_LAUGHS}]>{_URLSET}", 904),
    "maps/reads-files-sitemap.xml": (f"{_FILE}]>{_URLSET}", 905),
}

#: Lines of a list of addresses that must not be followed.
ADDRESSES: dict[str, str] = {
    "an address of this machine": "http://127.0.0.1:22/",
    "an address of this machine in IPv6": "http://[::1]/",
    "an address of this machine as a number": "http://2130706433/",
    "an address of this machine in hex": "http://0x7f000001/",
    "the name of this machine": "http://localhost/",
    "an address in a private network": "http://10.1.2.3/",
    "where clouds keep their secrets": "http://169.254.169.254/latest/meta-data/",
    "another scheme": "ftp://bad-press.example/piece",
    "a file": "file:///etc/passwd",
    "a script": "javascript:alert(1)",
    "a mail address": "mailto:editor@bad-press.example",
    "no address": "just words",
    "an address without a host": "http:///opinion",
    "an address broken off": "http://[::1",
    "a host of three hundred letters": f"http://{'a' * 300}.example/",
}


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower())


_LONG = ("one line of 200 kB",)  # this text is read whole, which takes the classifier a minute
_SEEN_WHEN_FETCHED = ("an image as HTML", "a compressed body left packed")


def _pages() -> dict[str, tuple[bytes, str, str]]:
    """Return the bad pages of the extract station's tests, to be served."""
    served = {}
    for name, (page, outcomes, reason) in PAGES.items():
        if page.body is None or name in _LONG:
            continue
        charset = f"; charset={page.charset}" if page.charset else ""
        ends = (READ if outcomes == "article" else outcomes, reason)
        if "megabyte" in name:
            ends = (
                f"{ends[0]}|extract_failed",
                reason,
            )  # on a slow machine the time limit of a page may be reached
        if name in _SEEN_WHEN_FETCHED:
            ends = ("unsupported_type", "though it is declared")
        if page.media_type == "application/json":
            ends = ("unsupported_type", "is application/json")  # by its type, before it is downloaded
        if not page.body.strip():
            ends = ("fetch_failed", "empty")  # found before anything is extracted
        served[_slug(name)] = (_http(page.body, media_type=page.media_type + charset), *ends)
    return served


def _served() -> dict[str, tuple[bytes | Answer, str, str]]:
    """Return all bad answers of the press, by address; an answer that may end requests to its host has its own host."""
    served = {f"http://{name}.{BAD}/": entry for name, entry in WIRE.items()}
    for group, members in {"pages": _pages(), "feeds": FEEDS, "maps": SITEMAPS, "opinion": SECTIONS}.items():
        served |= {f"http://{BAD}/{group}/{name}": entry for name, entry in members.items()}
    busy = _http(status="429 Too Many Requests", Retry_After="86400")
    served[f"http://{BUSY}/come-back-tomorrow"] = (busy, "fetch_failed", "86400 s")
    served[f"http://{SHY}/private/piece"] = (
        _http(press.page(900).encode()),
        "blocked_by_robots",
        "robots.txt",
    )
    return served


def _piece(number: int) -> str:
    return f"http://{BAD if number % 2 else GOOD}/good/{number}"


def _answers() -> dict[str, bytes | Answer]:
    """Return all answers of the press, good or bad, by address."""
    answers = {url: answer for url, (answer, _, _) in _served().items()}
    answers[f"http://{SHY}/robots.txt"] = _http(b"User-agent: *\nDisallow: /private", media_type="text/plain")
    for path, (listing, number) in BOMBS.items():
        body = listing.replace("{}", _piece(number)).encode()
        answers[f"http://{BAD}/{path}"] = _http(body, media_type="application/xml")
    for number in (*GOOD_NUMBERS, *(number for _, number in BOMBS.values())):
        answers[_piece(number)] = _http(press.page(number).encode())
    return answers


GOOD_NUMBERS = range(1, 21)


def good_urls() -> list[str]:
    """Return the addresses of the good essays; half of them are on the bad host, among the bad pages."""
    return [_piece(number) for number in GOOD_NUMBERS]


def _archived(url: str, body: bytes, headers: str = "") -> bytes:
    content = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-20T08:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:12345678-1234-5678-1234-567812345678>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def write_files(folder: Path) -> list[Bad]:
    """Write the bad files; return each with its allowed outcomes."""
    desk = folder / "desk"
    desk.mkdir()
    bad: list[Bad] = []

    def add(name: str, content: bytes, outcomes: str, reason: str = "") -> None:
        (desk / name).write_bytes(content)
        bad.append(Bad(f"file {name}", (desk / name).as_uri(), outcomes, reason))

    add("empty.txt", b"", "fetch_failed", "empty")
    add("binary.txt", bytes(range(256)) * 40, "unsupported_type", "binary")
    add("pdf.html", b"%PDF-1.7 ...", "unsupported_type", "PDF")
    add("large.txt", b"word " * MIB, "too_large", "bytes")
    add("short.md", b"# A headline\n\nand a line.", "too_short", "words")
    add("torn.parquet", b"PAR1 torn", "unsupported_type", "Parquet")
    add("empty.parquet", b"", "unsupported_type", "Parquet")
    (desk / "leads-nowhere.txt").symlink_to(desk / "is-not-there.txt")
    bad.append(Bad("a broken link", (desk / "leads-nowhere.txt").as_uri(), "fetch_failed", "cannot be read"))
    if os.getuid():  # root may read everything; for root the tests of the stations have this case
        add("locked.txt", b"secret", "fetch_failed", "permission")
        (desk / "locked.txt").chmod(0)
    pq.write_table(pa.table({"price": [1]}), desk / "prices.parquet")
    bad.append(Bad("Parquet without texts", (desk / "prices.parquet").as_uri(), "unsupported_type", "price"))
    pq.write_table(pa.table({"id": ["a"], "text": pa.array([None], pa.string())}), desk / "rows.parquet")
    bad.append(
        Bad("a Parquet row without a text", (desk / "rows.parquet").as_uri() + "#a", "extract_failed", "no text")
    )  # fmt: skip
    lines = {
        "a line that is not JSON": (b"{broken", "extract_failed", "not JSON"),
        "a line that is a list": (b"[1, 2]", "extract_failed", "not a JSON object"),
        "a line that is a string": (b'"text"', "extract_failed", "not a JSON object"),
        "a line that is null": (b"null", "extract_failed", "not a JSON object"),
        "a line of other bytes": (b"\xff\xfe\x00junk", "extract_failed", "not JSON"),
        "a line nested too deep": (b"[" * 5_000, "extract_failed", "not JSON"),
        "a line of many megabytes": (b'{"text": "' + b"x" * (MAX_BYTES + 9), "too_large", "bytes"),
    }
    (desk / "lines.jsonl").write_bytes(b"\n".join(line for line, _, _ in lines.values()) + b"\n")
    place = (desk / "lines.jsonl").as_uri()
    bad += [
        Bad(name, f"{place}#line%3D{number}", outcomes, reason)
        for number, (name, (_, outcomes, reason)) in enumerate(lines.items(), start=1)
    ]
    rows = {
        "a row without a text": ({"id": "none"}, "extract_failed", "no text"),
        "a row of spaces": ({"id": "blank", "text": " \n "}, "extract_failed|fetch_failed", ""),
        "a row whose text is a number": ({"id": "number", "text": 7}, "low_quality|too_short", ""),
        "a row whose text is a list": ({"id": "list", "text": ["a"]}, "extract_failed|too_short", ""),
        "a row of one word": ({"id": "word", "text": "Ferry."}, "too_short", "words"),
        "a row with half a character": ({"id": "half", "text": "\ud800 word"}, "low_quality|too_short", ""),
    }
    (desk / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row, _, _ in rows.values()))
    place = (desk / "rows.jsonl").as_uri()
    bad += [
        Bad(name, f"{place}#{row['id']}", outcomes, reason) for name, (row, outcomes, reason) in rows.items()
    ]
    return bad


def write_archives(folder: Path) -> list[Bad]:
    """Write the bad web archives; return each, or a page in it, with its allowed outcomes."""
    archives = folder / "archives"
    archives.mkdir()
    bomb = _archived(f"http://{BAD}/archived/bomb", gzip.compress(_ZEROS), "Content-Encoding: gzip\r\n")
    whole = _archived(f"http://{BAD}/archived/whole", press.page(901).encode())
    contents = {
        "empty.warc": b"",
        "no-archive.warc": b"no archive",
        "torn.warc.gz": b"\x1f\x8b\x08 torn",
        "a-page.warc.gz": gzip.compress(b"<html>"),
        "breaks-off.warc": whole + whole[: len(whole) // 2],
        "bomb.warc.gz": gzip.compress(bomb),
    }
    for name, content in contents.items():
        (archives / name).write_bytes(content)
    bad = [
        Bad(f"archive {name}", (archives / name).as_uri(), "fetch_failed|extract_failed|unsupported_type")
        for name in contents
        if name != "bomb.warc.gz"
    ]
    bad.append(Bad("an archived bomb", f"http://{BAD}/archived/bomb", "too_large", "bytes"))
    return [*bad, Bad("a page before an archive breaks off", f"http://{BAD}/archived/whole", "loaded")]


def catalogue(folder: Path) -> list[Bad]:
    """Write the bad files under ``folder``, and list every bad input of the night."""
    return [
        *(Bad(url, url, outcomes, reason) for url, (_, outcomes, reason) in _served().items()),
        *(Bad(f"what {path} names", _piece(number), "loaded") for path, (_, number) in BOMBS.items()),
        *(Bad(name, url, "refused|fetch_failed") for name, url in ADDRESSES.items()),
        Bad("a port where nobody listens", f"http://{GONE}/piece", "fetch_failed", "refused"),
        Bad("a host without an address", "http://host.invalid/piece", "fetch_failed", "cannot be found"),
        *write_files(folder),
        *write_archives(folder),
    ]


def write_config(folder: Path, port: int) -> Path:
    """Write the configuration of the night, with every bad input of the catalogue and the good essays."""
    served = _served()
    listings = [url for url in served if any(f"/{group}/" in url for group in ("feeds", "maps", "opinion"))]
    listings += [f"http://{BAD}/{path}" for path in BOMBS]
    pages = [
        *(url for url in served if url not in listings),
        f"http://{GONE}/piece",
        "http://host.invalid/piece",
    ]
    lines = [line for pair in zip_longest(pages, good_urls(), ADDRESSES.values()) for line in pair if line]
    (folder / "list.txt").write_text("\n".join(lines) + "\n")

    def of(group: str) -> str:
        return json.dumps([url for url in listings if f"/{group}/" in url])

    names = {urlsplit(url).hostname for url in (*served, *good_urls())}
    hosts = dict.fromkeys(names, f"127.0.0.1:{port}") | {GONE: "127.0.0.1:9"}
    mapped = ", ".join(f'"{host}" = "{address}"' for host, address in hosts.items())
    archives = json.dumps([str(path) for path in sorted((folder / "archives").iterdir())])
    file = folder / "commentariat.toml"
    file.write_text(
        f"""
[warehouse]
path = "commentary"

[extract]
page_seconds = 30

[fetch]
delay_s = 0
per_host_concurrency = 24
retries = 0
connect_timeout_s = 8
total_timeout_s = {TOTAL_TIMEOUT_S}
max_bytes = {MAX_BYTES}
max_listing_bytes = {MAX_BYTES}
connect_to = {{ {mapped} }}

[quality]
max_failed_share = 1.0

[[sources]]
name = "list"
type = "urls"
kind = "opinion"
location = "list.txt"

[[sources]]
name = "feeds"
type = "feed"
locations = {of("feeds")}

[[sources]]
name = "sitemaps"
type = "sitemap"
locations = {of("maps")}

[[sources]]
name = "sections"
type = "section"
locations = {of("opinion")}

[[sources]]
name = "desk"
type = "files"
kind = "opinion"
location = "desk"

[[sources]]
name = "archives"
type = "warc"
kind = "opinion"
locations = {archives}

[[targets]]
id = "tram"
statement = "The city should build a new tram line"
"""
    )
    return file


@contextmanager
def bad_press() -> Iterator[int]:
    """Serve all answers on a loopback port until the block ends."""
    answers = _answers()
    started = threading.Event()
    loop = asyncio.new_event_loop()
    stopped = asyncio.Event()
    ports: list[int] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            host = next(line[6:] for line in head.split("\r\n") if line.lower().startswith("host: "))
            found = answers.get(f"http://{host.partition(':')[0]}{path}", _http(status="404 Not Found"))
            if path == "/also-there":
                found = _to("/")
            elif path.startswith("/further/"):
                found = _to(f"{path}x")
            if callable(found):
                await found(writer)
            else:
                writer.write(found)
                await writer.drain()
                writer.write_eof()
                await asyncio.sleep(0.05)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        started.set()
        await stopped.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join(10)
        loop.close()
