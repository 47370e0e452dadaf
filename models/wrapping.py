"""Lines that a program broke at a width, as mail programs, editors and PDF readers do, and the paragraphs they make.

The line breaks of such a text have no meaning, so that its sentences and paragraphs must be put together again. In any
other text a line break is the author's, and lines must stay apart: lists, verses, signatures, and one line for each
paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["LINE_ENDS_SENTENCE", "LIST_ITEM", "Wrapping", "begins_lines_anew", "reach_of", "wrapping_of"]

#: No program breaks lines at a greater width than this, in characters.
WIDEST = 120
#: A text is wrapped only if this share of its characters is in lines of at most WIDEST characters.
_NARROW = 0.8
#: A line that was broken because it was full is at least this long, as a share of the usual longest line. Lines of a
#: PDF have different numbers of letters, since letters have different widths.
_FULL = 0.75
#: At least this share of the lines that end in mid-sentence must be full. Lines of a list or of verses are uneven.
_MOSTLY = 2 / 3
#: If more than this share of the lines below a line in mid-sentence begin with a capital letter, they are verses,
#: titles or turns of a dialogue. In English prose that a program broke about 15 % do, in German about 35 %.
_CAPITALS = 0.8
#: Of fewer lines, all can begin with a capital letter by chance.
_FEWEST_BREAKS = 3
#: A line that is shorter than this share of the width, above a new sentence, is a heading.
_HEADING = 0.6
#: From this number of lines on, a block without blank lines may be several paragraphs.
_MANY_LINES = 8

LIST_ITEM = re.compile(r"^[ \t]{0,3}(?:[-*+•]|\d{1,3}[.)])[ \t]+")
#: The end of a line below which a new sentence may begin; so a colon and a semicolon count too, as above a list.
LINE_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_LETTER = re.compile(r"[^\W_]")
_NEW_SENTENCE = re.compile(r"[\"'“‘«(\[]{0,3}[^\W_a-z]")


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a text was wrapped.

    Attributes
    ----------
    width
        Length of the longest lines, in characters; a few lines may be longer.
    reach
        A line that the program broke has at least this length together with the first word of the next line, since
        this word had no room.
    """

    width: int
    reach: int

    def paragraphs(self, lines: Sequence[str], *, several: bool = False) -> Iterator[range]:
        """Divide the lines of a block into paragraphs, each given as the numbers of its lines.

        Parameters
        ----------
        lines
            The lines between two blank lines, with their indents.
        several
            Whether the block may be several paragraphs although it is short, because the text has no blank lines.
        """
        start, in_list = 0, False
        several = several or len(lines) >= _MANY_LINES
        # A text can have blocks of several widths, such as a letter that is quoted in it.
        own = wrapping_of([lines]) if len(lines) >= _MANY_LINES else None
        if own is None or own.width > _FULL * self.width:
            own = self
        apart, indented = self._keeps_lines(lines), _indented(lines)
        few_indents, hanging = 2 * sum(indented) < len(lines), all(indented[1:])
        for number, line in enumerate(lines):
            ended = number > 0 and bool(LINE_ENDS_SENTENCE.search(lines[number - 1].rstrip()))
            full = number > 0 and own._is_full(lines[number - 1], line)
            item = LIST_ITEM.match(line) is not None
            if item and not in_list:
                in_list = number == 0 or ended
            elif in_list and not item and several and ended and not full and not indented[number]:
                in_list = False
            if in_list:
                begins = item
            elif indented[number]:
                # Where only first lines have indents, an indent is enough, also below a line such as a caption. Where
                # all lines below the first one have them, the block is an item of a list whose mark was removed.
                begins = not hanging and (ended or few_indents)
            else:
                # A short line, if it is a paragraph of its own, is a heading.
                alone = number == start + 1 and len(lines[start].strip()) < _HEADING * own.width
                begins = (
                    several and not full and (ended or alone) and bool(_NEW_SENTENCE.match(line.lstrip()))
                )
            if number and (apart or begins):
                yield range(start, number)
                start = number
        yield range(start, len(lines))

    def _keeps_lines(self, lines: Sequence[str]) -> bool:
        """Whether the author broke the lines of a block, as in a list, a signature or a poem.

        All lines are short and begin anew, and none ends a sentence. In a block of several lines some may end one.
        """
        breaks = list(pairwise(lines))
        if len(lines) >= _MANY_LINES and begins_lines_anew([lines]):
            return True
        return all(
            not self._is_full(line, below)
            and (len(breaks) >= _FEWEST_BREAKS or not LINE_ENDS_SENTENCE.search(line.rstrip()))
            and _NEW_SENTENCE.match(below.lstrip())
            for line, below in breaks
        )

    def _is_full(self, line: str, below: str) -> bool:
        """Say whether a program broke a line: the next word had no room, or a part of a word is at its end."""
        return reach_of(line, below) >= self.reach or line.rstrip().endswith(("-", "\u2010"))


