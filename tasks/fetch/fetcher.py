"""The fetcher: an item becomes a page, or an error that holds its outcome, politely and safely."""

import asyncio
import gc
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import BinaryIO, Final, Self
from uuid import uuid4

import aiohttp

from commentariat import InputError
from tasks.addresses.urls import article_id, canonical_url
from tasks.fetch.files import is_hash_of_content, read_local
from tasks.fetch.http_client import HttpClient
from tasks.fetch.media import media_type_of
from tasks.fetch.memory import Memory
from tasks.fetch.response import Limits
from tasks.fetch.settings import MEBIBYTE, FetchSettings
from tasks.item import Item, Resource, Visit
from tasks.page import NotFetchedError, Page
from warehouse.durable import sync_folder

__all__ = ["Fetcher"]

#: From this number of bytes of pages and texts in memory on, of all micro-batches together, no further request is sent;
#: those that a server has received go on. An ordinary micro-batch has a tenth of it. But 320 pages of 8 kB sent that
#: unpack to 8 MiB each would be 2.5 GiB.
MAX_BYTES_IN_MEMORY = 128 * MEBIBYTE
#: Most listings are smaller than this. The number of larger ones in memory at a time is limited.
USUAL_LISTING_BYTES: Final = 8 * MEBIBYTE
LARGE_LISTINGS_AT_A_TIME: Final = 2
#: Time limit for the download of one archive.
ARCHIVE_TIMEOUT_S: Final = 4 * 3600.0
_PARTIAL: Final = ".partial"
# A hundred pages at a time make and release thousands of objects, hardly any of them in a cycle. By default Python
# searches for cycles after every 700 new objects, which is once for every ten pages. That took a twentieth of the
# fetching time (docs/scale.md has the speed that is reached now). The setting is undone when the fetcher closes.
_OBJECTS_PER_COLLECTION: Final = 10_000


