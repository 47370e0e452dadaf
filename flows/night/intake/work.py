"""The work of a night: all wanted items without the finished ones."""

import asyncio
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from flows.night.intake.batching import Batch, Work, micro_batches
from flows.night.opening import Night
from flows.night.portions import batch_size, chunks, rows_in
from tasks.addresses.urls import file_path
from tasks.fetch.files import is_hash_of_content, read_local
from tasks.item import Item, Visit, merged
from tasks.page import NotFetchedError

LARGEST_BATCH = 320
"""Largest number of items in a micro-batch of a long night; the texts of this batch and of those ahead are in memory.

With their pages, they are limited to about :data:`tasks.fetch.fetcher.MAX_BYTES_IN_MEMORY` bytes.
"""

_COMPARED_AT_A_TIME = 10_000
"""Number of rows of the query that are in memory at a time while local files are compared with their last visits."""


async def due_batches(night: Night, listed: Mapping[str, Item]) -> tuple[int, Iterator[Batch]]:
    """Find the work that is due; give the number of its items, and the micro-batches."""
    due = await asyncio.to_thread(
        night.writer.query_file, "work", night.due_parameters, {"at_hand": at_hand(listed)}
    )
    # In a thread, because it may read local files.
    work = await asyncio.to_thread(
        due_work,
        rows_in(due),
        listed,
        listed_in_part=night.listed_in_part,
        only_listed=night.only_listed,
        max_bytes=night.config.fetch.max_bytes,
    )
    run = night.config.run
    size = batch_size(run.batch_size, len(work), batches=run.batches_a_run, most=LARGEST_BATCH)
    return len(work), micro_batches(work, size)


def at_hand(listed: Mapping[str, Item]) -> pa.Table:
    """Give the URLs of the listed items whose content is a local file or a row of one, for ``warehouse/sql/work.sql``.

    Records of archives are not among them, because an archive does not change.
    """
    urls = [url for url, item in listed.items() if _is_at_hand(item)]
    return pa.table({"url": pa.array(urls, pa.string())})


def _is_at_hand(item: Item) -> bool:
    part = file_path(item.location)[1] if item.location is not None else "warc"
    return not (part or "").startswith("warc")


def due_work(
    rows: Iterable[Mapping[str, Any]],
    listed: Mapping[str, Item],
    *,
    listed_in_part: Collection[str] = (),
    only_listed: bool = False,
    max_bytes: int,
) -> list[Work]:
    """Make a list of work from the rows that the warehouse returns as due.

    Parameters
    ----------
    rows
        Rows of ``warehouse/sql/work.sql``. A local file or row with ``only_if_changed`` is due only if it can be read
        now and could not be read then, or if its content has changed.
    listed
        The items that the sources list in this run, by URL (:func:`_as_listed_now`). A local file that is no longer
        listed is gone and not due. Neither is a row or a record of an archive, even if it has a URL of the web: its
        text was to come from the disk.
    listed_in_part
        Names of the sources that may have more items than they list in this run.
    only_listed
        True when the run handles a few named inputs only; all other work is left for the next night.
    max_bytes
        Largest size of a local file or row, as configured for fetching.
    """
    work: list[Work] = []
    for chunk in chunks(rows, _COMPARED_AT_A_TIME):
        due = [
            (item, row)
            for row in chunk
            if (item := _item_due(row, listed.get(row["url"]), listed_in_part, only_listed)) is not None
        ]
        # Rows are read in the order of their file, because a row of Parquet is read with all rows beside it.
        compared = sorted((pair for pair in due if pair[1]["only_if_changed"]), key=_place)
        changed = {item.url for item, row in compared if _has_changed(item, row, max_bytes)}
        work += [
            Work(item, _visit(row)) for item, row in due if not row["only_if_changed"] or item.url in changed
        ]
    return work


def _place(pair: tuple[Item, Mapping[str, Any]]) -> tuple[str, int]:
    path, part = file_path(pair[0].location or "")
    number = re.search(r"\d+", part or "")
    return str(path), int(number.group()) if number else 0


