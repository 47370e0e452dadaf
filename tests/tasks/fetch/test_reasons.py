"""A reason says what is wrong in a few words; it holds neither a whole page nor an endless address."""

from pathlib import Path

from aiohttp import web

from tasks.addresses.urls import article_id, file_url
from tasks.fetch.batch import fetch_batch
from tasks.fetch.fetcher import Fetcher
from tasks.item import Item
from tests.tasks.loopback import Site

TEXT = b"what the page says"
RECORD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://site.example/a\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
    b"WARC-Record-ID: <urn:uuid:12345678-1234-5678-1234-567812345678>\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
)


def item(url: str, location: str | None = None) -> Item:
    return Item(url=url, article_id=article_id(url), source="s", location=location)


async def test_a_circle_of_redirects_to_an_endless_address_has_a_short_reason(site: Site) -> None:
    async def around(_: web.Request) -> web.Response:
        return web.Response(status=301, headers={"Location": "/" + "x" * 5_000})

    site.pages |= {"/": around, "/" + "x" * 5_000: around}
    async with Fetcher(site.settings()) as fetcher:
        _, [outcome], _ = await fetch_batch(fetcher, [item("http://site.example/")])
    assert outcome.reason.startswith("redirects in a circle, back to http://site.example/xxx")
    assert len(outcome.reason) <= 400


async def test_a_damaged_archived_page_is_not_quoted(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + TEXT * 100
    archive = tmp_path / "damaged.warc"
    archive.write_bytes(RECORD % (len(answer), answer))
    async with Fetcher() as fetcher:
        damaged = item("http://site.example/a", file_url(archive, "warc=0"))
        _, [outcome], _ = await fetch_batch(fetcher, [damaged])
    assert outcome.outcome == "fetch_failed"
    assert outcome.reason == f"{archive}: the archived page at byte 0 is damaged"
