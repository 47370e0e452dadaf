"""Text that editors add around an article, separated from the body: captions, credits, notes, bylines, biographies.

The rules describe the customs of newspapers and agencies, not single texts. They look at the beginning and the end of
an article. Every sentence in the middle is the author's, except captions that the page itself marks, and paragraphs
that consist of nothing but a link to another article, the mark of an advertisement or an editor's note.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tasks.extract.metadata.authors import authors_from_note, byline_names
from tasks.extract.paragraphs.boilerplate_patterns import LIST_HEADING, MACHINE_PART, MACHINE_SUMMARY, TEASER
from tasks.extract.paragraphs.editorial_patterns import NOTE_HEADING, NOTE_START, PROVENANCE
from tasks.extract.paragraphs.head_lines import DATE_LABEL, is_date_line, is_name_line, read_head
from tasks.extract.paragraphs.paragraph_kinds import (
    MAX_BIOGRAPHY_WORDS,
    MAX_NOTE_WORDS,
    is_biography,
    is_boilerplate,
    is_call,
    is_caption,
    is_closing_note,
    is_disclaimer,
    is_interruption,
    is_note,
    is_note_above,
    is_note_between,
)
from tasks.text.prose import SENTENCE_END

__all__ = ["Editorial", "notes_around", "split_editorial"]

#: Number of paragraphs at the beginning and at the end that may be boilerplate.
EDGE = 6
#: Below a biography, longer paragraphs or more words in all are the author's text.
MAX_PARAGRAPH_BELOW = 60
MAX_WORDS_BELOW = 120
MAX_WORDS_OF_FORM = 30
#: A machine's summary above the text, with the headline above it, has no more lines and words.
LINES_OF_SUMMARY, WORDS_OF_SUMMARY = 10, 160


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


def split_editorial(
    paragraphs: Sequence[str],
    *,
    title: str | None = None,
    authors: Collection[str] = (),
    captions: Collection[str] = (),
    links: Collection[str] = (),
) -> Editorial:
    """Separate the author's paragraphs from the text around them.

    Every paragraph goes to exactly one place. The body is never empty: if all of a text looks like boilerplate, it is
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
    links
        The texts of the page's links; a call that is a link as a whole is a button.
    """
    places = ["body"] * len(paragraphs)
    names: list[str] = []
    marked = frozenset(captions)
    for index, paragraph in enumerate(paragraphs):
        if paragraph in marked:
            places[index] = "caption"
        elif is_interruption(paragraph) or (paragraph in links and TEASER.match(paragraph)):
            places[index] = "dropped"
    buttons = frozenset(text for text in paragraphs if text in links and is_call(text))
    _scan_head(paragraphs, places, names, title=title, authors=authors, buttons=buttons)
    _scan_tail(paragraphs, places, authors=[*authors, *names], buttons=buttons)
    for index, paragraph in enumerate(paragraphs):
        if places[index] == "body" and is_note_between(paragraph):
            places[index] = "remark"
    if "body" not in places:
        return Editorial(tuple(paragraphs))

    def taken(*wanted: str) -> tuple[str, ...]:
        return tuple(text for text, place in zip(paragraphs, places, strict=True) if place in wanted)

    if not names:
        # A person in a remark between the author's paragraphs is somebody of whom the author writes.
        names.extend(authors_from_note("\n".join(taken("note"))))
    notes = taken("note", "remark")
    return Editorial(taken("body"), notes, taken("caption"), tuple(dict.fromkeys(names)), taken("dropped"))


def _scan_head(
    paragraphs: Sequence[str],
    places: list[str],
    names: list[str],
    *,
    title: str | None,
    authors: Collection[str],
    buttons: Collection[str],
) -> None:
    def is_aside(paragraph: str) -> bool:
        return (
            is_caption(paragraph, marked)
            or is_boilerplate(paragraph)
            or paragraph in buttons
            or is_note_above(paragraph, authors)
        )

    marked = {text for text, place in zip(paragraphs[:EDGE], places, strict=False) if place == "caption"}
    head = read_head(paragraphs[:EDGE], title=title, authors=authors, aside=is_aside)
    # The head of a short text cannot be the whole text.
    opening = head.last if head.last < len(paragraphs) - 1 else -1
    for index in head.lines:
        if places[index] == "body":
            places[index] = "dropped"
            names.extend(byline_names(paragraphs[index]))
    _drop_machine_summary(paragraphs, places)  # after the byline above it has been read
    noting = False
    for index, paragraph in enumerate(paragraphs[:EDGE]):
        if places[index] != "body":
            continue
        if noting or NOTE_HEADING.match(paragraph):
            # A heading on a line of its own: the paragraph below it is the note.
            places[index] = "note"
            noting = bool(NOTE_HEADING.match(paragraph))
        elif is_caption(paragraph):
            places[index] = "caption"
        elif is_note_above(paragraph, authors) and (
            index < 3 or index - 1 in head.lines or NOTE_START.match(paragraph)
        ):
            places[index] = "note"
        elif index <= opening or is_boilerplate(paragraph) or paragraph in buttons:
            places[index] = "dropped"
        else:
            break


def _scan_tail(
    paragraphs: Sequence[str], places: list[str], *, authors: Collection[str], buttons: Collection[str]
) -> None:
    last = _drop_machine_part(paragraphs, places)
    edge = max(1, last + 1 - EDGE)
    noted = _below_heading(paragraphs[: last + 1], edge)
    _drop_below_the_end(paragraphs[: last + 1], places, edge, authors)
    for index in range(last, edge - 1, -1):
        paragraph = paragraphs[index]
        if places[index] != "body":
            continue
        if (
            is_boilerplate(paragraph)
            or paragraph in buttons
            or byline_names(paragraph)
            or is_name_line(paragraph, authors)
            or (DATE_LABEL.match(paragraph) and is_date_line(paragraph))
            or not re.search(r"\w", paragraph)
        ):
            places[index] = "dropped"
        elif is_caption(paragraph):
            places[index] = "caption"
        elif (
            index in noted
            or NOTE_HEADING.match(paragraph)
            or is_note(paragraph, authors)
            or is_closing_note(paragraph, authors)
        ):
            places[index] = "note"
        else:
            break


def _drop_machine_part(paragraphs: Sequence[str], places: list[str]) -> int:
    """Drop a machine's analysis of the article at the end; return the index of the last paragraph before it."""
    begin = next((index for index, text in enumerate(paragraphs) if index and MACHINE_PART.match(text)), None)
    if begin is None or _words(paragraphs[:begin]) < _words(paragraphs[begin:]):
        return len(paragraphs) - 1
    if begin > 1 and re.fullmatch(r"[\w .]{1,40}", paragraphs[begin - 1]):
        begin -= 1  # its heading
    places[begin:] = ["dropped"] * (len(paragraphs) - begin)
    return begin - 1


