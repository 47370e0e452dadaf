"""Whose words a block quote holds: somebody else's, or the author's own, and how the marks of a quotation are set."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Literal

from tasks.extract.metadata.authors import byline_names
from tasks.extract.paragraphs.paragraph_kinds import is_boilerplate, is_caption, is_note
from tasks.text.prose import words_of

__all__ = ["introduction", "is_of_others", "quoted", "share_repeated", "without_quotations", "word_runs"]

#: So many words in a row, if they are also elsewhere in the text, are not a coincidence.
_REPEATED = 4
_BEGINS_MARKED = tuple("“„«‘\"'—–-[")
_BETWEEN_MARKS = re.compile(r"“[^“”\n]*”|\"[^\"\n]*\"|«[^«»\n]*»")

#: A longer sentence that tells what somebody said says it itself, and introduces no block quote.
INTRODUCTION_WORDS = 12
# The last sentence above a block quote: an announcement of the author's own words, a report of speech, and the end of a
# sentence that goes on below.
_ANNOUNCES_OWN = re.compile(
    r"\b(?:I|we)(?:['’](?:ve|d|ll|m|re))?(?:\s\w+){0,3}?\s(?:propos(?:e|ed|ing)|wr[io]te|written|writing"
    r"|sa(?:y|id|ying)|need(?:ed)?|suggest(?:ed|ing)?|argu(?:e|ed|ing)|believed?|think|thought|want(?:ed)?"
    r"|demand(?:ed)?|recommend(?:ed)?|promised?|would)\b"
    r"|^(?:here\s(?:is|are)\s)?(?:my|our)\s(?:\w+\s){0,2}?(?:proposal|plan|demand|argument|point|thesis|rule|suggestion"
    r"|advice|view|answer)s?\b",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\b(?:say|says|said|wrote|writes?|told|tells|argue[sd]?|claim(?:s|ed)?|statement"
    r"|letter|asked|quot(?:e[sd]?|ing)|tweet(?:s|ed)?|post(?:s|ed)?|put it|words|according to|insist(?:s|ed)?"
    r"|declared?|announced?)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:[:…,]|\.\.\.)[\"'”’)]*$")
_LAST_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=\S)")


def introduction(above: str) -> Literal["own", "announced", "reported", ""]:
    """Say whose words the paragraph above a block quote introduces.

    Parameters
    ----------
    above
        The paragraph.

    Returns
    -------
    str
        ``own`` for the author's, ``announced`` and ``reported`` for those of others, the first if the paragraph ends
        with a colon or the like; empty if it introduces nothing.
    """
    last = _LAST_SENTENCE.split(above)[-1]
    if _ANNOUNCES_OWN.search(last):
        return "own"
    if _GOES_ON.search(last):
        return "announced"
    return "reported" if len(words_of(last)) <= INTRODUCTION_WORDS and _REPORTS.search(last) else ""


def is_of_others(paragraph: str, own: Collection[tuple[str, ...]]) -> bool:
    """Say whether a paragraph of a block quote is a quotation without marks.

    Notes and captions may be in a block quote too, and so may sentences that the author has elsewhere in the text.

    Parameters
    ----------
    paragraph
        The paragraph, without markup.
    own
        The runs of words outside of block quotes (see :func:`word_runs`).
    """
    if paragraph.startswith(_BEGINS_MARKED):
        return False
    if is_note(paragraph) or is_caption(paragraph) or is_boilerplate(paragraph) or byline_names(paragraph):
        return False
    return share_repeated(paragraph, own) < 0.5


def share_repeated(paragraph: str, own: Collection[tuple[str, ...]]) -> float:
    """Give the share, 0 to 1, of a paragraph's runs of words that are also in `own`; 0 if it is too short for one."""
    runs = list(word_runs(words_of(paragraph)))
    return sum(run in own for run in runs) / len(runs) if runs else 0.0


def word_runs(words: list[str]) -> Iterable[tuple[str, ...]]:
    """Give every run of four words."""
    return zip(*(words[start:] for start in range(_REPEATED)), strict=False)


def quoted(paragraph: str) -> str:
    """Put a paragraph between quotation marks; double marks in it become single, because the first would close it."""
    return "“" + paragraph.replace("“", "‘").replace("”", "’") + "”"


def without_quotations(text: str) -> str:
    """Remove the words between double quotation marks, paragraph by paragraph."""
    return _BETWEEN_MARKS.sub(" ", text)
