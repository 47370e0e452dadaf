"""A page or a text, divided into body, surrounding text and metadata. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from commentariat import InputError
from tasks.addresses.urls import address_behind_redirects
from tasks.extract.body.block_quotes import mark_block_quotes
from tasks.extract.body.bodytext import BodyText, extract_body
from tasks.extract.body.footnotes import without_footnote_marks
from tasks.extract.body.json_body import whole_text, without_data
from tasks.extract.body.page_quotes import letters_of, read_block_quotes, with_marks_of_inline_quotes
from tasks.extract.editorial.editorial import Editorial, notes_around, split_editorial
from tasks.extract.editorial.several_authors import find_second_author, has_several_letters
from tasks.extract.html_tree import parse_html, too_complex
from tasks.extract.metadata.authors import authors_from_note, byline_names, clean_names
from tasks.extract.metadata.canonical import read_address_of_text
from tasks.extract.metadata.metadata import Metadata, read_metadata
from tasks.extract.metadata.page_data import PageData, read_page_data
from tasks.extract.paragraphs.head_lines import with_headline_in_one_line
from tasks.extract.plain_text.markup import HTML_TYPES
from tasks.extract.plain_text.plaintext import read_markdown, read_plain
from tasks.page import Page
from tasks.text.dates import parse_time, plausible_if_listed
from tasks.text.prose import paragraphs_of

__all__ = ["ReadPage", "read_page"]

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
    several_authors
        Whether the text may be that of several authors, such as a page of letters.
    cut_off
        The paragraphs of another person's article below the text.
    """

    editorial: Editorial
    metadata: Metadata
    extractor: str
    body: BodyText | None = None
    declared_language: str | None = None
    scripts: int = 0
    authors: tuple[str, ...] = ()
    several_authors: bool = False
    cut_off: tuple[str, ...] = ()


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
    if begins or page.media_type in HTML_TYPES:
        return too_complex(text) or _read_html(page, text)
    return _read_text(page, text, markdown=False)


def _read_html(page: Page, text: str) -> ReadPage:
    text = with_marks_of_inline_quotes(without_footnote_marks(text))
    tree = parse_html(text)
    url = page.item.url
    found_at = address_behind_redirects(url, page.final_url)
    data = read_page_data(tree, found_at)
    scripts = sum(1 for _ in tree.iter("script")) if tree is not None else 0
    metadata = (
        read_metadata(
            tree,
            data,
            url=url,
            found_at=found_at,
            fetched_at=page.fetched_at,
            outlet=page.item.outlet,
            title=page.item.title_of_row,
        )
        if tree is not None
        else Metadata(url)
    )
    # What a page says to be behind its paywall is not read from its data either.
    is_closed = metadata.free is False
    body = extract_body(without_data(text) if is_closed else text, data.language)
    extractor, main = body.extractor, body.text
    whole = None if is_closed else whole_text(data, main, title=metadata.title, authors=metadata.authors)
    if whole is not None:
        extractor, main = "json-ld", whole
    links = frozenset(" ".join(str(link.text_content()).split()) for link in _links(tree))
    blocks = read_block_quotes(tree)
    quoted = frozenset(line for block in blocks if not block.plain for line in block.lines)
    paragraphs = with_headline_in_one_line(paragraphs_of(main), metadata.title)
    # By their letters, because extractors join the parts of a caption in other ways.
    captioned = {letters_of(line) for caption in data.captions for line in paragraphs_of(caption)} - {""}
    captions = {line for line in paragraphs if letters_of(line) in captioned}
    divided = _divide(paragraphs, metadata.title, metadata.authors, captions, links, quoted)
    editorial = _with_surroundings(
        divided.editorial, divided.cut_off, paragraphs_of(body.page_text), data, metadata.authors
    )
    authors = metadata.authors or editorial.authors
    marked, pulled = mark_block_quotes(editorial.body, blocks, authors)
    editorial = replace(editorial, body=marked, dropped=(*editorial.dropped, *pulled))
    return ReadPage(
        editorial,
        metadata,
        extractor,
        body,
        data.language,
        scripts,
        authors,
        divided.several_authors,
        divided.cut_off,
    )


