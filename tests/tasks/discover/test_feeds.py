"""Feeds: the items, the entries left out, and the problems; any bytes are a feed or not."""

import asyncio
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.addresses import urls
from tasks.discover import feed_parsing, feeds, listing
from tasks.discover.discover import discover
from tasks.discover.feed_parsing import NotAFeedError, parse_feed
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers
from tasks.fetch.fetcher import Fetcher
from tasks.sources import Source
from tests.tasks.discover.any_feeds import any_feeds
from tests.tasks.discover.listings import RSS, found
from tests.tasks.loopback import Site

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


async def test_a_very_long_link_is_refused_and_only_its_beginning_is_searched(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[int] = []

    def without_credentials(address: str) -> str:
        searched.append(len(address))
        return address

    for module in (urls, listing):
        monkeypatch.setattr(module, "without_credentials", without_credentials)
    link = f"http://a:{'1' * 20_000}x{'/@' * 20_000}"
    site.pages["/feed"] = RSS.replace("file:///etc/passwd", link)
    result = await found(site, "feed", "http://site.example/feed")
    assert [(problem.url, problem.outcome) for problem in result.problems] == [(link[:500], "refused")]
    assert max(searched) == urls.MAX_URL_LENGTH


async def test_the_first_day_of_a_clock_is_no_date_and_so_passes_the_filter_of_days(site: Site) -> None:
    site.pages["/feed"] = RSS.replace("Thu, 01 Oct 2026 08:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT")
    result = await found(site, "feed", "http://site.example/feed", since_days=3_650)
    hints = {item.url: item.published_hint for item in result.items}
    assert hints["http://site.example/opinion/older"] is None
    dated = hints["http://site.example/opinion/ferries"]
    assert dated == datetime(2026, 11, 23, 9, tzinfo=UTC), "a date of an article is kept"


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/11/2026 09:00", None),
        ("3-11-2026", None),
        ("November 2026", None),
        ("2026-11", None),
        ("10:30", None),
        ("Tuesday", None),
        ("2026-11-12", datetime(2026, 11, 12, tzinfo=UTC)),
        ("Thu, 12 Nov 2026 23:30:00 ET", datetime(2026, 11, 13, 4, 30, tzinfo=UTC)),
        ("Thu, 12 Nov 2026 10:00:00 NZDT", datetime(2026, 11, 11, 21, tzinfo=UTC)),
    ],
)
def test_of_the_date_of_an_entry_nothing_is_guessed(text: str, expected: datetime | None) -> None:
    entries, _ = parse_feed(RSS.replace("Mon, 23 Nov 2026 10:00:00 +0100", text).encode())
    assert entries[0].published == expected
    assert entries[1].published == datetime(2026, 10, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("number", ["1912", "260913", "1793686500"])
def test_the_number_of_an_entry_is_no_date(number: str) -> None:
    guid = f'<guid isPermaLink="false">{number}</guid>'
    entries, _ = parse_feed(RSS.replace("<pubDate>Thu, 01 Oct 2026 08:00:00 GMT</pubDate>", guid).encode())
    assert (entries[1].published, entries[1].modified) == (None, None)


def test_the_time_of_the_last_change_is_not_that_of_publication() -> None:
    changed = datetime(2026, 11, 21, 8, tzinfo=UTC)
    [entry], _ = parse_feed(ATOM.replace("<published>2026-11-20T08:00:00Z</published>", "").encode())
    assert (entry.published, entry.modified) == (None, changed)
    [entry], _ = parse_feed(ATOM.replace("2026-11-20T", "2026-11-21T").encode())
    assert (entry.published, entry.modified) == (changed, changed)


PODCAST = "<itunes:author xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>The Show</itunes:author>"


@pytest.mark.parametrize(
    "body",
    [
        RSS.replace("</dc:creator>", "</dc:creator><dc:creator>Bo Chen</dc:creator>"),
        RSS.replace("</dc:creator>", f"</dc:creator><dc:creator>Bo Chen</dc:creator>{PODCAST}"),
        ATOM.replace("Jo Lee</name>", "Ada Byrne</name></author><author><name>Bo Chen</name>"),
        JSON_FEED.replace('{"name": "Max Ode"}', '{"name": "Ada Byrne"}, {"name": "Bo Chen"}'),
    ],
    ids=["rss", "podcast", "atom", "json"],
)
def test_all_authors_of_an_entry_are_kept(body: str) -> None:
    assert parse_feed(body.encode())[0][0].authors == ("Ada Byrne", "Bo Chen")


CREATOR = "<dc:creator>Ada Byrne</dc:creator>"


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        (f"{PODCAST}{CREATOR}", ("Ada Byrne",)),
        (f"<author>desk@ledger.example</author>{CREATOR}", ("Ada Byrne",)),
        (f"<author>desk@ledger.example (Desk)</author>{CREATOR}", ("Ada Byrne",)),
        ("<x:creator>Ada Byrne</x:creator>", ("Ada Byrne",)),
        ("<dc:creator>Ren&eacute; Roy</dc:creator>", ("Ren\xe9 Roy",)),
        ("<author>desk@ledger.example (Ada Byrne)</author>", ("desk@ledger.example (Ada Byrne)",)),
        ("<author><name>Ada Byrne</name></author>", ("Ada Byrne",)),
        ("<author>desk@ledger.example</author>", ()),
        (PODCAST, ()),
    ],
)
def test_the_author_of_an_entry_is_a_person_and_not_the_desk_or_the_podcast(
    stated: str, authors: tuple[str, ...]
) -> None:
    assert parse_feed(RSS.replace(CREATOR, stated).encode())[0][0].authors == authors