class Fetcher:
    """Fetches items for one run; an async context manager around one session.

    While it is open, Python's garbage collector of cycles runs less often in this process.

    It remembers the limits of each host, robots.txt, and the hosts that asked not to be visited, for as long as it is
    open. Therefore a run uses one fetcher.

    Attributes
    ----------
    memory
        Counts the pages and texts in memory, those that are being fetched included.

    Examples
    --------
    >>> async with Fetcher(FetchSettings(contact="desk@example.org")) as fetcher:
    ...     page = await fetcher.fetch("https://harbor-ledger.example/opinion/ferries")
    """

    def __init__(self, settings: FetchSettings | None = None) -> None:
        self.settings = settings or FetchSettings()
        self.memory = Memory(MAX_BYTES_IN_MEMORY)
        self._page_limits = Limits(
            self.settings.max_bytes, self.settings.max_compressed_bytes, memory=self.memory
        )
        listing_bytes = self.settings.max_listing_bytes
        self._listing_limits = Limits(listing_bytes, listing_bytes, any_type=True)
        self.large_listings = asyncio.Semaphore(LARGE_LISTINGS_AT_A_TIME)
        self._http: HttpClient | None = None

    async def __aenter__(self) -> Self:
        self._http = HttpClient(self.settings)
        self._collector = gc.get_threshold()
        if 0 < self._collector[0] < _OBJECTS_PER_COLLECTION:
            gc.set_threshold(_OBJECTS_PER_COLLECTION, *self._collector[1:])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http is not None:
            gc.set_threshold(*self._collector)
            await self._http.close()
            self._http = None

    @property
    def http(self) -> HttpClient:
        """The HTTP client, while the context is open."""
        if self._http is None:
            raise RuntimeError("a Fetcher works inside `async with Fetcher(settings) as fetcher:`")
        return self._http

    async def fetch(
        self,
        what: Item | str,
        previous: Visit | None = None,
        *,
        resource: Resource = "page",
        most_bytes: int | None = None,
    ) -> Page:
        """Fetch one item, or one URL.

        Parameters
        ----------
        what
            The item; or a URL, which becomes an item without a source.
        previous
            The last visit. With its ETag or date the request is conditional. The page may then have ``not_modified``
            and no body.
        resource
            The kind of resource. A page must be a page or a text. A feed, sitemap or section may be larger and of any
            declared type, because many servers declare another one.
        most_bytes
            Largest size, if it is less than the settings allow.

        Raises
        ------
        NotFetchedError
            When it cannot or may not be fetched; the error holds the outcome.
        """
        item = what if isinstance(what, Item) else self._item_for(what)
        limits = self._page_limits if resource in ("page", "file") else self._listing_limits
        if most_bytes is not None:
            fewer = min(most_bytes, limits.max_bytes), min(most_bytes, limits.max_compressed_bytes)
            limits = replace(limits, max_bytes=fewer[0], max_compressed_bytes=fewer[1])
        if item.location is not None:
            return await self._read_local(item, previous, limits)
        if not item.url.startswith(("http://", "https://")):
            raise NotFetchedError("refused", f"{item.url}: only a source on this machine may name a file")
        headers = {}
        # The hash of a file that was read in place of the page is compared on this machine only; no server knows it.
        if previous is not None and previous.etag and not is_hash_of_content(previous.etag):
            headers["If-None-Match"] = previous.etag
        if previous is not None and previous.last_modified:
            headers["If-Modified-Since"] = previous.last_modified
        return await self._over_http(item, headers, limits)

    async def download(self, url: str, path: Path) -> None:
        """Download a file, such as an archive; its name appears only when all of it is on the disk.

        Raises
        ------
        NotFetchedError
            When it cannot or may not be fetched, or is larger than ``max_archive_bytes``.
        OSError
            When it cannot be kept: the folder cannot be written, or the disk is full.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_what_was_left_of(path)
        # The temporary name is unique, because two sources may name one archive.
        partial = path.with_name(f"{path.name}.{uuid4().hex}{_PARTIAL}")
        try:
            with partial.open("wb") as file:
                await self.http.get(url, {"Accept-Encoding": "identity"}, self._archive_limits(file))
                # Otherwise a power cut could leave the name with half of the bytes, and later runs would accept it as
                # complete.
                file.flush()
                await asyncio.to_thread(os.fsync, file.fileno())
            partial.replace(path)
            await asyncio.to_thread(sync_folder, path.parent)
        finally:
            partial.unlink(missing_ok=True)

    def _archive_limits(self, file: BinaryIO) -> Limits:
        settings = self.settings
        return Limits(
            max_bytes=settings.max_archive_bytes,
            max_compressed_bytes=settings.max_archive_bytes,
            any_type=True,
            timeout=aiohttp.ClientTimeout(
                total=ARCHIVE_TIMEOUT_S,
                sock_connect=settings.connect_timeout_s,
                sock_read=settings.total_timeout_s,
            ),
            sink=file,
        )

    async def _over_http(self, item: Item, headers: Mapping[str, str], limits: Limits) -> Page:
        response = await self.http.get(item.url, headers, limits)
        media_type = response.media_type
        not_modified = response.status == 304
        if not_modified and not headers:
            raise NotFetchedError("fetch_failed", "answers 'not modified' to a first visit", http_status=304)
        if not not_modified and (not response.body or response.body.isspace()):
            raise NotFetchedError("fetch_failed", "the answer is empty", http_status=response.status)
        if not not_modified and not limits.any_type:
            media_type = media_type_of(response.body, media_type)
        return Page(
            item=item,
            body=None if not_modified else response.body,
            media_type=media_type,
            charset=response.charset,
            http_status=response.status,
            final_url=response.url,
            etag=response.etag,
            last_modified=response.last_modified,
            not_modified=not_modified,
            elapsed=response.elapsed,
            fetched_at=datetime.now(UTC),
            redirected_for_now=response.redirected_for_now,
        )

    async def _read_local(self, item: Item, previous: Visit | None, limits: Limits) -> Page:
        assert item.location is not None
        began = perf_counter()
        content = await asyncio.to_thread(
            read_local, item.location, limits.max_bytes, any_type=limits.any_type
        )
        not_modified = previous is not None and previous.etag == content.etag
        now = datetime.now(UTC)
        return Page(
            item=item,
            body=None if not_modified else content.body,
            media_type=content.media_type,
            charset=content.charset,
            http_status=content.http_status,
            final_url=item.url,
            etag=content.etag,
            last_modified=None,
            not_modified=not_modified,
            elapsed=perf_counter() - began,
            # The archive's own time, unless its clock was ahead of ours: a visit in the future would count as later
            # than all others.
            fetched_at=min(content.fetched_at or now, now),
        )

    @staticmethod
    def _item_for(url: str) -> Item:
        try:
            url = canonical_url(url)
        except InputError as error:
            raise NotFetchedError("refused", str(error)) from error
        return Item(url=url, article_id=article_id(url), source="")


def _remove_what_was_left_of(path: Path) -> None:
    """Remove the remains of downloads that were killed; a recent one may still be running and stays."""
    for partial in path.parent.glob(f"{path.name}.*{_PARTIAL}"):
        with suppress(OSError):  # another download may have removed it, or it belongs to another user
            if partial.stat().st_mtime < time.time() - ARCHIVE_TIMEOUT_S:
                partial.unlink(missing_ok=True)
