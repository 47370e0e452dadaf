"""A page or a text, divided into body, surrounding text and metadata. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commentariat import InputError
from tasks.dates import parse_time, plausible
from tasks.extract.authors import authors_from_note
from tasks.extract.block_quotes import mark_block_quotes, read_block_quotes, with_marks_of_inline_quotes
from tasks.extract.bodytext import BodyText, extract_body
from tasks.extract.editorial import Editorial, notes_around, split_editorial
from tasks.extract.json_body import whole_text
from tasks.extract.metadata import Metadata, read_metadata
from tasks.extract.plaintext import read_markdown, read_plain
from tasks.extract.structured import PageData, parse_html, read_page_data, too_complex
from tasks.page import Page
from tasks.prose import paragraphs_of

__all__ = ["ReadPage", "read_page"]

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_MARKDOWN_TYPES = frozenset({"text/markdown", "text/x-markdown"})
MAX_CAPTIONS = 6


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page or text, read but not yet judged.

    Attributes
    ----------
    editorial
        The author's paragraphs, and the text around them.
    metadata
        The metadata that the page or the head of the text states.
    extractor
        The method whose text was used.
    body
        How the page was read; None for a text without a page.
    declared_language
        The ``lang`` of the page; None if it states none.
    scripts
        Number of script elements.
    authors
        From metadata, or from byline and note.
    """

    editorial: Editorial
    metadata: Metadata
    extractor: str
    body: BodyText | None = None
    declared_language: str | None = None
    scripts: int = 0
    authors: tuple[str, ...] = ()


def read_page(page: Page, text: str) -> ReadPage | str:
    """Divide a page into its parts by its media type, or say why it cannot be an article.

    Parameters
    ----------
    page
        The page with its media type, address and hints.
    text
        Its characters, already cleaned.
    """
    if page.media_type in _MARKDOWN_TYPES:
        return _read_text(page, text, markdown=True)
    begins = text.lstrip()[:200].lower().startswith(("<!doctype html", "<html", "<head", "<body"))
    if begins or page.media_type in _HTML_TYPES:
        return too_complex(text) or _read_html(page, text)
    return _read_text(page, text, markdown=False)


def _read_html(page: Page, text: str) -> ReadPage:
    text = with_marks_of_inline_quotes(text)
    tree = parse_html(text)
    data = read_page_data(tree)
    scripts = sum(1 for _ in tree.iter("script")) if tree is not None else 0
    url = page.item.url
    metadata = (
        read_metadata(tree, data, url=url, fetched_at=page.fetched_at, outlet=page.item.outlet)
        if tree is not None
        else Metadata(url)
    )
    body = extract_body(text, data.language)
    extractor, main = body.extractor, body.text
    if whole := whole_text(data, main):
        extractor, main = "json-ld", whole
    captions = {line for caption in data.captions for line in paragraphs_of(caption)}
    editorial = split_editorial(
        paragraphs_of(main),
        title=metadata.title,
        authors=metadata.authors,
        captions=captions,
    )
    editorial = _with_surroundings(editorial, paragraphs_of(body.page_text), data, metadata.authors)
    authors = metadata.authors or editorial.authors
    marked, pulled = mark_block_quotes(editorial.body, read_block_quotes(tree), authors)
    editorial = replace(editorial, body=marked, dropped=(*editorial.dropped, *pulled))
    return ReadPage(editorial, metadata, extractor, body, data.language, scripts, authors)


def _with_surroundings(
    editorial: Editorial, page: Sequence[str], data: PageData, authors: tuple[str, ...]
) -> Editorial:
    """Add the notes, biographies and captions that are beside the main text, because extractors leave them out."""
    known = {*editorial.body, *editorial.notes, *editorial.captions, *editorial.dropped}
    notes = notes_around(page, known, authors or editorial.authors)
    captions = [text for text in dict.fromkeys(data.captions) if text not in known][:MAX_CAPTIONS]
    found = editorial.authors or authors_from_note("\n".join(notes))
    return replace(
        editorial,
        notes=(*editorial.notes, *notes),
        captions=(*editorial.captions, *captions),
        authors=found,
    )


def _read_text(page: Page, text: str, *, markdown: bool) -> ReadPage | str:
    try:
        plain = read_markdown(text) if markdown else read_plain(text)
    except InputError as error:
        return str(error)
    item = page.item
    authors = item.authors_hint or plain.authors
    editorial = split_editorial(
        paragraphs_of(plain.text), title=plain.title or item.title_hint, authors=authors
    )
    written = plain.fields.get("date") or plain.fields.get("published")
    metadata = Metadata(
        url=item.url,
        title=plain.title,
        raw_title=plain.title,
        authors=authors or editorial.authors,
        published_at=plausible(parse_time(written), page.fetched_at),
        outlet=item.outlet or plain.fields.get("outlet"),
        section=plain.fields.get("section"),
    )
    name = "markdown" if markdown else "plain text"
    return ReadPage(editorial, metadata, name, authors=authors or editorial.authors)
