"""Short arguments in the mixture of training, so that the network also answers well on texts of a few sentences."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from models import STANCES
from training.by_source import PairsBySource
from training.corpus import Pair
from training.examples import Example, Group

#: Share of each source among the short arguments.
SHARES: Mapping[str, float] = {
    "vast": 0.40,
    "procon20": 0.16,
    "ibm_arg_30k": 0.10,
    "perspectrum": 0.12,
    "newsmtsc": 0.12,
    "room_for_debate": 0.06,
    "semeval2016": 0.04,
}
#: Share of further examples, by source: a text with the target of another text, which it does not speak about.
MISMATCHED: Mapping[str, float] = {"ibm_arg_30k": 0.03, "perspectrum": 0.03, "procon20": 0.03}
WEIGHT, MISMATCHED_WEIGHT = 0.8, 0.5
_NEUTRAL = STANCES.index("neutral")


class ShortExamples:
    """Draws examples from short arguments.

    Parameters
    ----------
    pairs
        Rows of the train split; rows of sources without a share are left out.
    """

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = PairsBySource(pairs, SHARES)

    def draw(self, count: int, rng: random.Random) -> list[Group]:
        """Draw about `count` examples in the shares of :data:`SHARES` and :data:`MISMATCHED`.

        A neutral row of VAST counts as not speaking about its target (:func:`training.corpus.stance_pairs`), and still
        has the stance neutral: unlike a mismatched example, it counts in the loss of the stance as much as a side.
        """
        groups: list[Group] = [
            (Example(pair.target, pair.text, pair.stance, pair.about, weight=WEIGHT),)
            for pair in self._pairs.draw(SHARES, count, rng)
        ]
        for pair in self._pairs.draw(MISMATCHED, count, rng):
            target = rng.choice(self._pairs.of(pair.source)).target
            if target != pair.target:
                groups.append((Example(target, pair.text, None, 0.0, weight=MISMATCHED_WEIGHT),))
        return groups
