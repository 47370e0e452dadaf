"""Evidence: the sentences that show a stance, by preference the author's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
#: A quoted sentence counts as this part of its share where sentences are chosen; the share itself stays as it is.
_QUOTED_WORTH = 0.5


def sentence_scores(layout: Layout, pack: Pack, shares: Floats) -> tuple[SentenceScore, ...]:
    """Keep the few sentences of a pack that are worth showing most; the largest share first.

    Parameters
    ----------
    layout
        The document that was packed.
    pack
        What was read of it.
    shares
        Share of the attention of each sentence of the pack [sentences].
    """
    text = layout.document.text
    found = [
        SentenceScore(start, end, float(share), layout.quoted_share((start, end)) >= QUOTED_FROM)
        for (start, end), share in zip(pack.sentences, shares, strict=True)
        if share > 0 and any(character.isalnum() for character in text[start:end])
    ]
    return _kept(found)


def mean_scores(wordings: Sequence[tuple[SentenceScore, ...]]) -> tuple[SentenceScore, ...]:
    """Average the sentences' shares over the wordings of a target; the largest mean first.

    A sentence that was not kept for a wording counts as 0 there. Means are 32-bit numbers, as they are stored, so that
    an answer that is decided again shows the same.
    """
    shares: dict[tuple[int, int], list[SentenceScore]] = {}
    for scores in wordings:
        for one in scores:
            shares.setdefault((one.start, one.end), []).append(one)
    means = [
        SentenceScore(
            start, end, float(np.float32(sum(one.score for one in some) / len(wordings))), some[0].quoted
        )
        for (start, end), some in shares.items()
    ]
    return _kept(means)


def choose_evidence(stance: Stance, sentences: Sequence[SentenceScore]) -> tuple[Evidence, ...]:
    """Choose the sentences that are shown for an answer, the best one first.

    The author's own come before quoted ones unless these have more than twice their share. A further one is shown only
    if it is worth half as much as the first.
    """
    best = _by_worth(sentences)[:SHOWN]
    shown = [one for one in best if _worth(one) >= _BESIDE_THE_FIRST * _worth(best[0])]
    return tuple(Evidence(one.start, one.end, stance, one.score, one.quoted) for one in shown)


def _kept(sentences: Iterable[SentenceScore]) -> tuple[SentenceScore, ...]:
    """Those worth showing most, in the order in which they are stored: the largest share first."""
    return tuple(sorted(_by_worth(sentences)[:KEPT], key=lambda one: (-one.score, one.start)))


def _by_worth(sentences: Iterable[SentenceScore]) -> list[SentenceScore]:
    return sorted(sentences, key=lambda one: (-_worth(one), one.start))


def _worth(sentence: SentenceScore) -> float:
    return sentence.score * (_QUOTED_WORTH if sentence.quoted else 1.0)