def _links(tree: HtmlElement | None) -> list[HtmlElement]:
    return tree.xpath("//a[@href]") if tree is not None else []


@dataclass(frozen=True, slots=True)
class _Divided:
    """A text without the text around it and without a second author's; see :class:`ReadPage`."""

    editorial: Editorial
    several_authors: bool = False
    cut_off: tuple[str, ...] = ()


def _divide(
    paragraphs: Sequence[str],
    title: str | None,
    authors: tuple[str, ...],
    captions: Collection[str] = (),
    links: Collection[str] = (),
    quoted: Collection[str] = (),
) -> _Divided:
    """Separate the author's paragraphs from the text around them and from another person's article below them."""
    editorial = split_editorial(paragraphs, title=title, authors=authors, captions=captions, links=links)
    above = paragraphs[: paragraphs.index(editorial.body[0])] if editorial.body else []
    head = [name for line in above for name in byline_names(line)]
    second = find_second_author(
        editorial.body, head=head, stated=authors, links=links, quoted=quoted, note=editorial.note
    )
    if second is None:
        return _Divided(editorial, not (head or authors) and has_several_letters(editorial.body, title))
    if not second.separate:
        return _Divided(editorial, several_authors=True)
    place = _place(paragraphs, editorial.body, second.start)
    # The biography of the first author, which is above the second article, is now at the end.
    editorial = split_editorial(
        paragraphs[:place], title=title, authors=authors, captions=captions, links=links
    )
    return _Divided(editorial, cut_off=tuple(paragraphs[place:]))


def _place(paragraphs: Sequence[str], body: Sequence[str], index: int) -> int:
    """Give the place in a text of the paragraph that is at `index` in its body, which holds a part of the text."""
    place = -1
    for paragraph in body[: index + 1]:
        place = paragraphs.index(paragraph, place + 1)
    return place


def _with_surroundings(
    editorial: Editorial,
    cut_off: Sequence[str],
    page: Sequence[str],
    data: PageData,
    authors: tuple[str, ...],
) -> Editorial:
    """Add the notes, biographies and captions that are beside the main text, because extractors leave them out."""
    known = {*editorial.body, *editorial.notes, *editorial.captions, *editorial.dropped, *cut_off}
    notes = notes_around(page, known, authors or editorial.authors)
    seen = set(map(letters_of, known))
    captions = [text for text in dict.fromkeys(data.captions) if letters_of(text) not in seen]
    names = editorial.authors or authors_from_note("\n".join(notes))
    return replace(
        editorial,
        notes=(*editorial.notes, *notes),
        captions=(*editorial.captions, *captions[:MAX_CAPTIONS]),
        authors=names,
    )


def _read_text(page: Page, text: str, *, markdown: bool) -> ReadPage | str:
    try:
        is_titled = page.item.title_of_row is not None
        plain = read_markdown(text) if markdown else read_plain(text, is_titled=is_titled)
    except InputError as error:
        return str(error)
    item = page.item
    authors = clean_names(item.authors_hint) or plain.authors
    divided = _divide(paragraphs_of(plain.text), plain.title or item.title_hint, authors)
    editorial = divided.editorial
    written = plain.fields.get("date") or plain.fields.get("published")
    metadata = Metadata(
        url=read_address_of_text(plain.fields.get("url"), item.url),
        title=plain.title,
        raw_title=plain.title,
        authors=authors or editorial.authors,
        published_at=plausible_if_listed(parse_time(written), page.fetched_at),
        outlet=item.outlet or plain.outlet,
        section=plain.fields.get("section"),
        subtitle=plain.fields.get("subtitle"),
    )
    name = "markdown" if markdown else "plain text"
    return ReadPage(
        editorial,
        metadata,
        name,
        authors=authors or editorial.authors,
        several_authors=divided.several_authors,
        cut_off=divided.cut_off,
    )
