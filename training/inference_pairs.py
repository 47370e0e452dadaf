"""Pairs of natural language inference in the mixture of training.

A premise is a text, and a hypothesis is a target. A text that entails the target is in favor of it, one that
contradicts it is against it, and one that does neither speaks about the same matter without settling the statement.
So the neutral pairs are examples of what networks do wrong most often: to see a side in a text that does not show one.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from models import STANCES
from training.by_source import PairsBySource
from training.corpus import Pair, Split, one_line, read_rows
from training.examples import Example, Group

#: Share of each source among the pairs. SICK is left out: most of its neutral pairs contradict each other in part.
SHARES: Mapping[str, float] = {"mnli": 0.6, "cad_snli": 0.25, "snli": 0.12, "scitail": 0.03}
WEIGHT = 0.8
_NEUTRAL = STANCES.index("neutral")


def inference_pairs(data: Path, split: Split) -> list[Pair]:
    """Read the rows of one split of ``nli.parquet``; there are none if the folder has no such file."""
    if not (data / "nli.parquet").exists():
        return []
    pairs = []
    for row in read_rows(data, "nli"):
        if row["split"] == split:
            stance = STANCES.index(row["label"])
            pairs.append(
                Pair(
                    target=one_line(row["target"]),
                    text=one_line(row["text"]),
                    stance=stance,
                    about=float(stance != _NEUTRAL),
                    source=row["source"],
                )
            )
    return pairs


class InferenceExamples:
    """Draws examples from pairs of natural language inference.

    Parameters
    ----------
    pairs
        Rows of the train split; rows of sources without a share are left out.
    """

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = PairsBySource(pairs, SHARES)

    def draw(self, count: int, rng: random.Random) -> list[Group]:
        """Draw about `count` examples in the shares of :data:`SHARES`."""
        return [
            (
                Example(
                    pair.target,
                    pair.text,
                    pair.stance if pair.stance != _NEUTRAL else None,
                    pair.about,
                    weight=WEIGHT,
                ),
            )
            for pair in self._pairs.draw(SHARES, count, rng)
        ]
