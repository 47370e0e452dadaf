"""Listings from night to night: what a conditional request may hide, and what a slow site leaves for the next night."""

import asyncio
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import NoReturn

import pytest
import pytest_asyncio
from aiohttp import web

from tasks.discover import listing
from tasks.discover.discover import discover
from tasks.discover.listing import Visitor
from tasks.discover.waiting import Waiting
from tasks.fetch.fetcher import Fetcher
from tasks.item import Discovery, Item, Visit
from tasks.sources import Source
from tests.tasks.discover.listings import INDEX, URLSET, child, url_entry
from tests.tasks.loopback import Handler, Site

INDEX_URL = "http://site.example/sitemap.xml"

# The time of a source for its listings, and the longer one for a request, so that the former always ends first.
SECONDS = 600.0
OF_A_REQUEST = {"connect_timeout_s": 6 * SECONDS, "total_timeout_s": 6 * SECONDS}


def with_etag(body: str) -> Handler:
    """Answer with a listing, or with 304 if the request has its ETag."""

    async def answer(request: web.Request) -> web.Response:
        etag = f'"{hash(body)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(text=body, content_type="application/xml", headers={"ETag": etag})

    return answer


class Nights:
    """Nights with one source each, which store its visits as the warehouse does."""

    def __init__(self, site: Site) -> None:
        self.site, self.visits = site, dict[str, Visit]()

    async def night(
        self,
        type_: str = "sitemap",
        location: str = INDEX_URL,
        *,
        seconds: float | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        **options: object,
    ) -> Discovery:
        source = Source.model_validate({"name": "s", "type": type_, "location": location} | options)
        self.site.asked.clear()
        async with Fetcher(self.site.settings(**OF_A_REQUEST)) as fetcher:
            found = await discover(source, fetcher, self.visits, since=since, until=until, seconds=seconds)
        self.visits |= {visit.url: visit for visit in found.visits}
        return found


@pytest.fixture
def nights(site: Site) -> Nights:
    return Nights(site)


class TimeOfASource:
    """The time of a source for its listings. It ends when a test says so, and not earlier on a slow machine.

    At its end, the clocks of the event loop and of the source have gone ahead by all of the time. A request that is
    waited for then is given up, as at the end of a real time.
    """

    def __init__(self, patched: pytest.MonkeyPatch) -> None:
        self._passed = self._passed_in_loop = 0.0
        loop = asyncio.get_running_loop()
        time_of_loop = loop.time
        patched.setattr(loop, "time", lambda: time_of_loop() + self._passed_in_loop)
        patched.setattr(listing, "perf_counter", lambda: perf_counter() + self._passed)

    def begin(self) -> None:
        self._passed = 0.0

    async def end_while_this_is_waited_for(self) -> NoReturn:
        self._passed = SECONDS
        self._passed_in_loop += SECONDS  # the clock of a loop never goes back
        await asyncio.Event().wait()
        raise AssertionError("nothing sets it")


@pytest_asyncio.fixture
async def time_of_a_source(monkeypatch: pytest.MonkeyPatch) -> TimeOfASource:
    return TimeOfASource(monkeypatch)


def names(found: Discovery) -> list[str]:
    return sorted(item.url.rpartition("/")[2] for item in found.items)


def is_empty(found: Discovery) -> bool:
    """Whether no listing was read anew: an entry of one would be an item, or be left out."""
    return (found.items, found.left_out, found.problems) == ((), (), ())


@pytest.mark.parametrize("type_", ["sitemap", "feed"])
async def test_an_index_that_stays_the_same_does_not_hide_what_is_new_in_its_sitemaps(
    site: Site, nights: Nights, type_: str
) -> None:
    site.pages |= {
        "/sitemap.xml": with_etag(INDEX.format(child("/news.xml") + child("/old.xml") + child("/later.xml"))),
        "/news.xml": with_etag(URLSET.format(url_entry("/a"))),
        "/old.xml": with_etag(URLSET.format(url_entry("/o"))),
    }
    first = await nights.night(type_)
    assert names(first) == ["a", "o"]
    assert [problem.url for problem in first.problems] == ["http://site.example/later.xml"]
    site.pages |= {
        "/news.xml": with_etag(URLSET.format(url_entry("/a") + url_entry("/b"))),
        "/later.xml": with_etag(URLSET.format(url_entry("/l"))),
    }
    second = await nights.night(type_)
    assert names(second) == ["a", "b", "l"], "old.xml has not changed"
    assert second.problems == ()


FEED = with_etag(
    "<rss version='2.0'><channel><title>x</title>"
    + "".join(
        f"<item><link>http://site.example/{name}</link><pubDate>{day} 2026 08:00:00 GMT</pubDate></item>"
        for name, day in (("november", "10 Nov"), ("january", "10 Jan"))
    )
    + "</channel></rss>"
)
FEED_URL = "http://site.example/feed"


@pytest.mark.parametrize(
    "period",
    [
        {"since": datetime(2026, 1, 1, tzinfo=UTC), "until": datetime(2026, 2, 1, tzinfo=UTC)},
        {"until": datetime(2026, 2, 1, tzinfo=UTC)},
    ],
    ids=["since and until", "until alone"],
)
async def test_what_a_period_leaves_out_is_found_by_the_next_night_and_a_period_sees_the_whole_listing(
    site: Site, nights: Nights, period: dict[str, datetime]
) -> None:
    site.pages["/feed"] = FEED
    assert names(await nights.night("feed", FEED_URL, **period)) == ["january"]
    assert names(await nights.night("feed", FEED_URL)) == ["january", "november"]
    assert is_empty(await nights.night("feed", FEED_URL))
    assert names(await nights.night("feed", FEED_URL, **period)) == ["january"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"include": ["/januray"]}, {"include": ["/january"]}),
        ({"exclude": ["/january"]}, {}),
        ({"max_items": 1}, {"max_items": 2}),
        ({"since_days": 1}, {"since_days": 36_500}),
    ],
    ids=lambda options: next(iter(options), "nothing"),
)
async def test_when_its_filters_change_a_source_requests_its_listings_completely_once(
    site: Site, nights: Nights, before: dict[str, object], after: dict[str, object]
) -> None:
    site.pages["/feed"] = FEED
    assert "january" not in names(await nights.night("feed", FEED_URL, **before))
    assert is_empty(await nights.night("feed", FEED_URL, **before))
    assert "january" in names(await nights.night("feed", FEED_URL, **after))
    assert is_empty(await nights.night("feed", FEED_URL, **after))


