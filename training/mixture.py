"""The order of training examples: a pure function of the seed and the number of a block.

A block is what is asked of a hundred real op-eds, of some invented ones, and of short arguments beside them. Every
epoch goes through all real op-eds in another order. So a run that is resumed at a block sees what one without a break
would have seen.
"""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import random

from training.examples import Group, OpEdExamples
from training.invented import InventedExamples
from training.shorts import ShortExamples

#: Op-eds of a block; invented op-eds for each of them; short arguments for each group of examples that both give.
PIECES, INVENTED, SHORTS = 100, 0.2, 0.22


class Mixture:
    """Op-eds and short arguments together.

    Parameters
    ----------
    opeds, invented, shorts
        What examples are drawn from.
    seed
        Everything drawn follows from it.
    pieces
        Op-eds of a block.
    """

    def __init__(
        self,
        opeds: OpEdExamples,
        invented: InventedExamples,
        shorts: ShortExamples,
        *,
        seed: int,
        pieces: int = PIECES,
    ) -> None:
        self._opeds, self._invented, self._shorts = opeds, invented, shorts
        self.seed, self._pieces = seed, pieces
        self.blocks = -(-len(opeds) // pieces)  #: of an epoch

    def block(self, number: int) -> list[Group]:
        """Examples of a block; the same for the same seed, whatever came before."""
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
        rng.shuffle(groups)
        return groups
