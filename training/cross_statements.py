"""Statements that were asked, one by one, of pieces that they were not written for.

The first labellers looked through a whole bank of statements for every piece, so a statement whose stance they
overlooked counts as silent. For the files of the folder ``cross_statements`` each piece of the train split was read
again with about twenty statements, and each statement had to be answered. They are the nearest to the passages of the
piece: thirteen that were written for other pieces or banks, and eight of the piece's own bank on which the first
reading had found nothing. Therefore almost every statement is new to its piece, and the answers cover both stances that
the author shows and stances that the piece only seems to show.

Later, more statements of a piece's own banks were asked one by one: those on which the first reading had found nothing
although a network saw a stance. On one in thirteen of them the author does show a stance; the others are mistakes of
the network. In addition, 276 more statements and names (``statements.toml``) were asked, together with those of all
banks, of the pieces that they are nearest to.

Last, a network was asked the general statements nearest to a piece (of all banks, and those written for no piece) that
nobody had asked one by one. Those on which it was likeliest to state a side were asked, and two others. Of the sides
that it was surest of, every third was its mistake.

The files from ``6.jsonl`` on are about statements and phrases that were written for excerpts and comments
(:mod:`training.excerpts`): of each whole piece, ten of them and three general ones were asked, the nearest to its
passages that differ from each other. Names and phrases were also written on which the piece shows no stance although it
mentions them, because a network easily sees one there.

The files of the folder ``in_user_words`` are about 685 more general statements, in the words of a user ("Hillary
Clinton ran a bad campaign"), and some of the others. Of the first 422 pieces a network was asked the fourteen nearest
of them, and those on which it saw a side with a probability of .06 or more were kept, with two others. Of 2,698 pieces
the seven or eight nearest were kept. All were answered one by one. In nine of ten cases the author takes no side. Where
the network was asked, it saw one in four of ten of the nearest; so the silent statements of the 2,698 pieces are
written as ``mistaken``, too. These statements are most like those of use, so training draws their pieces most often.

A line names its piece by the id of ``opeds.parquet``, and statements by the hash of their text
(:func:`training.hashes.name_of`), since most of the statements are not part of this project. A large language model
gave the answers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from itertools import chain
from pathlib import Path
from typing import Any

from commentariat import InputError
from training.hashes import name_of
from training.opeds_data import Label, OpEd
from training.rewordings import read_lines

FOLDER = Path(__file__).with_name("cross_statements")
#: Its folder with the answers to general statements in the words of a user.
IN_USER_WORDS = "in_user_words"
#: Folder with the labels of excerpts (:mod:`training.excerpts`); the statements written for it are asked here too.
EXCERPTS = Path(__file__).with_name("excerpts")
#: File of a folder of labels with the statements that were not written for any piece.
STATEMENTS = "statements.toml"
#: Clearness of every label here, since these labels do not distinguish it.
_CLEAR = 2


def with_cross_statements(pieces: Collection[OpEd], folder: Path = FOLDER) -> list[OpEd]:
    """Return the pieces, in the same order, with labels on statements of other pieces; silent ones become hard ones.

    A statement that was silent before and on which the piece shows a stance now becomes a label.

    Raises
    ------
    InputError
        If there is no file, if a line is not as described above, or if it names an unknown statement.
    """
    try:
        given: dict[str, list[Mapping[str, Any]]] = {}
        for row in chain(read_lines(folder), _in_user_words(folder)):
            given.setdefault(row["id"], []).append(row)
        for_none = [text for place in (folder, EXCERPTS) for text in written_for_no_piece(place)]
        known = (
            {name_of(text): (text, None) for text in for_none} | _written_for_excerpts() | _wordings(pieces)
        )
        return [
            reduce(lambda asked, row: _with(asked, row, known), given.get(piece.id, ()), piece)
            for piece in pieces
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder} cannot be read as answers to statements of other pieces: {error!r}."
        ) from error


def written_for_no_piece(folder: Path) -> list[str]:
    """Return the statements of a folder of labels that were not written for any piece.

    Raises
    ------
    OSError, ValueError, KeyError
        If the file does not exist, or is not of this form.
    """
    statements: list[str] = tomllib.loads((folder / STATEMENTS).read_text(encoding="utf-8"))["statements"]
    return statements


def _in_user_words(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of statements in the words of a user, each marked as such."""
    if (folder / IN_USER_WORDS).is_dir():
        for row in read_lines(folder / IN_USER_WORDS):
            yield {**row, IN_USER_WORDS: True}


def _written_for_excerpts() -> dict[str, tuple[str, str | None]]:
    """Map the name of every statement that was written for an excerpt to the statement and its other wording."""
    own = (entry for row in read_lines(EXCERPTS) for entry in row["own"])
    return {name_of(target): (target, other or None) for _, _, target, other in own}


def _wordings(pieces: Collection[OpEd]) -> dict[str, tuple[str, str | None]]:
    """Map the name of every statement that is asked of a piece to the statement and its other wording, if any."""
    wordings: dict[str, tuple[str, str | None]] = {}
    for piece in pieces:
        for statement in piece.silent:
            wordings[name_of(statement)] = statement, None
        for label in piece.labels:
            wordings[name_of(label.target)] = label.target, label.other_wording
            if label.other_wording:
                wordings[name_of(label.other_wording)] = label.other_wording, label.target
    return wordings


def _with(piece: OpEd, row: Mapping[str, Any], known: Mapping[str, tuple[str, str | None]]) -> OpEd:
    labels = tuple(
        Label(*known[name], stance, _CLEAR, tuple(paragraphs), own=False)
        for name, (stance, paragraphs) in row["labels"].items()
    )
    hard, mistaken = (tuple(known[name][0] for name in row.get(key, ())) for key in ("silent", "mistaken"))
    answered = {*hard, *mistaken, *(label.target for label in labels)}
    silent = tuple(statement for statement in piece.silent if statement not in answered)
    in_user_words = answered - {label.target for label in piece.labels} if row.get(IN_USER_WORDS) else set()
    return replace(
        piece,
        labels=piece.labels + labels,
        silent=silent,
        hard=piece.hard + hard,
        mistaken=piece.mistaken + mistaken,
        mentioned=piece.mentioned + tuple(row.get("mentioned", ())),
        in_user_words=piece.in_user_words | in_user_words,
    )
