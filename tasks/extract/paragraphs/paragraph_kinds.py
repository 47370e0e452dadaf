"""What a single paragraph is, by its words: a caption, a credit, a note, a biography, boilerplate."""

from __future__ import annotations

import re
from collections.abc import Collection

from tasks.extract.metadata.authors import HONORIFIC, authors_from_note, suffix_joined, surname
from tasks.extract.paragraphs.boilerplate_patterns import (
    BOILERPLATE,
    BOILERPLATE_OR_CALL,
    INTERRUPTION,
    LIST_HEADING,
)
from tasks.extract.paragraphs.editorial_patterns import (
    BARE_NOTE,
    CLOSING_LINE,
    CONTACT_LINE,
    COPYRIGHT,
    CREDIT_END,
    CREDIT_START,
    DISCLAIMER,
    FIRST_PERSON,
    HOLDS,
    NOTE_BETWEEN,
    NOTE_START,
    OFFICE,
    PROVENANCE,
    SLASH_CREDIT,
)
from tasks.text.prose import SENTENCE_END

__all__ = [
    "MAX_BIOGRAPHY_WORDS",
    "MAX_NOTE_WORDS",
    "is_biography",
    "is_boilerplate",
    "is_call",
    "is_caption",
    "is_closing_note",
    "is_disclaimer",
    "is_interruption",
    "is_note",
    "is_note_above",
    "is_note_between",
]

MAX_CAPTION_WORDS = 90
MAX_NOTE_WORDS = 250
MAX_BIOGRAPHY_WORDS = 80
_TITLE = re.compile(
    r"^(?:Mr|Mrs|Ms|Miss|Messrs|Dr|Drs|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Gen|Col|Amb|Sen|Rep)\.?\s+"
)
_DASHES = ("-", "–", "—", ":")
# Length of the longest verb and of the words that may be between it and the office.
_BEFORE_OFFICE = 90

_BOARD = re.compile(r"\bboards?\b", re.IGNORECASE)
#: What a biography says of a board: "The Gull Editorial Board consists of five journalists."
_OF_A_BOARD = re.compile(
    r"\s(?:members?|consists?|comprises?|includes?|operates?|(?:is|are)\s(?:made\sup|composed|comprised|independent"
    r"|separate|an?\s(?:\w+\s)?(?:group|panel)))\b",
    re.IGNORECASE,
)


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
    return short and (is_disclaimer(paragraph) or is_biography(paragraph, authors))


def is_boilerplate(paragraph: str) -> bool:
    """Say whether a paragraph is a button, a link list or a label, which people would not call part of the article."""
    bare = paragraph.strip(" *|>»→:")
    if BOILERPLATE.match(bare) or LIST_HEADING.match(bare) or is_interruption(paragraph):
        return True
    return is_call(paragraph) and not SENTENCE_END.search(bare)


def is_call(paragraph: str) -> bool:
    """Say whether a paragraph begins like a button or a teaser, as a sentence of the author may begin too."""
    return bool(BOILERPLATE_OR_CALL.match(paragraph.strip(" *|>»→:")))


def is_interruption(paragraph: str) -> bool:
    """Say whether a paragraph is boilerplate also in the middle: a link to another article, the mark of an ad."""
    return bool(INTERRUPTION.match(paragraph.strip(" *|>»→")))


def is_note_above(paragraph: str, authors: Collection[str]) -> bool:
    """Say whether a paragraph above the text is a note; there, the author's name must come with an office."""
    bare = paragraph.lstrip("*_•–—-([ ")
    if len(paragraph.split()) <= MAX_BIOGRAPHY_WORDS and _introduces_by_surname(bare, authors):
        return True
    return is_note(paragraph, authors) and not (
        _introduces(paragraph, authors) and not OFFICE.search(paragraph) and not DISCLAIMER.search(paragraph)
    )


def is_note_between(paragraph: str) -> bool:
    """Say whether a paragraph between those of the author is an editor's note."""
    return bool(NOTE_BETWEEN.match(paragraph)) and len(paragraph.split()) <= MAX_BIOGRAPHY_WORDS


def is_disclaimer(paragraph: str) -> bool:
    """Say whether a paragraph states whose views these are."""
    return (
        len(paragraph.split()) <= 80
        and bool(DISCLAIMER.search(paragraph))
        and not paragraph.startswith(("“", '"'))
    )


def is_biography(paragraph: str, authors: Collection[str]) -> bool:
    """Say whether a paragraph introduces the author."""
    bare = suffix_joined(paragraph.lstrip("*_•–—-([ "))
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


def is_closing_note(paragraph: str, authors: Collection[str]) -> bool:
    """Say whether a last paragraph is one of those that printed papers add: who the author is, where it was printed.

    These are notes at the end of a piece only. The author is known there, so that a surname is enough, but only with
    a title and an office: "Ms. Doe is a senior fellow ...".
    """
    if len(paragraph.split()) > MAX_BIOGRAPHY_WORDS:
        return False
    bare = paragraph.lstrip("*_•–—-([ ")
    return (
        bool(CLOSING_LINE.match(bare))
        or _says_how_to_reach(bare, authors)
        or _introduces_by_surname(bare, authors)
    )


def _introduces_by_surname(bare: str, authors: Collection[str]) -> bool:
    without = _TITLE.sub("", bare)
    if without == bare or FIRST_PERSON.search(bare) or not _names_an_office(bare):
        return False
    return any(re.match(rf"{re.escape(name)}(?:,|\s|$)", without) for name in _surnames(authors))


def _says_how_to_reach(bare: str, authors: Collection[str]) -> bool:
    """Say whether a line tells how to reach the author; an author may tell how to reach a minister."""
    contact = CONTACT_LINE.match(bare)
    if contact is None:
        return False
    whom = contact["whom"].strip(" :,").casefold()
    if re.fullmatch(
        r"(?:the\s+)?(?:(?:author|writer|columnist|reporter)s?(?:\s+of\s+this\s+\w+)?|editorial\s+board|opinion\s+editor)|me",
        whom,
    ):
        return True
    if whom in {name.casefold() for name in authors}:
        return True
    address = contact["local"].casefold()
    return whom in ("", "him", "her", "them") and any(
        name.casefold() in address for name in _surnames(authors)
    )


def _surnames(authors: Collection[str]) -> list[str]:
    return [last for name in authors if (last := surname(name)) and len(last) > 2]


def _names_an_office(paragraph: str) -> bool:
    """Say whether a paragraph states somebody's profession or office, as a biography does."""
    return any(
        HOLDS.search(paragraph, max(0, office.start() - _BEFORE_OFFICE), office.start())
        for office in OFFICE.finditer(paragraph)
    )


def _introduces(paragraph: str, authors: Collection[str]) -> bool:
    """Say whether a paragraph begins with an author's full name and speaks of the author as others do."""
    bare = HONORIFIC.sub("", suffix_joined(paragraph.lstrip("*_•–—-([ ")))
    # "Jane Doe – The council ..." is what Jane Doe says in a dialogue.
    named = any(
        bare.startswith((f"{name} ", f"{name}, ")) and bare[len(name) :].lstrip()[:1] not in _DASHES
        for name in authors
        if " " in name
        # A board speaks of itself by its name: "The Gull Editorial Board recommends a yes vote."
        and (_BOARD.search(name) is None or _OF_A_BOARD.match(bare, len(name)) is not None)
    )
    return named and 4 <= len(bare.split()) <= MAX_BIOGRAPHY_WORDS and not FIRST_PERSON.search(bare)
