"""Real op-eds with labels of their authors' stances: ``opeds.parquet``, and further labels of this project.

``opeds.parquet`` holds the pieces; it is not part of this project. Two lists of general statements of this project were
asked of the same 343 dev pieces, to measure the answers to statements of a user. A line of ``dev_statements.jsonl``
names a piece by its id, and says on which of the statements in ``dev_statements.toml`` its author shows a stance.
Training asks some of these statements too, of other pieces: :mod:`training.repeated_statements` counts them.
``untrained_statements.jsonl`` says the same of ``untrained_statements.toml``, of which training asks none.

``commentariat export --training`` writes a file of the same name and columns, with one's own pieces and targets.
"""

from __future__ import annotations

import json
import tomllib
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from commentariat import InputError
from models import Stance
from models.questions import as_statement

FILE = "opeds.parquet"
#: Kinds of pieces, as the labellers saw them. Reports and other pieces have labels too, most of them neutral.
KINDS = ("opinion", "news", "other")
_HERE = Path(__file__).parent
_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class Label:
    """The author's stance on a statement.

    Attributes
    ----------
    target, other_wording
        The statement, and its other wording, if there is one.
    stance
        favor, against, or neutral (the piece discusses it and the author takes no side).
    clear
        1: stated plainly; 2: implied, but most readers would agree.
    paragraphs
        Numbers, from 0, of the paragraphs that show the stance; empty if none are named.
    own
        True if the statement was written for this piece, False if it is one of a bank that is asked of every piece.
    """

    target: str
    other_wording: str | None
    stance: Stance
    clear: int
    paragraphs: tuple[int, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class OpEd:
    """A piece with its labels.

    ``silent`` are statements of the bank on which the piece shows no stance. ``near`` are statements on matters that
    the piece mentions without showing a stance. ``hard`` and ``mistaken`` are statements on similar matters that were
    asked one by one and found silent; no statement is in both. On those in ``mistaken`` a network saw a stance, or is
    likely to see one (:mod:`training.cross_statements`). ``mentioned`` are names and phrases that the piece mentions
    without showing a stance on them. ``in_user_words`` are those of the labelled and silent statements that are general
    and in the words of a user.
    """

    id: str
    title: str
    outlet: str
    lean: str
    kind: str
    bank: str
    paragraphs: tuple[str, ...]
    labels: tuple[Label, ...]
    silent: tuple[str, ...]
    near: tuple[str, ...]
    hard: tuple[str, ...] = ()
    mistaken: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    in_user_words: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The whole piece; the offsets for :meth:`paragraph_at` refer to this string.

        It has the sentences of the stored article, whose paragraphs are separated by one line feed.
        """
        return _BREAK.join(self.paragraphs)

    def paragraph_at(self, offset: int) -> int:
        """Return the number of the paragraph that contains the character at an offset of the text."""
        ends = list(accumulate(len(paragraph) + len(_BREAK) for paragraph in self.paragraphs))
        return bisect_right(ends, offset)


def read_opeds(
    data: Path, split: str, *, banks: Collection[str] = "abcde", kinds: Collection[str] = ("opinion",)
) -> list[OpEd]:
    """Read the pieces of a split.

    Parameters
    ----------
    data
        Folder with ``opeds.parquet``.
    split
        train or dev.
    banks
        Letters of banks; only pieces that were asked the statements of one of these are read.
    kinds
        Kinds of the pieces to read: opinion, news, other.

    Raises
    ------
    InputError
        If the file is missing or has other columns.
    """
    path = data / FILE
    try:
        rows = pq.read_table(path).to_pylist()
        return [
            _piece(row)
            for row in rows
            if row["split"] == split and row["bank"] in banks and row["kind"] in kinds
        ]
    except (OSError, KeyError, TypeError) as error:
        raise InputError(f"{path} cannot be read as labelled op-eds: {error}") from error


def read_dev_statements(opeds: Collection[OpEd]) -> list[OpEd]:
    """Return the pieces that were also asked ``dev_statements.toml``, with only the labels of these."""
    return _with_labels_of("dev_statements", opeds)


def read_untrained_statements(opeds: Collection[OpEd]) -> list[OpEd]:
    """Return the pieces that were also asked ``untrained_statements.toml``, with only the labels of these."""
    return _with_labels_of("untrained_statements", opeds)


def _with_labels_of(name: str, opeds: Collection[OpEd]) -> list[OpEd]:
    bank = tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))["statements"]
    lines = (_HERE / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    labelled = {row["id"]: row for row in map(json.loads, filter(None, lines))}
    pieces = []
    for piece in opeds:
        if piece.id in labelled:
            row = labelled[piece.id]
            given, left_out = row["labels"], row.get("left_out", ())
            labels = tuple(
                Label(bank[key], None, stance, clear, (), own=False) for key, (stance, clear) in given.items()
            )
            silent = tuple(text for key, text in bank.items() if key not in given and key not in left_out)
            pieces.append(replace(piece, bank=name, labels=labels, silent=silent, near=()))
    return pieces


def _piece(row: dict[str, Any]) -> OpEd:
    return OpEd(
        id=row["id"],
        title=row["title"] or "",
        outlet=row["outlet"],
        lean=row["lean"],
        kind=row["kind"],
        bank=row["bank"],
        paragraphs=tuple(row["paragraphs"]),
        labels=tuple(
            Label(
                _asked(label["target"]), _asked(label["other_wording"] or "") or None, label["stance"], label["clear"],
                tuple(label["paragraphs"] or ()), bool(label["own"]),
            )
            for label in row["labels"]
        ),
        silent=tuple(map(_asked, row["silent"] or ())),
        near=tuple(map(_asked, row["near"] or ())),
    )  # fmt: skip


def _asked(statement: str) -> str:
    """Turn a question into a statement, as in use; other wordings are not changed."""
    return as_statement(statement) if statement.endswith("?") else statement
