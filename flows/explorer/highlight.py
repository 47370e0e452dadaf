"""Cuts a text where evidence and quoted speech begin and end, so that a page can mark both in the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A sentence that is evidence of an answer.

    Attributes
    ----------
    number
        Number of the sentence, from 1, in the order of the text.
    start, end
        Offsets into the stored text, in characters.
    """

    number: int
    start: int
    end: int
    target: str
    stance: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a paragraph inside which no evidence and no quotation begins or ends.

    Attributes
    ----------
    marks
        The evidence to which the segment belongs.
    ending
        Those of ``marks`` that end with the segment in this paragraph.
    """

    text: str
    start: int
    quoted: bool
    marks: tuple[Mark, ...]
    ending: tuple[Mark, ...]


def paragraphs(text: str, marks: Sequence[Mark], quoted: Sequence[Span]) -> list[list[Segment]]:
    """Cut a text into paragraphs, and each paragraph into segments; joined, they are the text without its line ends."""
    cut = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            cut.append(list(_segments(text, start, start + len(line), marks, quoted)))
        start += len(line) + 1
    return cut


def _segments(
    text: str, start: int, end: int, marks: Sequence[Mark], quoted: Sequence[Span]
) -> Iterator[Segment]:
    here = [mark for mark in marks if mark.start < end and mark.end > start]
    spoken = [span for span in quoted if span[0] < end and span[1] > start]
    edges = {start, end}
    for left, right in (*((mark.start, mark.end) for mark in here), *spoken):
        edges |= {max(start, left), min(end, right)}
    cuts = sorted(edges)
    for left, right in pairwise(cuts):
        held = tuple(mark for mark in here if mark.start <= left and mark.end >= right)
        yield Segment(
            text[left:right],
            left,
            any(a <= left and b >= right for a, b in spoken),
            held,
            tuple(mark for mark in held if mark.end == right or (right == end and mark.end > end)),
        )
