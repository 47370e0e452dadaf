"""Sentences of any text, as character offsets.

The rules are those of `sentencex` (Wikimedia's segmenter). It is called for one line at a time and for stretches of
limited length, because its time is quadratic on some scripts and because a line break ends a sentence in most
extracted articles.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import sentencex  # type: ignore[import-untyped]  # ships no types

from models.wrapping import reach_of, wrapping_of

Span: TypeAlias = tuple[int, int]

#: Longest stretch given to the segmenter at once, in characters.
STRETCH = 4_000
#: Shorter lines, in characters, may be verses, headings or a list, and too few lines are seen here to tell.
_NARROWEST = 40
#: A sentence with more words than this is segmented again without the marks between which the segmenter does not cut.
_LONG_WORDS = 60

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_CLOSES = re.compile('["”»)]')
_PAIRED_MARKS = re.compile("[\"'“”„«»‘’()]")
#: The segmenter fails on a capital letter, one of these spaces and a full stop ("Plan B\u202f."), with an exception
#: that is no Exception.
_WIDE_SPACES = re.compile(r"[^\S\x00-\x7f]")
#: English abbreviations before a name that the segmenter does not know. It knows "Mr." and "Sen.".
_TITLE = re.compile(r"(?<!\w)(?:Ms|Mx|Cllr|Govs|Amb|Atty|Ald|Ft)\.$")
#: "J.D." are the initials of a first name, or a degree: "Ada Birch, J.D. She left.", "She has her J.D. Gull hired her."
_INITIALS = re.compile(r"(?<![\w.])(?<!, )(?<!\bmy )(?<!\b(?:her|his) )(?<!\btheir )J\.D\.$")
_NO_SURNAME = re.compile(
    r"(?:I|He|She|It|We|You|They|There|Who|What|Why|How|When|The|An?|This|That|These|Those|My|Our|Your|His|Her|Its|Their|"
    r"And|But|So|Or|Yet|If|As|In|On|At|For|From|To|By|With|After|Before|Now|Then|Not|No)\b|[^A-Z]"
)
#: The segmenter takes every "no." for "number". It is one in "No. One", "No. IV" and "No. B12", and in "The answer is
#: no. Congress must act now." it is not.
_AFTER_NO = re.compile(
    r"(?<![\w.])[Nn]o\.[\"”’']?\s+(?=[\"“‘'(]?[A-Z])"
    r"(?!(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|Twenty|Hundred)\b|"
    r"(?:[IVX]{2,}|[B-HJ-Z])(?![\w'’]|\.\w)|I(?:$|[.,;:!?)]|\s[A-Z])|[A-Z]{1,3}-?\d)"
)
#: A sentence goes on behind "!" or "?" in "The minister—yes, the minister!—said so" and in "Is it true? he wondered.",
#: but not before "— Yes" and not before "iPhone".
_MARK_INSIDE = re.compile(r"[!?][\"”’')]?$")
_GOES_ON = re.compile(r"[—–](?=\S)|[—–]\s{1,3}[a-z]|(?![a-z]{1,12}[A-Z]|https?://|www\.)(?:a\b|[a-z]{2})")
#: "The Mass. law", "The Comm. on Taxes".
_ABBREVIATED = re.compile(
    r"(?<!\w)(?:Ariz|Calif|Colo|Comm|Conn|Fla|Mass|Minn|Okla|Ore|Penn|Tenn|Wash|Wis)\.$"
)
_TIME_OF_DAY = re.compile(r"\b[ap]\.m\.$")
#: "At 8 p.m. Friday it ended", but not "It ended at 8 p.m. Friday was better."
_DAY_OR_ZONE = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!\s(?:is|was|will|would|has|had|came|began|brought|saw)\b)|"
    r"(?:[ACEMP][SD]?T|GMT|BST|CEST?|UTC)\b)"
)
#: Characters on either side of a boundary that are searched for these.
_BESIDE = 16
_SURROGATES = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which UTF-8 libraries refuse, by U+FFFD; length and offsets do not change."""
    return _SURROGATES.sub("\ufffd", text)


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Find the sentences of a text.

    Parameters
    ----------
    text
        Any text; offsets are into this string.
    language
        ISO 639-1 code ("en", "pt-BR" is read as "pt"); None means English.

    Returns
    -------
    list of (start, end)
        In order, never overlapping, never empty, without white space at either end. Together they hold every
        character of `text` that is not white space.
    """
    clean = without_surrogates(text)
    code = (language or "en").split("-")[0].lower()
    spans: list[Span] = []
    for start, end in _blocks(clean):
        spans += _in_stretches(clean, start, end, code)
    return spans


def _blocks(text: str) -> Iterator[Span]:
    """Give lines, or whole paragraphs if a program broke the lines."""
    paragraph: list[Span] = []
    for match in _LINE.finditer(text):
        gap = text[paragraph[-1][1] : match.start()] if paragraph else ""
        if paragraph and (gap.count("\n") > 1 or not match.group().strip()):
            yield from _paragraph(text, paragraph)
            paragraph = []
        if match.group().strip():
            paragraph.append(match.span())
    yield from _paragraph(text, paragraph)


def _paragraph(text: str, spans: list[Span]) -> Iterator[Span]:
    lines = [text[start:end] for start, end in spans]
    wrapping = wrapping_of([lines]) if len(lines) > 1 else None
    if wrapping is None or wrapping.width < _NARROWEST:
        yield from spans
        return
    for part in wrapping.paragraphs(lines, several=True):
        # A line can be short because the word below it had no room; only an address is longer than such a line.
        if all(
            len(line.strip()) >= _NARROWEST or reach_of(line, below) - len(line.strip()) > _NARROWEST
            for line, below in pairwise(lines[part.start : part.stop])
        ):
            yield spans[part.start][0], spans[part.stop - 1][1]
        else:
            yield from spans[part.start : part.stop]


def _in_stretches(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """Segment a block in stretches of limited length; a sentence cut by one stretch is started again in the next."""
    while start < end:
        stop = min(end, start + STRETCH)
        if stop < end:
            space = text.rfind(" ", start + 1, stop)
            stop = space if space > 0 else stop
        cuts = _boundaries(text[start:stop], language)
        if stop < end and len(cuts) > 1:
            stop = start + cuts.pop()[0]
        for left, right in cuts:
            yield from _split_again(text, start + left, start + right, language)
        start = stop


def _split_again(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """Segment an over-long sentence again: quotation marks or brackets keep it together, even over a page."""
    piece = text[start:end]
    cuts = [0, len(piece)]
    if piece.count(" ") > _LONG_WORDS and _PAIRED_MARKS.search(piece):
        inner = _boundaries(_PAIRED_MARKS.sub(" ", piece), language)
        cuts[1:1] = [
            _before_its_mark(piece, stop) for _, stop in inner[:-1] if not _goes_on_after(piece, stop)
        ]
    for left, right in pairwise(cuts):
        content = piece[left:right].strip()
        if content:
            begin = start + right - len(piece[left:right].lstrip())
            yield begin, begin + len(content)


def _goes_on_after(piece: str, at: int) -> bool:
    """Whether a sentence goes on behind a bracket whose mark was taken away: "the senator (R-Tex.), who ..."."""
    behind = piece[at:].lstrip()[:1]
    return behind in (",", ";") or (behind.islower() and piece[:at].rstrip(" ,;").endswith(")"))


def _before_its_mark(piece: str, start: int) -> int:
    """Give the start of a sentence with the mark that opens it, which was taken away before the cut."""
    opens = start > 1 and piece[start - 2].isspace() and _PAIRED_MARKS.match(piece, start - 1)
    return start - 1 if opens else start


def _boundaries(piece: str, language: str) -> list[Span]:
    boundaries = sentencex.get_sentence_boundaries(language, _WIDE_SPACES.sub(" ", piece))
    starts = [int(boundary["start_index"]) for boundary in boundaries[1:]]
    if language == "en":
        starts = sorted({*starts, *_starts_after_no(piece, starts)})
        starts = _without_those_inside(piece, starts)
    return list(pairwise([0, *starts, len(piece)]))


def _starts_after_no(piece: str, starts: Sequence[int]) -> Iterator[int]:
    """Give the starts behind "no." that the segmenter missed; as everywhere, nothing between two marks is cut."""
    for match in _AFTER_NO.finditer(piece):
        number = bisect_left(starts, match.end())
        before = piece[starts[number - 1] if number else 0 : match.end()]
        is_open = sum(map(before.count, "“«(")) > sum(map(before.count, "”»)")) or before.count('"') % 2
        if not (is_open and _CLOSES.search(piece, match.end())):
            yield match.end()


def _without_those_inside(piece: str, starts: list[int]) -> list[int]:
    """Leave out the starts that are inside a sentence: behind "Ms.", or in "Is it true? he wondered."."""
    kept: list[int] = []
    for start in starts:
        # Who begins sentences with small letters also begins the next one with a small letter: "is it? i think so."
        begins = piece[kept[-1] if kept else 0 : start].lstrip("\"“‘'([ ")[:1]
        if not (_is_inside_a_name(piece, start) or (not begins.islower() and _goes_on(piece, start))):
            kept.append(start)
    return kept


def _is_inside_a_name(piece: str, at: int) -> bool:
    """Whether the segmenter ended a sentence behind "Ms." or "J.D." although a name follows."""
    before, behind = _beside(piece, at)
    return bool(_TITLE.search(before) or (_INITIALS.search(before) and not _NO_SURNAME.match(behind)))


def _goes_on(piece: str, at: int) -> bool:
    """Whether the segmenter ended a sentence behind "!", "?", "Mass." or "p.m." although it goes on."""
    before, behind = _beside(piece, at)
    if _TIME_OF_DAY.search(before):
        return _DAY_OR_ZONE.match(behind) is not None
    if _ABBREVIATED.search(before):
        return behind[:1].islower()
    return bool(_MARK_INSIDE.search(before) and _GOES_ON.match(behind))


def _beside(piece: str, at: int) -> tuple[str, str]:
    """Give the characters before and behind a boundary, without the spaces between."""
    return piece[max(0, at - _BESIDE) : at].rstrip(), piece[at : at + _BESIDE].lstrip()
