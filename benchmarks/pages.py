"""Pages as they come out of fetching, without fetching them."""

from datetime import UTC, datetime

from tasks.item import Item
from tasks.page import Page
from tasks.urls import article_id

READ_AT = datetime(2026, 11, 24, tzinfo=UTC)


def fetched(url: str, body: bytes, at: datetime = READ_AT) -> Page:
    """Give the page that an address would have brought, as HTML whose encoding nobody has named."""
    item = Item(url=url, article_id=article_id(url), source="benchmark")
    return Page(item, body, "text/html", None, 200, url, None, None, False, 0.0, at)
