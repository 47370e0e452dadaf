"""Discover: the items of a source, and the entries that it leaves out, with the reason for each."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from tasks.discover.archives import discover_warc
from tasks.discover.feed_source import discover_feed
from tasks.discover.files import discover_files
from tasks.discover.listing import Findings, Visitor
from tasks.discover.section import discover_section
from tasks.discover.sitemaps import discover_sitemap
from tasks.discover.tables import discover_table
from tasks.discover.url_lists import discover_urls
from tasks.fetch.fetcher import Fetcher
from tasks.item import Discovery, Item, LeftOut, Note, Visit, WholeFile, merged
from tasks.off_event_loop import WorkerPool
from tasks.outcome import Outcome
from tasks.sources import Source, SourceType

__all__ = ["discover"]

_DISCOVER: Final[Mapping[SourceType, Callable[[Visitor, str], Findings]]] = {
    "feed": discover_feed,
    "sitemap": discover_sitemap,
    "section": discover_section,
    "urls": discover_urls,
    "files": discover_files,
    "warc": discover_warc,
    "table": discover_table,
}
_NO_VISITS: Final[Mapping[str, Visit]] = MappingProxyType({})
_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)


async def discover(
    source: Source,
    fetcher: Fetcher,
    previous: Mapping[str, Visit] = _NO_VISITS,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    workers: WorkerPool | None = None,
    seconds: float | None = None,
) -> Discovery:
    """List the items of a source.

    A source that is broken, completely or in part, never raises an error: listings that could not be read are among the
    problems, and all other items are in the result.

    Parameters
    ----------
    source
        The source. Its relative paths must be anchored (:meth:`tasks.sources.Source.anchored`).
    fetcher
        An open fetcher.
    previous
        Last visits of listings, by URL; listings that have not changed since then give no items. Leave it out to get
        all items again. Visits of other sources, or with other filters than the source has now, are not used.
    since, until
        Take only items that were published in this window, ``until`` not included; items without a date are taken.
        Then `previous` is not used, because an earlier run may have left out what the window holds; and no visit is
        returned, because later runs must see what the window leaves out.
    workers
        Worker processes that parse the listings. Without them, a listing that is made to stall its parser stalls this
        process.
    seconds
        The time in which listings are requested. Those that are not read by then are among the problems.
    """
    has_window = since is not None or until is not None
    since = source.window_start(since)
    previous = _NO_VISITS if has_window else previous
    visitor = Visitor(source, fetcher, previous, since=since, workers=workers, seconds=seconds)
    try:
        discovered = await _discover(visitor, since, until)
    finally:
        visitor.release_listing()
    return replace(discovered, visits=()) if has_window else discovered


async def _discover(visitor: Visitor, since: datetime | None, until: datetime | None) -> Discovery:
    source = visitor.source
    items: dict[str, Item] = {}
    left_out: list[LeftOut] = []
    problems: list[Outcome] = []
    visits: list[Visit] = []
    notes: list[str] = []
    warnings: list[str] = []
    whole_files: list[str] = []
    for location in source.locations:
        async for finding in _DISCOVER[source.type](visitor, location):
            await visitor.let_others_run()
            match finding:
                case Item():
                    when = finding.date_hint
                    what = "published" if finding.published_hint else "last changed"
                    if reason := source.why_left_out(finding.url, when, since=since, until=until, what=what):
                        left_out.append(visitor.left_out(finding.url, reason))
                    elif (known := items.get(finding.url)) is None:
                        items[finding.url] = finding
                    elif known.location == finding.location:
                        items[finding.url] = merged(known, finding)
                    else:
                        left_out.append(
                            visitor.left_out(finding.url, "an earlier entry has the same address")
                        )
                case LeftOut():
                    left_out.append(finding)
                case Outcome():
                    problems.append(finding)
                case Visit():
                    visits.append(replace(finding, filters_hash=source.filters_hash))
                case Note():
                    (warnings if finding.is_warning else notes).append(finding.text)
                case WholeFile():
                    whole_files.append(finding.url)
    # Dictionaries keep the order of the listing, and the sort is stable: items without a date follow in that order.
    ordered = sorted(items.values(), key=_newest_first)
    taken = ordered[: source.max_items]
    left_out += [
        visitor.left_out(item.url, f"beyond the {source.max_items} newest that max_items allows")
        for item in ordered[len(taken) :]
    ]
    return Discovery(
        source=source.name,
        items=tuple(taken),
        left_out=tuple(left_out),
        problems=tuple(problems),
        visits=tuple(visits),
        notes=tuple(notes),
        warnings=tuple(warnings),
        whole_files=tuple(whole_files),
    )


def _newest_first(item: Item) -> float:
    when = item.date_hint
    return -(when - _LONG_AGO).total_seconds() if when else 0.0
