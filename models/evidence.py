"""Evidence: the sentences that speak for an answer, by preference the author's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.layout import Layout
from models.pairs import PairScores
from models.sentences import Span
from models.vocabulary import STANCES, Evidence, Stance

#: Most sentences given for the answer itself, and for each side of a neutral one.
FOR_THE_ANSWER = 2
FOR_EACH_SIDE = 1
#: Most sentences of a document that are read for evidence on one target.
MOST_SENTENCES = 12
#: A sentence counts as somebody else's from this quoted share on.
QUOTED_FROM = 0.5
#: What is left of a quoted sentence's score in the choice (not in the score that is reported).
_QUOTED_WORTH = 0.25
#: A side is shown in a neutral piece if a sentence speaks for it at least so clearly.
_CLEAR = 0.5
#: Sentences under this many words are read with the one before them, to know what "it" is.
_SHORT = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence to be read with a target: the span that would be shown, and the text that is read."""

    span: Span
    text: str
    quoted: bool


def candidates(layout: Layout, passages: Sequence[int]) -> list[Candidate]:
    """Sentences of the given passages, best passage first, at most :data:`MOST_SENTENCES`."""
    text = layout.document.text
    found: list[Candidate] = []
    for index in passages:
        before: Span | None = None
        for span in layout.passages[index].sentences:
            words = text[span[0] : span[1]]
            if any(character.isalnum() for character in words):
                short = before is not None and len(words.split()) < _SHORT
                read = f"{text[before[0] : before[1]]} {words}" if before is not None and short else words
                found.append(Candidate(span, read, layout.quoted_share(span) >= QUOTED_FROM))
            before = span
    return found[:MOST_SENTENCES]


def choose(stance: Stance, sentences: Sequence[Candidate], scores: PairScores) -> tuple[Evidence, ...]:
    """Pick the sentences that speak for an answer.

    For favor or against, the best :data:`FOR_THE_ANSWER`; a second one must be clear. For neutral, the best
    for each side if it is clear, so that a piece that gives both sides shows both; if neither is, the
    sentence that most surely speaks about the target.

    Returns
    -------
    tuple of Evidence
        In the order of the text.
    """
    if not sentences:
        return ()
    if stance == "neutral":
        sides = [_best(side, sentences, scores, FOR_EACH_SIDE) for side in STANCES[:2]]
        chosen = [one for side in sides for one in side if one.score >= _CLEAR]
        chosen = chosen or _best("neutral", sentences, scores, 1)
    else:
        ranked = _best(stance, sentences, scores, FOR_THE_ANSWER)
        chosen = ranked[:1] + [one for one in ranked[1:] if one.score >= _CLEAR]
    return tuple(sorted(chosen, key=lambda one: one.start))


def _best(stance: Stance, sentences: Sequence[Candidate], scores: PairScores, most: int) -> list[Evidence]:
    column = STANCES.index(stance)
    worth = [
        float(scores.stance[index, column] * scores.relevance[index]) * (_QUOTED_WORTH if one.quoted else 1.0)
        for index, one in enumerate(sentences)
    ]
    order = sorted(range(len(sentences)), key=lambda index: (-worth[index], sentences[index].span))
    return [
        Evidence(
            start=sentences[index].span[0],
            end=sentences[index].span[1],
            stance=stance,
            score=float(scores.stance[index, column]),
            quoted=sentences[index].quoted,
        )
        for index in order[:most]
    ]
