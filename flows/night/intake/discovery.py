"""Discovery: the items that the sources list are stored before anything is fetched."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace

import pyarrow as pa
from prefect import get_run_logger

from commentariat import AuditError, one_line
from flows.night.configured_models import reading_rows
from flows.night.opening import Night
from tasks.discover.listing import item_at
from tasks.item import Discovery, Item, Visit, merged
from tasks.load import Row, also_listed_rows, item_rows, outcome_rows, visit_rows
from tasks.outcome import Outcome
from tasks.reference_rows import changed_sources, changed_targets
from tasks.sources import Source
from tasks.stations import discover_station, load_station
from warehouse import Writer

SOURCES_AT_A_TIME = 16
"""Number of sources asked at once; each has one listing in memory.

A listing has up to 8 MiB, and two of them at a time up to ``[fetch] max_listing_bytes`` (see
:meth:`tasks.discover.listing.Visitor.visit`).
"""


async def discover_all(night: Night) -> dict[str, Item]:
    """List the items of every source, and commit them before anything is fetched.

    From here on no page is lost: it stays due until it has an outcome. This holds even if the run is killed and the
    feed no longer lists it at the next run. A local file or a row of one is due as long as its source lists it.

    Returns
    -------
    dict
        All items that the sources list, known or new, by URL.
    """
    stored = await asyncio.to_thread(night.writer.query_file, "listing_visits")
    visits = {visit.url: visit for visit in (Visit(**row) for row in stored.to_pylist())}
    turns = asyncio.Semaphore(SOURCES_AT_A_TIME)
    discoveries = await asyncio.gather(
        *(_discover(night, source, visits, turns) for source in night.config.sources)
    )
    for note in (note for discovery in discoveries for note in discovery.notes):
        get_run_logger().info("%s", note)
    for warning in (warning for discovery in discoveries for warning in discovery.warnings):
        get_run_logger().warning("%s", warning)
    listed = listed_once(discoveries)
    rows = await asyncio.to_thread(_discovered_rows, night, discoveries, listed)
    # Another machine may meanwhile have stored some of these rows, such as an item, which the audits refuse to store
    # twice: then the rows are made again. If they are still the same, the fault is in the rows themselves.
    while any(rows.values()):
        try:
            await load_station("discovered", night.writer, rows)
        except AuditError:
            before, rows = rows, await asyncio.to_thread(_discovered_rows, night, discoveries, listed)
            if rows == before:
                raise
        else:
            break
    line = "%d sources list %d items, %d of them new"
    get_run_logger().info(line, len(discoveries), len(listed), len(rows["item"]))
    for table_rows in rows.values():
        table_rows.clear()  # Prefect keeps the argument of a task until Python's garbage collector runs
    return listed


def listed_once(discoveries: Iterable[Discovery]) -> dict[str, Item]:
    """Give the listed items by URL; an item of several sources is the first one's, with what only the others state."""
    listed: dict[str, Item] = {}
    for item in (item for discovery in discoveries for item in discovery.items):
        known = listed.get(item.url)
        listed[item.url] = item if known is None else merged(known, item)
    return listed


async def _discover(
    night: Night, source: Source, visits: dict[str, Visit], turns: asyncio.Semaphore
) -> Discovery:
    previous = visits if source.name in night.listed_in_part else {}
    try:
        # The file of an archive is on the disk and may take hours to download: it does not count among these sources.
        async with nullcontext() if source.type == "warc" else turns:
            discovery = await discover_station(
                source,
                night.fetcher,
                previous,
                night.since,
                night.until,
                night.extract_workers,
            )
        # Named inputs leave no visit, because a configured source with the same listing must see what it lists.
        return replace(discovery, visits=()) if night.only_listed else discovery
    except Exception as error:  # whatever it was, one source or batch must not end the night
        problem = Outcome(
            url=item_at(source.locations[0], source).url,
            source=source.name,
            outcome="fetch_failed",
            reason=f"the source could not be read: {one_line(error)}",
            stage="discover",
        )
        return Discovery(source=source.name, problems=(problem,))


def _discovered_rows(
    night: Night, discoveries: Sequence[Discovery], listed: Mapping[str, Item]
) -> dict[str, list[Row]]:
    """Make the rows of the first commit.

    They are new items and their further sources, visits and problems of listings, rows that are gone, and changed
    sources, targets and models. Whatever this machine or the others have stored already is left out.
    """
    unseen = night.writer.query_file("new_items", tables={"incoming": _urls(listed)})
    also = night.writer.query_file("also_listed", tables={"incoming": _by_source(discoveries, listed)})
    started_at, retire = night.started_at, not night.only_listed
    problems = {p.url: p for discovery in discoveries for p in discovery.problems}
    return {
        "item": item_rows((listed[str(url)] for url in unseen["url"].to_pylist()), started_at),
        "also_listed": also_listed_rows(also.to_pylist(), started_at),
        "visit": visit_rows({v.url: v for discovery in discoveries for v in discovery.visits}.values()),
        "outcome": outcome_rows(
            [*problems.values(), *no_longer_left_out(night.writer, discoveries)], started_at, {}
        ),
        "source": changed_sources(night.writer, night.config.sources, started_at),
        "target": changed_targets(night.writer, night.targets, started_at, retire=retire),
        "reading": reading_rows(night),
    }


def _urls(urls: Iterable[str]) -> pa.Table:
    return pa.table({"url": pa.array(list(urls), pa.string())})


def _by_source(discoveries: Sequence[Discovery], listed: Mapping[str, Item]) -> pa.Table:
    """Give what each source lists, once for each URL and source, for ``warehouse/sql/also_listed.sql``."""
    pairs = {
        (item.url, item.source): item.article_id for discovery in discoveries for item in discovery.items
    }
    return pa.table(
        {
            "url": pa.array([url for url, _ in pairs], pa.string()),
            "article_id": pa.array(pairs.values(), pa.string()),
            "source": pa.array([source for _, source in pairs], pa.string()),
            "brought_by": pa.array([listed[url].source for url, _ in pairs], pa.string()),
        }
    )


def no_longer_left_out(writer: Writer, discoveries: Sequence[Discovery]) -> list[Outcome]:
    """Give an outcome to each row that was left out of a file before and is no longer in it."""
    whole = {url for discovery in discoveries for url in discovery.whole_files}
    if not whole:
        return []
    present: set[str] = set()
    for discovery in discoveries:
        present.update(item.url for item in discovery.items)
        present.update(problem.url for problem in discovery.problems)
        present.update(entry.url for entry in discovery.left_out)
    rows = writer.query_file("gone", tables={"whole_file": _urls(whole), "present": _urls(present)})
    return [
        Outcome(
            url=row["url"],
            source=row["source"],
            outcome="gone",
            reason=f"no longer there: corrected, moved or removed; it was {row['outcome']} ({row['reason']})",
            stage="discover",
        )
        for row in rows.to_pylist()
    ]
