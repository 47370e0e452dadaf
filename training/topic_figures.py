"""``python -m training.topic_figures``: measure how well a model finds topics and opinion, on the dev texts.

``--json FILE`` writes the figures for ``python -m training.eval_gate --figures FILE``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.folder import open_text_graph
from models.settings import read_settings
from training.calibrate_topics import Read
from training.commands import exit_code_of
from training.corpus import Single, singles
from training.figures import Array, macro_f1
from training.opeds import OPEDS, read_pieces, topic_texts
from training.topics import CODES, UNUSED

#: The outputs of the text graph that are used.
OUTPUTS = ("topic_logits", "opinion_logit")
#: Names of sources: articles of all outlets count as one source.
_OUTLETS, _EDITORIAL = "allsides", "editorial"


def dev_texts(data: Path) -> list[Single]:
    """Read the dev texts with topics or opinion marks: those of `data`, and passages of invented op-eds."""
    return [*singles(data, "dev"), *topic_texts(read_pieces(OPEDS, "dev"))]


def reader_of(model: Path) -> Read:
    """Return a function that runs the text graph of a model folder on texts."""
    encoder = open_text_graph(model)
    return lambda texts: encoder.run(texts, OUTPUTS)


def topic_figures(read: Read, texts: Sequence[Single]) -> dict[str, float]:
    """Return macro-F1 and accuracy of the first topic by source, and the ROC area of opinion against news."""
    outputs = read([single.text for single in texts])
    sources = [_EDITORIAL if single.source.startswith(_OUTLETS) else single.source for single in texts]
    figures: dict[str, float] = {}
    for source in sorted(set(sources)):
        rows = [row for row, single in enumerate(texts) if sources[row] == source and single.topics]
        if not rows:
            continue
        logits = outputs["topic_logits"][rows].copy()
        logits[:, [CODES.index(code) for code in UNUSED.get(source, ())]] = -np.inf
        gold = [(texts[row].topics or (0,))[0] for row in rows]
        given = logits.argmax(axis=1).tolist()
        figures[f"{source} topic macro-F1"] = macro_f1(gold, given, sorted(set(gold)))
        figures[f"{source} topic accuracy"] = float(
            np.mean([g == s for g, s in zip(gold, given, strict=True)])
        )
    marked = [row for row, single in enumerate(texts) if single.opinion is not None]
    if marked:
        gold_marks = np.array([texts[row].opinion for row in marked])
        figures["opinion AUC"] = _auc(gold_marks, outputs["opinion_logit"][marked, 0])
    return figures


def _auc(gold: NDArray[np.float64], scores: Array) -> float:
    """Return the probability that a random opinion piece scores above a random report."""
    positive, negative = scores[gold == 1], scores[gold == 0]
    if not len(positive) or not len(negative):
        return float("nan")
    ranks = np.argsort(np.argsort(np.concatenate([positive, negative]), kind="stable"), kind="stable")
    above = ranks[: len(positive)].sum() - len(positive) * (len(positive) - 1) / 2
    return float(above / (len(positive) * len(negative)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.topic_figures", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with topic.parquet")
    parser.add_argument("--model", type=Path, default=Path("models/fast"), help="model folder (%(default)s)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args(arguments)

    def work() -> None:
        read_settings(args.model)
        figures = topic_figures(reader_of(args.model), dev_texts(args.data))
        if args.json:
            args.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        print("| figure | value |\n|---|---|")
        for name, value in figures.items():
            print(f"| {name} | {value:.3f} |")

    return exit_code_of(work)


if __name__ == "__main__":
    sys.exit(main())
