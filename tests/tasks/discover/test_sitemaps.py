"""Sitemaps and their indexes: the items, what is left out, and how much of them is in memory."""

import asyncio
import gc
import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.discover import listing, sitemap_parsing, sitemaps
from tasks.discover.discover import discover
from tasks.discover.listing import Visitor
from tasks.discover.sitemap_parsing import NotASitemapError, parse_sitemap
from tasks.discover.sitemaps import discover_sitemap
from tasks.fetch.fetcher import Fetcher
from tasks.item import Item
from tasks.page import Page
from tasks.sources import Source
from tests.tasks.discover.listings import INDEX, URLSET, child, found, url_entry
from tests.tasks.loopback import Site


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_a_sitemap_brings_its_pages_newest_first(site: Site, pack: type) -> None:
    body = URLSET.format(
        url_entry("/old", "2026-01-05")
        + url_entry("/undated")
        + url_entry("/new", "2026-11-20T10:00:00+01:00")
    )
    site.pages["/sitemap.xml.gz"] = pack(body.encode())
    result = await found(site, "sitemap", "http://site.example/sitemap.xml.gz")
    assert [item.url.rpartition("/")[2] for item in result.items] == ["new", "old", "undated"]
    assert result.items[0].modified_hint == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert result.items[0].published_hint is None


async def test_a_sitemap_packed_in_several_streams_is_read_whole_and_one_broken_off_is_a_problem(
    site: Site,
) -> None:
    body = URLSET.format(url_entry("/a") + url_entry("/b")).encode()
    site.pages["/two.xml.gz"] = gzip.compress(body[:150]) + gzip.compress(body[150:])
    site.pages["/torn.xml.gz"] = gzip.compress(body * 50)[:-9]
    result = await found(
        site, "sitemap", ["http://site.example/two.xml.gz", "http://site.example/torn.xml.gz"]
    )
    assert {item.url.rpartition("/")[2] for item in result.items} == {"a", "b"}
    assert ["breaks off" in problem.reason for problem in result.problems] == [True]


@pytest.mark.timeout(60)
async def test_a_long_packed_sitemap_with_zero_bytes_behind_it_is_read_to_its_end(site: Site) -> None:
    body = URLSET.format("".join(url_entry(f"/{n}") for n in range(5_000))).encode()
    site.pages["/sitemap.xml.gz"] = gzip.compress(body) + bytes(512)
    result = await found(site, "sitemap", "http://site.example/sitemap.xml.gz")
    assert (len(result.items), result.problems) == (5_000, ())