ATOM_LINK = "<link xmlns='http://www.w3.org/2005/Atom' rel='{}' href='http://site.example/{}'/>"


@pytest.mark.parametrize(
    ("links", "address"),
    [
        ("<link rel='self' href='/a.atom'/><link href='/a'/>", "/a"),
        ("<link rel='replies' href='/a.atom'/><link rel='alternate' href='/a'/>", "/a"),
        (
            "<link rel='alternate' type='application/json' href='/a.json'/><link type='text/html' href='/a'/>",
            "/a",
        ),
        ("<link rel='self' href='/a'/>", "/a"),
    ],
)
def test_the_link_of_an_atom_entry_is_that_of_the_article(links: str, address: str) -> None:
    start, end = ATOM.index("<link"), ATOM.index("<author")
    [entry], _ = parse_feed((ATOM[:start] + links + ATOM[end:]).encode())
    assert entry.link == address


def test_the_link_of_an_item_is_kept_below_one_of_atom_to_the_item_itself() -> None:
    link = "<link>http://site.example/opinion/older</link>"
    assert link in RSS
    own = ATOM_LINK.format("self", "x.atom")
    for beside in (own, own.replace("rel='self' ", "")):
        feed = RSS.replace(link, beside + link)
        assert parse_feed(feed.encode())[0][1].link == "http://site.example/opinion/older", beside


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("jo@ledger.media (Jo Lee)", ("jo@ledger.media (Jo Lee)",)),
        ("jo@ledger.media", ("jo@ledger.media",)),
        ("jo@ledger.com (Jo Lee)", ("Jo Lee", "jo@ledger.com (Jo Lee)")),
    ],
)
def test_no_part_of_a_mail_address_is_an_author_of_a_damaged_feed(
    author: str, expected: tuple[str, ...]
) -> None:
    damaged = RSS.replace("<dc:creator>Ada Byrne</dc:creator>", f"<author>{author}</author></p>")
    assert parse_feed(damaged.encode())[0][0].authors == expected


def test_a_value_of_another_type_costs_a_json_feed_no_entry() -> None:
    feed = json.loads(JSON_FEED)
    [item] = feed["items"]
    odd = [
        {"author": "Max Ode", "authors": None},
        {"authors": ["Max Ode"]},
        {"authors": {"name": "Max Ode"}},
        {"date_published": 1793686500},
        {"title": 5},
    ]
    feed["items"] = [item, *(item | one for one in odd), 5]
    entries, _ = parse_feed(json.dumps(feed).encode())
    assert [entry.link for entry in entries] == ["http://site.example/j"] * 6 + [None]
    assert [entry.authors for entry in entries] == [
        ("Max Ode",),
        ("Max Ode",),
        ("Max Ode",),
        (),
        ("Max Ode",),
        ("Max Ode",),
        (),
    ]
    assert [entry.published is None for entry in entries] == [False] * 4 + [True, False, True]


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
    assert parse_feed(entity.encode())[0][1].title == "Caf\xe9 life"
    cut = RSS[: RSS.index("<item><title>Nowhere")]
    assert len(parse_feed(cut.encode())[0]) == 2
    latin = RSS.replace("utf-8", "iso-8859-1").replace("Older", "Caf\xe9")
    assert parse_feed(latin.encode("latin-1"))[0][1].title == "Caf\xe9"


