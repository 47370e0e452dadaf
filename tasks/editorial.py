"""What editors put around a piece, kept apart from the body: captions, credits, notes, bylines, biographies.

The rules describe the customs of newspapers and agencies, not any one text. They look only at the edges of a
piece, except for captions that the page itself marks as such: in the middle, every sentence is the author's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tasks.authors import authors_from_note, byline_names
from tasks.customs import (
    BARE_NOTE,
    BIOGRAPHY,
    COPYRIGHT,
    CREDIT_END,
    CREDIT_START,
    DATE_LABEL,
    DISCLAIMER,
    FURNITURE,
    NOTE_HEADING,
    NOTE_START,
    PROVENANCE,
    SLASH_CREDIT,
)
from tasks.dates import parse_time

__all__ = ["Editorial", "is_caption", "is_furniture", "is_note", "split_editorial"]

#: How many paragraphs at either end may be furniture.
EDGE = 6
MAX_CAPTION_WORDS = 90
MAX_NOTE_WORDS = 250


@dataclass(frozen=True, slots=True)
class Editorial:
    """A piece taken apart: the author's paragraphs, and everything else by what it is."""

    body: tuple[str, ...]
    notes: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def note(self) -> str | None:
        """The notes as one text, or None."""
        return "\n".join(self.notes) or None

    @property
    def caption(self) -> str | None:
        """The captions as one text, or None."""
        return "\n".join(self.captions) or None


def is_caption(paragraph: str, marked: Collection[str] = ()) -> bool:
    """Say whether a paragraph is a photo caption or credit: marked so by the page, or ending in a credit."""
    if paragraph in marked:
        return True
    if len(paragraph.split()) > MAX_CAPTION_WORDS:
        return False
    if CREDIT_START.match(paragraph) or COPYRIGHT.match(paragraph):
        return True
    return bool(CREDIT_END.search(paragraph) or SLASH_CREDIT.search(paragraph))


def is_note(paragraph: str, authors: Collection[str] = ()) -> bool:
    """Say whether a paragraph at the edge of a piece is an editor's note, a disclaimer or a biography."""
    if len(paragraph.split()) > MAX_NOTE_WORDS:
        return False
    if NOTE_START.match(paragraph) or PROVENANCE.match(paragraph):
        return True
    short = len(paragraph.split()) <= 120
    if BARE_NOTE.match(paragraph):
        return short and bool(
            DISCLAIMER.search(paragraph) or (BIOGRAPHY.search(paragraph) and authors_from_note(paragraph))
        )
    return short and (_is_disclaimer(paragraph) or _is_biography(paragraph, authors))


def is_furniture(paragraph: str) -> bool:
    """Say whether a paragraph is a button, a link list or a label that no reader would call part of the piece."""
    return bool(FURNITURE.match(paragraph.strip(" *|>»→:")))


def split_editorial(
    paragraphs: Sequence[str],
    *,
    title: str | None = None,
    authors: Collection[str] = (),
    captions: Collection[str] = (),
) -> Editorial:
    """Part the author's paragraphs from what stands around them.

    Every paragraph goes to exactly one place, and the body is never emptied: where all of a text looks like
    furniture it is left as it is.

    Parameters
    ----------
    paragraphs
        The text, one string a paragraph.
    title
        A first paragraph that repeats it is dropped.
    authors
        Names already known; a closing paragraph that introduces one of them is a biography.
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
    for index, paragraph in enumerate(paragraphs[:EDGE]):
        if places[index] != "body":
            continue
        names = byline_names(paragraph)
        if noting or NOTE_HEADING.match(paragraph):
            # A heading of its own: the paragraph below it is the note.
            places[index] = "note"
            noting = bool(NOTE_HEADING.match(paragraph))
        elif is_caption(paragraph):
            places[index] = "caption"
        elif is_note(paragraph, authors) and (index < 3 or NOTE_START.match(paragraph)):
            places[index] = "note"
        elif names or _is_name_line(paragraph, authors):
            places[index] = "dropped"
            found.extend(names)
        elif is_furniture(paragraph) or _is_date_line(paragraph) or (title and _same(paragraph, title)):
            places[index] = "dropped"
        else:
            break


def _scan_tail(paragraphs: Sequence[str], places: list[str], *, authors: Collection[str]) -> None:
    last = len(paragraphs) - 1
    edge = max(1, len(paragraphs) - EDGE)
    for index in range(last, edge - 1, -1):
        paragraph = paragraphs[index]
        if places[index] != "body":
            continue
        if is_furniture(paragraph) or byline_names(paragraph) or _is_name_line(paragraph, authors):
            places[index] = "dropped"
        elif is_caption(paragraph):
            places[index] = "caption"
        elif NOTE_HEADING.match(paragraph) or is_note(paragraph, authors):
            places[index] = "note"
        else:
            break


def _is_disclaimer(paragraph: str) -> bool:
    return (
        len(paragraph.split()) <= 80
        and bool(DISCLAIMER.search(paragraph))
        and not paragraph.startswith(("“", '"'))
    )


def _is_biography(paragraph: str, authors: Collection[str]) -> bool:
    bare = paragraph.lstrip("*_•–—-([ ")
    if not BIOGRAPHY.search(bare):
        return False
    if any(bare.startswith(name) for name in authors):
        return True
    if re.match(r"^The\s+(?:author|writer)s?\s+(?:is|are|was|were)\b", bare):
        return True
    # Without a known author only a paragraph of one or two sentences that begins with the person.
    introduced = authors_from_note(bare)
    return (
        not authors
        and bool(introduced)
        and bare.startswith(introduced[0])
        and len(bare.split()) <= 60
        and (paragraph[0] in "*_([" or bool(DISCLAIMER.search(paragraph)))
    )


def _is_name_line(paragraph: str, authors: Collection[str]) -> bool:
    return any(_same(paragraph, name) for name in authors)


def _is_date_line(paragraph: str) -> bool:
    bare = DATE_LABEL.sub("", paragraph).strip(" |•·-–—.")
    return len(bare) <= 40 and (
        parse_time(bare) is not None or (not bare and bool(DATE_LABEL.match(paragraph)))
    )


def _same(left: str, right: str) -> bool:
    return re.sub(r"\W+", "", left).casefold() == re.sub(r"\W+", "", right).casefold() != ""
