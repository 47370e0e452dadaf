"""``python -m training``: train the pair network on whole op-eds and short arguments.

    python -m training --data DIR --base MPNET --out RUN --minutes 100

Without ``--start``, the heads begin with random weights on the pretrained layers. The defaults of the options are those
of the bundled model. Its training began with an earlier network, which had been trained on passages (``--start``).
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from commentariat import ConfigError
from training.commands import exit_code_of
from training.loop import Budget, Recipe
from training.opeds import OPEDS
from training.pairs import Layers, train_pairs


def _parser() -> argparse.ArgumentParser:
    recipe, layers = Recipe(), Layers()
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train the pair network (stance, relevance, evidence). --resume continues from OUT/last.pt; the "
        "budget may be another one.",
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with opeds.parquet and stance.parquet"
    )
    parser.add_argument("--base", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the log")
    parser.add_argument(
        "--texts",
        type=Path,
        default=Path("models/fast"),
        help="model folder whose text graph chooses passages and whose tokenizer is used (%(default)s)",
    )
    parser.add_argument(
        "--start",
        type=Path,
        nargs="+",
        default=[],
        help="begin with the weights of model folders, checkpoints (.pt) or .safetensors; a later one replaces earlier",
    )
    parser.add_argument(
        "--opeds", type=Path, default=OPEDS, help="folder of invented op-eds (the project's own)"
    )
    parser.add_argument(
        "--layers", type=int, default=layers.kept, help="layers to keep, from the bottom (%(default)s)"
    )
    parser.add_argument(
        "--frozen",
        type=int,
        default=layers.frozen,
        help="lower layers that keep their pretrained weights (%(default)s)",
    )
    parser.add_argument(
        "--resting",
        type=int,
        default=layers.resting,
        help="lower layers that keep the weights of --start, frozen ones included (%(default)s)",
    )
    parser.add_argument("--minutes", type=float, help="budget: minutes of training steps")
    parser.add_argument("--tokens", type=float, help="budget: tokens")
    parser.add_argument("--rate", type=float, default=recipe.peak_rate, help="learning rate (%(default)s)")
    parser.add_argument(
        "--decay",
        type=float,
        default=recipe.decay,
        help="share of the budget with a falling rate (%(default)s)",
    )
    parser.add_argument(
        "--batch-tokens", type=int, default=recipe.batch_tokens, help="tokens in a batch (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=recipe.seed, help="(%(default)s)")
    parser.add_argument("--resume", action="store_true", help="continue from OUT/last.pt")
    parser.add_argument("--save-every", type=int, default=200, help="steps between checkpoints (%(default)s)")
    parser.add_argument(
        "--vectors", type=Path, help="folder where embeddings are kept between runs (default: OUT/vectors)"
    )
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: torch decides)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (%(default)s)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    args = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.threads:
        torch.set_num_threads(args.threads)
    return exit_code_of(
        lambda: train_pairs(
            args.data,
            args.base,
            args.texts,
            args.out,
            budget=_budget(args.minutes, args.tokens),
            recipe=Recipe(
                peak_rate=args.rate, decay=args.decay, batch_tokens=args.batch_tokens, seed=args.seed
            ),
            layers=Layers(args.layers, args.frozen, args.resting),
            start=args.start,
            opeds=args.opeds,
            vectors=args.vectors,
            resume=args.resume,
            save_every=args.save_every,
            threads=args.threads or None,
            device=args.device,
        )
    )


def _budget(minutes: float | None, tokens: float | None) -> Budget:
    if not minutes and not tokens:
        raise ConfigError("The budget is missing: name it with --minutes 100, or with --tokens 4e6.")
    return Budget(minutes, int(tokens) if tokens else None)


if __name__ == "__main__":
    sys.exit(main())
