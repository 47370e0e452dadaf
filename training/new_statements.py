"""``python -m training.new_statements``: count how many stated sides are right on statements that training never asks.

    python -m training.new_statements --data DIR --model models/fast

A model's calibration is fitted on general statements of which training asks a third, of other pieces, and on labels for
which a network had a part in choosing what was asked again. Here, nothing is fitted: the answers of the finished model
are compared with the labels of ``new_statements.toml``, in whose making no network took part. So the share of stated
sides that is right shows what a promised share is worth for a user's new statement.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from commentariat import ModelError
from models import load_classifier
from models.classifier import DocumentClassifier
from training.calibrate_answers import Cells, ask, general_cells, numbers_of, pieces_of_choice, table
from training.commands import exit_code_of
from training.opeds_data import read_new_statements


def cells_of(data: Path, model: str) -> Cells:
    """Read the pieces with a model, and put its answers to the new statements into one table."""
    pieces = read_new_statements(pieces_of_choice(data))
    return general_cells(pieces, ask(model, pieces), numbers_of(pieces))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.new_statements", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with opeds.parquet")
    parser.add_argument("--model", type=Path, default=Path("models/fast"), help="model folder (%(default)s)")
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return exit_code_of(lambda: _print(args.data, str(args.model)))


def _print(data: Path, model: str) -> None:
    classifier = load_classifier(model)
    if not isinstance(classifier, DocumentClassifier):
        raise ModelError(f"The model {model!r} has no calibration whose shares could be counted.")
    cells = cells_of(data, model)
    print(
        f"{len(cells.gold):,} cells, {int((cells.gold < 2).sum())} sides; {cells.read.mean():.3f} of the cells are read"
    )
    print(table([(classifier.answer_settings, cells)]))


if __name__ == "__main__":
    sys.exit(main())
