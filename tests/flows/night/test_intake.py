"""The intake of a micro-batch, whatever its pages are."""

import gc
import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from prefect import flow

from flows.night import intake
from flows.night.intake import ExtractedBatch, compared, take_in
from flows.night.opening import NightRequest, open_night
from flows.night.work import Batch, Work, at_hand, due_work, rows_of
from tasks.discover.discover import discover
from tasks.fetch import fetcher as fetcher_module
from tasks.fetch.fetcher import Fetcher, fetch_batch
from tasks.item import Item
from tasks.load import arrow_tables, item_rows, outcome_rows, visit_rows
from tasks.outcome import Outcome, OutcomeName
from tasks.page import Page
from tasks.sources import Source
from tasks.urls import article_id
from tests.tasks.loopback import Together, loopback_site
from tests.tasks.pages import html_of, prose
from warehouse import Warehouse

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MIB = 1024 * 1024
PIECES = 12
NONE = {"at_hand": at_hand({})}


def pages_in_memory() -> int:
    """Count the pages in memory that still hold their content."""
    return sum(isinstance(one, Page) and one.body is not None for one in gc.get_objects())


async def packed(request: web.Request) -> web.Response:
    """Answer with a good page that has a mebibyte when it is unpacked."""
    page = html_of(prose(8, seed=int(request.path[1:]))).encode() + b" " * MIB
    return web.Response(
        body=gzip.compress(page), headers={"Content-Encoding": "gzip", "Content-Type": "text/html"}
    )


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
async def test_the_number_of_listings_in_memory_does_not_grow_with_the_number_of_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "SOURCES_AT_A_TIME", 3)
    config = tmp_path / "commentariat.toml"
    feed = "<rss><channel><title>T</title><item><link>http://s0.example/a</link></item></channel></rss>"
    listing = Together(3, feed, "application/rss+xml")

    @flow
    async def discovery() -> dict[str, Item]:
        async with open_night(NightRequest(config=config)) as night:
            return await intake.discover_all(night)

    async with loopback_site() as site:
        site.pages["/feed"] = listing
        hosts = [f"s{n}.example" for n in range(9)]
        config.write_text(
            f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[extract]\nworkers = 1\n'
            "[fetch]\ndelay_s = 0\n[fetch.connect_to]\n"
            + "".join(f'"{host}" = "127.0.0.1:{site.port}"\n' for host in hosts)
            + "".join(
                f'[[sources]]\nname = "{host}"\ntype = "feed"\nlocation = "http://{host}/feed"\n'
                for host in hosts
            )
        )
        listed = await discovery()
        assert sorted(site.paths()) == ["/feed"] * 9
    assert list(listed) == ["http://s0.example/a"]
    assert listing.most == 3


