"""The article that extraction makes from a page: every field has a type of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

__all__ = ["Article", "ArticleKey", "Kind"]

ArticleKey: TypeAlias = tuple[str, int]
"""Id and revision of an article: what tells one stored text from all others."""
Kind = Literal["opinion", "news", "unknown"]


@dataclass(frozen=True, slots=True)
class Article:
    """One article, as read at one time.

    Attributes
    ----------
    article_id
        First 32 hex digits of the SHA-256 of ``url``.
    revision
        1 for the first text; the dedupe station gives the next number when the text has changed.
    text_hash
        32 hex digits of the SHA-256 of the words of ``text``; see :func:`tasks.text.prose.text_hash`.
    url
        Canonical URL: the one that the page states if that can be trusted, otherwise the one where it was found.
    item_url
        URL of the item as which it was taken in; its outcome is recorded under this URL.
    source, outlet
        Name of the source that listed it, and name of the publication.
    title, subtitle
        Headline without the site's name, and the line below it.
    authors
        Names in the order of the byline; empty if the page names no author.
    language
        ISO 639-1 code of the text's own language, even if the page declares another one.
    kind, kind_signal
        Opinion, news or unknown, and the words that show it, for example ``url path: /opinion/``.
    section
        The section to which the outlet assigns it.
    published_at, modified_at, fetched_at
        Times in UTC.
    word_count
        Words in ``text``.
    quality, quality_flags
        Confidence in the extraction, 0 to 1, and the names of the signals that lowered it.
    text
        The body: paragraphs separated by one newline. It holds only the author's own words.
    note
        Editor's note, disclaimer or author's biography.
    caption
        Photo captions and credits.
    extractor
        The extraction method that gave the text, for example ``trafilatura``, ``readability``, ``plain text``.
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
    word_count: int
    quality: float
    quality_flags: tuple[str, ...]
    text: str
    note: str | None
    caption: str | None
    extractor: str

    @property
    def key(self) -> ArticleKey:
        """Id and revision."""
        return self.article_id, self.revision
