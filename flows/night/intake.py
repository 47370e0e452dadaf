"""Intake: from due items to extracted articles, one micro-batch at a time."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commentariat import one_line
from flows.night.opening import Night
from flows.night.work import Batch
from tasks.article import Article
from tasks.item import Item, Visit
from tasks.outcome import Outcome, Stage
from tasks.page import Page
from tasks.stations import extract_station, fetch_station

#: The reason for ``unchanged`` when the server did not answer that the page is unchanged, but its bytes are the same.
_SAME_BYTES = "the same bytes as before"


@dataclass(frozen=True, slots=True)
class ExtractedBatch:
    """The result of fetching and extracting a micro-batch, before it is compared with the stored articles.

    Every item of the batch is in exactly one of ``articles`` and ``outcomes``.
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


async def take_in(night: Night, batch: Batch) -> ExtractedBatch:
    """Fetch a micro-batch and extract text and metadata, in several parts if its pages are large.

    If a station fails on the whole batch even after its retries, only this batch is lost, and only for this night: its
    items get an outcome that makes the next night try them again.
    """
    extracted = ExtractedBatch(batch, [], [], [])
    left = batch.items
    while left:
        left = await _take_in_some(night, left, extracted)
    return extracted


async def _take_in_some(night: Night, items: list[Item], extracted: ExtractedBatch) -> list[Item]:
    """Fetch and extract some items, add the results to the micro-batch, and return the items that remain to be done."""
    number, previous = extracted.batch.number, extracted.batch.visits
    try:
        pages, outcomes, left = await fetch_station(number, night.fetcher, items, previous)
    except Exception as error:  # whatever it was, one source or batch must not end the night
        extracted.outcomes.extend(_station_failed(item, "fetch", error) for item in items)
        return []
    # In a thread, not on the event loop, because the bytes of every page are hashed.
    changed, visits, unchanged = await asyncio.to_thread(compared, pages, previous)
    try:
        articles, rejected = await extract_station(number, night.workers, changed)
    except Exception as error:  # whatever it was, one source or batch must not end the night
        articles, rejected = [], [_station_failed(page.item, "extract", error) for page in changed]
    # Prefect keeps a task's arguments and results until Python's garbage collector runs, perhaps many batches later.
    pages.clear()
    changed.clear()
    extracted.articles.extend(articles)
    extracted.outcomes.extend([*outcomes, *unchanged, *rejected])
    extracted.visits.extend(visits)
    return left


def compared(
    pages: Sequence[Page], previous: Mapping[str, Visit]
) -> tuple[list[Page], list[Visit], list[Outcome]]:
    """Compare pages with their last visits: give the changed pages, the visits to store, and the unchanged pages."""
    changed: list[Page] = []
    visits: list[Visit] = []
    unchanged: list[Outcome] = []
    for page in pages:
        last = previous.get(page.item.url)
        visit = page.visit("file" if page.http_status is None else "page", last)
        if last is None or visit.fetched_at > last.fetched_at:  # an archive lists old visits again
            visits.append(visit)
        if reason := _nothing_new(page, visit, last):
            unchanged.append(_unchanged(page, reason))
        else:
            changed.append(page)
    return changed, visits, unchanged


def _nothing_new(page: Page, visit: Visit, previous: Visit | None) -> str | None:
    """Say why a page holds nothing new compared with what is stored; None if it does hold something new."""
    if page.not_modified or page.body is None:
        return f"HTTP {page.http_status}" if page.http_status else _SAME_BYTES
    if previous is None or previous.body_hash is None:
        return None
    if page.item.location and visit.fetched_at <= previous.fetched_at:
        return f"the archive read it on {visit.fetched_at:%Y-%m-%d}, which is not later"
    return _SAME_BYTES if visit.body_hash == previous.body_hash else None


def _unchanged(page: Page, why: str) -> Outcome:
    return Outcome(
        url=page.item.url,
        source=page.item.source,
        outcome="unchanged",
        reason=f"not changed since the last visit ({why})",
        stage="fetch",
        http_status=page.http_status,
        elapsed=page.elapsed,
    )


def _station_failed(item: Item, stage: Stage, error: Exception) -> Outcome:
    return Outcome(
        url=item.url,
        source=item.source,
        outcome="fetch_failed" if stage == "fetch" else "extract_failed",
        reason=f"the {stage} station failed on its whole batch: {one_line(error)}",
        stage=stage,
    )
