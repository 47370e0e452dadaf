"""Invented op-eds (:mod:`training.opeds`) in the mixture of training: their statements do not reveal the side."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from models.calibration import Floats
from training.examples import Group, labelled_example, silent_example
from training.hashes import number_of
from training.opeds import Piece, as_op_ed
from training.opeds_data import Label, OpEd
from training.packing import Prepared

#: Largest number of statements asked of a piece, by style. Pieces on rivalry are few and have many statements.
ASKED: Mapping[str, int] = {"plain": 3, "oblique": 3, "rivalry": 5}
#: One in this many of the plain pieces is used.
_ONE_OF_PLAIN = 2


def invented_pieces(pieces: Sequence[Piece]) -> list[OpEd]:
    """Choose the pieces for training, and give them the form of real ones."""
    return [
        as_op_ed(piece)
        for piece in pieces
        if piece.style in ASKED and (piece.style != "plain" or number_of(piece.id) % _ONE_OF_PLAIN == 0)
    ]


class InventedExamples:
    """Draws examples from invented op-eds.

    Parameters
    ----------
    pieces
        The result of :func:`invented_pieces`, cut into passages.
    vectors
        Embedding [hidden] of every statement that can be asked.
    """

    def __init__(self, pieces: Sequence[Prepared], vectors: Mapping[str, Floats]) -> None:
        self._pieces, self._vectors = pieces, vectors

    def draw(self, count: int, rng: random.Random) -> list[Group]:
        """Draw pieces, and for each some of its statements, including statements that it does not speak about."""
        drawn = rng.sample(list(self._pieces), min(count, len(self._pieces)))
        return [group for prepared in drawn for group in self._of_piece(prepared, rng)]

    def _of_piece(self, prepared: Prepared, rng: random.Random) -> list[Group]:
        asked: list[Label | str] = [*prepared.piece.labels, *prepared.piece.near]
        rng.shuffle(asked)
        return [
            (silent_example(prepared, statement, self._vectors[statement], rng),)
            if isinstance(statement, str)
            else (
                labelled_example(prepared, statement, statement.target, self._vectors[statement.target], rng),
            )
            for statement in asked[: ASKED[prepared.piece.bank]]
        ]
