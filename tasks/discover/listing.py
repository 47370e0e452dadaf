"""For the modules that read listings: one way to fetch a listing, and one stream of its findings."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypedDict, TypeVar, Unpack

from commentariat import InputError
from tasks.addresses.address_lists import address_meant_by
from tasks.addresses.credentials import without_credentials
from tasks.addresses.urls import MAX_URL_LENGTH, article_id, canonical_url, file_path, file_url
from tasks.fetch.fetcher import USUAL_LISTING_BYTES, Fetcher
from tasks.fetch.unpack import Unpacker
from tasks.item import Item, LeftOut, Note, Resource, Visit, WholeFile
from tasks.off_event_loop import WorkerPool, run_off_event_loop
from tasks.outcome import Outcome, OutcomeName
from tasks.page import NotFetchedError, Page
from tasks.sources import Source

_GZIP: Final = b"\x1f\x8b"
# The largest listing takes some five seconds to parse, and ten times as long on a machine with much other work.
SECONDS_TO_PARSE: Final = 60.0
# After so many seconds with the entries of one listing, other tasks get a turn.
_TURN_SECONDS: Final = 0.02

Parsed = TypeVar("Parsed")
Finding = Item | LeftOut | Outcome | Visit | Note | WholeFile
Findings = AsyncIterator[Finding]


class Hints(TypedDict, total=False):
    """What a listing, a table or a file says of an item; see :class:`~tasks.item.Item`."""

    title: str | None
    authors: Iterable[str]
    published: datetime | None
    modified: datetime | None
    outlet: str | None
    language: str | None
    location: str | None
    row: int | None


def item_at(location: str, source: Source) -> Item:
    """Make an item from a location of a source, which is an address or the path of a file or folder."""
    if "://" in location:
        url = canonical_url(location)
        return Item(url=url, article_id=article_id(url), source=source.name)
    url = file_url(Path(location))
    return Item(url=url, article_id=article_id(url), source=source.name, location=url)


@dataclass(slots=True)
class Visitor:
    """Visits the listings of one source.

    Attributes
    ----------
    previous
        The last visits of listings, by URL. Only those of this source with its present filters are used: what another
        source or other filters took would not be listed again, and what they left out would stay left out, as long as
        a listing does not change.
    since
        Start of the run's window, if it has one; parts of a sitemap that are older can be skipped.
    workers
        The worker processes that parse listings; None uses a thread of this process.
    seconds
        The time for listings, from now on. After it no listing is requested, so that the source keeps what was found.
    """

    source: Source
    fetcher: Fetcher
    previous: Mapping[str, Visit]
    since: datetime | None = None
    workers: WorkerPool | None = None
    seconds: float | None = None
    _turn_began: float = field(default_factory=perf_counter, init=False)
    _brings_large: bool = field(default=False, init=False)
    _may_hold_large: bool = field(default=False, init=False)
    _began: float = field(default_factory=perf_counter, init=False)
    _is_late: bool = field(default=False, init=False)
    _rows: dict[str, tuple[str, int]] = field(default_factory=dict, init=False)

    def at(self, location: str) -> Item:
        """Make an item from a location of the source. Only this item may be a file; a link in a listing may not."""
        return item_at(location, self.source)

    def last_visit(self, url: str) -> Visit | None:
        """Give the last visit of a listing, if it was made for this source with the filters that it has now."""
        visit = self.previous.get(url)
        return visit if visit is not None and visit.filters_hash == self.source.filters_hash else None

    def is_late(self) -> bool:
        """Whether the time for listings is over."""
        if self.seconds is not None and perf_counter() - self._began >= self.seconds:
            self._is_late = True
        return self._is_late

    @property
    def too_late(self) -> str:
        """The reason why a listing was not read when the time for listings was over."""
        return f"the time for the listings of one source, {(self.seconds or 0) / 60:.3g} minutes, was over"

    async def in_time(self, waited_for: Coroutine[Any, Any, Parsed]) -> Parsed:
        """Wait for something until the time for listings is over.

        Raises
        ------
        NotFetchedError
            When the time is over; what `waited_for` raises is raised unchanged.
        """
        left = None if self.seconds is None else self._began + self.seconds - perf_counter()
        try:
            async with asyncio.timeout(left) as limit:
                return await waited_for
        except TimeoutError as error:
            if not limit.expired():
                raise
            self._is_late = True
            raise NotFetchedError("fetch_failed", f"not read: {self.too_late}") from error

    async def visit(self, listing: Item, resource: Resource) -> Page | Visit:
        """Read a listing as :meth:`read` does; only the visit when it has not changed since the last one."""
        # No name for the page: from Python 3.13 on, an exception on the way keeps the names of this frame alive.
        return self._if_changed(await self.read(listing, resource, self.last_visit(listing.url)), resource)

    async def read(self, listing: Item, resource: Resource, previous: Visit | None = None) -> Page:
        """Fetch a listing, or read it from disk; its page has no body if it has not changed since a previous visit.

        The previous listing should be released before this call, because one listing of a source is in memory at a
        time. A source with a large listing then waits until another large one may be in memory.

        Raises
        ------
        NotFetchedError
            When it cannot or may not be read, or when the time for listings is over.
        """
        try:
            return await self.in_time(self._fetched(listing, resource, previous))
        except NotFetchedError as error:
            hint = address_meant_by(file_path(listing.location)[0]) if listing.location else ""
            if not hint:
                raise
            raise NotFetchedError(error.outcome, f"{error}{hint}") from error

    def _if_changed(self, page: Page, resource: Resource) -> Page | Visit:
        return page.visit(resource, self.last_visit(page.item.url)) if page.not_modified else page

    async def _fetched(self, listing: Item, resource: Resource, previous: Visit | None) -> Page:
        self.release_listing()
        fetch = partial(self.fetcher.fetch, listing, previous, resource=resource)
        if not self._brings_large:
            try:
                return await fetch(most_bytes=USUAL_LISTING_BYTES)
            except NotFetchedError as error:
                if error.outcome != "too_large" or self._most_bytes <= USUAL_LISTING_BYTES:
                    raise
        await self._wait_to_hold_large()
        return await fetch()

    async def unpacked(self, page: Page) -> bytes:
        """Give the body of a listing; a gzip file (``sitemap.xml.gz``) is unpacked, with a size limit.

        Raises
        ------
        NotFetchedError
            ``too_large`` beyond the limit, ``extract_failed`` if the gzip data are broken.
        """
        body = page.body or b""
        if not body.startswith(_GZIP):
            return body
        if not self._may_hold_large:
            try:
                return await asyncio.to_thread(_gunzipped, body, min(self._most_bytes, USUAL_LISTING_BYTES))
            except NotFetchedError as error:
                if error.outcome != "too_large" or self._most_bytes <= USUAL_LISTING_BYTES:
                    raise
            await self.in_time(self._wait_to_hold_large())
        return await asyncio.to_thread(_gunzipped, body, self._most_bytes)

    @property
    def _most_bytes(self) -> int:
        return self.fetcher.settings.max_listing_bytes

    async def _wait_to_hold_large(self) -> None:
        self._brings_large = True
        await self.fetcher.large_listings.acquire()
        self._may_hold_large = True

    def release_listing(self) -> None:
        """Record that no listing of this source is in memory any more."""
        if self._may_hold_large:
            self._may_hold_large = False
            self.fetcher.large_listings.release()

    async def parsed(self, parse: Callable[[bytes], Parsed], body: bytes) -> Parsed:
        """Parse a listing without blocking the event loop.

        Raises
        ------
        WorkLostError
            When parsing takes too long or too much memory. An error of the parser itself is raised unchanged.
        """
        return await run_off_event_loop(self.workers, parse, body, seconds=SECONDS_TO_PARSE)

    async def let_others_run(self) -> None:
        """Let other tasks run from time to time, because a listing may have a hundred thousand entries."""
        if perf_counter() - self._turn_began > _TURN_SECONDS:
            await asyncio.sleep(0)
            self._turn_began = perf_counter()

    def why_repeated(self, url: str, path: Path, number: int) -> str | None:
        """Say which earlier row of the source's files has the address or id of a row; None if it is the first."""
        place = (file_url(path), number)
        first = self._rows.setdefault(url, place)
        if first == place:
            return None  # new, or a file that two locations name
        kind = "id" if url.startswith("file:") else "address"
        where = "" if first[0] == place[0] else f" of {file_path(first[0])[0].name}"
        return f"row {number} has the {kind} of row {first[1]}{where}"

    def problem(self, url: str, outcome: OutcomeName, reason: str) -> Outcome:
        """Make the outcome of a listing, or of an entry of one, from which no item can be made."""
        return Outcome(url=url, source=self.source.name, outcome=outcome, reason=reason, stage="discover")

    def unusable(self, url: str, reason: str) -> Outcome:
        """Make the outcome of a listing that was read and cannot be understood."""
        return self.problem(url, "extract_failed", reason)

    def left_out(self, url: str, reason: str) -> LeftOut:
        """Make the record of an entry that is not wanted."""
        return LeftOut(url, self.source.name, reason)

    def found(self, link: str, base: str, **hints: Unpack[Hints]) -> Item | Outcome:
        """Make an item from a link in a listing; a link to an address that is not allowed becomes an outcome."""
        try:
            url = canonical_url(link, base)
        except InputError as error:
            return self.problem(without_credentials(link[:MAX_URL_LENGTH])[:500], "refused", str(error))
        return self.item(url, **hints)

    def item(self, url: str, **hints: Unpack[Hints]) -> Item:
        """Make an item with a canonical URL; what the source itself states counts before the hints."""
        return Item(
            url=url,
            article_id=article_id(url),
            source=self.source.name,
            outlet=self.source.outlet or hints.get("outlet"),
            kind_hint=self.source.kind,
            language_hint=self.source.language or hints.get("language"),
            title_hint=hints.get("title"),
            authors_hint=tuple(hints.get("authors", ())),
            published_hint=hints.get("published"),
            modified_hint=hints.get("modified"),
            location=hints.get("location"),
            row=hints.get("row"),
        )


def _gunzipped(body: bytes, max_bytes: int) -> bytes:
    unpacker = Unpacker("gzip")
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in unpacker.pieces(body):
            pieces.append(piece)
            size += len(piece)
            if size > max_bytes:
                break
        else:
            unpacker.check_whole()
    except NotFetchedError as error:
        raise NotFetchedError("extract_failed", f"the gzip file is damaged: {error}") from error
    if size > max_bytes:
        raise NotFetchedError("too_large", f"unpacks to more than {max_bytes:,} bytes")
    return b"".join(pieces)
