"""Reading the training data: three Parquet files of short labelled texts.

The files are ``stance.parquet`` and ``nli.parquet`` (text, target, label, source, split), and ``topic.parquet`` (text,
label, scheme, source, split). The split ``train`` is for training, the split ``dev`` for choices between models.
:mod:`training.opeds_data` reads whole op-eds.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq

from commentariat import InputError
from models import STANCES
from models.questions import as_statement
from training.topics import CODES, UNUSED, cap_codes, editorial_tags

log = logging.getLogger("training.corpus")

Split = Literal["train", "dev"]

#: End of the source name of pieces that their outlet marked as opinion. Only outlets with such pieces give labels.
OPINION_MARK = ":opinion"
#: Full stop that ends a title; it is removed, because a full stop is added to every title.
_STOP = "."


@dataclass(frozen=True, slots=True)
class Pair:
    """A short text and a target, with their labels.

    Attributes
    ----------
    target, text
        The two inputs of the network.
    stance
        Index into ``models.STANCES``.
    about
        1 if the text shows a stance on the target, 0 if it does not speak about it, None if it is not known.
    source
        The data set of the text.
    """

    target: str
    text: str
    stance: int
    about: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Single:
    """A text with its topics and whether it is commentary; ``None`` if this is not known."""

    text: str
    topics: tuple[int, ...] | None  #: indices into ``topics.CODES``, primary first; () = none of them
    silent: frozenset[int]  #: codes that this source cannot have used; they are left out of the loss
    opinion: float | None
    source: str


def passages_with(labels: Single, title: str, paragraphs: Sequence[str]) -> Iterator[Single]:
    """Yield passages of a whole piece, with the topics, kind and source of `labels`.

    The first is the title with the first paragraph; each other one is a paragraph with the next.
    """
    if not paragraphs:
        return
    yield replace(labels, text=f"{title.rstrip(_STOP)}. {paragraphs[0]}")
    for first, second in pairwise(paragraphs):
        yield replace(labels, text=f"{first} {second}")


#: The source whose neutral rows have a target that the text does not speak about.
_UNRELATED = "vast"
#: The source whose two sides are exchanged in the file: rows labelled "favor" answer their question with no.
_EXCHANGED = "procon20"
_STANCE: dict[str, int] = {stance: number for number, stance in enumerate(STANCES)}
_FILES = {
    "stance": ("text", "target", "label", "source", "split"),
    "nli": ("text", "target", "label", "source", "split"),
    "topic": ("text", "label", "scheme", "source", "split"),
}


def read_rows(data: Path, name: str) -> list[dict[str, Any]]:
    """Read the rows of ``<data>/<name>.parquet``.

    Raises
    ------
    InputError
        If the file is missing or lacks a column.
    """
    path = data / f"{name}.parquet"
    if not path.is_file():
        raise InputError(
            f"No training data at {path}. Name the folder that holds {name}.parquet with --data."
        )
    table = pq.read_table(path)
    missing = set(_FILES[name]) - set(table.column_names)
    if missing:
        raise InputError(f"{path} lacks the column(s) {', '.join(sorted(missing))}.")
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def one_line(text: str) -> str:
    """Collapse whitespace."""
    return " ".join(text.split())


_SITE_ENDINGS = re.compile(r"\s*[-–:]\s*(DEBATED|YES|NO|Top \d+ Pros and Cons)\s*$", re.IGNORECASE)


def plain_target(target: str) -> str:
    """Remove the ending that a web site appended to a target (" – YES", ": Top 3 Pros and Cons")."""
    return _SITE_ENDINGS.sub("", one_line(target))


def stance_pairs(data: Path, split: Split) -> list[Pair]:
    """Read the rows of one split that have a stance; there are none if the folder holds only whole op-eds.

    A favor or against label implies that the text speaks about the target. Most neutral texts of VAST do not speak
    about their target. Neutral texts of other sources mention it, and it is not known whether they speak about it.
    Questions become statements, as in use.
    """
    if not (data / "stance.parquet").exists() and (data / "opeds.parquet").exists():
        log.warning("%s has no stance.parquet; continuing without short arguments", data)
        return []
    pairs = []
    for row in read_rows(data, "stance"):
        if row["split"] != split or len(row["text"].split()) < 2:  # one text is a spreadsheet's error message
            continue
        stance = _STANCE[row["label"]]
        if row["source"] == _EXCHANGED and stance != _STANCE["neutral"]:
            stance = 1 - stance
        silent = 0.0 if row["source"] == _UNRELATED else None
        pairs.append(
            Pair(
                target=as_statement(plain_target(row["target"])),
                text=one_line(row["text"]),
                stance=stance,
                about=silent if stance == _STANCE["neutral"] else 1.0,
                source=row["source"],
            )
        )
    return pairs


def singles(data: Path, split: Split) -> list[Single]:
    """Read texts with topics and opinion marks; editorial articles whose tag maps to no topic have only the mark."""
    tags = editorial_tags()
    rows = read_rows(data, "topic")
    marking = {
        row["source"].removesuffix(OPINION_MARK) for row in rows if row["source"].endswith(OPINION_MARK)
    }
    out = []
    for row in rows:
        if row["split"] != split:
            continue
        source: str = row["source"]
        codes: tuple[str, ...] | None
        if row["scheme"] == "cap_major":
            codes = cap_codes(row["label"])
            silent = frozenset(CODES.index(code) for code in UNUSED[source])
            opinion = None
        else:
            codes = tags.get(row["label"]) or None
            silent = frozenset()
            opinion = 1.0 if source.endswith(OPINION_MARK) else 0.0 if source in marking else None
        out.append(
            Single(
                text=one_line(row["text"]),
                topics=None if codes is None else tuple(CODES.index(code) for code in codes),
                silent=silent,
                opinion=opinion,
                source=source if row["scheme"] == "cap_major" else source.removesuffix(OPINION_MARK),
            )
        )
    return out
