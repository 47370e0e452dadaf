"""Text that editors add around an article, separated from the body: captions, credits, notes, bylines, biographies.

The rules describe the customs of newspapers and agencies, not single texts. They look only at the beginning and the end
of an article, except for captions that the page itself marks: every sentence in the middle is the author's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tasks.dates import parse_time
from tasks.extract.authors import HONORIFIC, authors_from_note, byline_names
from tasks.extract.editorial_patterns import (
    BARE_NOTE,
    COPYRIGHT,
    CREDIT_END,
    CREDIT_START,
    DATE_LABEL,
    DISCLAIMER,
    FURNITURE,
    HOLDS,
    NOTE_HEADING,
    NOTE_START,
    OFFICE,
    PROVENANCE,
    SLASH_CREDIT,
)

__all__ = ["Editorial", "is_caption", "is_furniture", "is_note", "notes_around", "split_editorial"]

#: Number of paragraphs at the beginning and at the end that may be furniture.
EDGE = 6
MAX_CAPTION_WORDS = 90
MAX_NOTE_WORDS = 250
MAX_BIOGRAPHY_WORDS = 80
#: Largest number of words of a standfirst above the byline.
MAX_STANDFIRST_WORDS = 45
# Length of the longest verb and of the words that may be between it and the office.
_BEFORE_OFFICE = 90


@dataclass(frozen=True, slots=True)
class Editorial:
    """An article divided into the author's paragraphs and all other parts, by kind."""

    body: tuple[str, ...]
    notes: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def note(self) -> str | None:
        """The notes as one text; None if there are none."""
        return "\n".join(self.notes) or None

    @property
    def caption(self) -> str | None:
        """The captions as one text; None if there are none."""
        return "\n".join(self.captions) or None


def is_caption(paragraph: str, marked: Collection[str] = ()) -> bool:
    """Say whether a paragraph is a photo caption or credit: the page marks it so, or it ends with a credit."""
    if paragraph in marked:
        return True
    if len(paragraph.split()) > MAX_CAPTION_WORDS:
        return False
    if CREDIT_START.match(paragraph) or COPYRIGHT.match(paragraph):
        return True
    return bool(CREDIT_END.search(paragraph) or SLASH_CREDIT.search(paragraph))


def is_note(paragraph: str, authors: Collection[str] = ()) -> bool:
    """Say whether a paragraph at the beginning or end is an editor's note, a disclaimer or a biography."""
    if len(paragraph.split()) > MAX_NOTE_WORDS:
        return False
    if NOTE_START.match(paragraph) or PROVENANCE.match(paragraph):
        return True
    short = len(paragraph.split()) <= 120
    if BARE_NOTE.match(paragraph):
        return short and bool(
            DISCLAIMER.search(paragraph) or (_names_an_office(paragraph) and authors_from_note(paragraph))
        )
    return short and (_is_disclaimer(paragraph) or _is_biography(paragraph, authors))


def is_furniture(paragraph: str) -> bool:
    """Say whether a paragraph is a button, a link list or a label, which people would not call part of the article."""
    return bool(FURNITURE.match(paragraph.strip(" *|>»→:")))


def split_editorial(
    paragraphs: Sequence[str],
    *,
    title: str | None = None,
    authors: Collection[str] = (),
    captions: Collection[str] = (),
) -> Editorial:
    """Separate the author's paragraphs from the text around them.

    Every paragraph goes to exactly one place. The body is never empty: if all of a text looks like furniture, it is
    left unchanged.

    Parameters
    ----------
    paragraphs
        The text, one string a paragraph.
    title
        An opening paragraph that repeats the title is dropped, with everything above it.
    authors
        Names that are already known; a closing paragraph that introduces one of them is a biography.
    captions
        Paragraphs that the page itself marks as captions.
    """
    places = ["body"] * len(paragraphs)
    found: list[str] = []
    marked = frozenset(captions)
    for index, paragraph in enumerate(paragraphs):
        if paragraph in marked:
            places[index] = "caption"
    _scan_head(paragraphs, places, found, title=title, authors=authors)
    _scan_tail(paragraphs, places, authors=[*authors, *found])
    if "body" not in places:
        return Editorial(tuple(paragraphs))

    def taken(place: str) -> tuple[str, ...]:
        return tuple(text for text, where in zip(paragraphs, places, strict=True) if where == place)

    notes = taken("note")
    if not found:
        found.extend(authors_from_note("\n".join(notes)))
    return Editorial(taken("body"), notes, taken("caption"), tuple(dict.fromkeys(found)), taken("dropped"))


def _scan_head(
    paragraphs: Sequence[str],
    places: list[str],
    found: list[str],
    *,
    title: str | None,
    authors: Collection[str],
) -> None:
    noting = False
    # Nothing above a headline, byline or date line belongs to the article's body: kicker, standfirst, captions.
    opening = _last_head_line(paragraphs, title, authors)
    for index, paragraph in enumerate(paragraphs[:EDGE]):
        if places[index] != "body":
            continue
        names = byline_names(paragraph)
        if noting or NOTE_HEADING.match(paragraph):
            # A heading on a line of its own: the paragraph below it is the note.
            places[index] = "note"
            noting = bool(NOTE_HEADING.match(paragraph))
        elif is_caption(paragraph):
            places[index] = "caption"
        elif is_note(paragraph, authors) and (index < 3 or NOTE_START.match(paragraph)):
            places[index] = "note"
        elif index <= opening or is_furniture(paragraph) or _is_head_line(paragraph, title, authors):
            places[index] = "dropped"
            found.extend(names)
        else:
            break


