"""Statements asked of pieces that they were not written for, one by one.

A bank of statements is read through for every piece, so what a reader overlooks counts as silent. For the files of the
folder ``cross_statements`` each piece of the train split was read again with some twenty statements, the nearest to its
passages, and each had to be answered: thirteen that were written for other pieces or banks, and the eight of its own
bank that are nearest among those on which the first reading had found nothing. So almost every statement is new to its
piece, and both what the author shows and what only seems to be shown were looked at.

Later the statements of a piece's banks were asked one by one, too, on which the first reading had found nothing and a
network saw a stance: on one in thirteen the author does show one, the others are mistakes of the network. And 276 more
statements and names (``statements.toml``) were asked, with those of all banks, of the pieces that they are nearest to.

A line names its piece by the id of ``opeds.parquet``, and statements by the hash of their text
(:func:`training.hashes.name_of`), since most of the statements are not part of this project. The answers are a large
language model's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

from commentariat import InputError
from training.hashes import name_of
from training.opeds_data import Label, OpEd
from training.rewordings import read_lines

FOLDER = Path(__file__).with_name("cross_statements")
#: Of the folder: statements that were written to be asked of other pieces alone.
STATEMENTS = "statements.toml"
#: Clearness of an answer, which these readers did not distinguish.
_CLEAR = 2


def with_cross_statements(pieces: Collection[OpEd], folder: Path = FOLDER) -> list[OpEd]:
    """Give pieces, in their order, what they answer to statements of others; those that are silent are hard ones.

    What was silent before and shows a stance now becomes a label.

    Raises
    ------
    InputError
        If there is no file, or a line is not as described above or names a statement that is not known.
    """
    try:
        given: dict[str, list[Mapping[str, Any]]] = {}
        for row in read_lines(folder):
            given.setdefault(row["id"], []).append(row)
        written = tomllib.loads((folder / STATEMENTS).read_text(encoding="utf-8"))["statements"]
        known = {name_of(text): (text, None) for text in written} | _wordings(pieces)
        return [
            reduce(lambda asked, row: _with(asked, row, known), given.get(piece.id, ()), piece)
            for piece in pieces
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder} cannot be read as answers to statements of other pieces: {error!r}."
        ) from error


def _wordings(pieces: Collection[OpEd]) -> dict[str, tuple[str, str | None]]:
    """Every statement that is asked of a piece, by name, with its other wording if it has one."""
    found: dict[str, tuple[str, str | None]] = {}
    for piece in pieces:
        for statement in piece.silent:
            found[name_of(statement)] = statement, None
        for label in piece.labels:
            found[name_of(label.target)] = label.target, label.other_wording
            if label.other_wording:
                found[name_of(label.other_wording)] = label.other_wording, label.target
    return found


def _with(piece: OpEd, row: Mapping[str, Any], known: Mapping[str, tuple[str, str | None]]) -> OpEd:
    labels = tuple(
        Label(*known[name], stance, _CLEAR, tuple(paragraphs), own=False)
        for name, (stance, paragraphs) in row["labels"].items()
    )
    hard, mistaken = (tuple(known[name][0] for name in row.get(key, ())) for key in ("silent", "mistaken"))
    answered = {*hard, *mistaken, *(label.target for label in labels)}
    silent = tuple(statement for statement in piece.silent if statement not in answered)
    return replace(
        piece,
        labels=piece.labels + labels,
        silent=silent,
        hard=piece.hard + hard,
        mistaken=piece.mistaken + mistaken,
    )
