"""Evidence: the sentences that show a stance, by preference the author's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.calibration import Floats
from models.layout import Layout
from models.packs import Pack
from models.vocabulary import Evidence, SentenceScore, Stance

#: Sentences kept with the raw scores, and most sentences that are shown for an answer.
KEPT, SHOWN = 4, 2
#: A second sentence is shown if it has at least this part of the first one's share.
_BESIDE_THE_FIRST = 0.5
#: A sentence counts as somebody else's from this quoted share on.
QUOTED_FROM = 0.5
#: What is left of a quoted sentence's share when sentences are ordered (not in the share that is stored).
_QUOTED_WORTH = 0.5


def sentence_scores(layout: Layout, pack: Pack, shares: Floats) -> tuple[SentenceScore, ...]:
    """Keep the sentences of a pack that the network attended to most, in the order in which they are shown."""
    text = layout.document.text
    found = [
        SentenceScore(start, end, float(share), layout.quoted_share((start, end)) >= QUOTED_FROM)
        for (start, end), share in zip(pack.sentences, shares, strict=True)
        if share > 0 and any(character.isalnum() for character in text[start:end])
    ]
    return tuple(sorted(found, key=lambda one: (-_worth(one), one.start))[:KEPT])


def mean_scores(wordings: Sequence[tuple[SentenceScore, ...]]) -> tuple[SentenceScore, ...]:
    """Average the sentences' shares over the wordings of a target."""
    shares: dict[tuple[int, int], list[SentenceScore]] = {}
    for scores in wordings:
        for one in scores:
            shares.setdefault((one.start, one.end), []).append(one)
    means = [
        SentenceScore(start, end, float(np.sum([one.score for one in some]) / len(wordings)), some[0].quoted)
        for (start, end), some in shares.items()
    ]
    return tuple(sorted(means, key=lambda one: (-_worth(one), one.start))[:KEPT])


def choose_evidence(stance: Stance, sentences: Sequence[SentenceScore]) -> tuple[Evidence, ...]:
    """Give the sentences that are shown for an answer, the one that shows it best first."""
    shown = [
        one
        for number, one in enumerate(sentences[:SHOWN])
        if number == 0 or _worth(one) >= _BESIDE_THE_FIRST * _worth(sentences[0])
    ]
    return tuple(Evidence(one.start, one.end, stance, one.score, one.quoted) for one in shown)


def _worth(sentence: SentenceScore) -> float:
    return sentence.score * (_QUOTED_WORTH if sentence.quoted else 1.0)
