"""Whatever a server sends, a fetch ends soon, needs little memory, and has one outcome with a reason."""

import asyncio
import gzip
import sys
import time
import zlib
from collections.abc import Callable

import brotli
import pytest
from aiohttp import web

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from tasks.addresses.urls import article_id
from tasks.fetch import fetcher as fetcher_module
from tasks.fetch.batch import fetch_batch
from tasks.fetch.fetcher import Fetcher
from tasks.item import Item
from tasks.page import NotFetchedError, Page
from tests.tasks.loopback import Handler, RawHandler, Site, answering, raw_server
from tests.tasks.memory import at_most_more

MIB = 1024 * 1024


async def failure(fetcher: Fetcher, url: str = "http://site.example/") -> NotFetchedError:
    with pytest.raises(NotFetchedError) as caught:
        await fetcher.fetch(url)
    return caught.value


async def failure_of(site: Site, handler: RawHandler, **changes: object) -> NotFetchedError:
    async with raw_server(handler) as port:
        settings = site.settings(
            respect_robots=False, connect_to={"site.example": f"127.0.0.1:{port}"}, **changes
        )
        async with Fetcher(settings) as fetcher:
            return await failure(fetcher)


def deflate(data: bytes) -> bytes:
    return zlib.compress(data, 9)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def quick_brotli(data: bytes) -> bytes:
    return brotli.compress(data, quality=1)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", deflate),
        ("deflate", raw_deflate),
        ("br", quick_brotli),
        ("zstd", zstd.compress),
    ],
)
async def test_a_decompression_bomb_is_stopped_at_the_limit(
    site: Site, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    bomb = pack(bytes(64 * MIB))

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": encoding, "Content-Type": "text/html"})

    site.pages["/"] = answer
    with at_most_more(40 * 1024):
        async with Fetcher(site.settings(max_bytes=2 * MIB)) as fetcher:
            error = await failure(fetcher)
    assert error.outcome == "too_large"
    assert "2,097,152 bytes" in str(error)


async def test_every_packing_that_is_asked_for_is_unpacked(site: Site) -> None:
    packings = {"gzip": gzip.compress, "deflate": deflate, "br": quick_brotli, "zstd": zstd.compress}

    async def answer(request: web.Request) -> web.Response:
        encoding = request.path.removeprefix("/")
        body = packings[encoding](b"<p>hello")
        return web.Response(body=body, headers={"Content-Encoding": encoding, "Content-Type": "text/html"})

    site.pages |= {f"/{encoding}": answer for encoding in packings}
    async with Fetcher(site.settings()) as fetcher:
        for encoding in packings:
            assert (await fetcher.fetch(f"http://site.example/{encoding}")).body == b"<p>hello"
    assert {one.headers["Accept-Encoding"] for one in site.asked} == {", ".join(packings)}


async def test_a_word_that_names_no_packing_is_passed_over(site: Site) -> None:
    encodings = {
        **dict.fromkeys(("UTF-8", "none", "binary", "aws-chunked", "ISO-8859-1", "identity", ""), bytes),
        **dict.fromkeys(("gzip, aws-chunked", "UTF-8,gzip"), gzip.compress),
    }
    for encoding, pack in encodings.items():

        async def answer(
            request: web.Request, encoding: str = encoding, pack: Callable[[bytes], bytes] = pack
        ) -> web.Response:
            body = b"User-agent: *\nDisallow: /closed" if request.path == "/robots.txt" else b"<p>hello"
            return web.Response(
                body=pack(body), headers={"Content-Encoding": encoding, "Content-Type": "text/html"}
            )

        site.pages |= dict.fromkeys(("/", "/robots.txt", "/closed"), answer)
        async with Fetcher(site.settings()) as fetcher:
            assert (await fetcher.fetch("http://site.example/")).body == b"<p>hello", encoding
            with pytest.raises(NotFetchedError, match=r"robots\.txt"):
                await fetcher.fetch("http://site.example/closed")


async def test_a_packing_that_was_not_requested_is_not_guessed(site: Site) -> None:
    for encoding in ("compress", "gzip, gzip", "x-unknown"):

        async def answer(_: web.Request, encoding: str = encoding) -> web.Response:
            return web.Response(
                body=b"\x28\xb5\x2f\xfd", headers={"Content-Encoding": encoding, "Content-Type": "text/html"}
            )

        site.pages["/"] = answer
        async with Fetcher(site.settings()) as fetcher:
            error = await failure(fetcher)
        assert error.outcome in ("unsupported_type", "fetch_failed"), encoding


async def test_content_that_is_not_packed_as_declared_fails_without_a_retry(site: Site) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(
            body=b"plain words", headers={"Content-Encoding": "gzip", "Content-Type": "text/html"}
        )

    site.pages["/"] = answer
    async with Fetcher(site.settings(retries=3)) as fetcher:
        error = await failure(fetcher)
    assert error.outcome == "fetch_failed"
    assert len(site.paths()) == 1


PACKINGS = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", deflate),
    ("deflate", raw_deflate),
    ("br", quick_brotli),
    ("zstd", zstd.compress),
]
LONG_PAGE = b"<p>" + b" ".join(b"word-%d" % n for n in range(20_000))


