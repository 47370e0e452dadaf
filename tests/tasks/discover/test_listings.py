"""What holds for several kinds of listings on the web: filters, problems, conditional requests, hostile files."""

from datetime import UTC, datetime

import pytest
from aiohttp import web

from tests.tasks.discover.listings import RSS, URLSET, found, url_entry
from tests.tasks.loopback import Site


async def test_one_broken_listing_does_not_stop_the_others(site: Site) -> None:
    site.pages |= {"/good": RSS}
    locations = [f"http://site.example/{name}" for name in ("missing", "good")] + ["http://127.0.0.1/feed"]
    result = await found(site, "feed", locations)
    assert len(result.items) == 2
    assert {(one.url, one.outcome) for one in result.problems} >= {
        ("http://site.example/missing", "fetch_failed"),
        ("http://127.0.0.1/feed", "refused"),
    }


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)
QUADRATIC = '<!DOCTYPE x [<!ENTITY a "' + "a" * 100_000 + '">]>'
FILES = '<!DOCTYPE x [<!ENTITY m SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("doctype", [LAUGHS, QUADRATIC, FILES], ids=["laughs", "quadratic", "file"])
@pytest.mark.parametrize("kind", ["feed", "sitemap"])
async def test_entity_bombs_and_entities_that_read_files_do_nothing(
    site: Site, doctype: str, kind: str
) -> None:
    entity = "&a;" * 20_000 if doctype is QUADRATIC else "&m;"
    if kind == "feed":
        item = f"<item><title>{entity}</title><link>http://site.example/a</link></item>"
        channel = f"<channel><title>{entity}</title>{item}</channel>"
        body = f'<?xml version="1.0"?>{doctype}<rss version="2.0">{channel}</rss>'
    else:
        body = f'<?xml version="1.0"?>{doctype}' + URLSET.partition("?>")[2].format(
            f"<url><loc>http://site.example/{entity}</loc></url><url><loc>http://site.example/b</loc></url>"
        )
    site.pages["/listing"] = body
    result = await found(site, kind, "http://site.example/listing")
    everything = repr(result)
    assert "root:" not in everything
    assert len(everything) < 20_000


async def test_a_feed_configured_as_a_sitemap_is_read_as_a_feed_and_the_reverse(site: Site) -> None:
    site.pages |= {"/feed": URLSET.format(url_entry("/a")), "/sitemap.xml": RSS}
    assert len((await found(site, "feed", "http://site.example/feed")).items) == 1
    assert len((await found(site, "sitemap", "http://site.example/sitemap.xml")).items) == 2


async def test_a_list_of_addresses_is_read_and_a_text_page_is_a_page(site: Site) -> None:
    site.pages |= {
        "/list.txt": "# to read\nhttp://site.example/a\n\nhttp://site.example/b?utm_source=x\nhttp://site.example/b\nftp://x\n",
        "/essay.txt": "An essay.\nhttp://site.example/ is mentioned.",
    }
    listed = await found(site, "urls", "http://site.example/list.txt")
    assert [item.url for item in listed.items] == ["http://site.example/a", "http://site.example/b"]
    assert [one.outcome for one in listed.problems] == ["refused"]
    assert listed.visits == (), "a list is read completely every night"
    essay = await found(site, "urls", "http://site.example/essay.txt")
    assert [item.url for item in essay.items] == ["http://site.example/essay.txt"]


async def test_filtered_items_have_a_reason_and_the_newest_are_kept(site: Site) -> None:
    site.pages["/s"] = URLSET.format(
        "".join(url_entry(f"/{day:02}", f"2026-11-{day:02}") for day in range(1, 21))
    )
    result = await found(
        site,
        "sitemap",
        "http://site.example/s",
        max_items=3,
        exclude=["/20"],
        until=datetime(2026, 11, 19, tzinfo=UTC),
        since=datetime(2026, 11, 10, tzinfo=UTC),
    )
    assert [item.url[-2:] for item in result.items] == ["18", "17", "16"]
    assert len(result.items) + len(result.left_out) == 20
    assert {one.reason.partition(" ")[0] for one in result.left_out} == {"last", "matches", "beyond"}


async def test_the_reason_of_an_item_left_out_names_the_kind_of_its_date(site: Site) -> None:
    site.pages["/sitemap.xml"] = URLSET.format(url_entry("/old", "2026-01-05"))
    result = await found(
        site, "sitemap", "http://site.example/sitemap.xml", since=datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert [one.reason for one in result.left_out] == ["last changed 2026-01-05, before 2026-03-01"]


async def test_a_listing_that_has_not_changed_brings_nothing_new(site: Site) -> None:
    async def feed(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"7"':
            return web.Response(status=304)
        return web.Response(text=RSS, content_type="application/rss+xml", headers={"ETag": '"7"'})

    site.pages["/feed"] = feed
    first = await found(site, "feed", "http://site.example/feed")
    previous = {visit.url: visit for visit in first.visits}
    second = await found(site, "feed", "http://site.example/feed", previous=previous)
    assert len(first.items) == 2
    assert (second.items, second.left_out, second.problems) == ((), (), ())
