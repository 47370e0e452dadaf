"""General statements that were added to those of ``opeds.parquet``, and labels for them on pieces of its train split.

``added_statements.toml`` has three banks of statements. The statements of f and g are new. Those of h are the
statements of ``opeds.parquet`` that authors speak about most often; they are asked of pieces that had not been asked
them. ``added_statements.jsonl`` has the labels. A line names a piece by its id, a bank, and the statements on which the
piece shows a stance, with the numbers (from 0) of the paragraphs that show it. Every other statement of the bank is
silent. A large language model wrote the statements and the labels; it read each whole piece carefully once. It found
two in three of the sides that the first labellers of ``opeds.parquet`` had found on statements of h, and never the
opposite side.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

from commentariat import InputError
from training.opeds_data import Label, OpEd

STATEMENTS = Path(__file__).with_name("added_statements.toml")
LABELS = STATEMENTS.with_suffix(".jsonl")


def with_added_statements(
    pieces: Collection[OpEd], statements: Path = STATEMENTS, labels: Path = LABELS
) -> list[OpEd]:
    """Return the pieces, in the same order, with the added statements: the labelled and the silent ones.

    Raises
    ------
    InputError
        If a file is missing or is not as described above.
    """
    try:
        banks = tomllib.loads(statements.read_text(encoding="utf-8"))
        lines = labels.read_text(encoding="utf-8").split("\n")
        rows = [json.loads(line) for line in lines if line]
        given: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            given.setdefault(row["id"], []).append(row)
        return [
            reduce(lambda asked, row: _with(asked, row, banks), given.get(piece.id, []), piece)
            for piece in pieces
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{labels} cannot be read as labels of {statements}: {error!r}.") from error


def _with(piece: OpEd, row: Mapping[str, Any], banks: Mapping[str, Mapping[str, str]]) -> OpEd:
    asked = {*piece.silent, *piece.near, *(label.target for label in piece.labels)}
    bank = {key: text for key, text in banks[row["bank"]].items() if text not in asked}
    labels = tuple(
        Label(bank[key], None, stance, clear, tuple(paragraphs), own=False)
        for key, (stance, clear, paragraphs) in row["labels"].items()
        if key in bank
    )
    silent = tuple(text for key, text in bank.items() if key not in row["labels"])
    return replace(piece, labels=piece.labels + labels, silent=piece.silent + silent)