def _drop_machine_summary(paragraphs: Sequence[str], places: list[str]) -> None:
    """Drop a machine's summary above the text: the line that says so, and the few lines above it."""
    first = paragraphs[:LINES_OF_SUMMARY]
    end = next((index for index, text in enumerate(first) if MACHINE_SUMMARY.match(text)), None)
    if end is not None and _words(first[:end]) <= min(WORDS_OF_SUMMARY, _words(paragraphs[end + 1 :])):
        places[: end + 1] = ["dropped" if place == "body" else place for place in places[: end + 1]]


def _drop_below_the_end(
    paragraphs: Sequence[str], places: list[str], edge: int, authors: Collection[str]
) -> None:
    """Drop what is below the biography, the note or the heading of links at the end: forms, appeals, teasers."""
    for index in range(edge, len(paragraphs) - 1):
        below = paragraphs[index + 1 :]
        words = [len(paragraph.split()) for paragraph in below]
        if (
            places[index] == "body"
            and max(words) <= MAX_PARAGRAPH_BELOW
            and sum(words) <= min(MAX_WORDS_BELOW, _words(paragraphs[:index]) / 2)
            and _ends_the_text(paragraphs[index], below, authors)
        ):
            for place, paragraph in enumerate(below, index + 1):
                if places[place] == "body" and not _is_beside(paragraph, authors):
                    places[place] = "dropped"
            return


def _ends_the_text(paragraph: str, below: Sequence[str], authors: Collection[str]) -> bool:
    if LIST_HEADING.match(paragraph):
        # The author's text may go on below a form or a list, but not in headlines or in a few words.
        return _words(below) <= MAX_WORDS_OF_FORM or not any(text.endswith((".", "!")) for text in below)
    if is_biography(paragraph, authors):
        return True
    # A sentence of the author can look like one of these, and then the author's next sentences are below it.
    looks_so = bool(PROVENANCE.match(paragraph)) or is_disclaimer(paragraph)
    return looks_so and not any(_is_prose(text, authors) for text in below)


def _is_prose(paragraph: str, authors: Collection[str]) -> bool:
    """Say whether a paragraph ends as a sentence and is no boilerplate, note or caption."""
    return bool(SENTENCE_END.search(paragraph)) and not (
        is_boilerplate(paragraph) or _is_beside(paragraph, authors) or is_interruption(paragraph)
    )


def _is_beside(paragraph: str, authors: Collection[str]) -> bool:
    return (
        is_caption(paragraph)
        or is_note(paragraph, authors)
        or is_closing_note(paragraph, authors)
        or bool(NOTE_HEADING.match(paragraph))
    )


def _words(paragraphs: Sequence[str]) -> int:
    return sum(len(paragraph.split()) for paragraph in paragraphs)


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
    notes: list[str] = []
    for paragraph in page:
        words = len(paragraph.split())
        marked = NOTE_START.match(paragraph) or (PROVENANCE.match(paragraph) and words <= MAX_BIOGRAPHY_WORDS)
        if (
            paragraph not in known
            and 4 <= words <= MAX_NOTE_WORDS
            and (marked or is_biography(paragraph, authors))
        ):
            known.add(paragraph)
            notes.append(paragraph)
    return notes[:EDGE]
