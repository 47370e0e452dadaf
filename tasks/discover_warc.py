"""Web archives as a source: a file, or one on the web that is downloaded once."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tasks.discover_files import in_thread
from tasks.item import Item, LeftOut
from tasks.listing import Finding, Findings, Visitor, listing_item
from tasks.page import NotFetchedError
from tasks.urls import file_url
from tasks.warc import list_records, why_not_taken


async def discover_warc(visitor: Visitor, location: str) -> Findings:
    """Give the pages in an archive.

    An archive on the web is downloaded to the folder ``archives`` and read there; the items point into the file,
    which has to stay until they are fetched.
    """
    try:
        path = await _on_disk(visitor, location)
    except NotFetchedError as error:
        yield visitor.problem(location, error)
        return
    async for finding in in_thread(_pages(visitor, location, path)):
        yield finding


async def _on_disk(visitor: Visitor, location: str) -> Path:
    if "://" not in location:
        return Path(location)
    if visitor.archives is None:
        raise NotFetchedError(
            "refused", "an archive on the web needs a folder to be kept in while it is read"
        )
    item = listing_item(visitor.source, location)
    name = hashlib.sha256(item.url.encode()).hexdigest()[:16] + "-" + item.url.rpartition("/")[2][-80:]
    path = visitor.archives / name
    if not path.exists():
        await visitor.fetcher.download(item.url, path)
    return path


def _pages(visitor: Visitor, location: str, path: Path) -> Iterator[Finding]:
    try:
        for page in list_records(path):
            part = f"warc={page.offset}"
            if reason := why_not_taken(page):
                yield LeftOut(page.url or file_url(path, part), visitor.source.name, reason)
                continue
            assert page.url is not None
            found = visitor.found(page.url, "", modified=page.archived_at)
            yield replace(found, location=file_url(path, part)) if isinstance(found, Item) else found
    except NotFetchedError as error:
        yield visitor.problem(location, error)
    except OSError as error:
        reason = f"{path}: cannot be read: {error.strerror or error}"
        yield visitor.problem(location, NotFetchedError("fetch_failed", reason))
