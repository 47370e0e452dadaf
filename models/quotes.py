"""Quoted and reported speech: the parts of a text that express somebody else's words.

Three kinds are found: text between double or typographic quotation marks (also across sentences, and across
paragraphs if each paragraph opens with a mark), text between single quotation marks, and clauses that the author
attributes to others ("Critics say ...", "..., according to the ministry"; see `models.attributions`). Short
quotations are left out, because a word in quotation marks is more often the author's irony than someone's speech.

The rules are for English prose. When in doubt they miss a quotation, so that the author's own words are not marked as
quoted.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from models.attributions import attributed_spans
from models.sentences import Span, sentence_spans

#: Number of words from which a quotation counts as speech.
SPEECH_WORDS = 4
#: A quotation that never closes does not count; a quotation is followed for at most this many characters.
_LONGEST = 5_000
_PARAGRAPHS = 20

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‘": "’", '"': '"', "'": "'"}
_OPENING = re.compile(
    r"""[“„«]                             # typographic, always opening
      | (?:(?<=\s)|(?<=[(\[—–-])|^)       # ambiguous: after a space, before a word
        (?!['‘](?:\d0s\b|n['’]\s|(?:em|[Tt]is|[Tt]was|[Tt]il)\b))   # but not an apostrophe: '60s, rock 'n' roll
        ["‘'](?=\w|["'“‘(\[$£€…])
    """,
    re.VERBOSE | re.MULTILINE,
)
_BREAK = re.compile(r"\n\s*")


def quoted_spans(text: str, *, sentences: Sequence[Span] | None = None) -> list[Span]:
    """Find the quoted and reported parts of a text.

    Parameters
    ----------
    text
        The whole text.
    sentences
        Its sentence spans, if they are known already.

    Returns
    -------
    list of (start, end)
        Character offsets, in order, not overlapping.
    """
    spans = sentence_spans(text) if sentences is None else sentences
    return _merged([*_between_marks(text), *attributed_spans(text, spans)])


def quoted_share(start: int, end: int, quoted: Sequence[Span]) -> float:
    """Give the share of the characters of ``start:end`` that are in `quoted` (sorted, not overlapping)."""
    if end <= start:
        return 0.0
    first = max(0, bisect_left(quoted, (start, start)) - 1)
    held = 0
    for left, right in quoted[first:]:
        if left >= end:
            break
        held += max(0, min(end, right) - max(start, left))
    return held / (end - start)


def _between_marks(text: str) -> Iterator[Span]:
    closings = {
        mark: [at.start() for at in re.finditer(f"[{ends}]", text) if _closes(text, at.start(), mark)]
        for mark, ends in _PAIRS.items()
    }
    breaks = [match.span() for match in _BREAK.finditer(text)]
    at = 0
    while (match := _OPENING.search(text, at)) is not None:
        start, mark = match.start(), match.group()
        end = _closing(text, start, mark, closings[mark], breaks)
        at = start + 1 if end is None else end
        if end is not None and len(text[start:end].split()) >= SPEECH_WORDS:
            yield start, end


def _closing(text: str, start: int, mark: str, closings: Sequence[int], breaks: Sequence[Span]) -> int | None:
    """Give the offset after the closing mark. A paragraph break ends the search unless the next one opens again."""
    where = bisect_right(closings, start)
    if where == len(closings) or closings[where] - start > _LONGEST:
        return None
    end = closings[where]
    first = bisect_right(breaks, (start, len(text)))
    for left, right in breaks[first : first + _PARAGRAPHS]:
        if left > end:
            return end + 1
        if not text.startswith(mark, right):
            return None
        if end <= right:  # a straight mark that opens the next paragraph, not a closing one
            where = bisect_right(closings, right)
            if where == len(closings):
                return None
            end = closings[where]
    return end + 1 if end - start <= _LONGEST else None


def _closes(text: str, at: int, mark: str) -> bool:
    """Whether the mark at `at` closes: single marks are also apostrophes inside words and often at their end."""
    following = text[at + 1 : at + 2]
    if mark in "“„«":
        return True
    if mark == '"':
        return not text[at - 1].isspace()
    return (
        not following.isalnum()
        and not text[at - 1].isspace()
        and not (text[at - 1] == "s" and following == " ")
    )


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