def _last_head_line(paragraphs: Sequence[str], title: str | None, authors: Collection[str]) -> int:
    """Find the last headline, byline or date line that has only short paragraphs above it; -1 if there is none."""
    last = -1
    for index, paragraph in enumerate(paragraphs[:EDGE]):
        if _is_head_line(paragraph, title, authors):
            last = index
        elif len(paragraph.split()) > MAX_STANDFIRST_WORDS and not is_note(paragraph, authors):
            break
    # The head of a short text cannot be the whole text.
    return last if last < len(paragraphs) - 1 else -1


def _is_head_line(paragraph: str, title: str | None, authors: Collection[str]) -> bool:
    return (
        (title is not None and _same(paragraph, title))
        or bool(byline_names(paragraph))
        or _is_name_line(paragraph, authors)
        or _is_date_line(paragraph)
    )


def _scan_tail(paragraphs: Sequence[str], places: list[str], *, authors: Collection[str]) -> None:
    last = len(paragraphs) - 1
    edge = max(1, len(paragraphs) - EDGE)
    noted = _below_heading(paragraphs, edge)
    for index in range(last, edge - 1, -1):
        paragraph = paragraphs[index]
        if places[index] != "body":
            continue
        if is_furniture(paragraph) or byline_names(paragraph) or _is_name_line(paragraph, authors):
            places[index] = "dropped"
        elif is_caption(paragraph):
            places[index] = "caption"
        elif index in noted or NOTE_HEADING.match(paragraph) or is_note(paragraph, authors):
            places[index] = "note"
        else:
            break


def _below_heading(paragraphs: Sequence[str], edge: int) -> range:
    """Find the note below its heading at the end: one paragraph, or all below "About the author"."""
    for index in range(edge, len(paragraphs) - 1):
        if NOTE_HEADING.match(paragraphs[index]):
            about = "about" in paragraphs[index].casefold()
            below = range(index + 1, len(paragraphs) if about else index + 2)
            short = all(len(paragraphs[place].split()) <= MAX_BIOGRAPHY_WORDS for place in below)
            return below if short else range(0)
    return range(0)


def notes_around(page: Sequence[str], body: Collection[str], authors: Collection[str]) -> list[str]:
    """Find notes and biographies on the page outside its main text, in page order.

    Parameters
    ----------
    page
        All paragraphs that are visible on the page.
    body
        Paragraphs that are already known; they are not given again.
    authors
        The authors whose biographies are searched for.
    """
    known = set(body)
    found: list[str] = []
    for paragraph in page:
        words = len(paragraph.split())
        marked = NOTE_START.match(paragraph) or (PROVENANCE.match(paragraph) and words <= MAX_BIOGRAPHY_WORDS)
        if (
            paragraph not in known
            and 4 <= words <= MAX_NOTE_WORDS
            and (marked or _is_biography(paragraph, authors))
        ):
            known.add(paragraph)
            found.append(paragraph)
    return found[:EDGE]


def _is_disclaimer(paragraph: str) -> bool:
    return (
        len(paragraph.split()) <= 80
        and bool(DISCLAIMER.search(paragraph))
        and not paragraph.startswith(("“", '"'))
    )


def _is_biography(paragraph: str, authors: Collection[str]) -> bool:
    bare = paragraph.lstrip("*_•–—-([ ")
    if _introduces(paragraph, authors):
        return True
    if not _names_an_office(bare):
        return False
    if re.match(r"^The\s+(?:author|writer)s?\s+(?:is|are|was|were)\b", bare):
        return True
    # Without a known author, only a paragraph of one or two sentences that begins with the person counts.
    introduced = authors_from_note(bare)
    return (
        not authors
        and bool(introduced)
        and bare.startswith(introduced[0])
        and len(bare.split()) <= 60
        and (paragraph[0] in "*_([" or bool(DISCLAIMER.search(paragraph)))
    )


def _names_an_office(paragraph: str) -> bool:
    """Say whether a paragraph states somebody's profession or office, as a biography does."""
    return any(
        HOLDS.search(paragraph, max(0, office.start() - _BEFORE_OFFICE), office.start())
        for office in OFFICE.finditer(paragraph)
    )


def _introduces(paragraph: str, authors: Collection[str]) -> bool:
    """Say whether a paragraph begins with an author's full name, as authors never do in their own text."""
    bare = HONORIFIC.sub("", paragraph.lstrip("*_•–—-([ "))
    named = any(bare.startswith((f"{name} ", f"{name}, ")) for name in authors if " " in name)
    return named and 4 <= len(bare.split()) <= MAX_BIOGRAPHY_WORDS


def _is_name_line(paragraph: str, authors: Collection[str]) -> bool:
    """Say whether a line consists of the authors' names, with at most a date after them."""
    rest = paragraph
    for name in authors:
        rest = rest.replace(name, "")
    rest = re.sub(r"^(?:\s|[,|•·&–—-]|\band\b)+", "", rest)
    return len(rest) < len(paragraph) and (not re.search(r"\w", rest) or _is_date_line(rest))


def _is_date_line(paragraph: str) -> bool:
    bare = DATE_LABEL.sub("", paragraph).strip(" |•·-–—.")
    return len(bare) <= 40 and (
        parse_time(bare) is not None or (not bare and bool(DATE_LABEL.match(paragraph)))
    )


def _same(left: str, right: str) -> bool:
    return re.sub(r"\W+", "", left).casefold() == re.sub(r"\W+", "", right).casefold() != ""