def sent_packed(encoding: str, *bodies: bytes) -> Handler:
    """Return a handler that answers with each body in turn, and then always with the last one."""
    left = list(bodies)

    async def answer(_: web.Request) -> web.Response:
        body = left.pop(0) if len(left) > 1 else left[0]
        return web.Response(body=body, headers={"Content-Encoding": encoding, "Content-Type": "text/html"})

    return answer


@pytest.mark.usefixtures("short_pauses")
@pytest.mark.parametrize(("encoding", "pack"), PACKINGS)
async def test_a_packed_body_cut_short_inside_a_complete_answer_is_no_page_and_is_asked_for_again(
    site: Site, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    whole = pack(LONG_PAGE)
    for kept in (1, len(whole) // 2, len(whole) - 1):
        site.pages["/cut"] = sent_packed(encoding, whole[:kept])
        site.pages["/mended"] = sent_packed(encoding, whole[:kept], whole)
        site.asked.clear()
        async with Fetcher(site.settings(retries=1)) as fetcher:
            error = await failure(fetcher, "http://site.example/cut")
            page = await fetcher.fetch("http://site.example/mended")
        assert (error.outcome, str(error)) == ("fetch_failed", "the packed content breaks off early"), kept
        assert page.body == LONG_PAGE
        assert site.paths() == ["/cut", "/cut", "/mended", "/mended"]


@pytest.mark.parametrize(("encoding", "pack"), PACKINGS)
async def test_bytes_after_a_packed_body_are_ignored(
    site: Site, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    async def in_parts(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: " + encoding.encode())
        writer.write(b"\r\nTransfer-Encoding: chunked\r\n\r\n")
        packed = pack(LONG_PAGE)
        for part in (packed[:1], packed[1:5000], packed[5000:], bytes(20), b"filling"):
            writer.write(b"%x\r\n" % len(part) + part + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async with raw_server(in_parts) as port:
        settings = site.settings(respect_robots=False, connect_to={"site.example": f"127.0.0.1:{port}"})
        async with Fetcher(settings) as fetcher:
            page = await fetcher.fetch("http://site.example/")
    assert page.body == LONG_PAGE


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("zstd", zstd.compress)])
async def test_a_body_packed_in_several_streams_is_read_whole_but_not_one_of_thousands(
    site: Site, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    site.pages["/some"] = sent_packed(encoding, b"".join(pack(b"<p>%d" % n) for n in range(20)))
    site.pages["/cut"] = sent_packed(encoding, (pack(b"<p>one") + pack(b"<p>two" * 99))[:-9])
    site.pages["/thousands"] = sent_packed(encoding, pack(b"") * 20_000)
    async with Fetcher(site.settings()) as fetcher:
        some = await fetcher.fetch("http://site.example/some")
        cut = await failure(fetcher, "http://site.example/cut")
        thousands = await failure(fetcher, "http://site.example/thousands")
    assert some.body == b"".join(b"<p>%d" % n for n in range(20))
    assert "breaks off" in str(cut)
    assert "1,024 streams" in str(thousands)


async def test_a_zstd_stream_that_asks_for_a_window_of_128_mb_is_refused(site: Site) -> None:
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0}
    packer = zstd.ZstdCompressor(options=options)
    body = packer.compress(LONG_PAGE) + packer.flush()
    site.pages["/"] = sent_packed("zstd", body)
    async with Fetcher(site.settings()) as fetcher:
        error = await failure(fetcher)
    assert error.outcome == "fetch_failed"


async def test_an_endless_body_is_stopped_at_the_limit(site: Site) -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + bytes(65536) + b"\r\n")
            await writer.drain()

    error = await failure_of(site, endless, max_bytes=MIB)
    assert error.outcome == "too_large"


async def test_a_declared_size_beyond_the_limit_is_not_even_read(site: Site) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999999999\r\n\r\n"
    error = await failure_of(site, answering(head, b"x"))
    assert error.outcome == "too_large"
    assert "99,999,999,999" in str(error)


async def test_a_slow_drip_ends_at_the_deadline(site: Site) -> None:
    asked = 0

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    error = await failure_of(site, drip, total_timeout_s=0.8, retries=3)
    assert error.outcome == "fetch_failed"
    assert "0.8 s" in str(error)
    assert asked == 1, "the deadline is that of all attempts together"


async def test_headers_that_never_end_are_stopped_at_the_deadline(site: Site) -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    error = await failure_of(site, drip, total_timeout_s=0.4)
    assert error.outcome == "fetch_failed"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n",
    ],
    ids=["one huge header", "a huge status line", "ten thousand headers"],
)
async def test_huge_headers_are_refused(site: Site, head: bytes) -> None:
    error = await failure_of(site, answering(head, b"<p>hello"))
    assert error.outcome == "fetch_failed"


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\nonly this",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
    ],
)
async def test_an_answer_that_is_not_http_or_is_incomplete_fails_with_a_reason(
    site: Site, garbage: bytes
) -> None:
    error = await failure_of(site, answering(garbage))
    assert error.outcome == "fetch_failed"
    assert len(str(error)) < 300


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/", "circle"),
        ("/a", "circle"),
        ("/deeper{n}", "more than 5 times"),
        ("http://site.example/", "circle"),
    ],
)
async def test_redirects_without_a_valid_end_fail(site: Site, location: str, reason: str) -> None:
    async def redirect(request: web.Request) -> web.Response:
        where = location.format(n=len(request.path) * "x")
        return web.Response(status=301, headers={"Location": where})

    for path in ("/", "/a", *(f"/deeper{'x' * n}" for n in range(200))):
        site.pages[path] = redirect
    async with Fetcher(site.settings()) as fetcher:
        error = await failure(fetcher)
    assert error.outcome == "fetch_failed"
    assert reason in str(error)
    assert len(site.paths()) <= 6


