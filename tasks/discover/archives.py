"""Web archives as a source: a local file, or a file on the web that is downloaded once."""

from collections.abc import Iterator
from pathlib import Path

from tasks.addresses.address_lists import address_meant_by
from tasks.addresses.urls import file_path, file_url
from tasks.discover.files import in_thread
from tasks.discover.listing import Finding, Findings, Visitor
from tasks.fetch.warc import list_records, why_not_taken
from tasks.item import Item
from tasks.page import NotFetchedError


async def discover_warc(visitor: Visitor, location: str) -> Findings:
    """Give the pages of an archive.

    An archive on the web is downloaded once to the folder ``fetch.archives`` and read there. The items refer to places
    in the file, so it must stay until they are fetched.
    """
    archive = visitor.at(location)
    try:
        path = await _on_disk(visitor, archive)
    except NotFetchedError as error:
        yield error.as_outcome(archive, station="discover")
        return
    async for finding in in_thread(_pages(visitor, archive, path)):
        yield finding


async def _on_disk(visitor: Visitor, archive: Item) -> Path:
    if archive.location is not None:
        return file_path(archive.location)[0]
    folder = visitor.fetcher.settings.archives
    path = folder / f"{archive.article_id}.warc"
    try:
        if not path.exists():
            await visitor.fetcher.download(archive.url, path)
    except OSError as error:
        reason = f"the archive cannot be kept in {folder}: {error.strerror or error}"
        remedy = "name another folder with archives in [fetch], or make room there"
        raise NotFetchedError("fetch_failed", f"{reason}; {remedy}") from error
    return path


def _pages(visitor: Visitor, archive: Item, path: Path) -> Iterator[Finding]:
    try:
        for page in list_records(path):
            part = f"warc={page.offset}"
            if page.url is None:
                yield visitor.left_out(file_url(path, part), "the record names no address")
            elif reason := why_not_taken(page):
                yield visitor.left_out(page.url, reason)
            else:
                yield visitor.found(page.url, "", modified=page.archived_at, location=file_url(path, part))
    except NotFetchedError as error:
        yield error.as_outcome(archive, station="discover")
    except OSError as error:
        reason = f"{path}: cannot be read: {error.strerror or error}{address_meant_by(path)}"
        yield NotFetchedError("fetch_failed", reason).as_outcome(archive, station="discover")
