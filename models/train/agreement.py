"""``python -m models.train.agreement``: compare the int8 graph with the fp32 network.

Bars: the same stance on at least 97% of the dev pairs, and a macro-F1 within half a point on every source.
"""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from models.train.answers import scaled, stance_probabilities
from models.train.checkpoints import load_pair_network, load_text_network, runner_of
from models.train.commands import exit_code_of
from models.train.corpus import singles, stance_pairs
from models.train.figures import macro_f1
from models.train.onnx_run import OnnxModel

Row = TypeVar("Row")
LEAST_AGREEMENT, LARGEST_LOSS = 0.97, 0.005


def compare(
    data: Path, model: Path, pairs: Path, texts: Path, base: Path | None = None, most: int | None = None
) -> tuple[list[str], bool]:
    """Lines of a Markdown table, and whether both bars hold; at most `most` rows a source."""
    small = OnnxModel(model)
    network, tokenizer, _ = load_pair_network(pairs, base)
    original = runner_of(network, load_text_network(texts)[0], tokenizer)
    lines = ["| set | rows | same answer | fp32 macro-F1 | int8 macro-F1 |", "|---|---|---|---|---|"]
    same_all: list[float] = []
    f1s: dict[str, tuple[float, float]] = {}
    dev = stance_pairs(data, "dev")
    for source in sorted({pair.source for pair in dev}):
        rows = _some([pair for pair in dev if pair.source == source], most)
        first, second = [p.target for p in rows], [p.text for p in rows]
        said = [
            stance_probabilities(run(first, second), small.config).argmax(1) for run in (original, small.run)
        ]
        gold = [p.stance or 0 for p in rows]
        classes = sorted(set(gold))
        f1 = [macro_f1(gold, answers.tolist(), classes) for answers in said]
        same = (said[0] == said[1]).astype(float)
        same_all.extend(same.tolist())
        f1s[source] = f1[0], f1[1]
        lines.append(f"| {source} | {len(rows)} | {same.mean():.3f} | {f1[0]:.3f} | {f1[1]:.3f} |")
    singles_read = [single.text for single in _some(singles(data, "dev"), most)]
    topics = [
        scaled(run(singles_read, None), "topic", small.config).argmax(1) for run in (original, small.run)
    ]
    same_topic = float(np.mean(topics[0] == topics[1]))
    mean = [float(np.mean([pair[i] for pair in f1s.values()])) for i in (0, 1)]
    agreement = float(np.mean(same_all))
    lines.append(
        f"| **all stance pairs** | {len(same_all)} | {agreement:.3f} | {mean[0]:.3f} | {mean[1]:.3f} |"
    )
    lines.append(f"| primary topic | {len(singles_read)} | {same_topic:.3f} | | |")
    return lines, agreement >= LEAST_AGREEMENT and mean[0] - mean[1] <= LARGEST_LOSS


def _some(rows: Sequence[Row], most: int | None) -> Sequence[Row]:
    return rows if most is None or len(rows) <= most else random.Random(0).sample(list(rows), most)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; exit code 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m models.train.agreement", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/fast"))
    parser.add_argument("--pairs", type=Path, required=True, help="the pair checkpoint it was exported from")
    parser.add_argument("--texts", type=Path, required=True, help="the text checkpoint it was exported from")
    parser.add_argument("--rows", type=int, help="rows of each source, drawn at random (default: all)")
    parser.add_argument("--base", type=Path, help="the pretrained encoder that --pairs started from")
    args = parser.parse_args(arguments)

    def work() -> int:
        lines, holds = compare(args.data, args.model, args.pairs, args.texts, args.base, args.rows)
        print("\n".join(lines))
        return 0 if holds else 1

    return exit_code_of(work)


if __name__ == "__main__":
    sys.exit(main())
