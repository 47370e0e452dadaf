"""Topics of real op-eds, articles and questions: labels of this project for texts that are not part of it.

A line of ``topic_labels.jsonl`` names a piece of ``opeds.parquet`` by its id, and an article of ``topic.parquet`` or a
question of ``stance.parquet`` by the hash of its text. It has the topics that each labelling found, as codes of the
Comparative Agendas Project, the main one first: ``"20 2"``; ``"20=17 2"`` if 20 and 17 could as well be the main one;
``"0"`` for none. A large language model labelled them, texts from title, beginning, middle and end. The pieces of the
dev split, and those of the train split that training leaves out, were labelled twice, blind. No person checked them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from commentariat import InputError
from training.corpus import Single, one_line, passages_with, read_rows
from training.hashes import name_of
from training.held_out import held_out
from training.opeds_data import FILE, KINDS, read_opeds
from training.topics import CODES

LABELS = Path(__file__).with_name("topic_labels.jsonl")
#: Names of the sources of texts: passages of whole op-eds, beginnings of articles, and short arguments.
PASSAGES, ARTICLES, ARGUMENTS = "real op-eds", "labelled articles", "labelled arguments"
#: The probability that a piece is opinion, by its kind.
_OPINION = {"opinion": 1.0, "news": 0.0}
_NONE, _EITHER = "0", "="


@dataclass(frozen=True, slots=True)
class Labelling:
    """The topics that one labelling gave to a text.

    Attributes
    ----------
    main
        Codes of which each can be the main topic; mostly one. Empty if the text has none of the topics.
    others
        Codes of the topics beside it.
    """

    main: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """All topics, the main one first."""
        return (*self.main, *self.others)


def labelling_of(line: str) -> Labelling:
    """Read a labelling, such as ``"20=17 2"``.

    Raises
    ------
    InputError
        If it names an unknown code, or one twice.
    """
    first, *others = line.split() or [_NONE]
    main = () if first == _NONE else tuple(first.split(_EITHER))
    codes = [*main, *others]
    if not set(codes) <= set(CODES) or len(set(codes)) < len(codes) or (others and not main):
        raise InputError(
            f"{line!r} is no list of topics: codes of {LABELS.name} are 0 or {', '.join(CODES)}."
        )
    return Labelling(main, tuple(others))


def read_topic_labels() -> dict[str, tuple[Labelling, ...]]:
    """Read the labellings of each text, by its id or hash."""
    rows = map(json.loads, LABELS.read_text(encoding="utf-8").splitlines())
    return {row["id"]: tuple(map(labelling_of, row["topics"])) for row in rows}


def labelled_texts(data: Path) -> list[Single]:
    """Read the texts of the train split that have labels here, without the pieces on which choices are made.

    Parameters
    ----------
    data
        The folder with ``opeds.parquet``, ``topic.parquet`` and ``stance.parquet``; a file that is missing gives none.
    """
    labels = read_topic_labels()
    return [
        *(_passages(data, labels) if (data / FILE).exists() else ()),
        *(_articles(data, labels) if (data / "topic.parquet").exists() else ()),
        *(_arguments(data, labels) if (data / "stance.parquet").exists() else ()),
    ]


def _passages(data: Path, labels: Mapping[str, Sequence[Labelling]]) -> Iterator[Single]:
    """Yield passages of whole pieces; one without topics here has only the mark of its kind."""
    every = read_opeds(data, "train", kinds=KINDS)
    left_out = held_out(every)
    for piece in every:
        if piece.id not in left_out and piece.kind in _OPINION:
            topics = _places(labels[piece.id]) if piece.id in labels else None
            found = Single("", topics, frozenset(), _OPINION[piece.kind], PASSAGES)
            yield from passages_with(found, piece.title, piece.paragraphs)


def _articles(data: Path, labels: Mapping[str, Sequence[Labelling]]) -> Iterator[Single]:
    """Yield the beginnings of articles, which have been labelled again, beside the tag of their editors."""
    for row in read_rows(data, "topic"):
        if row["split"] == "train" and (found := labels.get(name_of(row["text"]))):
            yield Single(one_line(row["text"]), _places(found), frozenset(), None, ARTICLES)


def _arguments(data: Path, labels: Mapping[str, Sequence[Labelling]]) -> Iterator[Single]:
    """Yield short arguments, each with the topics of the question that it answers."""
    for row in read_rows(data, "stance"):
        if row["split"] == "train" and (found := labels.get(name_of(row["target"]))):
            yield Single(one_line(row["text"]), _places(found), frozenset(), None, ARGUMENTS)


def _places(labellings: Sequence[Labelling]) -> tuple[int, ...]:
    return tuple(CODES.index(code) for code in labellings[0].every)