def _has_changed(item: Item, row: Mapping[str, Any], max_bytes: int) -> bool:
    """Say whether a local item that is not due has other content than at its last outcome, and so is due after all.

    An item whose content could not be read then has changed if it can be read now.
    """
    if item.location is None:
        return False
    try:
        content = read_local(item.location, max_bytes)
    except NotFetchedError as error:
        return bool(error.outcome != row["last_outcome"])
    except Exception:  # one bad file must not end the night; the fetch station reports it as fetch_failed
        return bool(row["last_outcome"] != "fetch_failed")
    return bool(row["ended_unread"]) or content.etag != row["etag"]


def _is_of_the_disk(row: Mapping[str, Any]) -> bool:
    """Say whether an item's text comes from a file on the disk, so that only a source can say where it is.

    Of an item that was read, the ETag tells it: that of a page of the web whose text was later read from a file, which
    the live page must not replace, and that of a row or record whose page was later listed and read. Of others,
    ``is_local`` does, which is empty in items of older warehouses.
    """
    if not row["url"].startswith(("http://", "https://")):
        return True
    is_read = row["visited_at"] is not None
    return is_hash_of_content(row["etag"]) if is_read else bool(row["is_local"])


def _item_due(
    row: Mapping[str, Any], listed: Item | None, listed_in_part: Collection[str], only_listed: bool
) -> Item | None:
    """Give the item of a row that is due; None if this run is not to take it in."""
    if listed is not None:
        return _as_listed_now(row, listed, listed_in_part)
    return None if only_listed or _is_of_the_disk(row) else _stored_item(row)


def _as_listed_now(row: Mapping[str, Any], listed: Item, listed_in_part: Collection[str]) -> Item:
    """Make one item of what was stored and what a source lists now, because each may state what the other does not.

    A listing that has not changed gives no items, so that another source may be the only one that lists the item now.
    As in one night, the source that brought the item comes first, if it may have the item and not list it now.
    Otherwise the newer statement comes first: what a completely listed source still states is a part of it.
    """
    if row["source"] != listed.source and row["source"] in listed_in_part:
        return merged(_stored_item(row), listed)
    # Files are listed completely in every night, and what was taken out of a corrected row must not come back.
    return merged(listed, _stored_item(row)) if listed.location is None else listed


def _stored_item(row: Mapping[str, Any]) -> Item:
    return Item(
        url=row["url"],
        article_id=row["article_id"],
        source=row["source"],
        outlet=row["outlet"],
        kind_hint=row["kind_hint"] or "unknown",
        language_hint=row["language_hint"],
        title_hint=row["title_hint"],
        authors_hint=tuple(row["authors_hint"] or ()),
        published_hint=row["published_hint"],
        # It was given when the item was first listed. A text that is known since has that change already, and if
        # another one is found now, the change that made it was a later one.
        modified_hint=None if row["had_text"] else row["modified_hint"],
    )


def _visit(row: Mapping[str, Any]) -> Visit | None:
    if row["visited_at"] is None:
        return None
    # This is the time of the visit itself, not of the decision: an archive lists visits of long ago. A time in the
    # future, from a clock that was fast, is replaced by now: otherwise no later visit would count as later.
    visited_at = min(row["visited_at"], datetime.now(UTC))
    visit = Visit(url=row["url"], resource="page", fetched_at=visited_at)
    # A local file that could not be read when it had its last outcome, and of which there is no article: its content
    # was never stored, whatever its earlier outcomes were. The columns are explained in warehouse/sql/work.sql.
    never_stored = row["only_if_changed"] and row["ended_unread"] and row["revision"] is None
    if row["read_in_vain"] or never_stored:
        return visit  # without ETag and hash, so that the page is read again even if it has not changed
    return replace(visit, etag=row["etag"], last_modified=row["last_modified"], body_hash=row["body_hash"])
