"""``python -m training.agreement``: compare the int8 graph with the fp32 network.

Bars: the same stance on at least 97% of the dev pairs and the same first topic on as many texts, and a macro-F1 of
stance within half a point.
"""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from training.answers import Runner, scaled, stance_probabilities
from training.checkpoints import load_pair_network, load_text_network, runner_of
from training.commands import exit_code_of
from training.corpus import Pair, Single, singles, stance_pairs
from training.figures import macro_f1
from training.onnx_run import OnnxModel

Row = TypeVar("Row")
LEAST_AGREEMENT, LARGEST_LOSS = 0.97, 0.005


def compare(
    data: Path,
    model: Path,
    pairs: Path,
    texts: Path | None = None,
    base: Path | None = None,
    most: int | None = None,
) -> tuple[list[str], bool]:
    """Lines of a Markdown table, and whether the bars hold; at most `most` rows a source, topics only with `texts`."""
    small = OnnxModel(model)
    network, tokenizer, _ = load_pair_network(pairs, base)
    original = runner_of(network, load_text_network(texts)[0] if texts else None, tokenizer)
    runners = original, small.run
    stances, same_stance, loss = _stances(runners, small.config, stance_pairs(data, "dev"), most)
    topics, same_topic = _topics(runners, small.config, singles(data, "dev"), most) if texts else ([], 1.0)
    holds = min(same_stance, same_topic) >= LEAST_AGREEMENT and loss <= LARGEST_LOSS
    return [
        "| set | rows | same answer | fp32 macro-F1 | int8 macro-F1 |",
        "|---|---|---|---|---|",
        *stances,
        *topics,
    ], holds


def _stances(
    runners: tuple[Runner, Runner], config: dict[str, Any], dev: Sequence[Pair], most: int | None
) -> tuple[list[str], float, float]:
    """Rows of the table, the share of pairs with the same stance, and how much macro-F1 is lost on average."""
    lines: list[str] = []
    same_all: list[float] = []
    f1s: list[list[float]] = []
    for source in sorted({pair.source for pair in dev}):
        rows = _some([pair for pair in dev if pair.source == source], most)
        first, second = [p.target for p in rows], [p.text for p in rows]
        said = [stance_probabilities(run(first, second), config).argmax(1) for run in runners]
        gold = [p.stance or 0 for p in rows]
        f1 = [macro_f1(gold, answers.tolist(), sorted(set(gold))) for answers in said]
        same = (said[0] == said[1]).astype(float)
        same_all.extend(same.tolist())
        f1s.append(f1)
        lines.append(f"| {source} | {len(rows)} | {same.mean():.3f} | {f1[0]:.3f} | {f1[1]:.3f} |")
    agreement, (before, after) = float(np.mean(same_all)), np.mean(f1s, axis=0).tolist()
    lines.append(f"| **all stance pairs** | {len(same_all)} | {agreement:.3f} | {before:.3f} | {after:.3f} |")
    return lines, agreement, before - after


def _topics(
    runners: tuple[Runner, Runner], config: dict[str, Any], dev: Sequence[Single], most: int | None
) -> tuple[list[str], float]:
    """Rows of the table, and the share of texts with the same first topic."""
    lines: list[str] = []
    same_all: list[float] = []
    texts_of: dict[str, list[str]] = defaultdict(list)
    for single in dev:
        texts_of[single.source.split(":")[0]].append(single.text)
    for source, every in sorted(texts_of.items()):
        read = _some(every, most)
        said = [scaled(run(read, None), "topic", config).argmax(1) for run in runners]
        same = (said[0] == said[1]).astype(float)
        same_all.extend(same.tolist())
        lines.append(f"| {source}, first topic | {len(read)} | {same.mean():.3f} | | |")
    agreement = float(np.mean(same_all))
    lines.append(f"| **all first topics** | {len(same_all)} | {agreement:.3f} | | |")
    return lines, agreement


def _some(rows: Sequence[Row], most: int | None) -> Sequence[Row]:
    return rows if most is None or len(rows) <= most else random.Random(0).sample(list(rows), most)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; exit code 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m training.agreement", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/fast"))
    parser.add_argument("--pairs", type=Path, required=True, help="the pair checkpoint it was exported from")
    parser.add_argument(
        "--texts",
        type=Path,
        help="the text checkpoint it was exported from; without it topics are not compared",
    )
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
