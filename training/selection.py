"""``python -m training.selection``: measure how often packs contain a stance, and how much the screen leaves out.

A network cannot find a stance outside its pack. The labels of real op-eds (``opeds.parquet``) name the paragraphs that
show each author's side; a side counts as held if the pack has a sentence of one of these paragraphs. A piece is read
for a statement only if the worth of its best passage reaches the threshold of the screen. A second table has, for
several thresholds, the share of sides and of silent statements that are read.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.calibration import Floats
from models.folder import open_text_graph
from models.packs import PACK_TOKENS
from training.commands import exit_code_of
from training.embeddings import embedder, vectors_of
from training.opeds_data import OpEd, read_opeds
from training.packing import Prepared, prepare, statements_of, wordings_of

#: Limits, in words, between short, middle and long pieces.
SHORT, LONG = 600, 1200
SIZES = (200, 260, PACK_TOKENS, 400)
SCREENS = (0.28, 0.3, 0.32, 0.34, 0.36, 0.4)


@dataclass(frozen=True, slots=True)
class Packed:
    """A statement with a side and named paragraphs, and whether the pack for it contains one of these paragraphs."""

    tokens: int
    own: bool
    words: int
    held: bool


def measure(
    pieces: Sequence[Prepared], vectors: Mapping[str, Floats], sizes: Sequence[int]
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


def screen_table(pieces: Sequence[Prepared], vectors: Mapping[str, Floats]) -> str:
    """Render a row for each threshold of the screen: the share of labelled and of silent statements that pass."""
    best: dict[str, list[float]] = {"own": [], "of a bank": [], "silent": []}
    for prepared in pieces:
        asked = [("own" if label.own else "of a bank", label.target) for label in prepared.piece.labels]
        asked += [("silent", statement) for statement in prepared.piece.silent]
        for kind, statement in asked:
            best[kind].append(float(prepared.worth(statement, vectors[statement]).max()))
    lines = [f"| screen | {' | '.join(best)} |", "|---" * (len(best) + 1) + "|"]
    for least in SCREENS:
        shares = [
            f"{np.mean(np.asarray(worths) >= least):.3f}" if worths else "-" for worths in best.values()
        ]
        lines.append(f"| {least} | {' | '.join(shares)} |")
    return "\n".join(lines)


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
        embed, statements = embedder(encoder), statements_of(pieces)
        vectors = vectors_of(statements, embed)
        prepared = prepare(pieces, encoder.count_tokens, embed)
        print(table(list(measure(prepared, vectors, args.sizes))))
        print(f"\n{screen_table(prepared, vectors)}")

    return exit_code_of(work)


def drawn(pieces: Sequence[OpEd], count: int) -> list[OpEd]:
    """Draw `count` pieces; the draw is always the same."""
    return random.Random(1).sample(list(pieces), min(count, len(pieces)))  # noqa: S311  (a random sample, no secret)


if __name__ == "__main__":
    sys.exit(main())
