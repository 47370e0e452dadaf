"""Whose words a block quote holds: somebody else's, or the author's own, and how the marks of a quotation are set."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from tasks.extract.authors import byline_names
from tasks.extract.editorial import is_caption, is_furniture, is_note
from tasks.prose import words_of

__all__ = ["is_of_others", "quoted", "share_repeated", "without_quotations", "word_runs"]

#: So many words in a row, if they are also elsewhere in the text, are not a coincidence.
_REPEATED = 4
_BEGINS_MARKED = tuple("“„«‘\"'—–-[")
_BETWEEN_MARKS = re.compile(r"“[^“”\n]*”|\"[^\"\n]*\"|«[^«»\n]*»")


def is_of_others(paragraph: str, own: Collection[tuple[str, ...]]) -> bool:
    """Say whether a paragraph of a block quote is a quotation without marks.

    Notes and captions may stand in a block quote too, and so may sentences that the author has elsewhere in the text.

    Parameters
    ----------
    paragraph
        The paragraph, without markup.
    own
        The runs of words outside of block quotes (see :func:`word_runs`).
    """
    if paragraph.startswith(_BEGINS_MARKED):
        return False
    if is_note(paragraph) or is_caption(paragraph) or is_furniture(paragraph) or byline_names(paragraph):
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
    """Remove what stands between double quotation marks, paragraph by paragraph."""
    return _BETWEEN_MARKS.sub(" ", text)
