"""Quoted and reported speech: the parts of a text that express somebody else's words.

Three kinds are found: text between double or typographic quotation marks (also across sentences, and across
paragraphs if each paragraph opens with a mark), text between single quotation marks, and clauses that the author
attributes to others ("Critics say ...", "..., according to the ministry"). Short quotations are left out, because a
word in quotation marks is more often the author's irony than someone's speech.

The rules are for English prose. When in doubt they miss a quotation, so that the author's own words are not marked as
quoted.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from models.sentences import Span, sentence_spans

#: Number of words from which a quotation counts as speech.
SPEECH_WORDS = 4
#: A quotation that never closes does not count; a quotation is followed for at most this many characters.
_LONGEST = 5_000
_PARAGRAPHS = 20
#: The attribution is searched for in the first characters of a sentence, up to this number.
_SENTENCE = 400

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‘": "’", '"': '"', "'": "'"}
_OPENING = re.compile(
    r"""[“„«]                             # typographic, always opening
      | (?:(?<=\s)|(?<=[(\[—–-])|^)["‘'](?=\w|["'“‘(\[$£€…])   # ambiguous: after a space, before a word
    """,
    re.VERBOSE | re.MULTILINE,
)
_BREAK = re.compile(r"\n\s*")

_VERBS = (
    r"says?|said|argues?|argued|claims?|claimed|insists?|insisted|maintains?|maintained|contends?|contended|"
    r"asserts?|asserted|alleges?|alleged|believes?|believed|thinks?|thought|warns?|warned|complains?|"
    r"complained|counters?|countered|objects?|objected|suggests?|suggested|writes?|wrote|declares?|declared|"
    r"announced|stress(?:es|ed)?|emphasi[sz]e[sd]?|stated|explains?|explained|"
    r"acknowledge[sd]?|concede[sd]?|admits?|admitted|repl(?:y|ies|ied)|retorts?|retorted|told|tells?"
)
_NOT_A_CLAUSE = (
    r"(?!(?:is|are|was|were|has|have|had|will|would|of|for|and|or|to|by|in|on|with|from|against|about|made|"
    r"through|goodbye|so|no|yes|nothing|little|more|much)\b)"
)
_ADVERB = r"(?:also|still|often|now|then|always|never|even|once|\w+ly|have|has|had|would|will|may|might)"
_REPORTS = re.compile(
    rf"""^(?P<subject>(?:[^\s.;:!?"“”]+\s+){{1,9}}?)
         (?P<adverbs>(?:{_ADVERB}\s+){{0,2}})(?P<verb>{_VERBS})(?:,|:)?\s+
         (?:(?:[^\s.;:!?"“”]+\s+){{0,5}}?that\s+|{_NOT_A_CLAUSE})(?=\S)""",
    re.VERBOSE | re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:i|we|you|me|us|my|our|your|let|which|who|what|nobody|one|anyone|if|when|while|as|because|to|not|"
    r"must|should|can|cannot|could|it)\b",
    re.IGNORECASE,
)
# Some of these verbs are nouns or adjectives too: "The claim that ... is false" is the author's sentence. After these
# words no verb follows.
_BEFORE_A_NOUN = re.compile(
    r"(?:^|\s)(?:the|an?|this|that|his|her|their|its|any|no|every|own|very|mere|such|\S{1,40}['’]s|\S{1,40}s['’])$",
    re.IGNORECASE,
)
_NOUN = re.compile(r"claims?|objects?|counters?|reply|replies|thought", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"(?:^|\s)(?:of|for|by|in|on|with|from|against|about|despite|amid|over|without|under|through|beyond)$",
    re.IGNORECASE,
)
# A verb agrees in number with its subject, so that "the old claim" and "these false claims" are nouns. Some words are
# plural without an s ("the police claim"), and an auxiliary takes the form without an s ("the minister did claim").
_BARE = re.compile(r"claim|object|counter|reply", re.IGNORECASE)
_WITH_S = re.compile(r"claims|objects|counters|replies", re.IGNORECASE)
_SINGULAR = re.compile(r"(?:the|an?|this|that|his|her|their|its|any|no|every|each|another)\s", re.IGNORECASE)
_PLURAL = re.compile(r"(?:these|those|all|some|many|most|few|both|several|other|more|fewer)\s", re.IGNORECASE)
_PLURAL_END = re.compile(
    r"(?:s|people|men|women|children|police|media|rich|poor|young|elderly|left|right|few|many|majority|do|does|did|"
    r"will|would|may|might)$",
    re.IGNORECASE,
)
# ", but few complained" goes on with the author's sentence; no attribution begins so.
_GOES_ON = re.compile(
    r"(?:and|or|but|nor|yet|than|though|although|however|whatever|whoever|where|since|until|unless|whether|how|why|"
    r"before|after)\b",
    re.IGNORECASE,
)
# "They should pay according to their means" says by which measure, and not who says it. After a comma, and at the
# beginning of a sentence, "according to their lawyers" says who.
_MEASURE = (
    r"(?!(?:(?:their|his|her|its|your|the)\s+)?(?:own\s+)?(?:needs?|means|abilit(?:y|ies)|capacity|merits?|"
    r"laws?|plans?|schedule|rules?|customs?|traditions?|principles?|wishes|conscience|size|age|income|wealth|"
    r"circumstances)\b(?!['’]))"
)
_OURS = r"(?!(?:me|us|my|our)\b)"
_APART = r"""(?:^["“‘'(]?|(?<=[,;:—–”’"]\s))"""
_ACCORDING = re.compile(
    rf"""{_APART}according\s+to\s+{_OURS}{_MEASURE}
      | \baccording\s+to\s+(?!(?:their|his|her|its|your|what|how|whether)\b){_OURS}{_MEASURE}
      | \bin\s+the\s+(?:words|view)\s+of\s+{_OURS}
      | {_APART}in\s+the\s+eyes\s+of\s+(?!(?:the\s+)?(?:law|world|god|public|history)\b){_OURS}""",
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = re.compile(
    rf""",["”’]?\s+
         (?:(?:{_VERBS})\s+(?P<after>[^,.;]{{1,80}})
           |(?P<before>[^\s,.;]+(?:\s+[^\s,.;]+){{0,5}}?)\s+(?P<verb>{_VERBS}))
         \s*[.!?,]?["”’]?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)


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
    return _merged([*_between_marks(text), *_attributed(text, spans)])


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


def _attributed(text: str, sentences: Sequence[Span]) -> Iterator[Span]:
    for start, end in sentences:
        sentence = text[start : min(end, start + _SENTENCE)]
        if _ACCORDING.search(sentence):
            yield start, end
            continue
        tail = max(start, end - _SENTENCE)
        trailing = _TRAILING.search(text[tail:end])
        if trailing and _ends_an_attribution(trailing):
            yield start, tail + trailing.start()
        elif (match := _REPORTS.match(sentence)) and _names_a_speaker(
            match["subject"], match["adverbs"], match["verb"]
        ):
            yield start + match.end(), end


def _ends_an_attribution(trailing: re.Match[str]) -> bool:
    """Whether the words after the last comma name a speaker: "said the minister", "the minister said"."""
    if (before := trailing["before"]) is None:
        return not _OWN.search(trailing["after"])
    return not _GOES_ON.match(before) and _names_a_speaker(before, "", trailing["verb"])


def _names_a_speaker(subject: str, adverbs: str, verb: str) -> bool:
    """Whether a subject is somebody else than the author, and the word after it is a verb and not a noun."""
    before = subject.rstrip()
    if _OWN.search(subject) or _BEFORE_A_NOUN.search(before):
        return False
    if _NOUN.fullmatch(verb) and _PREPOSITION.search(before):
        return False
    if _SINGULAR.match(subject) and _BARE.fullmatch(verb):
        return bool(_PLURAL_END.search(f"{subject}{adverbs}".rstrip()))
    return not (_PLURAL.match(subject) and _WITH_S.fullmatch(verb))


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
