"""Feeds, sitemaps, section pages and lists on the web: the items, the entries left out, and the problems."""

import asyncio
import gc
import gzip
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.dates import parse_listed_time
from tasks.discover import feed_parsing, feeds, listing, sitemap_parsing, sitemaps
from tasks.discover.discover import Discovery, discover
from tasks.discover.feed_parsing import NotAFeedError, parse_feed
from tasks.discover.link_parsing import MAX_LINKS
from tasks.discover.listing import Visitor
from tasks.discover.sitemap_parsing import NotASitemapError, parse_sitemap
from tasks.discover.sitemaps import discover_sitemap
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers
from tasks.fetch.fetcher import Fetcher
from tasks.item import Item
from tasks.page import Page
from tasks.sources import Source
from tests.tasks.loopback import Site

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The Ledger</title><language>en-us</language>
<item><title>Keep the &amp;lt;b&amp;gt;ferries&amp;lt;/b&amp;gt; &amp; the bridge</title>
<link>/opinion/ferries?utm_source=rss</link>
<dc:creator>Ada Byrne</dc:creator><pubDate>Mon, 23 Nov 2026 10:00:00 +0100</pubDate></item>
<item><title>Older</title><link>http://site.example/opinion/older</link>
<pubDate>Thu, 01 Oct 2026 08:00:00 GMT</pubDate></item>
<item><title>Nowhere</title></item>
<item><title>Inwards</title><link>file:///etc/passwd</link></item>
<item><title>Again</title><link>http://site.example/opinion/older#comments</link></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>x</title>
<entry><title type="html">A &lt;em&gt;piece&lt;/em&gt;</title><id>tag:a</id>
<link rel="alternate" href="http://site.example/a"/><link rel="self" href="http://site.example/a.atom"/>
<author><name>Jo Lee</name></author>
<published>2026-11-20T08:00:00Z</published><updated>2026-11-21T08:00:00Z</updated></entry></feed>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "x",
        "items": [
            {
                "id": "1",
                "url": "http://site.example/j",
                "title": "J",
                "content_text": "...",
                "date_published": "2026-11-20T08:00:00+02:00",
                "authors": [{"name": "Max Ode"}],
            }
        ],
    }
)

URLSET = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = (
    '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
)


def url_entry(path: str, lastmod: str = "") -> str:
    date = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>http://site.example{path}</loc>{date}</url>"


def child(path: str, lastmod: str = "") -> str:
    return url_entry(path, lastmod).replace("url>", "sitemap>")


async def found(site: Site, type_: str, location: str | list[str], **options: object) -> Discovery:
    window = {name: options.pop(name) for name in ("since", "until", "previous") if name in options}
    source = Source.model_validate({"name": "s", "type": type_, "location": location} | options)
    async with Fetcher(site.settings("site.example", "other.example")) as fetcher:
        return await discover(source, fetcher, **window)


async def test_a_feed_gives_its_entries_and_reports_those_left_out(site: Site) -> None:
    site.pages["/feed"] = RSS
    result = await found(site, "feed", "http://site.example/feed", outlet="The Ledger", kind="opinion")
    first, second = result.items
    assert first.url == "http://site.example/opinion/ferries"
    assert first.title_hint == "Keep the ferries & the bridge"
    assert first.authors_hint == ("Ada Byrne",)
    assert first.published_hint == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert (first.outlet, first.kind_hint, first.language_hint) == ("The Ledger", "opinion", "en-us")
    assert second.url == "http://site.example/opinion/older"
    assert [one.reason for one in result.left_out] == ["entry 3 of the feed has no link"]
    assert [(one.url, one.outcome) for one in result.problems] == [("file:///etc/passwd", "refused")]
    assert [(one.url, one.resource) for one in result.visits] == [("http://site.example/feed", "feed")]


@pytest.mark.parametrize(
    ("body", "url", "title", "authors", "day"),
    [
        (ATOM, "http://site.example/a", "A piece", ("Jo Lee",), 20),
        (JSON_FEED, "http://site.example/j", "J", ("Max Ode",), 20),
    ],
)
def test_atom_and_json_feeds_are_read(
    body: str, url: str, title: str, authors: tuple[str, ...], day: int
) -> None:
    [entry], _ = parse_feed(body.encode())
    assert (entry.link, entry.title, entry.authors) == (url, title, authors)
    assert entry.published is not None
    assert (entry.published.day, entry.published.tzinfo) == (day, UTC)