async def test_two_sources_with_other_filters_may_name_one_listing(site: Site, nights: Nights) -> None:
    site.pages["/feed"] = FEED
    assert names(await nights.night("feed", FEED_URL, include=["/january"])) == ["january"]
    assert names(await nights.night("feed", FEED_URL, include=["/november"])) == ["november"]


async def test_a_source_with_another_name_lists_what_its_listing_has(site: Site, nights: Nights) -> None:
    site.pages["/feed"] = FEED
    assert names(await nights.night("feed", FEED_URL, name="ledger")) == ["january", "november"]
    closed = await nights.night("feed", FEED_URL, name="ledger-closed", second_model=False)
    assert names(closed) == ["january", "november"], "so that it is known that this source lists them too"
    assert is_empty(await nights.night("feed", FEED_URL, name="ledger-closed", second_model=False))


async def test_a_slow_site_gives_what_was_read_in_time_and_the_rest_in_the_next_nights(
    site: Site, nights: Nights, time_of_a_source: TimeOfASource
) -> None:
    count = 8
    read_a_night = 3

    def slowly(body: str) -> Handler:
        at_once = with_etag(body)

        async def answer(request: web.Request) -> web.StreamResponse:
            if len([path for path in site.paths() if path != "/sitemap.xml"]) > read_a_night:
                await time_of_a_source.end_while_this_is_waited_for()
            return await at_once(request)

        return answer

    site.pages |= {"/sitemap.xml": INDEX.format("".join(child(f"/{n}.xml") for n in range(count)))} | {
        f"/{n}.xml": slowly(URLSET.format(url_entry(f"/piece-{n}"))) for n in range(count)
    }
    listed: set[str] = set()
    requested = []
    for left in (5, 5, 5):
        time_of_a_source.begin()
        found = await nights.night(seconds=SECONDS)
        listed |= set(names(found))
        requested.append([path for path in site.paths() if path != "/sitemap.xml"][:read_a_night])
        [problem] = found.problems
        assert (problem.url, problem.outcome, problem.stage) == (INDEX_URL, "fetch_failed", "discover")
        assert problem.reason.startswith(f"{left} sitemaps were not read: ")
    assert listed == {f"piece-{n}" for n in range(count)}
    assert requested == [
        ["/0.xml", "/1.xml", "/2.xml"],
        ["/3.xml", "/4.xml", "/5.xml"],
        ["/6.xml", "/7.xml", "/0.xml"],
    ]
    time_of_a_source.begin()
    await nights.night(seconds=SECONDS)
    again = [path for path in site.paths() if path != "/sitemap.xml"][:read_a_night]
    assert again == ["/1.xml", "/2.xml", "/3.xml"], "what was found unchanged counts as read"


async def test_listings_that_are_not_reached_in_time_are_problems_and_the_others_count(
    site: Site, time_of_a_source: TimeOfASource
) -> None:
    async def never(_: web.Request) -> web.Response:
        await time_of_a_source.end_while_this_is_waited_for()

    site.pages |= {"/feed": FEED, "/never": never}
    locations = [FEED_URL, "http://site.example/never", "http://site.example/feed?again=1"]
    for type_ in ("feed", "sitemap"):
        source = Source.model_validate({"name": "s", "type": type_, "location": locations})
        time_of_a_source.begin()
        async with Fetcher(site.settings(**OF_A_REQUEST)) as fetcher:
            found = await discover(source, fetcher, seconds=SECONDS)
        assert names(found) == ["january", "november"]
        assert [problem.url for problem in found.problems] == locations[1:]
        assert all("10 minutes, was over" in problem.reason for problem in found.problems)
        assert [visit.url for visit in found.visits] == [FEED_URL]


async def test_sitemaps_listed_as_unchanged_come_last_and_those_never_read_come_first(site: Site) -> None:
    source = Source(name="s", type="sitemap", locations=(INDEX_URL,))
    now = datetime(2026, 11, 20, 3, tzinfo=UTC)

    def item(name: str, changed: timedelta | None = None) -> Item:
        return Item(name, name, "s", modified_hint=None if changed is None else now - changed)

    def visit(name: str, ago: int) -> Visit:
        return Visit(name, "sitemap", now - timedelta(days=ago), filters_hash=source.filters_hash)

    visits = [visit("listed as old", 9), visit("undated", 2), visit("long ago", 5), visit("that day", 1)]
    async with Fetcher(site.settings()) as fetcher:
        waiting = Waiting(Visitor(source, fetcher, {visit.url: visit for visit in visits}))
        for one in (
            item(
                "that day", timedelta(days=1, hours=3)
            ),  # its time is unknown: it may have changed after the visit
            item("undated"),
            item("listed as old", timedelta(days=90)),
            item("long ago"),
            item("new"),
            item("new and old", timedelta(days=900)),
        ):
            waiting.add(one, 2, set())
        order = [waiting.next().item.url for _ in range(len(waiting))]
    assert order == ["new", "new and old", "long ago", "undated", "that day", "listed as old"]
