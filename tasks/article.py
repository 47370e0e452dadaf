"""What extraction makes of a page: one article, every field typed, nothing hidden in a string."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = ["Article", "Kind", "month_of"]

Kind = Literal["opinion", "news", "unknown"]


@dataclass(frozen=True, slots=True)
class Article:
    """One piece, as read at one time.

    Attributes
    ----------
    article_id
        First 32 hex digits of the SHA-256 of ``url``.
    revision
        1 for the text as first read; the dedupe station counts on when the text has changed.
    text_hash
        32 hex digits of the SHA-256 of the words of ``text``; see :func:`tasks.prose.text_hash`.
    url
        Canonical URL: the page's own claim where it can be believed, else where it was found.
    item_url
        URL of the item it was taken in as: its outcome is recorded under this one.
    source, outlet
        Name of the source that brought it, and of the publication.
    title, subtitle
        Headline without the site's name, and the line below it.
    authors
        Names in the order of the byline; empty where the page names nobody.
    language
        ISO 639-1 code of the text itself, whatever the page declares.
    kind, kind_signal
        Opinion, news or unknown, and the words that show it, e.g. ``url path: /opinion/``.
    section
        The outlet's own section.
    published_at, modified_at, fetched_at
        Times in UTC.
    month
        ``YYYY-MM`` of publication, or of fetching where the date is unknown.
    word_count
        Words in ``text``.
    quality, quality_flags
        Confidence in the extraction, 0 to 1, and the names of what lowered it.
    text
        The body: paragraphs parted by one newline. Nothing that is not the author's.
    note
        Editor's note, disclaimer or author's biography.
    caption
        Photo captions and credits.
    extractor
        Which way of reading the page won, e.g. ``trafilatura``, ``readability``, ``plain text``.
    syndicated_from
        Another site's URL that the page names as the original.
    """

    article_id: str
    revision: int
    text_hash: str
    url: str
    item_url: str
    source: str
    outlet: str | None
    title: str | None
    subtitle: str | None
    authors: tuple[str, ...]
    language: str | None
    kind: Kind
    kind_signal: str | None
    section: str | None
    published_at: datetime | None
    modified_at: datetime | None
    fetched_at: datetime
    month: str
    word_count: int
    quality: float
    quality_flags: tuple[str, ...]
    text: str
    note: str | None
    caption: str | None
    extractor: str
    syndicated_from: str | None = None


def month_of(published_at: datetime | None, fetched_at: datetime) -> str:
    """Return the month an article is stored under: ``YYYY-MM`` of publication, else of fetching."""
    return (published_at or fetched_at).strftime("%Y-%m")