@pytest.mark.parametrize(
    ("base", "of_entry", "meant"),
    [
        ("", "", "http://site.example/feeds/a"),
        ("/blog/", "", "http://site.example/blog/a"),
        ("http://other.example/blog/", "", "http://other.example/blog/a"),
        ("http://other.example/blog/", "/views/", "http://other.example/views/a"),
        ("http://[", "", "http://site.example/feeds/a"),
    ],
)
async def test_a_relative_address_begins_at_the_base_that_its_feed_states(
    site: Site, base: str, of_entry: str, meant: str
) -> None:
    links = '<link rel="alternate" href="a"/>', "<link>a</link>"
    for link, kind in zip(links, (("feed", "entry"), ("rss", "item")), strict=True):
        root, entry = kind
        space = ' xmlns="http://www.w3.org/2005/Atom"' if root == "feed" else ""
        of_root, of_one = (f' xml:base="{at}"' if at else "" for at in (base, of_entry))
        site.pages["/feeds/feed"] = (
            f"<{root}{space}{of_root}><title>x</title><{entry}{of_one}><title>A</title>{link}</{entry}></{root}>"
        )
        result = await found(site, "feed", "http://site.example/feeds/feed")
        assert [item.url for item in result.items] == [meant]


@pytest.mark.parametrize("damage", ["", "Q&A", "caf&eacute;", "a &unheard; word", "\x0b"])
@pytest.mark.parametrize(
    ("written", "meant"),
    [("?id=4&page=2&copy=1", "?copy=1&id=4&page=2"), ("?id=4&amp;page=2", "?id=4&page=2")],
)
async def test_ampersands_in_addresses_are_kept_whatever_else_is_wrong_with_a_feed(
    site: Site, damage: str, written: str, meant: str
) -> None:
    entry = "<{0}><title>Two</title>{1}</{0}>".format
    rss = "".join(
        entry("item", f"<link>http://site.example/{name}{written}</link>{damage}") for name in ("a", "b")
    )
    atom = "".join(
        entry("entry", f'<link href="http://site.example/{name}{written}"/>{damage}') for name in ("a", "b")
    )
    site.pages |= {
        "/rss": f'<rss version="2.0"><channel><title>{damage}</title>{rss}</channel></rss>',
        "/atom": f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{damage}</title>{atom}</feed>',
    }
    for place in ("rss", "atom"):
        result = await found(site, "feed", f"http://site.example/{place}")
        assert [item.url for item in result.items] == [
            f"http://site.example/{name}{meant}" for name in ("a", "b")
        ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Q&A on R&D", "Q&A on R&D"),
        ("<![CDATA[Q&A &amp; more]]>", "Q&A & more"),
        ("Caf&eacute;&nbsp;life&hellip; today", "Caf\xe9 life\u2026 today"),
        ("&#8220;No&#x201d; &lt;i&gt;now&lt;/i&gt;", "\u201cNo\u201d now"),
        ("It&amp;#8217;s over<!-- Q&A -->", "It\u2019s over"),
    ],
)
def test_titles_are_whole_whatever_references_they_have(written: str, meant: str) -> None:
    body = RSS.replace("Older", written)
    assert parse_feed(body.encode())[0][1].title == meant


@pytest.mark.parametrize("encoding", ["utf-16", "iso-2022-jp"])
def test_a_feed_in_an_encoding_of_wide_characters_is_read(encoding: str) -> None:
    body = RSS.replace("Older", "\u4e26\u3046 &amp; sea").replace(
        "utf-8", encoding
    )  # bytes of both are those of ampersands
    assert parse_feed(body.encode(encoding))[0][1].title == "\u4e26\u3046 & sea"


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


@pytest.mark.timeout(200)
async def test_a_feed_that_makes_its_parser_slow_fails_alone_and_delays_no_other(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SECONDS_TO_PARSE", 2.0)
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
    assert "took longer than 2 s" in result.problems[-1].reason
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


def is_a_link_or_none(link: object) -> bool:
    return link is None or (isinstance(link, str) and link != "" and link == link.strip())


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode) | any_feeds)
def test_any_bytes_are_a_feed_or_not(body: bytes) -> None:
    try:
        entries, _ = parse_feed(body)
    except NotAFeedError:
        return
    for entry in entries:
        assert is_a_link_or_none(entry.link)
        assert entry.title is None or entry.title.strip()
        assert all(author.strip() for author in entry.authors)
        assert all(when is None or when.tzinfo is UTC for when in (entry.published, entry.modified))


@settings(deadline=None)
@given(
    st.sampled_from([RSS, ATOM, JSON_FEED]),
    st.integers(0, len(RSS)),
    st.integers(0, len(RSS)),
    st.binary(max_size=20),
)
def test_a_feed_damaged_anywhere_is_a_feed_or_not(feed: str, start: int, end: int, junk: bytes) -> None:
    body = feed.encode()
    try:
        entries, _ = parse_feed(body[:start] + junk + body[end:])
    except NotAFeedError:
        return
    assert all(is_a_link_or_none(entry.link) for entry in entries)
