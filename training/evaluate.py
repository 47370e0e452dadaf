"""``python -m training.evaluate``: measure a model folder (or a checkpoint) on dev."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from training.answers import remembering
from training.checkpoints import untrained_embedder
from training.commands import exit_code_of
from training.measure import Figure, dev_sets, measure
from training.onnx_run import OnnxModel
from training.report import markdown, write_json


def evaluate(data: Path, model: Path) -> dict[str, Figure]:
    """All dev figures of a model folder."""
    loaded = OnnxModel(model)
    return measure(remembering(loaded.run), loaded.config, dev_sets(data, untrained_embedder()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        description="Measure a model folder on every dev split and on the trap sets built from them.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the .parquet files")
    parser.add_argument("--model", type=Path, default=Path("models/fast"), help="model folder (%(default)s)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args(arguments)

    def work() -> None:
        figures = evaluate(args.data, args.model)
        if args.json:
            write_json(figures, args.json)
        print(markdown(figures))

    return exit_code_of(work)


if __name__ == "__main__":
    sys.exit(main())
