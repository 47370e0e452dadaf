"""Intake: from due items to extracted articles, one micro-batch at a time."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from commentariat import one_line
from flows.night.intake.batching import Batch
from flows.night.opening import Night
from tasks.article import Article
from tasks.fetch.unchanged import without_unchanged
from tasks.item import Item, Visit
from tasks.outcome import Outcome, StationName
from tasks.stations import extract_station, fetch_station


@dataclass(frozen=True, slots=True)
class ExtractedBatch:
    """The result of fetching and extracting a micro-batch, before it is compared with the stored articles.

    Every item of the batch is in exactly one of ``articles`` and ``outcomes``. The lists are filled part by part by
    :func:`fetch_and_extract`; afterwards nothing changes them.
    """

    batch: Batch
    articles: list[Article]
    outcomes: list[Outcome]
    visits: list[Visit]

    @property
    def in_short(self) -> str:
        """The counts of the batch, as one line of the log."""
        ended = Counter(outcome.outcome for outcome in self.outcomes)
        parts = [
            f"{len(self.articles)} articles",
            *(f"{count} {name}" for name, count in ended.most_common()),
        ]
        return ", ".join(parts)


async def fetch_and_extract(night: Night, batch: Batch) -> ExtractedBatch:
    """Fetch a micro-batch and extract text and metadata, in several parts if its pages are large.

    If a station fails on the whole batch even after its retries, only this batch is lost, and only for this night: its
    items get an outcome that makes the next night try them again.
    """
    extracted = ExtractedBatch(batch, [], [], [])
    left = batch.items
    while left:
        left = await _fetch_and_extract_some(night, left, extracted)
    return extracted


async def _fetch_and_extract_some(night: Night, items: list[Item], extracted: ExtractedBatch) -> list[Item]:
    """Fetch and extract some items, add the results to the micro-batch, and return the items that remain to be done."""
    number, previous = extracted.batch.number, extracted.batch.visits
    try:
        pages, outcomes, left = await fetch_station(number, night.fetcher, items, previous)
    except Exception as error:  # whatever it was, one source or batch must not end the night
        extracted.outcomes.extend(_station_failed(item, "fetch", error) for item in items)
        return []
    # In a thread, not on the event loop, because the bytes of every page are hashed.
    changed, visits, unchanged = await asyncio.to_thread(without_unchanged, pages, previous)
    try:
        articles, rejected = await extract_station(number, night.extract_workers, changed)
    except Exception as error:  # whatever it was, one source or batch must not end the night
        articles, rejected = [], [_station_failed(page.item, "extract", error) for page in changed]
    # Prefect keeps a task's arguments and results until Python's garbage collector runs, perhaps many batches later.
    pages.clear()
    changed.clear()
    extracted.articles.extend(articles)
    extracted.outcomes.extend([*outcomes, *unchanged, *rejected])
    extracted.visits.extend(visits)
    articles.clear()
    return left


def _station_failed(item: Item, station: StationName, error: Exception) -> Outcome:
    return Outcome(
        url=item.url,
        source=item.source,
        outcome="fetch_failed" if station == "fetch" else "extract_failed",
        reason=f"the {station} station failed on its whole batch: {one_line(error)}",
        stage=station,
    )
