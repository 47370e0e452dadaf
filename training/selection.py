"""``python -m training.selection``: measure how often packs contain a stance, and how much the screen leaves out.

A network cannot find a stance outside its pack. The labels of real op-eds (``opeds.parquet``) name the paragraphs that
show each author's side; a side counts as held if the pack has a sentence of one of these paragraphs. A piece is read
for a statement only if the score of the screen (:func:`models.packs.screen_score`) reaches a threshold. A second table
has, for several thresholds, the share of sides and of silent statements that are read: of the development op-eds, on
which the threshold is chosen, with general statements that all of them were asked.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.encoder import Encoder
from models.folder import open_text_graph
from models.packs import PACK_TOKENS, screen_score
from models.similarity import Phrase
from training.commands import exit_code_of
from training.held_out import dev_pieces
from training.opeds_data import Label, OpEd, read_dev_statements, read_opeds, read_untrained_statements
from training.packing import Prepared, phrases_of, prepare, statements_of, wordings_of

#: Limits, in words, between short, middle and long pieces.
SHORT, LONG = 600, 1200
SIZES = (200, 260, PACK_TOKENS, 400)
SCREENS = (0.54, 0.56, 0.585, 0.6, 0.62, 0.65, 0.7)


@dataclass(frozen=True, slots=True)
class Packed:
    """A statement with a side and named paragraphs, and whether the pack for it contains one of these paragraphs."""

    tokens: int
    own: bool
    words: int
    held: bool


def measure(
    pieces: Sequence[Prepared], vectors: Mapping[str, Phrase], sizes: Sequence[int]
) -> Iterator[Packed]:
    """Pack every piece for each statement on which it takes a side, in every wording and every size."""
    for prepared in pieces:
        words = len(prepared.piece.text.split())
        for label in prepared.piece.labels:
            if label.stance == "neutral" or not label.paragraphs:
                continue
            for wording in wordings_of(label):
                for tokens in sizes:
                    packed = prepared.pack(wording, vectors[wording], tokens)
                    yield Packed(tokens, label.own, words, any(prepared.shown_by(packed, label.paragraphs)))


def table(found: Sequence[Packed]) -> str:
    """Render a row for each size: the share of sides that is held, and their number, for each kind of side."""
    kinds: dict[str, Callable[[Packed], bool]] = {
        "all": lambda side: True,
        "own": lambda side: side.own,
        "of a bank": lambda side: not side.own,
        f"up to {SHORT} words": lambda side: side.words <= SHORT,
        f"to {LONG}": lambda side: SHORT < side.words <= LONG,
        "longer": lambda side: side.words > LONG,
    }
    lines = [f"| tokens | {' | '.join(kinds)} |", "|---" * (len(kinds) + 1) + "|"]
    for tokens in sorted({side.tokens for side in found}):
        cells = []
        for is_of_kind in kinds.values():
            held = [side.held for side in found if side.tokens == tokens and is_of_kind(side)]
            cells.append(f"{sum(held) / len(held):.3f} ({len(held)})" if held else "-")
        lines.append(f"| {tokens} | {' | '.join(cells)} |")
    return "\n".join(lines)


def screen_table(pieces: Sequence[Prepared], vectors: Mapping[str, Phrase]) -> str:
    """Render a row for each threshold of the screen: the share of sides and of silent statements that pass."""
    scores: dict[str, list[float]] = {"own": [], "general": [], "silent": []}
    for prepared in pieces:
        asked = [("own" if label.own else "general", label.target) for label in prepared.piece.labels]
        asked += [("silent", statement) for statement in prepared.piece.silent]
        for kind, statement in asked:
            scores[kind].append(screen_score(prepared.worth(statement, vectors[statement])))
    lines = [f"| screen | {' | '.join(scores)} |", "|---" * (len(scores) + 1) + "|"]
    for least in SCREENS:
        shares = [f"{np.mean(np.asarray(found) >= least):.3f}" if found else "-" for found in scores.values()]
        lines.append(f"| {least} | {' | '.join(shares)} |")
    return "\n".join(lines)


def screened(data: Path, encoder: Encoder) -> str:
    """Measure the screen on the development op-eds: their own statements, and general ones of all pieces."""
    pieces = dev_pieces(data)
    prepared = dict(zip((piece.id for piece in pieces), prepare(pieces, encoder), strict=True))
    listed = [*read_dev_statements(pieces), *read_untrained_statements(pieces)]
    if listed:  # the general statements of a bank were chosen for the pieces; those of the lists were not
        own = [replace(piece, labels=_own(piece), silent=()) for piece in pieces]
        pieces = [*own, *listed]
    asked = [replace(prepared[piece.id], piece=piece) for piece in pieces]
    return screen_table(asked, phrases_of(statements_of(pieces), encoder))


def _own(piece: OpEd) -> tuple[Label, ...]:
    return tuple(label for label in piece.labels if label.own)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.selection", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with opeds.parquet")
    parser.add_argument(
        "--model", type=Path, default=Path("models/fast"), help="folder with the text graph (%(default)s)"
    )
    parser.add_argument("--split", default="train", choices=["train", "dev"], help="(%(default)s)")
    parser.add_argument("--pieces", type=int, default=400, help="pieces, drawn at random (%(default)s)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="tokens of a pack")
    args = parser.parse_args(arguments)

    def work() -> None:
        pieces = drawn(read_opeds(args.data, args.split), args.pieces)
        encoder = open_text_graph(args.model)
        prepared = prepare(pieces, encoder)
        print(table(list(measure(prepared, phrases_of(statements_of(pieces), encoder), args.sizes))))
        print(f"\n{screened(args.data, encoder)}")

    return exit_code_of(work)


def drawn(pieces: Sequence[OpEd], count: int) -> list[OpEd]:
    """Draw `count` pieces; the draw is always the same."""
    return random.Random(1).sample(list(pieces), min(count, len(pieces)))


if __name__ == "__main__":
    sys.exit(main())
