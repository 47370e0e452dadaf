"""Labels of the general statements of bank e after two more readings of the pieces.

A reading of a piece for a whole bank overlooks some of the sides that the author takes. Therefore every piece was read
a second time for all statements, without knowledge of the first labels. If the two readings differed on a statement,
it was asked once more, alone and without knowledge of the labels, among statements on which the two agree; the majority
counts. No network influenced the changes. ``read_again.jsonl`` holds them: a line names a piece by its id, and
statements by the hash of their text. A large language model did the readings.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.hashes import name_of
from training.opeds_data import Label, OpEd

FILE = Path(__file__).with_suffix(".jsonl")
#: Clearness of every label here, since these readings do not distinguish it.
_CLEAR = 2


def with_labels_read_again(pieces: Sequence[OpEd], file: Path = FILE) -> list[OpEd]:
    """Return the pieces, in the same order, with the labels of general statements after several readings."""
    changed = {row["id"]: row for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())}
    return [_with(piece, changed[piece.id]) if piece.id in changed else piece for piece in pieces]


def _with(piece: OpEd, row: Mapping[str, Any]) -> OpEd:
    stances, now_silent = row["labels"], set(row["silent"])
    texts = {name_of(text): text for text in (*piece.silent, *(label.target for label in piece.labels))}
    read_again = now_silent | stances.keys()
    return replace(
        piece,
        labels=(
            *(label for label in piece.labels if name_of(label.target) not in read_again),
            *(Label(texts[name], None, stance, _CLEAR, (), own=False) for name, stance in stances.items()),
        ),
        silent=(
            *(text for text in piece.silent if name_of(text) not in read_again),
            *(texts[name] for name in sorted(now_silent)),
        ),
    )
