"""From passages to one answer for each (document, target).

A commentary is not the average of its passages. Most of them lay out the matter and are neutral; a few take a
stand; some let opponents speak. So each passage gets a weight,

    relevance x (1 - QUOTED_DISCOUNT x quoted share) x place in the text,

and passages that lean to neither side count less than those that do, as an abstention counts less than a vote.
Votes for and against are then set off against each other: what is contradicted within the piece moves to
neutral, so that a piece which gives both sides comes out neutral and not as a coin toss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.settings import Floats

#: How much of its weight a passage loses that is quoted from end to end.
QUOTED_DISCOUNT = 0.85
#: Weight of a passage that leans to neither side beside one that wholly leans to one.
ABSTENTION = 0.2
#: Extra weight of the closing fifth of a text, where commentaries say what they want.
CLOSING = 0.5
#: Share of the smaller side that moves, from both sides, to neutral.
CONTRADICTION = 0.6


@dataclass(frozen=True, slots=True)
class Votes:
    """What the read passages of one document say on one target.

    Attributes
    ----------
    stance
        Probabilities [n, 3].
    relevance
        Probabilities [n] that the passage speaks about the target.
    quoted
        Share [n] of the passage that is quoted or reported.
    place
        Where the passage stands [n], 0 = opening, 1 = end of the text.
    """

    stance: Floats
    relevance: Floats
    quoted: Floats
    place: Floats

    def weights(self) -> Floats:
        """Weight of each passage in the document's answer."""
        late = 1.0 + CLOSING * (self.place > 0.8)
        return np.asarray(self.relevance * (1.0 - QUOTED_DISCOUNT * self.quoted) * late, dtype=np.float32)


def document_stance(votes: Votes) -> Floats:
    """Combine the passages' answers.

    Parameters
    ----------
    votes
        At least one passage.

    Returns
    -------
    array of 3
        Probabilities of favor, against, neutral; they sum to 1. Of a single passage without quotations they
        are the passage's own, so that its calibration carries over.
    """
    leaning = votes.stance[:, 0] - votes.stance[:, 1]
    weights = votes.weights().astype(np.float64) * (ABSTENTION + (1.0 - ABSTENTION) * np.abs(leaning))
    total = float(weights.sum())
    if total <= 0.0:
        return np.array([0.0, 0.0, 1.0], dtype=np.float32)
    favor, against, _ = (weights[:, None] * votes.stance).sum(axis=0) / total
    # A passage that leans neither way is unsure, not two-sided: only leanings contradict each other.
    for_it = float((weights * np.clip(leaning, 0, None)).sum() / total)
    not_for_it = float((weights * np.clip(-leaning, 0, None)).sum() / total)
    moved = CONTRADICTION * min(for_it, not_for_it)
    favor, against = max(0.0, favor - moved), max(0.0, against - moved)
    return np.array([favor, against, max(0.0, 1.0 - favor - against)], dtype=np.float32)
