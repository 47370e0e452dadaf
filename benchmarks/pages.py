"""Pages in the form in which the fetch station returns them, made without fetching."""

from datetime import UTC, datetime

from benchmarks.synthetic import Piece
from tasks.addresses.urls import article_id
from tasks.item import Item
from tasks.page import Page

READ_AT = datetime(2026, 11, 24, tzinfo=UTC)


def fetched(url: str, body: bytes, at: datetime = READ_AT) -> Page:
    """Return a page of HTML without a declared encoding, as if it had been fetched from an address."""
    item = Item(url=url, article_id=article_id(url), source="benchmark")
    return Page(item, body, "text/html", None, 200, url, None, None, False, 0.0, at)


def page_of(piece: Piece) -> Page:
    """Return the page of a piece of the synthetic corpus."""
    return fetched(f"http://{piece.host}{piece.path}", piece.page)