FEED = "<rss><channel><title>T</title>{}</channel></rss>"


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("order", [("open", "closed"), ("closed", "open")])
async def test_every_source_that_lists_an_item_is_known_in_one_night_and_across_nights(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    config = tmp_path / "commentariat.toml"
    listed = {"open": ["a", "b"], "closed": ["a"]}

    async def feed(request: web.Request) -> web.Response:
        names = listed[request.path[1:]]
        items = "".join(f"<item><link>http://site.example/{name}</link></item>" for name in names)
        return web.Response(text=FEED.format(items), content_type="application/rss+xml")

    @flow
    async def discovery() -> tuple[list[str], list[tuple[str, str]]]:
        async with open_night(NightRequest(config=config)) as night:
            await intake.discover_all(night)
            kept = "SELECT url FROM item JOIN kept_home($home) USING (article_id) ORDER BY url"
            home = night.writer.select(kept, {"home": list(night.kept_home)})["url"].to_pylist()
            too = night.writer.select("SELECT url, source FROM also_listed ORDER BY ALL").to_pylist()
            return home, [(row["url"], row["source"]) for row in too]

    async with loopback_site() as site:
        site.pages |= {"/open": feed, "/closed": feed}
        config.write_text(
            f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[extract]\nworkers = 1\n'
            f'[fetch]\ndelay_s = 0\nconnect_to = {{ "site.example" = "127.0.0.1:{site.port}" }}\n'
            + "".join(
                f'[[sources]]\nname = "{name}"\ntype = "feed"\nlocation = "http://site.example/{name}"\n'
                f"second_model = {str(name == 'open').lower()}\n"
                for name in order
            )
        )
        a, b = "http://site.example/a", "http://site.example/b"
        first = (a, order[0])  # the later source brings it
        assert await discovery() == ([a], [first])
        assert await discovery() == ([a], [first])
        listed["closed"] = ["b"]
        assert await discovery() == ([a, b], [first, (b, "closed")])


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
async def test_an_unchanged_listing_hides_nothing_that_a_period_or_earlier_filters_left_out(
    tmp_path: Path,
) -> None:
    config = tmp_path / "commentariat.toml"
    pieces = "".join(
        f"<item><link>http://site.example/{name}</link><pubDate>{day} 2026 08:00:00 GMT</pubDate></item>"
        for name, day in (("november", "10 Nov"), ("january", "10 Jan"), ("essay", "11 Jan"))
    )

    async def feed(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        text = f"<rss><channel><title>T</title>{pieces}</channel></rss>"
        return web.Response(text=text, content_type="application/rss+xml", headers={"ETag": '"1"'})

    @flow
    async def discovery(**period: datetime) -> tuple[list[str], int]:
        async with open_night(NightRequest(config=config, **period)) as night:
            listed = await intake.discover_all(night)
            due = {"run_id": "another", "max_attempts": 3, "recheck_since": LONG_AGO}
            return sorted(url.rpartition("/")[2] for url in listed), night.writer.query(
                "work", due, NONE
            ).num_rows

    async with loopback_site() as site:
        site.pages["/feed"] = feed

        def write_config(exclude: str) -> None:
            config.write_text(
                f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[extract]\nworkers = 1\n'
                f'[fetch]\ndelay_s = 0\nconnect_to = {{ "site.example" = "127.0.0.1:{site.port}" }}\n'
                '[[sources]]\nname = "s"\ntype = "feed"\nlocation = "http://site.example/feed"\n'
                f"exclude = [{exclude}]\n"
            )

        write_config('"/essay"')
        year, month = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
        assert await discovery(since=year, until=month) == (["january"], 1)
        assert await discovery() == (["january", "november"], 2)
        assert await discovery() == ([], 2)
        assert await discovery(until=month) == (["january"], 2)
        write_config("")
        assert await discovery() == (["essay", "january", "november"], 3)
        assert await discovery() == ([], 3)


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
async def test_a_batch_of_large_pages_is_taken_in_in_parts_and_none_of_them_stays_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetcher_module, "MAX_BYTES_IN_HAND", 3 * MIB)
    config = tmp_path / "commentariat.toml"

    @flow
    async def one_batch(batch: Batch) -> tuple[ExtractedBatch, int]:
        async with open_night(NightRequest(config=config)) as night:
            before = pages_in_memory()  # other tests may have some
            gc.disable()  # its rounds may be many batches apart, so pages must be freed without it
            try:
                extracted = await take_in(night, batch)
                return extracted, pages_in_memory() - before
            finally:
                gc.enable()

    async with loopback_site() as site:
        site.pages |= {f"/{n}": packed for n in range(PIECES)}
        config.write_text(
            f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[fetch]\ndelay_s = 0\n'
            f'connect_to = {{ "site.example" = "127.0.0.1:{site.port}" }}\n'
        )
        urls = [f"http://site.example/{n}" for n in range(PIECES)]
        work = tuple(Work(Item(url=url, article_id=article_id(url), source="essays"), None) for url in urls)
        extracted, kept = await one_batch(Batch(1, work))
        assert sorted(site.paths()) == sorted(f"/{n}" for n in range(PIECES)), "no page is asked for twice"
    ended = [article.item_url for article in extracted.articles] + [
        outcome.url for outcome in extracted.outcomes
    ]
    assert sorted(ended) == sorted(urls)
    assert sorted(visit.url for visit in extracted.visits) == sorted(urls)
    assert kept <= 1, "the pool of workers remembers the page it was given last"


def archived(day: str, text: str) -> bytes:
    """Return a page in the form of a web archive's record."""
    content = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>{text}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://site.example/a\r\nWARC-Date: {day}T08:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:12345678-1234-5678-1234-567812345678>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("first", "second", "text", "ended_as", "is_new", "visits"),
    [
        ("2020-05-01", "2021-05-01", "<p>other words", "loaded", True, 1),
        ("2021-05-01", "2020-05-01", "<p>other words", "loaded", False, 0),
        ("2020-05-01", "2020-05-01", "<p>words", "loaded", False, 0),
        ("2020-05-01", "2020-05-01", "<p>words", "extract_failed", True, 0),  # to be tried again
        ("2120-05-01", "2120-05-01", "<p>words", "loaded", False, 1),  # each night's own clock counts
    ],
)
async def test_of_two_archived_visits_the_later_one_counts_whenever_they_were_taken_in(
    tmp_path: Path, first: str, second: str, text: str, ended_as: OutcomeName, is_new: bool, visits: int
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    for number, (day, words) in enumerate([(first, "<p>words"), (second, text)]):
        path = tmp_path / f"{number}.warc"
        path.write_bytes(archived(day, words))
        source = Source(name="crawl", type="warc", locations=(str(path),))
        with warehouse.writing(run_id=f"night-{number}", flow="nightly") as writer:
            async with Fetcher() as fetcher:
                items = (await discover(source, fetcher)).items
                at = datetime.now(UTC)
                if not number:
                    writer.commit("listed", arrow_tables({"item": item_rows(items, at)}, writer.run_id))
                listed = {item.url: item for item in items}
                params = {"run_id": writer.run_id, "max_attempts": 3, "recheck_since": LONG_AGO}
                due = writer.query("work", params, {"at_hand": at_hand(listed)})
                [work] = due_work(rows_of(due), listed, max_bytes=MIB)
                pages, _, _ = await fetch_batch(fetcher, [work.item])
            changed, seen, unchanged = compared(
                pages, {work.item.url: work.previous} if work.previous else {}
            )
            outcomes = [*unchanged, *(ended(page.item, ended_as) for page in changed)]
            rows = {"visit": visit_rows(seen), "outcome": outcome_rows(outcomes, at, {})}
            writer.commit("rest", arrow_tables(rows, writer.run_id))  # refuses the same visit twice
    assert (bool(changed), len(seen)) == (is_new, visits)


def ended(item: Item, name: OutcomeName) -> Outcome:
    return Outcome(url=item.url, source=item.source, outcome=name, reason="So.", stage="load")
