"""The work of a night: what is wanted, less what is done, in micro-batches in which the sources take turns."""

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
"""Pieces in a micro-batch of a long night: so many texts, and what is fetched ahead of them, are in memory.

Their pages are as far as they are no larger than :data:`tasks.fetch.fetcher.MAX_BYTES_IN_HAND`.
"""

LARGEST_BACKLOG_BATCH = 1024
"""Articles in a micro-batch of a long re-score, where only stored texts are in memory."""


@dataclass(frozen=True, slots=True)
class Work:
    """An item that is due, with what was seen of it the last time."""

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
    """Make work of the rows that the warehouse says are due.

    Parameters
    ----------
    rows
        Rows of ``warehouse/sql/work.sql``.
    listed
        What the sources named in this run, by URL. It knows more than the stored row does (where a local file's
        bytes are), so it wins; a local file that is no longer listed has gone and is not due.
    only_listed
        True when the run is about a few named inputs and leaves everything else for the next night.
    """
    work = []
    for row in rows:
        item = listed.get(row["url"]) or (None if only_listed else _item(row))
        if item is not None:
            work.append(Work(item, _visit(row)))
    return work


def micro_batches(work: Sequence[Work], size: int) -> Iterator[Batch]:
    """Cut the work into batches of at most ``size``, sources taking turns so that none fills a batch alone."""
    by_source: dict[str, list[Work]] = defaultdict(list)
    for one in work:
        by_source[one.item.source].append(one)
    turns = (one for turn in zip_longest(*by_source.values()) for one in turn if one is not None)
    for number, chunk in enumerate(chunks(turns, size), start=1):
        yield Batch(number, chunk)


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Give a table's rows, a thousand at a time: as Python objects they take ten times the memory."""
    for some in table.to_batches(max_chunksize=1_000):
        yield from some.to_pylist()


def batch_size(least: int, pieces: int, *, batches: int, most: int) -> int:
    """Say how large the micro-batches of a run are: at ``least`` as configured, larger in a long one.

    Each task run costs the Prefect server about 20 kB in its database, so a long run takes larger micro-batches
    rather than more than ``batches`` of them, up to ``most`` pieces each: what is in hand must fit into memory, and
    is done again when the run is killed.
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
    # The time of the visit, not of the decision on it: an archive lists visits long ago. Not one that is still to
    # come, by a clock that was ahead: no visit would be later.
    at = min(row["visited_at"], datetime.now(UTC))
    visit = Visit(url=row["url"], resource="page", fetched_at=at)
    if row["last_read"] == "extract_failed":
        return visit  # to be read again although nothing has changed
    return replace(visit, etag=row["etag"], last_modified=row["last_modified"], body_hash=row["body_hash"])
