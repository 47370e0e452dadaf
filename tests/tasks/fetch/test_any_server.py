"""Whatever bytes a server or an archive sends, each item has one outcome in a limited time, and the event loop goes on.

The answers are good ones with faults, and those of the catalogues (``any_answers.py``). A few are tried; five minutes
of them in the slow tests, and many with ``pytest --hypothesis-profile many``.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.addresses.urls import article_id
from tasks.discover.discover import discover
from tasks.extract.batch import extract_batch
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers
from tasks.fetch.batch import fetch_batch
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.settings import FetchSettings
from tasks.fetch.unchanged import without_unchanged
from tasks.item import Discovery, Item, Visit
from tasks.outcome import Outcome
from tasks.sources import Source
from tests.journeys.turns.sitecustomize import LIMIT_S, Standstills
from tests.tasks.fetch.any_answers import LISTINGS, MAX_BYTES, PAGES, answers, archives, robots
from tests.tasks.memory import at_most_more
from tests.tasks.processor import at_most

SECONDS = 5
MOST_PROCESSOR_S = 30
"""A limit outside the event loop, because an endless loop would also stop every limit inside it."""
MOST_MEMORY_KB = 48 * 1024
"""More than this process needs for five pages of a mebibyte, and less than what a bomb unpacks to."""
MOST_ITEMS = 8
SLOW_SECONDS = 100
"""For each of the three tests: five minutes in all."""


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(ExtractSettings(workers=1, page_seconds=2 * SECONDS)) as workers:
        yield workers


@asynccontextmanager
async def server(sent: list[bytes], robots: bytes) -> AsyncIterator[FetchSettings]:
    """Answer the path ``/n`` with the n-th answer, robots.txt with its own, and other paths with the first."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].removeprefix(b"/")
            number = int(path) % len(sent) if path.isdigit() else 0
            writer.write(robots if path == b"robots.txt" else sent[number])
            await writer.drain()
            writer.write_eof()
            await asyncio.sleep(0.01)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield FetchSettings(
            delay_s=0,
            retries=0,
            max_retry_after_s=0,
            max_crawl_delay_s=0,
            total_timeout_s=SECONDS,
            max_bytes=MAX_BYTES,
            max_compressed_bytes=MAX_BYTES,
            max_listing_bytes=MAX_BYTES,
            connect_to={"site.example": address, "other.example": address},
        )
    finally:
        listening.close()


@contextmanager
def no_standstill() -> Iterator[None]:
    """Fail if the running event loop stands still for too long."""
    standstills = Standstills(asyncio.get_running_loop())
    try:
        yield
    finally:
        standstills.end()
    assert standstills.longest < LIMIT_S, standstills.cause


def assert_for_people(outcomes: Sequence[Outcome]) -> None:
    """Fail if a reason is none for people."""
    for outcome in outcomes:
        assert outcome.reason.strip() and outcome.reason.isprintable() and len(outcome.reason) <= 500, outcome
        assert "unforeseen" not in outcome.reason, outcome


async def take_in(
    fetcher: Fetcher, items: Sequence[Item], previous: dict[str, Visit], workers: Workers
) -> None:
    """Fetch and extract the items as a night does, and check that each ends as one article or one outcome."""
    fetched = await fetch_batch(fetcher, items, previous)
    assert not fetched.left
    assert all(len(page.body or b"") <= MAX_BYTES for page in fetched.pages)
    assert fetcher.memory.held == 0
    changed, visits, unchanged = await asyncio.to_thread(without_unchanged, fetched.pages, previous)
    articles, rejected = await asyncio.to_thread(extract_batch, changed, workers)
    outcomes = [*fetched.outcomes, *unchanged, *rejected]
    ended = [article.item_url for article in articles] + [outcome.url for outcome in outcomes]
    assert sorted(ended) == sorted(item.url for item in items)
    assert len({visit.url for visit in visits}) == len(visits)
    assert_for_people(outcomes)
    for article in articles:
        assert article.text.strip() and article.word_count > 0
        article.text.encode("utf-8")


