"""A page or text on disk, named by its path, for commands that need no source and no warehouse."""

from datetime import UTC, datetime
from pathlib import Path

from tasks.addresses.urls import article_id, file_path, file_url
from tasks.fetch.files import LocalContent, read_local
from tasks.fetch.settings import LARGEST_PAGE
from tasks.item import Item
from tasks.page import Page


def local_item(path: Path, *, source: str) -> Item:
    """Make the item for a file, under the address that a run gives it."""
    url = file_url(path)
    return Item(url=url, article_id=article_id(url), source=source, location=url)


def full_path(path: Path) -> Path:
    """Give the whole path of a file, as the reasons of :func:`local_page` name it."""
    return file_path(file_url(path))[0]


def local_page(item: Item) -> Page:
    """Read the file of an item as a run reads it.

    Raises
    ------
    NotFetchedError
        When it is missing, empty, not a regular file, too large, or neither a page nor a text.
    """
    return page_of(item, read_local(item.url, LARGEST_PAGE))


def page_of(item: Item, content: LocalContent) -> Page:
    """Make a page of content that was read on this machine."""
    return Page(
        item=item,
        body=content.body,
        media_type=content.media_type,
        charset=content.charset,
        http_status=None,
        final_url=item.url,
        etag=None,
        last_modified=None,
        not_modified=False,
        elapsed=0.0,
        fetched_at=datetime.now(UTC),
    )