@pytest.mark.parametrize(
    ("media_type", "body", "reason"),
    [
        ("application/pdf", b"%PDF-1.7 ...", "application/pdf"),
        ("image/png", b"\x89PNG....", "image/png"),
        ("video/mp4", b"....", "video/mp4"),
        ("application/zip", b"PK\x03\x04", "application/zip"),
        ("application/json", b"{}", "application/json"),
        ("application/rss+xml", b"<rss/>", "application/rss+xml"),
        ("text/html", b"%PDF-1.7 ...", "a PDF, though it is declared as text/html"),
        ("text/html", b"\x89PNG....", "a PNG image"),
        ("application/octet-stream", b"\x00\x01\x02\x03", "binary"),
        ("application/octet-stream", b"PK\x03\x04....", "a ZIP archive"),
    ],
)
async def test_content_that_is_no_page_is_an_unsupported_type(
    site: Site, media_type: str, body: bytes, reason: str
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=media_type)

    site.pages["/"] = answer
    async with Fetcher(site.settings()) as fetcher:
        error = await failure(fetcher)
    assert error.outcome == "unsupported_type"
    assert reason in str(error)


@pytest.mark.parametrize(
    ("content_type", "body", "expected", "charset"),
    [
        (None, b"<!doctype html><p>hello", "text/html", None),
        (None, b"Just words.", "text/plain", None),
        ("application/octet-stream", b"<?xml version='1.0'?><rss/>", "application/xml", None),
        ('TEXT/HTML; Charset="ISO-8859-1"', b"<p>h\xe9llo", "text/html", "iso-8859-1"),
        ("text/html;charset=", b"<p>hello", "text/html", None),
        ("text/html; charset=nonsense", b"<p>hello", "text/html", "nonsense"),
    ],
)
async def test_media_type_and_charset_are_reported_as_declared_or_guessed(
    site: Site, content_type: str | None, body: bytes, expected: str, charset: str | None
) -> None:
    declared = f"Content-Type: {content_type}\r\n".encode() if content_type else b""
    head = b"HTTP/1.1 200 OK\r\n" + declared + b"Content-Length: %d\r\n\r\n" % len(body)
    async with raw_server(answering(head, body)) as port:
        settings = site.settings(respect_robots=False, connect_to={"site.example": f"127.0.0.1:{port}"})
        async with Fetcher(settings) as fetcher:
            page = await fetcher.fetch("http://site.example/")
    assert (page.media_type, page.charset, page.body) == (expected, charset, body)


