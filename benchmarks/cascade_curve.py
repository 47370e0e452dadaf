"""Measure the cost and the gain of a second model that answers like the labels of real op-eds: a curve over thresholds.

    python -m benchmarks.cascade_curve --data DIR [--model fast] [--most N] [--csv FILE]

DIR holds ``opeds.parquet``. The first model reads the pieces of the dev split, banks a and b, once, with all labelled
and silent statements of each piece. The statements of which it is unsure are sent to a server on loopback, through the
client, the prompt and the checks of a night. The server gives the answers of the labels. Therefore the figures are the
best that a cascade can reach; the remaining errors are sides that the first model states and that the second model is
not asked about. The higher the share of stated sides that is to be right, the more questions go to the second model.

A side is right if it is the side of the label; a side stated on a silent statement is wrong. General statements are
asked of every piece; own statements were written for the piece.
"""

import argparse
import asyncio
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import get_args

from models import Stance, TargetStance, load_classifier
from models.loading import STATED_RIGHT
from models.questions import as_statement
from tasks.second_model.ask import Inquiry
from tasks.second_model.ask import ask as ask_second
from tasks.second_model.budget import UnlimitedBudget
from tasks.second_model.client import SecondModel
from tasks.second_model.prompt import estimated_tokens, visible
from tasks.second_model.settings import Ask, SecondModelSettings
from tests.tasks.second_model.chat_server import (
    Body,
    ChatServer,
    answers,
    chat_server,
    sentences_in,
    statements_in,
)
from training.asking import stances_on
from training.figures import share_of
from training.opeds_data import Label, OpEd, read_opeds