HALVES = [
    pytest.param(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [
                    {
                        "url": "http://site.example/\ud83d",
                        "title": "Half \ud83d, whole \U0001f30a, \\ud83d",
                        "authors": [{"name": "Max\udc00 Ode"}],
                    },
                    {"url": "http://site.example/b", "title": "B"},
                ],
            }
        ),
        "Half \ufffd, whole \U0001f30a, \\ud83d",
        id="json",
    ),
    pytest.param(
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>x</title>"
        "<item><title>Half &#xD83D;</title><link>http://site.example/&#55357;</link>"
        "<dc:creator>Max&#xdc00; Ode</dc:creator></item>"
        "<item><title>B</title><link>http://site.example/b</link></item></channel></rss>",
        "Half \ufffd",
        id="rss",
    ),
    pytest.param(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry><title>Half &#xD83D;</title>"
        "<link href='http://site.example/&#55357;'/><author><name>Max&#xdc00; Ode</name></author></entry>"
        "<entry><title>B</title><link href='http://site.example/b'/></entry></feed>",
        "Half \ufffd",
        id="atom",
    ),
    pytest.param(  # without its namespace, only the tolerant parser reads it
        "<feed><title>x</title><entry><title>Half &#xD83D;</title>"
        "<link href='http://site.example/&#55357;'/><author><name>Max&#xdc00; Ode</name></author></entry>"
        "<entry><title>B</title><link href='http://site.example/b'/></entry></feed>",
        "Half \ufffd",
        id="atom without namespace",
    ),
]


@pytest.mark.parametrize(("body", "title"), HALVES)
async def test_half_of_a_surrogate_pair_costs_a_feed_no_entry_and_an_entry_only_that_character(
    site: Site, body: str, title: str
) -> None:
    site.pages["/feed"] = body
    result = await found(site, "feed", "http://site.example/feed")
    half, other = result.items
    assert (half.url, half.title_hint) == ("http://site.example/%EF%BF%BD", title)
    assert half.authors_hint == ("Max\ufffd Ode",)
    assert (other.url, other.title_hint) == ("http://site.example/b", "B")
    assert (result.left_out, result.problems) == ((), ())


def test_a_json_feed_may_begin_with_a_byte_order_mark_and_contain_bytes_that_are_not_utf_8() -> None:
    body = JSON_FEED.replace('"J"', '"Caf~"').encode().replace(b"~", b"\xe9")
    entries, _ = parse_feed(b"\xef\xbb\xbf" + body)
    assert [entry.title for entry in entries] == ["Caf\ufffd"]


def test_a_damaged_feed_is_read_as_far_as_possible() -> None:
    entity = RSS.replace("Older", "Caf&eacute; &nbsp; life")
    assert "Caf" in (parse_feed(entity.encode())[0][1].title or "")
    cut = RSS[: RSS.index("<item><title>Nowhere")]
    assert len(parse_feed(cut.encode())[0]) == 2
    latin = RSS.replace("utf-8", "iso-8859-1").replace("Older", "Caf\xe9")
    assert parse_feed(latin.encode("latin-1"))[0][1].title == "Caf\xe9"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html><body>Not found", "it is a page of HTML"),
        (
            '<html><head><link rel="alternate" type="application/rss+xml" href="/real-feed">',
            "names the feed /real-feed",
        ),
        ("no feed at all", "is not an RSS, Atom or JSON feed"),
        ('{"items": 5}', "is not an RSS, Atom or JSON feed"),
    ],
)
async def test_an_answer_that_is_no_feed_is_one_problem_with_one_reason(
    site: Site, body: str, reason: str
) -> None:
    site.pages["/feed"] = body
    result = await found(site, "feed", "http://site.example/feed")
    assert (result.items, result.visits) == ((), ())
    [problem] = result.problems
    assert (problem.outcome, problem.stage) == ("extract_failed", "discover")
    assert reason in problem.reason


