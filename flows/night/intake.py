"""Intake: from the sources' listings to extracted articles, one micro-batch at a time."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import pyarrow as pa
from prefect import get_run_logger

from commentariat import AuditError, one_line
from flows.night.opening import Night
from flows.night.whose_answers import reading_rows
from flows.night.work import Batch
from tasks.article import Article
from tasks.item import Discovery, Item, Visit
from tasks.load import Row, also_listed_rows, item_rows, outcome_rows, visit_rows
from tasks.outcome import Outcome, Stage
from tasks.page import Page
from tasks.reference_rows import changed_sources, changed_targets
from tasks.sources import Source
from tasks.stations import discover_station, extract_station, fetch_station, load_station, skip_prefect_scan
from warehouse import Writer

SOURCES_AT_A_TIME = 16
"""Number of sources asked at once; each has one listing in memory.

A listing has up to 8 MiB, and two of them at a time up to ``[fetch] max_listing_bytes`` (see
:meth:`tasks.discover.listing.Visitor.visit`).
"""

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


async def discover_all(night: Night) -> dict[str, Item]:
    """List the items of every source, and commit them before anything is fetched.

    From here on nothing is lost: a listed item stays due until it has an outcome. This holds even if the run is killed
    and the feed no longer lists the item at the next run.

    Returns
    -------
    dict
        All items that the sources list, known or new, by URL.
    """
    stored = await asyncio.to_thread(night.writer.query, "listing_visits")
    visits = {visit.url: visit for visit in (Visit(**row) for row in stored.to_pylist())}
    places = asyncio.Semaphore(SOURCES_AT_A_TIME)
    found = await asyncio.gather(
        *(_discover(night, source, visits, places) for source in night.config.sources)
    )
    for note in (note for discovery in found for note in discovery.notes):
        get_run_logger().info("%s", note)
    listed = {item.url: item for discovery in found for item in discovery.items}
    rows = await asyncio.to_thread(_discovered_rows, night, found, listed)
    while any(rows.values()):
        try:
            await load_station("discovered", skip_prefect_scan(night.writer), skip_prefect_scan(rows))
        except AuditError:
            before, rows = rows, await asyncio.to_thread(_discovered_rows, night, found, listed)
            if rows == before:
                raise
        else:
            break
    line = "%d sources list %d pieces, %d of them new"
    get_run_logger().info(line, len(found), len(listed), len(rows["item"]))
    return listed


def _discovered_rows(
    night: Night, found: Sequence[Discovery], listed: Mapping[str, Item]
) -> dict[str, list[Row]]:
    """Make rows of the listed items that are not yet known to this machine or to the others."""
    unseen = night.writer.query("new_items", tables={"incoming": _urls(listed)})
    also = night.writer.query("also_listed", tables={"incoming": _by_source(found, listed)})
    at, retire = night.started_at, not night.only_listed
    problems = {p.url: p for discovery in found for p in discovery.problems}
    return {
        "item": item_rows((listed[str(url)] for url in unseen["url"].to_pylist()), at),
        "also_listed": also_listed_rows(also.to_pylist(), at),
        "visit": visit_rows({v.url: v for discovery in found for v in discovery.visits}.values()),
        "outcome": outcome_rows([*problems.values(), *no_longer_left_out(night.writer, found)], at, {}),
        "source": changed_sources(night.writer, night.config.sources, at),
        "target": changed_targets(night.writer, night.targets, at, retire=retire),
        "reading": reading_rows(night),
    }


def no_longer_left_out(writer: Writer, found: Sequence[Discovery]) -> list[Outcome]:
    """Give an outcome to each row that was left out of a file before and is no longer in it."""
    whole = {url for discovery in found for url in discovery.whole_files}
    if not whole:
        return []
    present: set[str] = set()
    for discovery in found:
        present.update(item.url for item in discovery.items)
        present.update(problem.url for problem in discovery.problems)
        present.update(entry.url for entry in discovery.left_out)
    rows = writer.query("gone", tables={"whole_file": _urls(whole), "present": _urls(present)})
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


def _by_source(found: Sequence[Discovery], listed: Mapping[str, Item]) -> pa.Table:
    """Give what each source lists, once for each URL and source, for ``warehouse/sql/also_listed.sql``."""
    pairs = {(item.url, item.source): item.article_id for discovery in found for item in discovery.items}
    return pa.table(
        {
            "url": pa.array([url for url, _ in pairs], pa.string()),
            "article_id": pa.array(pairs.values(), pa.string()),
            "source": pa.array([source for _, source in pairs], pa.string()),
            "brought_by": pa.array([listed[url].source for url, _ in pairs], pa.string()),
        }
    )


def _urls(urls: Iterable[str]) -> pa.Table:
    return pa.table({"url": pa.array(list(urls), pa.string())})


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
        pages, outcomes, left = await fetch_station(
            number, skip_prefect_scan(night.fetcher), skip_prefect_scan(items), skip_prefect_scan(previous)
        )
    except Exception as error:  # whatever it was, one source or batch must not end the night
        extracted.outcomes.extend(_station_failed(item, "fetch", error) for item in items)
        return []
    # In a thread, not on the event loop, because the bytes of every page are hashed.
    changed, visits, unchanged = await asyncio.to_thread(compared, pages, previous)
    try:
        articles, rejected = await extract_station(
            number, skip_prefect_scan(night.workers), skip_prefect_scan(changed)
        )
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


async def _discover(
    night: Night, source: Source, visits: dict[str, Visit], places: asyncio.Semaphore
) -> Discovery:
    # Only items from the network can be made again from their stored URL; files are listed completely every time.
    previous = visits if source.type in ("feed", "sitemap", "section") else {}
    try:
        # The file of an archive is on the disk and may take hours to download: it does not count among these sources.
        async with nullcontext() if source.type == "warc" else places:
            return await discover_station(
                source,
                skip_prefect_scan(night.fetcher),
                skip_prefect_scan(previous),
                night.since,
                night.until,
                skip_prefect_scan(night.workers),
            )
    except Exception as error:  # whatever it was, one source or batch must not end the night
        problem = Outcome(
            url=source.locations[0],
            source=source.name,
            outcome="fetch_failed",
            reason=f"the source could not be read: {one_line(error)}",
            stage="discover",
        )
        return Discovery(source=source.name, problems=(problem,))


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