async def test_credentials_and_cookies_are_sent_only_to_their_own_host(site: Site) -> None:
    async def first(_: web.Request) -> web.Response:
        response = web.Response(status=302, headers={"Location": "http://user:secret@other.example/b"})
        response.set_cookie("session", "of-site", domain=None)
        return response

    async def second(_: web.Request) -> web.Response:
        response = web.Response(status=302, headers={"Location": "http://site.example/c"})
        response.set_cookie("session", "of-other")
        return response

    site.pages |= {"/a": first, "/b": second, "/c": "the page"}
    async with Fetcher(site.settings("site.example", "other.example")) as fetcher:
        page = await fetcher.fetch("http://anna:geheim@site.example/a")
        again = await fetcher.fetch("http://site.example/c")
    assert page.body == again.body == b"the page"
    assert page.final_url == "http://site.example/c"
    asked = {(one.host, one.path): one.headers for one in site.asked[:-1]}
    assert "Cookie" not in asked["other.example", "/b"]
    assert asked["site.example", "/c"]["Cookie"] == "session=of-site"
    assert "Cookie" not in site.asked[-1].headers, "no cookie outlives the page it was set for"
    assert not any("Authorization" in one.headers for one in site.asked)


async def test_a_site_that_redirects_until_its_cookie_comes_back_is_read(site: Site) -> None:
    async def wall(request: web.Request) -> web.Response:
        if request.cookies.get("seen") == "yes":
            return web.Response(text="the page", content_type="text/html")
        response = web.Response(status=302, headers={"Location": "/"})
        response.set_cookie("seen", "yes")
        return response

    site.pages["/"] = wall
    async with Fetcher(site.settings()) as fetcher:
        assert (await fetcher.fetch("http://site.example/")).body == b"the page"


@pytest.mark.parametrize(
    ("statuses", "for_now"),
    [((), False), ((301, 308), False), ((302,), True), ((303,), True), ((307, 301), True)],
)
async def test_a_page_behind_a_temporary_redirect_says_so(
    site: Site, statuses: tuple[int, ...], for_now: bool
) -> None:
    for place, status in enumerate(statuses):

        async def redirect(_: web.Request, status: int = status, there: int = place + 1) -> web.Response:
            return web.Response(status=status, headers={"Location": f"/{there}"})

        site.pages[f"/{place}"] = redirect
    site.pages[f"/{len(statuses)}"] = "the page"
    async with Fetcher(site.settings()) as fetcher:
        page = await fetcher.fetch("http://site.example/0")
    assert (page.body, page.redirected_for_now) == (b"the page", for_now)