async def test_entries_of_a_sitemap_beyond_the_limit_are_reported_as_not_read(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (sitemaps, sitemap_parsing):
        monkeypatch.setattr(module, "MAX_ENTRIES", 50)
    site.pages["/full.xml"] = URLSET.format("".join(url_entry(f"/{n}") for n in range(53)))
    site.pages["/list.txt"] = "\n".join(f"http://site.example/{n}" for n in range(53))
    for place in ("full.xml", "list.txt"):
        result = await found(site, "sitemap", f"http://site.example/{place}")
        assert len(result.items) == 50
        assert [one.url for one in result.left_out] == [f"http://site.example/{place}"]
        assert "more than the 50 entries" in result.left_out[0].reason


@pytest.mark.parametrize("damage", ["", "/q&a", "\x0b", "&nbsp;"])
async def test_ampersands_in_addresses_are_kept_whatever_else_is_wrong_with_a_sitemap(
    site: Site, damage: str
) -> None:
    site.pages["/map.xml"] = URLSET.format(
        url_entry(f"/first{damage}") + url_entry("/a?id=4&page=2") + url_entry("/b?id=4&amp;page=2")
    )
    result = await found(site, "sitemap", "http://site.example/map.xml")
    assert [item.url.rpartition("/")[2] for item in result.items][1:] == ["a?id=4&page=2", "b?id=4&page=2"]


async def test_titles_and_outlets_of_a_news_sitemap_are_plain_text(site: Site) -> None:
    site.pages["/news.xml"] = URLSET.replace(
        ">{}", ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{}'
    ).format(
        "<url><loc>http://site.example/a</loc><n:news><n:publication><n:name><![CDATA[Tern &amp; Skua]]></n:name>"
        "</n:publication><n:title>It&amp;#8217;s <![CDATA[<em>our</em> ferry]]></n:title></n:news></url>"
    )
    [item] = (await found(site, "sitemap", "http://site.example/news.xml")).items
    assert (item.outlet, item.title_hint) == ("Tern & Skua", "It\u2019s our ferry")


async def test_a_news_sitemap_brings_titles_dates_and_language(site: Site) -> None:
    site.pages[
        "/news.xml"
    ] = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
      <url><loc>http://site.example/a</loc><image:image><image:loc>http://site.example/a.jpg</image:loc>
      <image:title>Photo</image:title></image:image><news:news><news:publication><news:name>The Ledger</news:name>
      <news:language>en</news:language></news:publication><news:publication_date>2026-11-20</news:publication_date>
      <news:title>On ferries</news:title></news:news></url></urlset>"""
    [item] = (await found(site, "sitemap", "http://site.example/news.xml")).items
    assert item.url == "http://site.example/a"
    assert (item.title_hint, item.outlet, item.language_hint) == ("On ferries", "The Ledger", "en")
    assert item.published_hint == datetime(2026, 11, 20, tzinfo=UTC)


async def test_half_of_a_surrogate_pair_costs_a_sitemap_no_entry_and_an_entry_only_that_character(
    site: Site,
) -> None:
    title = "<news:news xmlns:news='http://news.example/'><news:title>Half &#xD83D;</news:title></news:news>"
    half = url_entry("/&#55357;").replace("</loc>", f"</loc>{title}")
    site.pages["/sitemap.xml"] = URLSET.format(half + url_entry("/b"))
    result = await found(site, "sitemap", "http://site.example/sitemap.xml")
    assert [(item.url, item.title_hint) for item in result.items] == [
        ("http://site.example/%EF%BF%BD", "Half \ufffd"),
        ("http://site.example/b", None),
    ]
    assert result.problems == ()


async def test_a_day_without_its_time_is_too_old_only_if_all_of_it_is(site: Site) -> None:
    now = datetime.now(UTC)
    yesterday, before = (f"{now - timedelta(days=ago):%Y-%m-%d}" for ago in (1, 2))
    site.pages |= {
        "/sitemap.xml": INDEX.format(child("/new.xml", yesterday) + child("/old.xml", before)),
        "/new.xml": URLSET.format(url_entry("/new", yesterday) + url_entry("/older", before)),
        "/old.xml": URLSET.format(url_entry("/old", yesterday)),
    }
    result = await found(site, "sitemap", "http://site.example/sitemap.xml", since_days=1)
    assert [item.url for item in result.items] == ["http://site.example/new"]
    assert [one.url.rpartition("/")[2] for one in result.left_out] == ["old.xml", "older"]


async def test_an_index_is_followed_but_not_in_circles_not_too_deep_and_not_to_old_sitemaps(
    site: Site,
) -> None:
    site.pages |= {
        "/sitemap.xml": INDEX.format(
            child("/sitemap.xml")
            + child("/old.xml", "2020-01-01")
            + child("/new.xml", "2026-11-20")
            + child("/missing.xml")
            + child("/deep1.xml")
        ),
        "/new.xml": URLSET.format(url_entry("/a", "2026-11-20")),
        "/deep1.xml": INDEX.format(child("/deep2.xml")),
        "/deep2.xml": INDEX.format(child("/deep3.xml")),
        "/deep3.xml": URLSET.format(url_entry("/too-deep")),
    }
    since = datetime(2026, 11, 1, tzinfo=UTC)
    result = await found(site, "sitemap", "http://site.example/sitemap.xml", since=since)
    assert [item.url for item in result.items] == ["http://site.example/a"]
    reasons = {one.url.rpartition("/")[2]: one.reason for one in result.left_out}
    assert reasons["sitemap.xml"] == "this sitemap was already read"
    assert "before 2026-11-01" in reasons["old.xml"]
    assert "nested" in reasons["deep3.xml"]
    assert [one.url for one in result.problems] == ["http://site.example/missing.xml"]
    assert "/old.xml" not in site.paths()


async def test_a_sitemap_below_an_index_is_fetched_when_the_one_before_it_has_been_read(site: Site) -> None:
    site.pages |= {f"/{n}.xml": URLSET.format(url_entry(f"/{n}")) for n in range(5)} | {
        "/sitemap.xml": INDEX.format("".join(child(f"/{n}.xml") for n in range(5)))
    }
    location = "http://site.example/sitemap.xml"
    source = Source(name="s", type="sitemap", locations=(location,))
    async with Fetcher(site.settings()) as fetcher:
        findings = discover_sitemap(Visitor(source, fetcher, {}), location)
        asked = [len(site.paths()) async for finding in findings if isinstance(finding, Item)]
    assert asked == [2, 3, 4, 5, 6]


async def test_files_named_by_a_sitemap_or_robots_txt_are_never_opened(site: Site, tmp_path: object) -> None:
    secret = tmp_path / "secret.xml"  # type: ignore[operator]
    secret.write_text(URLSET.format(url_entry("/secret")))
    links = [str(secret), f"file://{secret}", f"FILE:{secret}", "javascript:x"]
    site.pages |= {
        "/robots.txt": "User-agent: *\nAllow: /\n" + "\n".join(f"Sitemap: {link}" for link in links),
        "/sitemap.xml": INDEX.format("".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in links)),
    }
    for location in ("http://site.example/robots.txt", "http://site.example/sitemap.xml"):
        result = await found(site, "sitemap", location)
        assert result.items == ()
        assert result.problems


@pytest.fixture
def new_objects_only() -> Iterator[None]:
    """Let ``gc.get_objects`` leave out all objects that there are before the test, about a million."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def large_bodies() -> int:
    """Count the listings in memory that are larger than usual."""
    listings = (one for one in gc.get_objects() if isinstance(one, Page) and "big" in one.item.url)
    return sum(len(one.body or b"") > listing.USUAL_LISTING_BYTES for one in listings)


@pytest.mark.usefixtures("new_objects_only")
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_of_large_listings_two_are_in_memory_at_a_time_however_many_sources_there_are(
    site: Site, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(listing, "USUAL_LISTING_BYTES", 20_000)
    hosts = [f"big-{n}.example" for n in range(5)]
    in_memory: list[int] = []
    waiting = 0
    three_wait = asyncio.Event()

    async def large(request: web.Request) -> web.Response:
        nonlocal waiting
        in_memory.append(large_bodies())
        waiting += 1
        if waiting > 2:
            three_wait.set()
        if request.path == "/index.xml":  # listings are asked for together until they are known to be large
            await asyncio.wait_for(three_wait.wait(), 30)
        await asyncio.sleep(0.05)
        waiting -= 1
        below = (
            ""
            if "below" in request.path
            else f"<sitemap><loc>http://{request.host}/below.xml</loc></sitemap>"
        )
        page = f"<url><loc>http://{request.host}{request.path}/a-piece</loc></url>{below}" + " " * 30_000
        return web.Response(body=pack(f"<urlset>{page}</urlset>".encode()), content_type="application/xml")

    site.pages |= {"/index.xml": large, "/below.xml": large}
    async with Fetcher(site.settings(*hosts)) as fetcher:
        sources = [
            Source(name="big", type="sitemap", locations=(f"http://{host}/index.xml",)) for host in hosts
        ]
        results = await asyncio.gather(*(discover(source, fetcher) for source in sources))
        assert fetcher.large_listings._value == 2, "all places have been given back"
    for result, host in zip(results, hosts, strict=True):
        assert result.problems == ()
        assert [item.url for item in result.items] == [
            f"http://{host}/{path}/a-piece" for path in ("index.xml", "below.xml")
        ]
    assert max(in_memory) <= 2


@pytest.mark.usefixtures("new_objects_only")
async def test_an_index_is_freed_from_memory_before_its_sitemaps_are_fetched(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "USUAL_LISTING_BYTES", 20_000)
    in_memory: list[int] = []

    async def large(request: web.Request) -> web.Response:
        in_memory.append(large_bodies())
        below = "".join(f"<sitemap><loc>http://site.example/big{n}.xml</loc></sitemap>" for n in range(3))
        return web.Response(text=f"<urlset>{below}{' ' * 30_000}</urlset>", content_type="application/xml")

    site.pages |= {f"/big{n}.xml": large for n in range(3)}
    for kind in ("sitemap", "feed"):
        await found(site, kind, "http://site.example/big0.xml")
        assert in_memory == [0] * 4, kind  # the first one is requested twice, since it is large
        in_memory.clear()


async def test_a_sitemap_that_is_a_decompression_bomb_is_too_large(site: Site) -> None:
    site.pages["/sitemap.xml.gz"] = gzip.compress(bytes(64 * 1024 * 1024))
    result = await found(site, "sitemap", "http://site.example/sitemap.xml.gz")
    assert [one.outcome for one in result.problems] == ["too_large"]


async def test_robots_txt_leads_to_the_sitemaps_it_names(site: Site) -> None:
    site.pages |= {
        "/robots.txt": "Sitemap: http://site.example/maps/news.xml\n",
        "/maps/news.xml": URLSET.format(url_entry("/a")),
    }
    for location in ("http://site.example/", "http://site.example/robots.txt"):
        assert len((await found(site, "sitemap", location)).items) == 1


SITEMAP = URLSET.format(url_entry("/a", "2026-11-20") + url_entry("/b")).encode()


@settings(deadline=None)
@given(st.integers(0, len(SITEMAP)), st.integers(0, len(SITEMAP)), st.binary(max_size=20))
def test_a_sitemap_damaged_anywhere_is_a_sitemap_or_not(start: int, end: int, junk: bytes) -> None:
    try:
        entries = list(parse_sitemap(SITEMAP[:start] + junk + SITEMAP[end:]))
    except NotASitemapError:
        return
    assert all(entry.link for entry in entries)
