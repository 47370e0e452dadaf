"""Choosing the general statements that a calibration is fitted on: every piece is asked all of them.

For the bundled model they are those of ``dev_statements.toml`` and ``untrained_statements.toml`` that training never
asks of any piece, as it never asks a user's new statement. A network is surer of its answers to statements that it
knows, and right more often.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from commentariat import InputError
from training.opeds_data import OpEd, read_dev_statements, read_untrained_statements
from training.repeated_statements import asked_in_training, without_repeated

#: Name of the list of statements of a file of one's own.
TARGETS = "targets"
#: In a file of one's own: the bank of the pieces that were chosen at random, with the targets that were asked
#: of them for this reason.
_AT_RANDOM = "a"
#: Least number of such pieces, and of sides on them, that is needed to fit the calibration.
LEAST = 20


def statements_to_calibrate_on(data: Path, pieces: Sequence[OpEd]) -> dict[str, list[OpEd]]:
    """Return the pieces with the general statements that all of them were asked, by the name of the list of statements.

    A file of one's own has none of the two lists. For such a file the statements are its targets, because these targets
    are asked in use, and the pieces are those chosen at random.

    Parameters
    ----------
    data
        Folder with ``opeds.parquet``.
    pieces
        The pieces that choices are made on (:func:`training.held_out.dev_pieces`).

    Raises
    ------
    InputError
        If there are too few pieces or sides to fit the calibration.
    """
    lists = {
        "dev_statements.toml": read_dev_statements(pieces),
        "untrained_statements.toml": read_untrained_statements(pieces),
    }
    if any(lists.values()):
        trained = {text for texts in asked_in_training(data).values() for text in texts}
        return {name: without_repeated(listed, trained) for name, listed in lists.items()}
    chosen = [piece for piece in pieces if piece.bank == _AT_RANDOM]
    sides = sum(label.stance != "neutral" for piece in chosen for label in piece.labels)
    if min(len(chosen), sides) < LEAST:
        raise InputError(
            f"too little to calibrate on: of the pieces in the split dev {len(chosen)} were chosen at random and asked "
            f"about every target, with {sides} sides; {LEAST} of each are needed. Set [second_model] random_share "
            "higher, run `commentariat rescore --second-model`, and export again"
        )
    return {TARGETS: chosen}
