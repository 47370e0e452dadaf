"""Intake: from due items to extracted articles, one micro-batch at a time."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, replace

from commentariat import one_line
from flows.night.intake.batching import Batch
from flows.night.opening import Night
from flows.night.prefetch import prefetch
from tasks.article import Article
from tasks.extract.workers import Ahead
from tasks.fetch.memory import MemoryShare
from tasks.fetch.unchanged import is_first_content, without_unchanged
from tasks.item import Item, Visit
from tasks.outcome import Outcome, StationName
from tasks.page import Page
from tasks.stations import extract_station, fetch_station


@dataclass(frozen=True, slots=True)
class ExtractedBatch:
    """The result of fetching and extracting a micro-batch, before it is compared with the stored articles.

    Every item of the batch is in exactly one of ``articles`` and ``outcomes``. The lists are filled part by part by
    :func:`fetch_and_extract`; afterwards nothing changes them until they are released.

    Attributes
    ----------
    share
        Counts the texts in memory.
    rest
        What the micro-batch had too, and is to be done when there is room for its texts.
    """

    batch: Batch
    articles: list[Article]
    outcomes: list[Outcome]
    visits: list[Visit]
    share: MemoryShare
    rest: Batch | None = None

    def release(self) -> None:
        """Free the memory; for when everything is stored."""
        self.articles.clear()
        self.share.close()

    @property
    def in_short(self) -> str:
        """The counts of the batch, as one line of the log."""
        ended = Counter(outcome.outcome for outcome in self.outcomes)
        parts = [
            f"{len(self.articles)} articles",
            *(f"{count} {name}" for name, count in ended.most_common()),
        ]
        return ", ".join(parts)


async def taken_in(
    night: Night, batches: Iterable[Batch], *, in_flight: int
) -> AsyncGenerator[ExtractedBatch, None]:
    """Fetch and extract micro-batches ahead of the caller, and release each one when the caller asks for the next.

    What was left of some of them, because there was no room for their texts, comes after all others.
    """
    while True:
        rests: list[Batch] = []
        steps = (fetch_and_extract(night, batch) for batch in batches)
        async with aclosing(prefetch(steps, in_flight)) as results:
            async for extracted in results:
                if extracted.rest is not None:
                    rests.append(extracted.rest)
                yield extracted
                extracted.release()
        if not rests:
            return
        batches = rests


async def fetch_and_extract(night: Night, batch: Batch) -> ExtractedBatch:
    """Fetch a micro-batch and extract text and metadata, in several parts if its pages are large.

    If a station fails on the whole batch even after its retries, only this batch is lost, and only for this night: its
    items get an outcome that makes the next night try them again.
    """
    share = night.fetcher.memory.share()
    extracted = ExtractedBatch(batch, [], [], [], share)
    left = batch.items
    try:
        while left:
            if await share.room():
                left = await _fetch_and_extract_some(night, left, extracted)
            elif len(left) < len(batch.work):
                break  # what there is must be stored first
            else:
                # Younger micro-batches fill the memory, and they are stored after this one.
                left = await _fetch_and_extract_some(night, left[:1], extracted) + left[1:]
    except BaseException:
        extracted.release()
        raise
    done, rest = batch.split({item.url for item in left})
    return replace(extracted, batch=done, rest=rest)


async def _fetch_and_extract_some(night: Night, items: list[Item], extracted: ExtractedBatch) -> list[Item]:
    """Fetch and extract some items, add the results to the micro-batch, and return the items that remain to be done.

    The extraction of new pages begins while the others are being fetched.
    """
    number, previous, share = extracted.batch.number, extracted.batch.visits, extracted.share
    with Ahead(night.extract_workers) as ahead:

        def begin_if_new(page: Page) -> None:
            if is_first_content(page, previous.get(page.item.url)):
                ahead.begin(page)

        try:
            pages, outcomes, left = await fetch_station(
                number, night.fetcher, items, previous, share, begin_if_new
            )
        except Exception as error:  # whatever it was, one source or batch must not end the night
            extracted.outcomes.extend(_station_failed(item, "fetch", error) for item in items)
            return []
        # In a thread, not on the event loop, because the bytes of every page are hashed.
        changed, visits, unchanged = await asyncio.to_thread(without_unchanged, pages, previous)
        try:
            articles, rejected = await extract_station(number, ahead, changed)
        except Exception as error:  # whatever it was, one source or batch must not end the night
            articles, rejected = [], [_station_failed(page.item, "extract", error) for page in changed]
    # Prefect keeps a task's arguments and results until Python's garbage collector runs, perhaps many batches later.
    pages.clear()
    changed.clear()
    share.add_texts(sum(map(_bytes_of, articles)))
    share.release_pages()
    extracted.articles.extend(articles)
    extracted.outcomes.extend([*outcomes, *unchanged, *rejected])
    extracted.visits.extend(visits)
    articles.clear()
    return left


def _bytes_of(article: Article) -> int:
    return sum(map(sys.getsizeof, (article.text, article.note, article.caption)))


def _station_failed(item: Item, station: StationName, error: Exception) -> Outcome:
    return Outcome(
        url=item.url,
        source=item.source,
        outcome="fetch_failed" if station == "fetch" else "extract_failed",
        reason=f"the {station} station failed on its whole batch: {one_line(error)}",
        stage=station,
    )
