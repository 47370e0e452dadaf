"""The order of training examples, which depends only on the seed and the number of a block.

A block has the examples of a hundred real op-eds, of some invented ones, of short arguments, and of pairs of natural
language inference. Every epoch goes through all real op-eds in another order. Therefore a run that is resumed at a
block gets the same examples as an uninterrupted run.
"""

from __future__ import annotations

import random

from training.examples import Group, OpEdExamples
from training.inference_pairs import InferenceExamples
from training.invented import InventedExamples
from training.short_arguments import ShortExamples

#: Number of op-eds in a block; invented op-eds per real op-ed; short arguments per group of examples of both.
PIECES, INVENTED, SHORTS = 100, 0.15, 0.22
#: Pairs of natural language inference per group of all other examples. A pair has a seventh of the tokens of a pack.
INFERENCE = 1.0


class Mixture:
    """A mixture of examples from op-eds, short arguments and pairs of natural language inference.

    Parameters
    ----------
    opeds, invented, shorts, inference
        The sources of the examples.
    seed
        The seed of all draws.
    pieces
        Number of op-eds in a block.
    """

    def __init__(
        self,
        opeds: OpEdExamples,
        invented: InventedExamples,
        shorts: ShortExamples,
        inference: InferenceExamples,
        *,
        seed: int,
        pieces: int = PIECES,
    ) -> None:
        self._opeds, self._invented = opeds, invented
        self._shorts, self._inference = shorts, inference
        self.seed, self._pieces = seed, pieces
        self.blocks = -(-len(opeds) // pieces)  #: number of blocks in an epoch

    def block(self, number: int) -> list[Group]:
        """Return the examples of a block. They depend only on the seed, and not on blocks drawn before."""
        epoch, place = divmod(number, self.blocks)
        order = list(range(len(self._opeds)))
        random.Random(f"{self.seed}:epoch:{epoch}").shuffle(order)
        rng = random.Random(f"{self.seed}:block:{number}")
        groups = [
            group
            for piece in order[place * self._pieces : (place + 1) * self._pieces]
            for group in self._opeds.of_piece(piece, rng)
        ]
        groups += self._invented.draw(round(INVENTED * self._pieces), rng)
        groups += self._shorts.draw(int(SHORTS * len(groups)), rng)
        groups += self._inference.draw(int(INFERENCE * len(groups)), rng)
        rng.shuffle(groups)
        return groups
