"""Reading a passage with a target in mind: the (target, passage) pass that decides the stance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.encoder import Encoder
from models.settings import Floats, Settings


@dataclass(frozen=True, slots=True)
class PairScores:
    """Calibrated answers for n pairs: ``stance`` [n, 3] (favor, against, neutral), ``relevance`` [n]."""

    stance: Floats
    relevance: Floats


class PairScorer(Protocol):
    """Anything that can say where a text stands on a statement."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> PairScores:
        """Read (statement, text) pairs; order is kept."""
        ...


class BundledPairs:
    """The pair heads of the bundled encoder."""

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        self._encoder = encoder
        self._settings = settings

    def score(self, pairs: Sequence[tuple[str, str]]) -> PairScores:
        """Read (statement, text) pairs; order is kept."""
        if not pairs:
            return PairScores(np.zeros((0, 3), dtype=np.float32), np.zeros(0, dtype=np.float32))
        found = self._encoder.run(pairs, ("stance_logits", "relevance_logit"))
        return PairScores(
            stance=self._settings.stance.softmax(found["stance_logits"]),
            relevance=self._settings.relevance.sigmoid(found["relevance_logit"])[:, 0],
        )
