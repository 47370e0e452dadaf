"""Sitemaps (sitemaps.org): index files, gzip, news sitemaps, plain lists, and sitemaps named in robots.txt."""

from typing import Final
from urllib.parse import urljoin, urlsplit

from tasks.discover.feeds import read_feed
from tasks.discover.listing import Findings, Visitor
from tasks.discover.sitemap_parsing import MAX_ENTRIES, NotASitemapError, SitemapEntry, read_entries
from tasks.discover.waiting import Waiting
from tasks.item import Item, Visit
from tasks.off_event_loop import WorkLostError
from tasks.outcome import Outcome
from tasks.page import NotFetchedError, Page
from tasks.text.dates import is_before, precise

MAX_DEPTH: Final = 3  # the protocol has one level of index files; some sites use two
MAX_SITEMAPS: Final = 1_000


async def discover_sitemap(visitor: Visitor, location: str) -> Findings:
    """Give the items of a sitemap and of the sitemaps that it names.

    A location that ends in ``/robots.txt``, or the root of a site, stands for the sitemaps named in its robots.txt.
    """
    try:
        starts = await visitor.in_time(_starts(visitor, location))
    except NotFetchedError as error:
        yield error.as_outcome(visitor.at(location), station="discover")
        return
    waiting = Waiting(visitor)
    for start in starts:
        waiting.add(start, 1, {start.url})
    async for finding in _follow(visitor, visitor.at(location).url, waiting):
        yield finding


async def _starts(visitor: Visitor, location: str) -> list[Item]:
    if "://" not in location or urlsplit(location).path not in ("", "/", "/robots.txt"):
        return [visitor.at(location)]
    named = await visitor.fetcher.http.sitemaps_of(location)
    findings = [visitor.found(link, location) for link in named[:MAX_SITEMAPS]]
    return [item for item in findings if isinstance(item, Item)] or [
        visitor.at(urljoin(location, "/sitemap.xml"))
    ]


async def read_sitemap(visitor: Visitor, page: Page, body: bytes) -> Findings:
    """Give the items in the body of a sitemap, and those of the sitemaps that it names."""
    url = page.item.url
    waiting = Waiting(visitor)
    first = _read_one(visitor, page, body, 1, {url}, waiting)
    del page, body  # otherwise it stays in memory together with the sitemaps that it names
    async for finding in first:
        yield finding
    async for finding in _follow(visitor, url, waiting):
        yield finding


async def _follow(visitor: Visitor, start: str, waiting: Waiting) -> Findings:
    """Give the items of several sitemaps and of those that they name, with one sitemap in memory at a time.

    When the time of the source is over, the others are left for the next night, and the listing at `start` is reported.
    """
    unchanged: list[Visit] = []
    while waiting:
        if visitor.is_late():
            for visit in unchanged:  # these, too, come after those that were not read
                yield visit
            yield _left_unread(visitor, start, len(waiting))
            return
        place = waiting.next()
        try:
            page = await visitor.visit(place.item, "sitemap")
            if isinstance(page, Visit):
                unchanged.append(page)
                continue
            body = await visitor.unpacked(page)
        except NotFetchedError as error:
            if visitor.is_late():
                waiting.put_back(place)
            else:
                yield error.as_outcome(place.item, station="discover")
            continue
        findings = _read_one(visitor, page, body, place.depth, place.known, waiting)
        del page, body
        async for finding in findings:
            yield finding


def _left_unread(visitor: Visitor, start: str, count: int) -> Outcome:
    sitemaps = "1 sitemap was" if count == 1 else f"{count:,} sitemaps were"
    reason = (
        f"{sitemaps} not read: {visitor.too_late}; each night begins with what the nights before did not read"
    )
    return visitor.problem(start, "fetch_failed", reason)


async def _read_one(
    visitor: Visitor, page: Page, body: bytes, depth: int, known: set[str], waiting: Waiting
) -> Findings:
    """Give the items of one sitemap; the sitemaps that it names are added to the waiting ones."""
    try:
        entries = await visitor.parsed(read_entries, body)
    except NotASitemapError as error:
        yield visitor.unusable(page.item.url, str(error))
        return
    except WorkLostError as error:
        yield visitor.unusable(page.item.url, f"the sitemap could not be read: {error}")
        return
    if entries is None:
        async for finding in read_feed(visitor, page, body):
            yield finding
        return
    # An index may stay the same while the sitemaps that it names change or fail. So it has no visit, and is requested
    # completely every night; the sitemaps have visits of their own.
    if not any(entry.is_sitemap for entry in entries):
        yield page.visit("sitemap")
    if len(entries) > MAX_ENTRIES:
        entries.pop()
        beyond = f"has more than the {MAX_ENTRIES:,} entries that a sitemap may have; the rest is not read"
        yield visitor.left_out(page.item.url, beyond)
    for entry in entries:
        item = visitor.found(
            entry.link,
            page.final_url,
            title=entry.title,
            published=entry.published,
            modified=entry.modified,
            outlet=entry.outlet,
            language=entry.language,
        )
        if not entry.is_sitemap or not isinstance(item, Item):
            yield item
        elif reason := _why_skipped(visitor, item.url, entry, depth, known):
            yield visitor.left_out(item.url, reason)
        else:
            known.add(item.url)
            waiting.add(item, depth + 1, known)


def _why_skipped(visitor: Visitor, url: str, entry: SitemapEntry, depth: int, known: set[str]) -> str | None:
    if url in known:
        return "this sitemap was already read"
    if depth >= MAX_DEPTH:
        return f"sitemaps nested more than {MAX_DEPTH} deep are not followed"
    if len(known) >= MAX_SITEMAPS:
        return f"more than {MAX_SITEMAPS:,} sitemaps in one source are not followed"
    if visitor.since and entry.modified and is_before(entry.modified, visitor.since):
        return "this sitemap last changed {}, before {}".format(*precise(entry.modified, visitor.since))
    return None
