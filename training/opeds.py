"""Op-eds invented for this project, with the author's side marked for each paragraph.

Both graphs are trained on them, and ``benchmarks/opeds.py`` measures on the split dev. The files are
``training/opeds/STYLE/*.jsonl``, with one piece on each line. Every outlet, person and figure in them is invented, and
the labels are the stances that the writer meant. Pieces of the style ``plain`` are like most op-eds: their paragraphs
argue. Pieces of the style ``oblique`` are witty and literary, and the side must be inferred. Pieces of the style
``rivalry`` are about hostile powers; their authors show their view of an embargo or a ban by the words with which they
mention it.

Keys of a line: ``id``, ``subject``, ``form`` (how the piece is composed, see :data:`FORMS`), ``kind``, ``title``,
``topics`` (CAP codes, the main one first), ``paragraphs``, and ``targets``. Each target has ``target``, ``stance``
(favor, against, neutral, or none: not spoken about) and ``by_paragraph`` (the side that each paragraph shows; null if
the paragraph does not speak about the target). Targets marked ``shared`` are asked of all pieces of a subject; their
wording does not reveal the side.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from commentariat import InputError
from models import STANCES
from training.corpus import Single, Split, one_line, passages_with
from training.opeds_data import Label, OpEd
from training.topics import CODES

OPEDS = Path(__file__).with_name("opeds")
SOURCE = "opeds"
#: How a piece is composed; figures are reported for each form.
FORMS = (
    "straight",
    "quoted_opponents",
    "concession",
    "late_position",
    "misleading_headline",
    "satire",
    "both_sides",
    "news",
    "mention",
)
#: How a piece is written; each style has a folder of files.
Style = Literal["plain", "oblique", "rivalry"]
STYLES: tuple[Style, ...] = get_args(Style)
_STANCE: dict[str | None, int | None] = {**{name: n for n, name in enumerate(STANCES)}, None: None}
#: One subject in this many is used for dev, with all its pieces, so that training sees no arguments on it.
_DEV_SHARE = 7


@dataclass(frozen=True, slots=True)
class AskedTarget:
    """A target asked of a piece, and its author's stance."""

    target: str
    stance: Literal["favor", "against", "neutral", "none"]
    by_paragraph: tuple[int | None, ...]  #: index into ``models.STANCES``; None = not spoken about
    shared: bool = False  #: asked of the subject's other pieces too, whose authors are on either side

    @property
    def showing(self) -> tuple[int, ...]:
        """Numbers of the paragraphs that show the stance of the whole piece."""
        side = _STANCE.get(self.stance)
        return tuple(n for n, label in enumerate(self.by_paragraph) if side is not None and label == side)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of commentary (or a report) with its labels."""

    id: str
    subject: str
    style: Style
    form: str
    opinion: bool
    title: str
    topics: tuple[str, ...]
    paragraphs: tuple[str, ...]
    targets: tuple[AskedTarget, ...]

    @property
    def text(self) -> str:
        """The whole text, with each paragraph on a line."""
        return "\n\n".join(self.paragraphs)


def read_pieces(folder: Path, split: Split) -> list[Piece]:
    """Read the pieces of one split.

    Raises
    ------
    InputError
        If a line is not as described above.
    """
    pieces = []
    for style in STYLES:
        for path in sorted((folder / style).glob("*.jsonl")):
            lines = path.read_text(encoding="utf-8").split("\n")
            for number, line in enumerate(lines, start=1):
                if not line:  # after the last line's end
                    continue
                try:
                    piece = _piece(json.loads(line), style)
                except (ValueError, KeyError, TypeError) as error:
                    raise InputError(f"{path}, line {number} is no labelled piece: {error!r}.") from error
                if _split_of(piece.subject) == split:
                    pieces.append(piece)
    return pieces


def _split_of(subject: str) -> Split:
    return "dev" if hashlib.sha256(subject.encode()).digest()[0] % _DEV_SHARE == 0 else "train"


def _piece(row: dict[str, Any], style: Style) -> Piece:
    paragraphs = tuple(one_line(paragraph) for paragraph in row["paragraphs"])
    targets = tuple(
        AskedTarget(
            target["target"],
            target["stance"],
            tuple(_STANCE[label] for label in target["by_paragraph"]),
            target.get("shared", False),
        )
        for target in row["targets"]
    )
    if row["form"] not in FORMS or any(len(target.by_paragraph) != len(paragraphs) for target in targets):
        raise ValueError(f"form {row['form']!r}, or labels that do not fit the paragraphs")
    return Piece(
        id=row["id"],
        subject=row["subject"],
        style=style,
        form=row["form"],
        opinion=row["kind"] == "opinion",
        title=one_line(row["title"]),
        topics=tuple(row["topics"]),
        paragraphs=paragraphs,
        targets=targets,
    )


def as_op_ed(piece: Piece) -> OpEd:
    """Convert a piece to the form of a real one: targets not spoken about are near statements, the style the bank."""
    return OpEd(
        id=piece.id,
        title=piece.title,
        outlet="",
        lean="",
        kind="opinion" if piece.opinion else "news",
        bank=piece.style,
        paragraphs=piece.paragraphs,
        labels=tuple(
            Label(asked.target, None, asked.stance, 1, asked.showing, own=True)
            for asked in piece.targets
            if asked.stance != "none"
        ),
        silent=(),
        near=tuple(asked.target for asked in piece.targets if asked.stance == "none"),
    )


def topic_texts(pieces: Sequence[Piece]) -> Iterator[Single]:
    """Yield passages of the pieces, with the topics and the kind of the whole piece."""
    for piece in pieces:
        topics = tuple(CODES.index(code) for code in piece.topics)
        opinion = 1.0 if piece.opinion else 0.0
        yield from passages_with(
            Single("", topics, frozenset(), opinion, SOURCE), piece.title, piece.paragraphs
        )
