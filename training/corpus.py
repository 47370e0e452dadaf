"""Reading the training data: three Parquet files of labelled texts.

``stance.parquet`` (text, target, label, source, split, weight, note), ``nli.parquet`` (the same columns; favor
stands for entailment, against for contradiction) and ``topic.parquet`` (text, label, scheme, source, split).
Train on split ``train``, choose on ``dev``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq

from commentariat import InputError
from training.topics import CODES, UNUSED, cap_codes, editorial_tags

Split = Literal["train", "dev"]

#: Opinion labels are trusted only from outlets that mark their opinion pieces.
OPINION_MARK = ":opinion"


@dataclass(frozen=True, slots=True)
class Pair:
    """A text and a target, with what is known about them.

    ``stance`` and ``about`` are None where nothing is known: the loss then skips that head.
    """

    target: str
    text: str
    stance: int | None  #: index into ``network.STANCES``
    about: float | None  #: 1.0 = the text speaks about the target's subject, 0.0 = it does not
    source: str
    weight: float = 1.0
    note: str = ""

    def having(self, **changes: str | float | None) -> Pair:
        """Copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the field types differ


@dataclass(frozen=True, slots=True)
class Single:
    """A text with its topics and whether it is commentary; ``None`` where nothing is known."""

    text: str
    topics: tuple[int, ...] | None  #: indices into ``topics.CODES``, primary first; () = none of them
    silent: frozenset[int]  #: codes this source cannot have used: no loss on them
    opinion: float | None
    source: str


_STANCE = {"favor": 0, "against": 1, "neutral": 2}
_FILES = {
    "stance": ("text", "target", "label", "source", "split", "weight", "note"),
    "nli": ("text", "target", "label", "source"),
    "topic": ("text", "label", "scheme", "source", "split"),
}


def read_rows(data: Path, name: str) -> list[dict[str, Any]]:
    """Rows of ``<data>/<name>.parquet``.

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
    """Strip what a web site appended to a target (" – YES", ": Top 3 Pros and Cons")."""
    return _SITE_ENDINGS.sub("", one_line(target))


def stance_pairs(data: Path, split: Split) -> list[Pair]:
    """Stance rows of one split, as they are.

    A favor or against label implies that the text speaks about the target; a neutral one says nothing
    (most neutrals of VAST and the manifestos are unrelated, those of NewsMTSC are mentions).
    """
    pairs = []
    for row in read_rows(data, "stance"):
        if row["split"] != split or len(row["text"].split()) < 2:  # one text is a spreadsheet's error message
            continue
        stance = _STANCE[row["label"]]
        mention = row["source"] == "newsmtsc"
        pairs.append(
            Pair(
                target=plain_target(row["target"]),
                text=one_line(row["text"]),
                stance=stance,
                about=1.0 if stance != 2 or mention else None,
                source=row["source"],
                weight=float(row["weight"]) if row["weight"] is not None else 1.0,
                note=row["note"] or "",
            )
        )
    return pairs


def nli_pairs(data: Path) -> list[Pair]:
    """Premise and hypothesis as text and target. A neutral premise is nearly always about the same scene."""
    return [
        Pair(
            target=one_line(row["target"]),
            text=one_line(row["text"]),
            stance=_STANCE[row["label"]],
            about=1.0,
            source="nli",
        )
        for row in read_rows(data, "nli")
        if row["text"] and row["target"]
    ]


def singles(data: Path, split: Split) -> list[Single]:
    """Texts with topics and opinion marks. Editorial articles whose tag says nothing keep their mark only."""
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
