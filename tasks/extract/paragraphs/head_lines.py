"""Headline, byline and date line above an article's text, and the kicker and standfirst above them.

A sentence must not be lost because a line below it looks like a date or a name. So a line counts as part of the head
only if it has above it at most a kicker and a standfirst.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tasks.extract.kind import is_labelled
from tasks.extract.metadata.authors import byline_names, suffix_joined
from tasks.text.dates import parse_time
from tasks.text.prose import SENTENCE_END

__all__ = [
    "DATE_LABEL",
    "PARTED",
    "Head",
    "is_date_line",
    "is_name_line",
    "read_head",
    "with_headline_in_one_line",
]

#: Largest number of words of a standfirst above the byline.
MAX_STANDFIRST_WORDS = 45
#: A headline that comes after more lines is a sentence that repeats the title.
MAX_LINES_ABOVE_TITLE = 2
#: A headline is divided into so many lines at most.
MAX_LINES_OF_TITLE = 4
#: A line holds so many dates at most: "Published: May 2, 2026 | Updated: May 3, 2026".
MAX_DATES = 3
#: The sign between the parts of a line, such as a name and a date.
PARTED = re.compile(r"\s[|•·]\s")
# After a label, also a date whose day and month nobody can tell apart: "First uploaded on: 06-10-2026 at 04:00 IST".
_IN_DIGITS = re.compile(
    r"|\d{1,4}([./-])\d{1,2}\1\d{1,4}(?:,? (?:at )?\d{1,2}[:.]\d\d(?: ?[AaPp][Mm])?(?: [A-Z]{2,4})?)?"
)
#: The words before a date in a line: "First published on".
DATE_LABEL: Final = re.compile(
    r"^(?:(?:first\s+)?(?:published|posted|uploaded|updated|last\s+(?:updated|modified))(?:\s+(?:on|at))?\s*:?\s*)+",
    re.IGNORECASE,
)
# Unlike `SENTENCE_END`, also the end of a sentence inside a paragraph if another sentence follows.
_EACH_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*(?=\s+[\"“‘(\[]?[^\W\d_a-z]|$)")

Kind = Literal["title", "name", "date"]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a text.

    Attributes
    ----------
    last
        Index of the last line of the head; all text above it belongs to the head too. -1 if there is no head.
    lines
        Indexes of the headlines, bylines and date lines, with bylines below the first sentences.
    """

    last: int
    lines: frozenset[int]


def read_head(
    paragraphs: Sequence[str],
    *,
    title: str | None,
    authors: Collection[str],
    aside: Callable[[str], bool],
) -> Head:
    """Find the lines of the head among the first paragraphs of a text.

    Parameters
    ----------
    paragraphs
        The beginning of the text.
    title
        The article's title; a line that repeats it is a headline.
    authors
        Names that are already known.
    aside
        Says whether a paragraph is neither head nor text, such as a caption, a note or a button.
    """
    last, between = -1, 0  # `between` counts the sentences since the last line of the head
    lines: set[int] = set()
    kinds: set[Kind] = set()
    above: list[str] = []
    for index, paragraph in enumerate(paragraphs):
        kind = _kind_of(paragraph, title, authors, len(above))
        if kind is None:
            if aside(paragraph):
                continue
            if len(paragraph.split()) > MAX_STANDFIRST_WORDS:
                break
            above.append(paragraph)
            between += bool(SENTENCE_END.search(paragraph))
        elif (kind not in kinds or not between) and _may_stand_above(
            above, sure=kind == "title" or "title" in kinds or bool(byline_names(paragraph))
        ):
            # A second date after some sentences is the heading of a part, as in a diary.
            last, between = index, 0
            lines.add(index)
            kinds.add(kind)
        elif byline_names(paragraph):
            lines.add(index)
        else:
            break
    return Head(last, frozenset(lines))


def with_headline_in_one_line(paragraphs: Sequence[str], title: str | None) -> list[str]:
    """Join the first lines that are the title together: extractors part a headline where the page breaks its line."""
    for start in range(MAX_LINES_ABOVE_TITLE + 1 if title else 0):
        for end in range(start + 2, min(start + MAX_LINES_OF_TITLE, len(paragraphs)) + 1):
            line = " ".join(paragraphs[start:end])
            if title and _repeats(line, title):
                return [*paragraphs[:start], line, *paragraphs[end:]]
    return list(paragraphs)


def is_name_line(paragraph: str, authors: Collection[str]) -> bool:
    """Say whether a line consists of the authors' names, with at most a date after them."""
    rest = line = suffix_joined(paragraph)
    for name in authors:
        rest = rest.replace(name, "")
    if rest == line:
        return False
    rest = re.sub(r"^(?:\s|[,|•·&–—-]|\band\b)+", "", rest)
    return not re.search(r"\w", rest) or is_date_line(rest)


def is_date_line(paragraph: str) -> bool:
    """Say whether a line is a date, with at most a time and a label such as "Published" beside it, or several such."""
    bare = DATE_LABEL.sub("", paragraph).strip(" |•·-–—.")
    is_in_digits = DATE_LABEL.match(paragraph) is not None and _IN_DIGITS.fullmatch(bare) is not None
    if len(bare) <= 40 and (is_in_digits or parse_time(bare) is not None):
        return True
    parts = PARTED.split(paragraph)
    return 1 < len(parts) <= MAX_DATES and all(map(is_date_line, parts))


def _kind_of(paragraph: str, title: str | None, authors: Collection[str], lines_above: int) -> Kind | None:
    if title is not None and lines_above <= MAX_LINES_ABOVE_TITLE and _repeats(paragraph, title):
        return "title"
    if byline_names(paragraph) or is_name_line(paragraph, authors):
        return "name"
    return "date" if is_date_line(paragraph) else None


def _may_stand_above(above: Sequence[str], *, sure: bool) -> bool:
    """Say whether text is at most a kicker and a standfirst; if the head is not sure, one sentence is a standfirst."""
    prose = [paragraph for paragraph in above if SENTENCE_END.search(paragraph)]
    return len(prose) <= 1 and (sure or all(len(_EACH_SENTENCE_END.findall(text)) == 1 for text in prose))


def _repeats(paragraph: str, title: str) -> bool:
    """Say whether a line is the title; with a full stop that the title lacks, it is a sentence of the text."""
    if paragraph.rstrip().endswith(".") and not title.rstrip().endswith((".", "…")):
        return False
    return _letters(paragraph) == _letters(title) != "" or is_labelled(paragraph, title)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
