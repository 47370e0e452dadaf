"""Pieces of the train split that training leaves out, to choose between networks by.

The dev pieces of the banks a and b have each statement in one wording and no near statements, and those of bank e are
read once at the end. So a few train pieces of the banks c and d, which have both, are kept: of outlets with few pieces,
since there a network can hardly learn the outlet's manner from the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from training.hashes import number_of
from training.opeds_data import OpEd

_BANKS, _KIND = "cd", "opinion"
#: Most pieces of an outlet, and one of so many of its pieces that is kept.
_MOST_OF_AN_OUTLET, _ONE_OF = 20, 3


def held_out(pieces: Sequence[OpEd]) -> frozenset[str]:
    """Choose the pieces to leave out, by id, from all pieces of the train split; the same ones each time."""
    outlets = Counter(piece.outlet for piece in pieces)
    return frozenset(
        piece.id
        for piece in pieces
        if piece.bank in _BANKS
        and piece.kind == _KIND
        and outlets[piece.outlet] <= _MOST_OF_AN_OUTLET
        and number_of(piece.id) % _ONE_OF == 0
    )
