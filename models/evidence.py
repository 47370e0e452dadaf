"""Evidence: the sentences that show a stance; the author's own sentences are preferred."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from models.calibration import Floats
from models.interface import Evidence, SentenceScore, Stance
from models.layout import Layout
from models.packs import Pack

#: Number of sentences kept with the raw scores, and largest number of sentences shown for an answer.
KEPT, SHOWN = 4, 2
#: A second sentence is shown if its share is at least this part of the first sentence's share.
_BESIDE_THE_FIRST = 0.5
#: A sentence counts as somebody else's if this share of it, or more, is quoted.
QUOTED_FROM = 0.5
#: When sentences are chosen, the share of a quoted sentence is multiplied by this; the stored share does not change.
_QUOTED_WEIGHT = 0.5


def sentence_scores(layout: Layout, pack: Pack, shares: Floats) -> tuple[SentenceScore, ...]:
    """Keep the few sentences of a pack that are best shown as evidence, the largest share first.

    Parameters
    ----------
    layout
        The document that was packed.
    pack
        The pack that was read.
    shares
        Each sentence's evidence share [sentences].
    """
    text = layout.document.text
    scores = [
        SentenceScore(start, end, float(share), layout.quoted_share((start, end)) >= QUOTED_FROM)
        for (start, end), share in zip(pack.sentences, shares, strict=True)
        if share > 0 and any(character.isalnum() for character in text[start:end])
    ]
    return _kept(scores)


def mean_scores(wordings: Sequence[tuple[SentenceScore, ...]]) -> tuple[SentenceScore, ...]:
    """Average the sentences' shares over the wordings of a target; the largest mean first.

    If a sentence was not kept for a wording, it counts as 0 for that wording. A single wording keeps its sentences as
    they are, and no wording gives no sentences. The means are rounded to 32-bit numbers, as they are stored, so that an
    answer that is decided again shows the same evidence.
    """
    shares: dict[tuple[int, int], list[SentenceScore]] = {}
    for scores in wordings:
        for score in scores:
            shares.setdefault((score.start, score.end), []).append(score)
    means = [
        SentenceScore(
            start,
            end,
            float(np.float32(sum(sentence.score for sentence in kept) / len(wordings))),
            kept[0].quoted,
        )
        for (start, end), kept in shares.items()
    ]
    return _kept(means)


def choose_evidence(stance: Stance, sentences: Sequence[SentenceScore]) -> tuple[Evidence, ...]:
    """Choose the sentences that are shown for an answer, the best one first.

    The author's own sentences come before quoted sentences, unless a quoted sentence has more than twice the share. A
    second sentence is shown only if it has at least half of the first one's share. In both rules, the share of a quoted
    sentence counts half.
    """
    best = _by_share(sentences)[:SHOWN]
    shown = [
        sentence
        for sentence in best
        if _share_by_speaker(sentence) >= _BESIDE_THE_FIRST * _share_by_speaker(best[0])
    ]
    return tuple(
        Evidence(sentence.start, sentence.end, stance, sentence.score, sentence.quoted) for sentence in shown
    )


def _kept(sentences: Iterable[SentenceScore]) -> tuple[SentenceScore, ...]:
    """Give the sentences that are best shown, in the order in which they are stored: the largest share first."""
    return tuple(sorted(_by_share(sentences)[:KEPT], key=lambda sentence: (-sentence.score, sentence.start)))


def _by_share(sentences: Iterable[SentenceScore]) -> list[SentenceScore]:
    return sorted(sentences, key=lambda sentence: (-_share_by_speaker(sentence), sentence.start))


def _share_by_speaker(sentence: SentenceScore) -> float:
    return sentence.score * (_QUOTED_WEIGHT if sentence.quoted else 1.0)
