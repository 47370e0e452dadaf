"""The work of a night: all wanted items without the finished ones, cut into micro-batches that mix the sources."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice, zip_longest
from typing import Any, TypeVar

import pyarrow as pa

from tasks.item import Item, Visit

T = TypeVar("T")

LARGEST_BATCH = 320
"""Largest number of items in a micro-batch of a long night; the texts of this batch and of those ahead are in memory.

Their pages are in memory too, up to :data:`tasks.fetch.fetcher.MAX_BYTES_IN_HAND` bytes.
"""

LARGEST_BACKLOG_BATCH = 1024
"""Largest number of articles in a micro-batch of a long re-score; only stored texts are in memory there."""


@dataclass(frozen=True, slots=True)
class Work:
    """An item that is due, and its last visit if there was one."""

    item: Item
    previous: Visit | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A micro-batch; numbers count from 1 within a run."""

    number: int
    work: tuple[Work, ...]

    @property
    def items(self) -> list[Item]:
        """The items to take in."""
        return [work.item for work in self.work]

    @property
    def visits(self) -> dict[str, Visit]:
        """The last visits by URL, for conditional requests."""
        return {work.item.url: work.previous for work in self.work if work.previous is not None}


def due_work(
    rows: Iterable[Mapping[str, Any]], listed: Mapping[str, Item], *, only_listed: bool = False
) -> list[Work]:
    """Make a list of work from the rows that the warehouse returns as due.

    Parameters
    ----------
    rows
        Rows of ``warehouse/sql/work.sql``.
    listed
        The items that the sources list in this run, by URL. Such an item replaces the stored row, because it holds more
        (for example where the bytes of a local file are). A local file that is no longer listed is gone and not due.
    only_listed
        True when the run handles a few named inputs only; all other work is left for the next night.
    """
    work = []
    for row in rows:
        item = listed.get(row["url"]) or (None if only_listed else _item(row))
        if item is not None:
            work.append(Work(item, _visit(row)))
    return work


def micro_batches(work: Sequence[Work], size: int) -> Iterator[Batch]:
    """Cut the work into batches of at most ``size``; the sources take turns, so that no batch holds one source only."""
    by_source: dict[str, list[Work]] = defaultdict(list)
    for one in work:
        by_source[one.item.source].append(one)
    turns = (one for turn in zip_longest(*by_source.values()) for one in turn if one is not None)
    for number, chunk in enumerate(chunks(turns, size), start=1):
        yield Batch(number, chunk)


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Give a table's rows, a thousand converted at a time, because Python objects need ten times Arrow's memory."""
    for some in table.to_batches(max_chunksize=1_000):
        yield from some.to_pylist()


def batch_size(least: int, pieces: int, *, batches: int, most: int) -> int:
    """Choose the size of a run's micro-batches: ``least``, as configured, and more for a long run.

    Each task run adds about 20 kB to the database of the Prefect server. Therefore a long run takes larger
    micro-batches, of up to ``most`` articles, instead of more than ``batches`` of them. There is an upper limit because
    a batch must fit into memory, and because a killed run must do its current batch again.
    """
    return max(least, min(most, -(-pieces // batches)))


def chunks(things: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Cut anything into tuples of at most ``size`` (``itertools.batched`` from Python 3.12 on)."""
    iterator = iter(things)
    while chunk := tuple(islice(iterator, size)):
        yield chunk


def _item(row: Mapping[str, Any]) -> Item | None:
    if not row["url"].startswith(("http://", "https://")):
        return None
    return Item(
        url=row["url"],
        article_id=row["article_id"],
        source=row["source"],
        outlet=row["outlet"],
        kind_hint=row["kind_hint"] or "unknown",
        language_hint=row["language_hint"],
        title_hint=row["title_hint"],
        published_hint=row["published_hint"],
    )


def _visit(row: Mapping[str, Any]) -> Visit | None:
    if row["visited_at"] is None:
        return None
    # This is the time of the visit itself, not of the decision: an archive lists visits of long ago. A time in the
    # future, from a clock that was fast, is replaced by now: otherwise no later visit would count as later.
    at = min(row["visited_at"], datetime.now(UTC))
    visit = Visit(url=row["url"], resource="page", fetched_at=at)
    if row["last_read"] == "extract_failed":
        return visit  # without ETag and hash, so that the page is read again even if it has not changed
    return replace(visit, etag=row["etag"], last_modified=row["last_modified"], body_hash=row["body_hash"])