def wrapping_of(blocks: Sequence[Sequence[str]]) -> Wrapping | None:
    """Find how a text was wrapped; None if its line breaks are the author's.

    All of the following must be so: most characters are in lines of at most :data:`WIDEST` characters; at least half
    of the lines inside blocks end no sentence; most of these are so long that the next word had no room; and the lines
    below them do not nearly all begin with a capital letter.

    Parameters
    ----------
    blocks
        The lines of each block of a text, without blank lines.
    """
    lines = [len(line.strip()) for block in blocks for line in block]
    if sum(length for length in lines if length <= WIDEST) < _NARROW * sum(lines):
        return None
    inner = _breaks(blocks)
    unended = _unended(inner)
    lengths = sorted(length for line, _ in inner if (length := len(line.strip())) <= WIDEST)
    if not lengths or 2 * len(unended) < len(inner):
        return None
    if len(unended) >= _FEWEST_BREAKS and begins_lines_anew(blocks):
        return None
    width = lengths[int(0.9 * len(lengths))]
    if sum(_uneven(block) for block in blocks) > (1 - _MOSTLY) * len(unended):
        return None
    reaches = sorted(reach_of(line, below) for line, below in unended)
    return Wrapping(width, max(reaches[len(reaches) // 20], int(_FULL * width)))


def begins_lines_anew(blocks: Sequence[Sequence[str]]) -> bool:
    """Say whether nearly all lines below a line in mid-sentence begin with a capital letter or a digit.

    Then the line breaks are the author's, whatever the lengths of the lines: verses, a dialogue, or a list of titles.

    Parameters
    ----------
    blocks
        The lines of each block of a text, without blank lines.
    """
    below = [line for _, line in _unended(_breaks(blocks))]
    return sum(map(_begins_with_capital, below)) > _CAPITALS * len(below)


def reach_of(line: str, below: str) -> int:
    """Count the characters of a line together with the first word of the line below it, which is not blank."""
    first, *_ = below.split(maxsplit=1)
    return len(line.strip()) + 1 + len(first)


def _begins_with_capital(line: str) -> bool:
    first = _LETTER.search(line)
    return first is not None and (first[0].isupper() or first[0].isdigit())


def _breaks(blocks: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Give the lines on both sides of each break, without the breaks above an item of a list, which an author makes."""
    return [
        (line, below) for block in blocks for line, below in pairwise(block) if not LIST_ITEM.match(below)
    ]


def _unended(breaks: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(line, below) for line, below in breaks if not LINE_ENDS_SENTENCE.search(line.rstrip())]


def _uneven(block: Sequence[str]) -> int:
    """Count the lines that end in mid-sentence although the next word had room, by the width of their own block."""
    width = max((length for line in block[:-1] if (length := len(line.strip())) <= WIDEST), default=0)
    return sum(reach_of(line, below) < _FULL * width for line, below in _unended(_breaks([block])))


def _indented(lines: Sequence[str]) -> list[bool]:
    """Say of each line whether it begins further to the right than the others of its block."""
    indents = [len(line) - len(line.lstrip()) for line in (line.expandtabs(4) for line in lines)]
    least = min(indents) + 2
    return [indent >= least for indent in indents]