def check_pages(sent: list[bytes], robots: bytes, seen: bool, workers: Workers) -> None:
    async def run() -> None:
        urls = [f"http://site.example/{number}" for number in range(len(sent))]
        items = [Item(url=url, article_id=article_id(url), source="any") for url in urls]
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        previous = {
            url: Visit(url=url, resource="page", fetched_at=long_ago, etag='"1"', body_hash="0" * 32)
            for url in urls
            if seen
        }
        async with server(sent, robots) as fetch, Fetcher(fetch) as fetcher:
            with no_standstill():
                async with asyncio.timeout(10 * SECONDS):
                    await take_in(fetcher, items, previous, workers)

    with at_most(MOST_PROCESSOR_S), at_most_more(MOST_MEMORY_KB):
        asyncio.run(run())


def check_listing(sent: list[bytes], robots: bytes, kind: Any, workers: Workers) -> None:
    async def run() -> Discovery:
        source = Source(name="any", type=kind, locations=("http://site.example/0",))
        async with server(sent, robots) as fetch, Fetcher(fetch) as fetcher:
            with no_standstill():
                async with asyncio.timeout(20 * SECONDS):
                    found = await discover(source, fetcher, workers=workers)
                    await take_in(fetcher, found.items[:MOST_ITEMS], {}, workers)
        return found

    with at_most(MOST_PROCESSOR_S), at_most_more(MOST_MEMORY_KB):
        found = asyncio.run(run())
    assert found.items or found.left_out or found.problems or found.visits
    assert_for_people(found.problems)
    for item in found.items:
        assert item.url.startswith(("http://", "https://"))
        assert item.location is None


def check_archive(archive: bytes, path: Path, workers: Workers) -> None:
    async def run() -> Discovery:
        source = Source(name="any", type="warc", locations=(str(path),))
        async with Fetcher(FetchSettings(max_bytes=MAX_BYTES)) as fetcher:
            with no_standstill():
                async with asyncio.timeout(10 * SECONDS):
                    found = await discover(source, fetcher, workers=workers)
                    await take_in(fetcher, found.items, {}, workers)
        return found

    path.write_bytes(archive)
    with at_most(MOST_PROCESSOR_S), at_most_more(MOST_MEMORY_KB):
        found = asyncio.run(run())
    assert_for_people(found.problems)  # there is none if a whole archive only has records of other types


def few(**strategies: st.SearchStrategy[Any]) -> Any:
    """Call a test with a few examples of these strategies."""
    limited = settings(
        max_examples=settings.default.max_examples // 5,
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.function_scoped_fixture,
        ],
    )
    return lambda test: limited(given(**strategies)(test))


PAGES_SENT = {
    "sent": st.lists(answers(PAGES), min_size=1, max_size=5),
    "robots": robots,
    "seen": st.booleans(),
}
LISTINGS_SENT = {
    "sent": st.tuples(
        answers(LISTINGS), st.lists(answers([*PAGES[:3], *LISTINGS]), min_size=1, max_size=3)
    ).map(lambda sent: [sent[0], *sent[1]]),
    "robots": robots,
    "kind": st.sampled_from(["feed", "sitemap", "section"]),
}


@few(**PAGES_SENT)
def test_each_page_of_any_server_soon_has_one_outcome_and_the_loop_goes_on(
    workers: Workers, sent: list[bytes], robots: bytes, seen: bool
) -> None:
    check_pages(sent, robots, seen, workers)


@few(**LISTINGS_SENT)
def test_any_listing_gives_items_or_a_reason_and_the_loop_goes_on(
    workers: Workers, sent: list[bytes], robots: bytes, kind: str
) -> None:
    check_listing(sent, robots, kind, workers)


@few(archive=archives())
def test_any_archive_gives_pages_or_a_reason_and_each_page_has_one_outcome(
    workers: Workers, tmp_path: Path, archive: bytes
) -> None:
    check_archive(archive, tmp_path / "any.warc", workers)


@pytest.mark.slow
@pytest.mark.parametrize(
    "test",
    [
        test_each_page_of_any_server_soon_has_one_outcome_and_the_loop_goes_on,
        test_any_listing_gives_items_or_a_reason_and_the_loop_goes_on,
        test_any_archive_gives_pages_or_a_reason_and_each_page_has_one_outcome,
    ],
)
def test_five_minutes_of_any_answers(test: Any, workers: Workers, tmp_path: Path) -> None:
    fixtures = {"workers": workers, "tmp_path": tmp_path}
    wanted = {name: fixtures[name] for name in signature(test).parameters}
    end = time.monotonic() + SLOW_SECONDS
    while time.monotonic() < end:
        test(**wanted)