async def test_one_broken_listing_does_not_stop_the_others(site: Site) -> None:
    site.pages |= {"/good": RSS}
    locations = [f"http://site.example/{name}" for name in ("missing", "good")] + ["http://127.0.0.1/feed"]
    result = await found(site, "feed", locations)
    assert len(result.items) == 2
    assert {(one.url, one.outcome) for one in result.problems} >= {
        ("http://site.example/missing", "fetch_failed"),
        ("http://127.0.0.1/feed", "refused"),
    }


@pytest.mark.timeout(200)
async def test_a_feed_that_makes_its_parser_slow_fails_alone_and_delays_no_other(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SECONDS_TO_PARSE", 5.0)
    author = "a" * 300_000  # the second parser would search it for a mail address for minutes
    site.pages |= {
        "/good": RSS,
        "/stalls": f'<rss version="2.0"><channel><author>{author}</author></channel></rss>',
    }
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.process_time()  # not the clock on the wall: other work on the machine is not ours
            await asyncio.sleep(0.001)
            longest = max(longest, time.process_time() - began)

    source = Source(
        name="s", type="feed", locations=("http://site.example/good", "http://site.example/stalls")
    )
    with Workers(ExtractSettings(workers=1)) as workers:
        await asyncio.to_thread(
            workers.call, parse_feed, RSS.encode(), seconds=120
        )  # its start must not count as a feed's time
        async with Fetcher(site.settings()) as fetcher:
            watcher = asyncio.create_task(watch())
            result = await discover(source, fetcher, workers=workers)
            watcher.cancel()
    assert len(result.items) == 2
    assert [one.url for one in result.problems if one.outcome == "extract_failed"] == [
        "http://site.example/stalls"
    ]
    assert "took longer than 5 s" in result.problems[-1].reason
    assert longest < 0.25


async def test_entries_of_a_feed_beyond_the_limit_are_reported_as_not_read(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (feeds, feed_parsing):
        monkeypatch.setattr(module, "MAX_ENTRIES", 5)
    entries = "".join(f"<item><link>http://site.example/{n}</link></item>" for n in range(8))
    site.pages["/feed"] = f'<rss version="2.0"><channel><title>x</title>{entries}</channel></rss>'
    result = await found(site, "feed", "http://site.example/feed")
    assert len(result.items) == 5
    assert "more than 5 entries" in result.left_out[0].reason


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


def large_bodies() -> int:
    """Count the listings in memory that are larger than usual."""
    listings = (one for one in gc.get_objects() if isinstance(one, Page) and "big" in one.item.url)
    return sum(len(one.body or b"") > listing.USUAL_LISTING_BYTES for one in listings)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_of_large_listings_two_are_in_memory_at_a_time_however_many_sources_there_are(
    site: Site, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(listing, "USUAL_LISTING_BYTES", 20_000)
    hosts = [f"big-{n}.example" for n in range(5)]
    in_memory: list[int] = []
    waiting = 0
    most_waiting = 0

    async def large(request: web.Request) -> web.Response:
        nonlocal waiting, most_waiting
        in_memory.append(large_bodies())
        waiting += 1
        most_waiting = max(most_waiting, waiting)
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
    assert most_waiting > 2, "listings are asked for together until they are known to be large"


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


async def test_a_feed_configured_as_a_sitemap_is_read_as_a_feed_and_the_reverse(site: Site) -> None:
    site.pages |= {"/feed": URLSET.format(url_entry("/a")), "/sitemap.xml": RSS}
    assert len((await found(site, "feed", "http://site.example/feed")).items) == 1
    assert len((await found(site, "sitemap", "http://site.example/sitemap.xml")).items) == 2


async def test_a_section_page_brings_the_links_that_look_like_articles(site: Site) -> None:
    site.pages["/opinion"] = """<html><head><base href="http://site.example/base/"></head><body>
      <a href="/opinion/why-the-ferries-matter-now"><img></a><a href="/opinion/why-the-ferries-matter-now">Why the
      ferries matter</a> <a href="2026/11/20/short">Short</a> <a href="/about">About</a> <a href="mailto:a@b.c">Mail</a>
      <a href="#top">Top</a> <a href="http://other.example/a-b-c-d-e">Elsewhere</a> <a href="javascript:x()">x</a>
      <a href="/opinion">here</a></body></html>"""
    result = await found(site, "section", "http://site.example/opinion")
    assert [(item.url, item.title_hint) for item in result.items] == [
        ("http://site.example/opinion/why-the-ferries-matter-now", "Why the ferries matter"),
        ("http://site.example/base/2026/11/20/short", "Short"),
    ]
    assert {one.url: one.reason for one in result.left_out} == {
        "http://site.example/about": "does not look like an article; an include pattern takes it in",
        "http://other.example/a-b-c-d-e": "leads to another site",
    }


async def test_the_patterns_of_a_section_replace_the_usual_choice_of_links(site: Site) -> None:
    site.pages["/"] = (
        '<a href="/about">About</a><a href="/essays/x">X</a><a href="http://other.example/essays/y">Y</a>'
    )
    result = await found(site, "section", "http://site.example/", include=["/essays/"])
    assert [item.url for item in result.items] == [
        "http://site.example/essays/x",
        "http://other.example/essays/y",
    ]
    assert "include patterns" in result.left_out[0].reason


async def test_a_section_page_with_too_many_links_says_that_the_rest_is_not_read(site: Site) -> None:
    site.pages["/"] = "".join(f'<a href="/2026/11/20/{n}">{n}</a>' for n in range(MAX_LINKS + 2))
    result = await found(site, "section", "http://site.example/")
    assert len(result.items) == MAX_LINKS
    assert [one.reason for one in result.left_out] == ["has more than 5,000 links; the rest is not read"]


async def test_a_section_page_without_links_says_so(site: Site) -> None:
    site.pages["/"] = "<html><div id=app></div><script src=x.js></script>"
    result = await found(site, "section", "http://site.example/")
    assert "script" in result.problems[0].reason


async def test_a_list_of_addresses_is_read_and_a_text_page_is_a_page(site: Site) -> None:
    site.pages |= {
        "/list.txt": "# to read\nhttp://site.example/a\n\nhttp://site.example/b?utm_source=x\nhttp://site.example/b\nftp://x\n",
        "/essay.txt": "An essay.\nhttp://site.example/ is mentioned.",
    }
    listed = await found(site, "urls", "http://site.example/list.txt")
    assert [item.url for item in listed.items] == ["http://site.example/a", "http://site.example/b"]
    assert [one.outcome for one in listed.problems] == ["refused"]
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
    assert (first.unchanged, len(first.items)) == (False, 2)
    assert (second.unchanged, second.items, second.problems) == (True, (), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T10:00:00+02:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T10:00:00Z", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("20261120T100000+0200", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 10:00:00 CET", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 10:00:00 EST", datetime(2026, 11, 20, 15, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31", None),
        ("2099-01-01", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_as_utc_and_placeholders_are_none(text: str | None, expected: datetime | None) -> None:
    assert parse_listed_time(text) == expected


@settings(deadline=None)
@given(st.text(max_size=70))
def test_any_text_is_a_date_or_none(text: str) -> None:
    when = parse_listed_time(text)
    assert when is None or when.tzinfo is UTC


def is_a_link_or_none(link: object) -> bool:
    return link is None or (isinstance(link, str) and link != "" and link == link.strip())


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_a_feed_or_not(body: bytes) -> None:
    try:
        entries, _ = parse_feed(body)
    except NotAFeedError:
        return
    assert all(is_a_link_or_none(entry.link) for entry in entries)


@settings(deadline=None)
@given(st.integers(0, len(RSS)), st.integers(0, len(RSS)), st.binary(max_size=20))
def test_a_feed_damaged_anywhere_is_a_feed_or_not(start: int, end: int, junk: bytes) -> None:
    body = RSS.encode()
    try:
        entries, _ = parse_feed(body[:start] + junk + body[end:])
    except NotAFeedError:
        return
    assert all(is_a_link_or_none(entry.link) for entry in entries)


SITEMAP = URLSET.format(url_entry("/a", "2026-11-20") + url_entry("/b")).encode()


@settings(deadline=None)
@given(st.integers(0, len(SITEMAP)), st.integers(0, len(SITEMAP)), st.binary(max_size=20))
def test_a_sitemap_damaged_anywhere_is_a_sitemap_or_not(start: int, end: int, junk: bytes) -> None:
    try:
        entries = list(parse_sitemap(SITEMAP[:start] + junk + SITEMAP[end:]))
    except NotASitemapError:
        return
    assert all(entry.link for entry in entries)
