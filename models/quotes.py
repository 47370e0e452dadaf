"""Quoted and reported speech: the parts of a text that express somebody else's words.

Three kinds are found: text between double or typographic quotation marks (also across sentences, and across
paragraphs if each paragraph opens with a mark), text between single quotation marks, and clauses that the author
attributes to others ("Critics say ...", "..., according to the ministry"; see `models.attributions`). Short
quotations are left out, because a word in quotation marks is more often the author's irony than someone's speech.

The rules are for English prose. When in doubt they miss a quotation, so that the author's own words are not marked as
quoted. Therefore a quotation that never closes does not take the closing mark of a later one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from models.attributions import attributed_spans
from models.sentences import Span, sentence_spans
from models.titles import is_title

#: Number of words from which a quotation counts as speech.
SPEECH_WORDS = 4
#: A quotation of more characters does not count.
_LONGEST = 5_000

# "“" closes where it cannot open: "“We shall stay,“ he said" is typed with it twice.
_PAIRS = {"“": "”“", "„": "“”", "«": "»", "‘": "’", '"': '"', "'": "'"}
_SINGLE = "‘'"
#: The other marks for the same: "“We shall go," he said" is typed with both.
_OTHER_TYPE = {"“": '"', '"': "“”"}
_AFTER_SENTENCE = re.compile(r"[.!?]['’]?\s$")
_OPENING = re.compile(
    r"""[„«]|(?<![\w.,!?])“|“(?!\s|$)     # typographic, always opening, but not "word.“ "
      | (?:(?<=\s)|(?<=[(\[—–-])|^)       # ambiguous: after a space, before a word
        (?!['‘](?:\d0s\b|0\d\b|n['’]\s|(?:em|[Tt]is|[Tt]was|[Tt]il)\b))   # no apostrophe: '60s, '08, rock 'n' roll
        (?!(?:(?<=\bof\s)|(?<=\bin\s)|(?<=\bthe\s)|(?<=\bsince\s))['‘]\d\d\b)   # nor in "the class of '99"
        ["‘'](?=\w|["'“‘(\[$£€…]|\.\.)
    """,
    re.VERBOSE | re.MULTILINE,
)
#: Verbs by which authors report their own speech, and to whom or when they spoke.
_SAY = r"(?:said|say|told|tell|asked|ask|replied|answered|wrote|argued|shouted|added|explained|wondered)"
_LISTENER = (
    r"(?:\s(?:(?:to|of)\s)?(?:him|her|them|you|it|myself|ourselves|(?:the|a|an|my|our|his|her|this)\s[\w’'-]+|"
    r"(?-i:[A-Z])[\w’'-]+)|\s(?:again|back|once|then|in\s\w+)){0,2}"
)
_I_SAY = rf"(?:I|we)\s(?:(?:have|had|once|then|always|also|often)\s)?{_SAY}{_LISTENER}"
#: "'You are wrong,' I told him." In "'We must trust them.' I shouted at that one" the stranger has ended, and so has he
#: in "'Go home!' I said nothing."
_OWN_BEHIND = re.compile(rf",?\s{_I_SAY}(?=[.,;:!?—–]|$|\s(?:and|as|but|when|before|after|in|on|at|with)\b)")
_OWN_BEFORE = re.compile(
    rf"(?:^|[.!?,;:—–][\"”’']?\s|\b(?:and|but|so|then|when|what|as)\s){_I_SAY}[,:]\s$", re.IGNORECASE
)
#: Characters before a quotation that are searched for these.
_BESIDE = 80


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
    openings = [match.start() for match in _OPENING.finditer(text)]
    opens = frozenset(openings)
    closing_of = {start: end for mark in _PAIRS for start, end in _closings(text, mark, opens).items()}
    after = 0
    for start in openings:
        end = closing_of.get(start, start)
        if start < after or not 0 < end - start <= _LONGEST:
            continue
        after = end
        words = text[start + 1 : end - 1]
        if (
            len(words.split()) >= SPEECH_WORDS
            and not is_title(words)
            and not _is_own_speech(text, start, end)
        ):
            yield start, end


def _is_own_speech(text: str, start: int, end: int) -> bool:
    """Whether authors quote what they said themselves: "I told him, 'You are wrong.'"."""
    if text[end - 2 : end - 1] in (",", "?", "!") and _OWN_BEHIND.match(text, end):
        return True
    return _OWN_BEFORE.search(text[max(0, start - _BESIDE) : start]) is not None


def _closings(text: str, mark: str, opens: frozenset[int]) -> dict[int, int]:
    """Give the offset after the closing mark for each opening of one kind that has one.

    A closing mark belongs to the last opening before it. The search ends with the paragraph, unless the next one opens
    again; paragraphs may have been joined to one, so this counts after any sentence.
    """
    closings: dict[int, int] = {}
    opened: list[int] = []
    others = _OTHER_TYPE.get(mark, "")
    # Where the last opening perhaps closed: "‘rent for all tenants’ and" has a closing mark, "tenants’ rights" has not.
    perhaps: int | None = None
    is_inside = False
    for match in re.finditer(rf"\n\s*(?P<next>.)|[{mark}{_PAIRS[mark]}{others}]", text, re.DOTALL):
        at = match.end() - 1
        if match["next"] and match["next"] != mark:
            closings |= _ended(opened, perhaps, mark)
            opened, perhaps, is_inside = [], None, False
        if text[at] in others:
            if at in opens:
                is_inside = True
            elif not is_inside and perhaps is None and opened and _closes(text, at, '"'):
                perhaps = at
            else:
                is_inside = False
        elif at in opens and text[at] == mark:
            # single marks are rarely one inside the other
            if opened and ((others and perhaps is not None) or (mark in _SINGLE and not match["next"])):
                before = opened.pop()
                closings[before] = before if perhaps is None else perhaps + 1
            if not (opened and (match["next"] or _AFTER_SENTENCE.search(text, max(0, at - 3), at))):
                opened.append(at)
            perhaps, is_inside = None, False
        elif opened and text[at] in _PAIRS[mark] and _closes(text, at, mark):
            if mark in _SINGLE and text[at - 1] == "s" and text[at + 1 : at + 2] == " ":
                perhaps = at if perhaps is None else perhaps
            else:
                closings[opened.pop()] = at + 1
                perhaps = None
    return closings | _ended(opened, perhaps, mark)


def _ended(opened: Sequence[int], perhaps: int | None, mark: str) -> dict[int, int]:
    """Close the last opening of a paragraph where it perhaps closed, if the mark is not also a plain apostrophe."""
    return {opened[-1]: perhaps + 1} if opened and perhaps is not None and mark != "'" else {}


def _closes(text: str, at: int, mark: str) -> bool:
    """Whether the mark at `at` closes, or perhaps does: single marks are also apostrophes in words and at their end."""
    if mark in "“„«":
        return True
    if mark == '"':
        return not text[at - 1].isspace()
    return not text[at + 1 : at + 2].isalnum() and not text[at - 1].isspace()


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