BANKS = "ab"
SHARES = (0.55, 0.6, 0.65, 0.7, 0.8, 0.9, 0.95)
_SIDES = ("favor", "against")
_STANCE_AS_ANSWERED = {"favor": "favor", "against": "against", "neutral": "no_side"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A statement asked of a piece; ``label`` is None if the piece is silent on it."""

    statement: str
    label: Label | None
    first: TargetStance

    @property
    def is_own(self) -> bool:
        """Whether the statement was written for the piece."""
        return self.label is not None and self.label.own

    @property
    def gold(self) -> str:
        """The author's stance, or "silent"."""
        return self.label.stance if self.label else "silent"


@dataclass(frozen=True, slots=True)
class Point:
    """One row of the curve. ``_right`` is the share of stated sides that are right, ``_found`` the recall of sides."""

    asked: str
    stated_right: float
    pieces: int
    pieces_asked: int
    requests: int
    statements_asked: int
    tokens_sent: int
    general_first_right: float
    general_right: float
    general_found: float
    own_first_right: float
    own_right: float
    own_found: float


def read(model: str, pieces: Sequence[OpEd]) -> list[list[Cell]]:
    """Run the first model on each piece, with all labelled and silent statements of the piece."""
    classifier = load_classifier(model)
    asked: list[list[tuple[str, Label | None]]] = [
        [*((label.target, label) for label in piece.labels), *((label, None) for label in piece.silent)]
        for piece in pieces
    ]
    statements = [
        (piece, [statement[0] for statement in of_piece])
        for piece, of_piece in zip(pieces, asked, strict=True)
    ]
    return [
        [Cell(*statement, answer) for statement, answer in zip(of_piece, stances, strict=True)]
        for of_piece, stances in zip(asked, stances_on(classifier, statements), strict=True)
    ]


def decided(model: str, cells: Sequence[Sequence[Cell]], stated_right: float) -> list[list[Cell]]:
    """Decide again from the raw scores, for another share of stated sides that is to be right."""
    classifier = load_classifier(model, stated_right=stated_right)
    return [
        [replace(cell, first=classifier.decide(cell.first.target, cell.first.raw)) for cell in of_piece]
        for of_piece in cells
    ]


def is_asked(cell: Cell, ask: Ask) -> bool:
    """Whether the rule of ``warehouse/sql/second_due.sql``, without its random share, asks the second model."""
    stance = cell.first.stance
    if stance == "unsure" or (ask != "unsure" and stance in _SIDES):
        return True
    return ask == "all" and (cell.first.about or bool(cell.first.raw.wordings))


def as_labelled(piece: OpEd, cells: Sequence[Cell]) -> Callable[[Body], object]:
    """Make a function that answers as the labels of a piece do, and names a sentence of a labelled paragraph."""
    labels = {visible(as_statement(cell.statement)): cell.label for cell in cells}
    paragraphs = [visible(paragraph) for paragraph in piece.paragraphs]

    def answer_to(label: Label | None, sentences: dict[int, str]) -> tuple[list[int], str]:
        if label is None:
            return [], "not_about"
        named = [paragraphs[number] for number in label.paragraphs] or paragraphs
        shown = [
            number for number, text in sentences.items() if any(text in paragraph for paragraph in named)
        ]
        # This part of a long piece may lack the paragraph; then a model that reads only this part finds nothing.
        return (shown[:1], _STANCE_AS_ANSWERED[label.stance]) if shown else ([], "not_about")

    def say(body: Body) -> object:
        sentences = sentences_in(body)
        entries = (answer_to(labels[statement], sentences) for statement in statements_in(body))
        return answers(*((number, *entry) for number, entry in enumerate(entries, start=1)))

    return say


async def point(
    pieces: Sequence[OpEd], cells: Sequence[Sequence[Cell]], stated_right: float, ask: Ask, server: ChatServer
) -> Point:
    """Ask the second model the cells that are due, and compute the figures of both models together."""
    server.asked.clear()
    settings = SecondModelSettings(url=server.url, model="labels", context_tokens=8192)
    asked_pieces = asked_statements = 0
    together: list[tuple[Cell, Stance]] = []
    async with SecondModel(settings, "", UnlimitedBudget()) as model:
        for piece, of_piece in zip(pieces, cells, strict=True):
            targets = tuple(cell.first.target for cell in of_piece if is_asked(cell, ask))
            second: dict[str, Stance] = {}
            if targets:
                server.say = as_labelled(piece, of_piece)
                inquiry = Inquiry(piece.id, 1, piece.title, piece.text, "en", targets, ask)
                reading = await ask_second(inquiry, model)
                if reading.failure or reading.problems:
                    raise RuntimeError(f"{piece.id}: {reading.failure or reading.problems}")
                second = {answer.target.id: answer.stance for answer in reading.answers}
                asked_pieces, asked_statements = asked_pieces + 1, asked_statements + len(targets)
            together += [(cell, second.get(cell.first.target.id, cell.first.stance)) for cell in of_piece]
    sent = sum(estimated_tokens(message["content"]) for body in server.asked for message in body["messages"])
    counts = [asked_pieces, len(server.asked), asked_statements, sent]
    return Point(ask, stated_right, len(pieces), *counts, *_shares(together, False), *_shares(together, True))


def _shares(together: Sequence[tuple[Cell, Stance]], is_own: bool) -> Iterator[float]:
    chosen = [(cell, stance) for cell, stance in together if cell.is_own == is_own]
    first = [cell.first.stance == cell.gold for cell, _ in chosen if cell.first.stance in _SIDES]
    both = [stance == cell.gold for cell, stance in chosen if stance in _SIDES]
    yield share_of(first)
    yield share_of(both)
    yield sum(both) / max(1, sum(cell.gold in _SIDES for cell, _ in chosen))


async def curve(model: str, pieces: Sequence[OpEd]) -> list[Point]:
    """Compute all rows: the unsure answers at each threshold, then more than those at the default threshold."""
    cells = read(model, pieces)
    wanted: list[tuple[float, Ask]] = [(share, "unsure") for share in SHARES]
    wanted += [(STATED_RIGHT, ask) for ask in get_args(Ask) if ask != "unsure"]
    async with chat_server() as server:
        return [
            await point(pieces, decided(model, cells, share), share, ask, server) for share, ask in wanted
        ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with opeds.parquet")
    parser.add_argument("--model", default="fast", help="bundled model or model folder (%(default)s)")
    parser.add_argument("--most", type=int, default=None, help="read only so many pieces")
    parser.add_argument("--csv", type=Path, help="where to write the rows")
    options = parser.parse_args()
    pieces = read_opeds(options.data, "dev", banks=BANKS)[: options.most]
    points = asyncio.run(curve(options.model, pieces))
    names = [field.name for field in fields(Point)]
    print("|", " | ".join(name.replace("_", " ") for name in names), "|")
    print("|---" * len(names) + "|")
    for measured in points:
        print("|", " | ".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in astuple(measured)), "|")
    if options.csv:
        with options.csv.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([names, *map(astuple, points)])


if __name__ == "__main__":
    main()
