"""What editors put around a piece: captions, credits, notes, bylines and biographies, kept apart from the body.

The rules describe the customs of newspapers and agencies, not any one text. They look only at the edges of a
piece, except for captions that the page itself marks as such: in the middle, every sentence is the author's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tasks.authors import authors_from_note, byline_names
from tasks.dates import parse_time

__all__ = ["Editorial", "is_caption", "is_furniture", "is_note", "split_editorial"]

#: How many paragraphs at either end may be furniture.
EDGE = 6
MAX_CAPTION_WORDS = 90
MAX_NOTE_WORDS = 250

_AGENCY = r"(?:[A-Z][\w&.’'\-]*)(?:[ /,]+(?:[A-Z][\w&.’'\-]*|via|for|of|the|de)){0,6}"
_CREDIT_END = re.compile(
    rf"""
      (?:^|[\s.,;"”’)\]])/\s?{_AGENCY}(?:\s(?:Photo|Images?|Pictures?))?\s*$   # ... June 2, 2021. /Agency
    | [(\[]\s*(?:file\s+)?(?:photo|photograph|image|picture|illustration|graphic|credit|source)\b[^()\[\]]{{0,120}}[)\]]\.?\s*$
    | [(\[]\s*(?:AP|AFP|Reuters|REUTERS|Xinhua|VCG|EPA|Getty)\b[^()\[\]]{{0,80}}[)\]]\s*$
    | \b(?:photo|photograph|image|picture|illustration|graphic|cartoon)s?\s*(?:(?:credit|courtesy)\s*)?(?::|by\b|courtesy\s+of\b)\s*{_AGENCY}\.?\s*$
    | \b(?:REUTERS|AP\s+Photo|AFP|Getty\s+Images|EPA|Xinhua|Shutterstock|Alamy|Bloomberg|iStock|Unsplash|Flickr)\s*/\s*{_AGENCY}\.?\s*$
    | \s[/|—–-]\s*(?:Getty\s+Images|AFP|Reuters|REUTERS|AP|Associated\s+Press|Shutterstock|Alamy|Xinhua|EPA(?:-EFE)?|Bloomberg|iStock(?:photo)?|Unsplash)(?:\s(?:Photo|Images?|News))?\.?\s*$
    | \b(?:Getty\s+Images|AP\s+Photo|Shutterstock(?:\.com)?|iStock(?:photo)?)\.?\s*$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CASED_CREDIT = re.compile(r"/\s?[A-Z]")
_CREDIT_START = re.compile(
    r"^(?:file\s+)?(?:photo|photograph|image|picture|illustration|caption|cartoon|graphic|(?:image|photo)\s+(?:credit|source|caption))"
    r"(?:\s+(?:credit|source|courtesy|by|caption))?\s*(?::|©|\bby\s+[A-Z]|courtesy\s+of\b)",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"^(?:©|\(c\)\s|copyright\b)[^.]{0,160}\.?(?:\s*all rights reserved\.?)?$", re.IGNORECASE
)

_NOTE_START = re.compile(
    r"^[\[(*_\s]*(?:(?:the\s+)?(?:editor|editors|publisher|author|translator|moderator)[’']?s?[’']?\s+note|note\s+(?:from|by)\s+the\s+(?:editor|author|publisher)s?"
    r"|editorial\s+note|ed\.?\s+note|note\s+to\s+readers|disclaimer|about\s+the\s+authors?|correction|clarification|update)\b\s*[:.—–\-)\]]?",
    re.IGNORECASE,
)
_BARE_NOTE = re.compile(r"^[\[(*_\s]*note\s*:\s", re.IGNORECASE)
_NOTE_HEADING = re.compile(
    r"^[\[(*_\s]*(?:(?:editor|editors|author|publisher)[’']?s?[’']?\s+note|about\s+the\s+authors?|disclaimer)\W*$",
    re.IGNORECASE,
)
_DISCLAIMS = re.compile(
    r"\b(?:views?|opinions?|statements?)\b[^.]{0,80}\b(?:expressed|reflects?|represent(?:s|ed)?|belong|are\s+(?:solely\s+)?(?:those|his|her|their))\b[^.]{0,120}"
    r"\b(?:author|authors|writer|writers|contributor|contributors|columnist|own|his|her|their)\b"
    r"|\b(?:article|column|piece|commentary|essay|post|op-ed)\b[^.]{0,40}\b(?:reflects?|expresses|represents?|does\s+not\s+(?:necessarily\s+)?(?:reflect|represent))\b[^.]{0,80}\b(?:opinions?|views?|positions?)\b"
    r"|\b(?:do|does)\s+not\s+necessarily\s+(?:reflect|represent)\b",
    re.IGNORECASE,
)
_PROVENANCE = re.compile(
    r"^[\[(*_\s]*(?:this\s+(?:article|piece|column|essay|commentary|op-ed|post|story)\s+(?:(?:was|is|has\s+been)\s+)?(?:(?:originally|first|also)\s+)?"
    r"(?:published|appeared|appears|adapted|excerpted|republished|translated|part\s+of|written\s+(?:for|by))"
    r"|(?:originally|first)\s+published\b|republished\s+(?:from|with)|translated\s+(?:from|by)\b|copyright:?\s+project\s+syndicate)",
    re.IGNORECASE,
)
_BIO_ROLE = re.compile(
    r"\b(?:is|was|are|serves|teaches|writes|works|leads|directs|chairs)\b[^.]{0,80}\b(?:professor|fellow|lecturer|economist|columnist|editor|director|author|journalist|writer"
    r"|researcher|scholar|analyst|president|chair(?:man|woman)?|founder|minister|secretary|ambassador|senator|partner|lawyer|attorney|student|candidate"
    r"|contributor|correspondent|adviser|advisor|associate|scientist|teacher|physician|nurse|member|chief|dean|head|strategist|consultant|activist|farmer|engineer|historian|philosopher)s?\b",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"^(?:advertisement|advert|sponsored(?:\s+content)?|read\s+more\b.{0,160}|read\s+(?:also|next)\b.{0,160}|more\s+(?:from|on|in)\b.{0,80}|related(?:\s+(?:stories|articles|content|topics|reading))?\s*:?.{0,120}"
    r"|share(?:\s+(?:this|on|via)\b.{0,60})?|follow\s+(?:us|me|him|her|them|@\w+)\b.{0,160}|sign\s+up\s+(?:for|to)\b.{0,200}|subscribe\b.{0,160}|listen\s+to\s+this\s+(?:article|story)\b.{0,60}"
    r"|click\s+here\b.{0,160}|\d+\s+min(?:ute)?s?\s+read|\d*\s*comments?|print(?:\s+this)?|email(?:\s+this)?|tweet|facebook|twitter|linkedin|whatsapp|copy\s+link|save|comments?\s*\(\d+\)"
    r"|have\s+an?\s+(?:opinion|view)\s+on\b.{0,200}|if\s+you\s+want\s+to\s+contribute\b.{0,300}|\(?(?:if|for)\s+you\s+(?:want|would\s+like)\s+to\s+(?:contribute|write)\b.{0,300}"
    r"|(?:send|submit)\s+(?:a\s+)?letters?\s+to\b.{0,160}|tags?\s*:.{0,160}|filed\s+under\b.{0,160}|skip\s+(?:to|past)\b.{0,60}|image|photos?|video|gallery|opinion|commentary|op-ed|editorial)$",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(
    r"^(?:(?:first\s+)?(?:published|posted|updated|last\s+(?:updated|modified))(?:\s+(?:on|at))?\s*:?\s*)+",
    re.IGNORECASE,
)


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
    if _CREDIT_START.match(paragraph) or _COPYRIGHT.match(paragraph):
        return True
    found = _CREDIT_END.search(paragraph)
    # The pattern ignores case for "photo" and "PHOTO"; a slash credit needs a name, so "and/or" is none.
    return bool(found) and (not found[0].lstrip().startswith("/") or bool(_CASED_CREDIT.search(found[0])))


def is_note(paragraph: str, authors: Collection[str] = ()) -> bool:
    """Say whether a paragraph at the edge of a piece is an editor's note, a disclaimer or a biography."""
    if len(paragraph.split()) > MAX_NOTE_WORDS:
        return False
    if _NOTE_START.match(paragraph) or _PROVENANCE.match(paragraph):
        return True
    short = len(paragraph.split()) <= 120
    if _BARE_NOTE.match(paragraph):
        return bool(_DISCLAIMS.search(paragraph) or authors_from_note(paragraph))
    return short and (_is_disclaimer(paragraph) or _is_biography(paragraph, authors))


def is_furniture(paragraph: str) -> bool:
    """Say whether a paragraph is a button, a link list or a label that no reader would call part of the piece."""
    return bool(_FURNITURE.match(paragraph.strip(" *|>»→:")))


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
        if noting or _NOTE_HEADING.match(paragraph):
            # A heading of its own: the paragraph below it is the note.
            places[index] = "note"
            noting = bool(_NOTE_HEADING.match(paragraph))
        elif is_caption(paragraph):
            places[index] = "caption"
        elif is_note(paragraph, authors) and (index < 3 or _NOTE_START.match(paragraph)):
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
        elif _NOTE_HEADING.match(paragraph) or is_note(paragraph, authors):
            places[index] = "note"
        else:
            break


def _is_disclaimer(paragraph: str) -> bool:
    return (
        len(paragraph.split()) <= 80
        and bool(_DISCLAIMS.search(paragraph))
        and not paragraph.startswith(("“", '"'))
    )


def _is_biography(paragraph: str, authors: Collection[str]) -> bool:
    bare = paragraph.lstrip("*_•–—-([ ")
    if not _BIO_ROLE.search(bare):
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
        and (paragraph[0] in "*_([" or bool(_DISCLAIMS.search(paragraph)))
    )


def _is_name_line(paragraph: str, authors: Collection[str]) -> bool:
    return any(_same(paragraph, name) for name in authors)


def _is_date_line(paragraph: str) -> bool:
    bare = _DATE_LABEL.sub("", paragraph).strip(" |•·-–—.")
    return len(bare) <= 40 and (
        parse_time(bare) is not None or (not bare and bool(_DATE_LABEL.match(paragraph)))
    )


def _same(left: str, right: str) -> bool:
    return re.sub(r"\W+", "", left).casefold() == re.sub(r"\W+", "", right).casefold() != ""
