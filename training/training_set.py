"""The pieces that ``python -m training`` trains the pair network on, with all labels that this project added to them.

:mod:`training.repeated_statements` reads them in the same way, to find the statements that training asks.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from training.added_statements import with_added_statements
from training.cross_statements import with_cross_statements
from training.examples import training_pieces
from training.excerpts import read_excerpts
from training.hashes import name_of
from training.held_out import held_out
from training.invented import invented_pieces
from training.opeds import OPEDS, read_pieces
from training.opeds_data import KINDS, OpEd, read_opeds
from training.packing import statements_of


class TrainingSet(NamedTuple):
    """The pieces to train on, by their kind."""

    whole: list[OpEd]  #: real op-eds
    #: beginnings of real op-eds, comments and short arguments (:mod:`training.excerpts`)
    excerpts: list[OpEd]
    invented: list[OpEd]  #: op-eds that were invented for this project
    left_out: int  #: number of real op-eds of the train split that training leaves out

    @property
    def real(self) -> list[OpEd]:
        """The real op-eds and the excerpts."""
        return [*self.whole, *self.excerpts]

    @property
    def statements(self) -> list[str]:
        """Every statement that can be asked of a piece, without its rewordings, sorted."""
        return statements_of([*self.real, *self.invented])


def training_set(data: Path, opeds: Path = OPEDS) -> TrainingSet:
    """Read the pieces to train on.

    Parameters
    ----------
    data
        Folder with ``opeds.parquet``, and with ``topic.parquet`` and ``stance.parquet`` if there are any.
    opeds
        Folder of the invented op-eds.

    Raises
    ------
    InputError
        If a file of the training data is missing or is not as it should be.
    """
    every = read_opeds(data, "train", kinds=KINDS)
    left_out = held_out(every)
    asked = with_cross_statements(with_added_statements(every))
    excerpts = read_excerpts(data, {name_of(statement): statement for statement in statements_of(asked)})
    invented = invented_pieces(read_pieces(opeds, "train"))
    return TrainingSet(training_pieces(asked, left_out), excerpts, invented, len(left_out))