async def test_no_proxy_or_password_of_the_environment_is_used(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    netrc = tmp_path / "netrc"  # type: ignore[operator]
    netrc.write_text("machine site.example login anna password geheim\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.pages["/"] = "the page"
    async with Fetcher(site.settings()) as fetcher:
        assert (await fetcher.fetch("http://site.example/")).body == b"the page"
    assert "Authorization" not in site.asked[-1].headers


async def test_validators_that_cannot_be_stored_or_sent_are_dropped(site: Site) -> None:
    head = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "\xff\xfe"\r\nLast-Modified: ' + b"x" * 5000
    async with raw_server(answering(head + b"\r\nContent-Length: 2\r\n\r\nhi")) as port:
        settings = site.settings(respect_robots=False, connect_to={"site.example": f"127.0.0.1:{port}"})
        async with Fetcher(settings) as fetcher:
            page = await fetcher.fetch("http://site.example/")
    assert (page.etag, page.last_modified) == (None, None)


async def test_an_empty_page_is_a_failure(site: Site) -> None:
    site.pages["/"] = b" \r\n "
    async with Fetcher(site.settings()) as fetcher:
        assert "empty" in str(await failure(fetcher))


async def test_every_item_of_a_batch_ends_as_one_page_or_one_outcome(site: Site) -> None:
    async def broken(_: web.Request) -> web.StreamResponse:
        raise RuntimeError("the server stumbles")

    site.pages |= {"/good": "<p>good", "/broken": broken, "/pdf": b"%PDF-1"}
    urls = [
        "http://site.example/good",
        "http://site.example/broken",
        "http://site.example/pdf",
        "http://site.example/missing",
        "http://127.0.0.1/inwards",
        "file:///etc/passwd",
        "http://\udcff/",
        "not a url",
        "http://" + "a" * 300 + ".example/",
    ]
    items = [
        Item(url=url, article_id=article_id(url.encode("utf-8", "replace").decode()), source="s")
        for url in urls
    ]
    async with Fetcher(site.settings()) as fetcher:
        pages, outcomes, _ = await fetch_batch(fetcher, items)
    assert [page.item.url for page in pages] == ["http://site.example/good"]
    assert [outcome.url for outcome in outcomes] == [url.replace("\udcff", "?") for url in urls[1:]]
    assert [outcome.outcome for outcome in outcomes] == [
        "fetch_failed",
        "unsupported_type",
        "fetch_failed",
        "refused",
        "refused",
        "fetch_failed",
        "refused",
        "fetch_failed",
    ]
    assert all(outcome.reason and outcome.stage == "fetch" and outcome.source == "s" for outcome in outcomes)


async def test_the_limit_of_bytes_in_memory_is_kept_and_pages_left_out_are_fetched_later(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetcher_module, "MAX_BYTES_IN_MEMORY", 8 * MIB)
    bomb = gzip.compress(bytes(2 * MIB))

    async def packed(_: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})

    hosts = [f"host{n}.example" for n in range(4)]
    site.pages |= {f"/{n}": packed for n in range(10)} | {"/missing": _not_found}
    urls = [f"http://{host}/{name}" for name in (*range(10), "missing") for host in hosts]
    left = [Item(url=url, article_id=article_id(url), source="s") for url in urls]
    taken, parts = [], 0
    async with Fetcher(site.settings(*hosts, concurrency=4)) as fetcher:
        while left:
            before = len(left)
            pages, outcomes, left = await fetch_batch(fetcher, left)
            parts += 1
            # The limit may be exceeded by the four requests that were already under way.
            assert sum(len(page.body or b"") for page in pages) <= (8 + 4 * 2) * MIB
            assert len(pages) + len(outcomes) + len(left) == before
            taken += [page.item.url for page in pages] + [outcome.url for outcome in outcomes]
    assert sorted(taken) == sorted(urls)
    assert parts >= 5
    assert sorted(site.paths()) == sorted(url.partition("example")[2] for url in urls), (
        "nothing is asked for twice"
    )


async def _not_found(_: web.Request) -> web.Response:
    return web.Response(status=404)


async def test_the_event_loop_stays_responsive_while_bombs_and_large_pages_come_in(site: Site) -> None:
    bomb = gzip.compress(bytes(64 * MIB))

    async def packed(_: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})

    site.pages |= {"/bomb": packed, "/large": b"<p>" + b"word " * (1 << 20)}
    longest = 0.0
    done = asyncio.Event()

    async def watch() -> None:
        nonlocal longest
        while not done.is_set():
            began = time.process_time()  # not the clock on the wall: other work on the machine is not ours
            await asyncio.sleep(0.001)
            longest = max(longest, time.process_time() - began)

    async with Fetcher(site.settings(per_host_concurrency=8, max_bytes=7 * MIB)) as fetcher:
        watcher = asyncio.create_task(watch())
        results = await asyncio.gather(
            *(
                fetcher.fetch(f"http://site.example/{name}?{n}")
                for n in range(4)
                for name in ("bomb", "large")
            ),
            return_exceptions=True,
        )
        done.set()
        await watcher
    assert sum(isinstance(result, Page) for result in results) == 4
    assert longest < 0.25
