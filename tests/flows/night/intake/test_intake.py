"""The intake of a micro-batch, whatever its pages are."""

import gc
import gzip
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from prefect import flow

from flows.night.intake.batching import Batch, Work
from flows.night.intake.discovery import discover_all
from flows.night.intake.intake import ExtractedBatch, fetch_and_extract, taken_in
from flows.night.intake.work import at_hand, due_batches, due_work
from flows.night.opening import NightRequest, open_night
from flows.night.portions import rows_in
from tasks.addresses.urls import article_id
from tasks.article import Article
from tasks.discover.discover import discover
from tasks.fetch import fetcher as fetcher_module
from tasks.fetch.batch import fetch_batch
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.unchanged import without_unchanged
from tasks.item import Item
from tasks.load import arrow_tables, item_rows, outcome_rows, visit_rows
from tasks.outcome import Outcome, OutcomeName
from tasks.page import Page
from tasks.sources import Source
from tests.tasks.loopback import loopback_site
from tests.tasks.pages import html_of, prose
from warehouse import Warehouse

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MIB = 1024 * 1024
PIECES = 12


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
async def test_a_batch_of_large_pages_is_taken_in_in_parts_and_none_of_them_stays_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetcher_module, "MAX_BYTES_IN_MEMORY", 3 * MIB)
    config = tmp_path / "commentariat.toml"

    @flow
    async def one_batch(batch: Batch) -> tuple[ExtractedBatch, int]:
        async with open_night(NightRequest(config=config)) as night:
            before = pages_in_memory()  # other tests may have some
            gc.disable()  # its rounds may be many batches apart, so pages must be freed without it
            try:
                extracted = await fetch_and_extract(night, batch)
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


def long_page(number: int) -> str:
    """Return a page whose text has about 100 kB."""
    return html_of(prose(280, seed=number))


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
async def test_long_texts_of_all_batches_together_keep_the_limit_and_what_is_left_comes_in_later_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetcher_module, "MAX_BYTES_IN_MEMORY", MIB // 2)
    config = tmp_path / "commentariat.toml"

    @flow
    async def three_batches(batches: list[Batch]) -> tuple[list[str], list[str], int, int]:
        names, ended, most = [], [], 0
        async with open_night(NightRequest(config=config)) as night:
            async with aclosing(taken_in(night, batches, in_flight=3)) as results:
                async for extracted in results:
                    names.append(extracted.batch.name)
                    ended += [article.item_url for article in extracted.articles]
                    ended += [outcome.url for outcome in extracted.outcomes]
                    assert len(extracted.articles) + len(extracted.outcomes) == len(extracted.batch.work)
                    most = max(most, night.fetcher.memory.kept)
            return names, ended, most, night.fetcher.memory.held

    async with loopback_site() as site:
        site.pages |= {f"/{number}": long_page(number) for number in range(18)}
        config.write_text(
            f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[extract]\nworkers = 2\n[fetch]\ndelay_s = 0\n'
            f'connect_to = {{ "site.example" = "127.0.0.1:{site.port}" }}\n'
        )
        urls = [f"http://site.example/{number}" for number in range(18)]
        work = [Work(Item(url=url, article_id=article_id(url), source="essays"), None) for url in urls]
        names, ended, most, held = await three_batches(
            [Batch(number + 1, tuple(work[number::3])) for number in range(3)]
        )
        assert sorted(site.paths()) == sorted(f"/{number}" for number in range(18)), (
            "nothing is asked for twice"
        )
    assert sorted(ended) == sorted(urls)
    assert names[:3] == ["batch 0001", "batch 0002", "batch 0003"]
    assert len(set(names)) == len(names) > 3
    # All texts have 1.8 MB. The limit may be exceeded by the two requests that are under way, and by the one page that
    # each of the two other micro-batches may still request if it has none yet.
    assert 0 < most < MIB // 2 + (2 + 2) * 130_000
    assert held == 0


ENTRY = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Gull</title><entry>
<title>The harbour is not for sale</title><link href="http://site.example/a"/><author><name>Jane Doe</name></author>
<published>2026-11-20T08:00:00Z</published><updated>2026-11-21T09:30:00Z</updated></entry></feed>"""


async def feed(request: web.Request) -> web.Response:
    """Answer with a feed that has not changed since it was first requested."""
    if "If-None-Match" in request.headers:
        return web.Response(status=304)
    return web.Response(text=ENTRY, content_type="application/atom+xml", headers={"ETag": '"1"'})


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("stated", "value"),
    [("authors", ("Jane Doe",)), ("modified_at", datetime(2026, 11, 21, 9, 30, tzinfo=UTC))],
)
async def test_what_only_the_listing_of_an_earlier_night_states_is_kept(
    tmp_path: Path, stated: str, value: object
) -> None:
    config = tmp_path / "commentariat.toml"

    @flow
    async def one_night(*, is_cut_short: bool) -> tuple[int, list[Article]]:
        async with open_night(NightRequest(config=config)) as night:
            listed = await discover_all(night)
            if is_cut_short:
                return len(listed), []
            _, batches = await due_batches(night, listed)
            extracted = [await fetch_and_extract(night, batch) for batch in batches]
            return len(listed), [article for batch in extracted for article in batch.articles]

    async with loopback_site() as site:
        site.pages |= {"/feed": feed, "/a": html_of(prose())}
        config.write_text(
            f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[extract]\nworkers = 1\n'
            f'[fetch]\ndelay_s = 0\nconnect_to = {{ "site.example" = "127.0.0.1:{site.port}" }}\n'
            '[[sources]]\nname = "gull"\ntype = "feed"\nlocation = "http://site.example/feed"\n'
        )
        assert await one_night(is_cut_short=True) == (1, [])
        listed_again, (article,) = await one_night(is_cut_short=False)
    assert listed_again == 0
    assert getattr(article, stated) == value


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
                due = writer.query_file("work", params, {"at_hand": at_hand(listed)})
                [work] = due_work(rows_in(due), listed, max_bytes=MIB)
                pages, _, _ = await fetch_batch(fetcher, [work.item])
            changed, seen, unchanged = without_unchanged(
                pages, {work.item.url: work.previous} if work.previous else {}
            )
            outcomes = [*unchanged, *(ended(page.item, ended_as) for page in changed)]
            rows = {"visit": visit_rows(seen), "outcome": outcome_rows(outcomes, at, {})}
            writer.commit("rest", arrow_tables(rows, writer.run_id))  # refuses the same visit twice
    assert (bool(changed), len(seen)) == (is_new, visits)


def ended(item: Item, name: OutcomeName) -> Outcome:
    return Outcome(url=item.url, source=item.source, outcome=name, reason="So.", stage="load")
