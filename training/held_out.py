"""Choosing pieces of the train split that training leaves out, so that networks can be compared on them.

The dev pieces of the banks a and b have each statement in one wording only and no near statements, and those of bank e
are read only once, at the end. Therefore some train pieces of the banks c and d are left out of training: these have
several wordings and near statements. They come from outlets with few pieces, from whose other pieces a network can
hardly learn the outlet's manner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from training.hashes import number_of
from training.opeds_data import KINDS, OpEd, read_opeds

_BANKS, _KIND = "cd", "opinion"
#: Largest number of pieces that an outlet may have, and of its pieces one in this many is left out of training.
_MOST_OF_AN_OUTLET, _ONE_OF = 20, 3


def held_out(pieces: Sequence[OpEd]) -> frozenset[str]:
    """Return the ids of the pieces to leave out, given all pieces of the train split; the choice is always the same."""
    outlets = Counter(piece.outlet for piece in pieces)
    return frozenset(
        piece.id
        for piece in pieces
        if piece.bank in _BANKS
        and piece.kind == _KIND
        and outlets[piece.outlet] <= _MOST_OF_AN_OUTLET
        and number_of(piece.id) % _ONE_OF == 0
    )


def dev_pieces(data: Path) -> list[OpEd]:
    """Return the pieces that choices are made on: those of the dev split, and those left out of the train split."""
    train = read_opeds(data, "train", kinds=KINDS)
    left_out = held_out(train)
    return [*read_opeds(data, "dev", banks="ab"), *(piece for piece in train if piece.id in left_out)]
