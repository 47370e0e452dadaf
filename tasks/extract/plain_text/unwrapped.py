"""Paragraphs of a plain text: lines that a program broke at a width are joined, and words that were divided too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from models.wrapping import Wrapping, begins_lines_anew, wrapping_of
from tasks.text.prose import normalise_text, words_of

__all__ = ["unwrapped"]

#: Fewer line breaks without a blank line anywhere may be a headline and its text, or a signature.
_FEWEST_BREAKS = 3
#: Narrower lines in a text without blank lines are rather verses than sentences, in characters.
_NARROWEST_ALONE = 55

_BLANK = re.compile(r"\n[ \t]*\n+")
# The limits on the length of a word keep the time of a search proportional to the text.
_FIRST_HALF = re.compile(r"([^\W_]{1,40})[-\u2010]$")
_SECOND_HALF = re.compile(r"[^\W_]{1,40}")
#: In "pre- and post-war" the hyphen stands for the rest of a word.
_AFTER_HALF_A_WORD = frozenset({"and", "or", "to"})
_BOTH_PARTS = re.compile(r"[^\W\d_]{1,40}[-\u2010][ \t]*\n[ \t]*[^\W\d_]{1,40}")
# Some programs break lines after a hyphen that belongs to the word. These are the usual first and last parts of such
# words, in addition to words that the text itself has.
_FIRST_PART = re.compile(
    "all|anti|co|cross|ex|far|first|free|full|half|hard|high|ill|left|long|low|mid|middle|multi|must|near|non|off|old"
    "|part|post|pre|pro|right|second|self|semi|short|single|so|third|top|two|three|four|five|ten|twenty|thirty|forty"
    "|fifty|sixty|seventy|eighty|ninety|well|wide|working|would|year"
)
_LAST_PART = re.compile(
    "aged|backed|based|being|born|built|by|called|class|driven|edge|ended|faced|fire|founded|free|friendly|fold|funded"
    "|held|in|income|known|led|level|line|long|made|making|minded|off|old|on|out|owned|page|paid|paying|pocket|profile"
    "|profit|ranging|rate|reaching|run|scale|side|sized|sponsored|standing|style|term|time|to|up|wage|wide|wing"
)


def unwrapped(text: str) -> list[str]:
    """Give the paragraphs of a text in the stored form, one line each.

    Blank lines always separate paragraphs. If a program broke the lines, the lines between two blank lines are joined;
    without blank lines, a paragraph begins at an indent or after a short line that ends a sentence.
    """
    blocks = [
        [line for line in block.split("\n") if line.strip()]
        for block in _BLANK.split(text.replace("\r\n", "\n"))
        if block.strip()
    ]
    wrapping = _wrapping(blocks)
    if wrapping is not None:
        known = frozenset(words_of(_BOTH_PARTS.sub(" ", text)))
        # The lines above the body, such as its title, are blocks of their own.
        several = len([block for block in blocks if len(block) > 1]) == 1
        paragraphs = [
            _joined([line.strip() for line in block[part.start : part.stop]], known)
            for block in blocks
            for part in wrapping.paragraphs(block, several=several)
        ]
        text = "\n".join(paragraphs)
    return [line for line in normalise_text(text).split("\n") if line]


def _wrapping(blocks: Sequence[Sequence[str]]) -> Wrapping | None:
    alone = len(blocks) < 2
    if alone and sum(len(block) - 1 for block in blocks) < _FEWEST_BREAKS:
        return None
    wrapping = None if begins_lines_anew(blocks) else wrapping_of(blocks)
    return None if alone and wrapping is not None and wrapping.width < _NARROWEST_ALONE else wrapping


def _joined(lines: Sequence[str], known: frozenset[str]) -> str:
    parts = [lines[0]]
    for before, line in pairwise(lines):
        first, second = _FIRST_HALF.search(before), _SECOND_HALF.match(line)
        if not first or not second or second[0] in _AFTER_HALF_A_WORD:
            parts.append(f" {line}")
            continue
        if first[0][-2].islower() and second[0][0].islower() and not _has_hyphen(first[1], second[0], known):
            parts[-1] = parts[-1][:-1]
        parts.append(line)
    return "".join(parts)


def _has_hyphen(first: str, second: str, known: frozenset[str]) -> bool:
    """Say whether the hyphen at the end of a line belongs to the word, as in "long-term"."""
    first, second = first.lower(), second.lower()
    if f"{first}-{second}" in known or first + second in known:
        return f"{first}-{second}" in known
    both_are_words = first in known and second in known
    return both_are_words or bool(_FIRST_PART.fullmatch(first) or _LAST_PART.fullmatch(second))
