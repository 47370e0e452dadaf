"""Measure a model's answers on short arguments of public stance data sets, on which it should not get worse.

    python -m benchmarks.short_arguments --data DIR [--model fast] [--rows 300]

DIR holds ``stance.parquet``; rows of the dev split are drawn at random, the same for every model, and read through the
usual interface of classifiers. For each source, the macro-F1 of favor and against is printed, with the likelier side as
the answer. If the source has neutral rows, the macro-F1 of the three stances is printed too; an unsure answer counts as
its likelier side, and a text that does not speak about the target counts as neutral. The two sides of procon20 are
exchanged in the file; this is corrected here.
"""

import argparse
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from models import STANCES, Document, Target, TargetStance, load_classifier
from training.figures import macro_f1
from training.sides import OTHER_SIDE, likelier_side

SOURCES = ("vast", "procon20", "perspectrum", "ibm_arg_30k", "newsmtsc", "semeval2016")


def sample(data: Path, rows: int) -> dict[str, list[dict[str, Any]]]:
    """Draw dev rows of each source."""
    by_source: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in pq.read_table(data / "stance.parquet").to_pylist():
        if row["split"] == "dev" and row["source"] in SOURCES:
            by_source[row["source"]].append(row)
    rng = random.Random(7)
    return {name: rng.sample(by_source[name], min(rows, len(by_source[name]))) for name in SOURCES}


def of_three(answer: TargetStance) -> str:
    """Return the answer as one of three stances."""
    return likelier_side(answer) if answer.stance == "unsure" else answer.stance


def main() -> None:
    """Read the rows, and print a line for each source."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with stance.parquet")
    parser.add_argument("--model", default="fast", help="bundled model or model folder (%(default)s)")
    parser.add_argument("--rows", type=int, default=300, help="rows of each source (%(default)s)")
    options = parser.parse_args()
    classifier = load_classifier(options.model)
    print("| source | rows | favor/against, forced | three stances |\n|---|---|---|---|")
    for name, rows in sample(options.data, options.rows).items():
        readings = classifier.read(
            [Document(str(number), row["text"]) for number, row in enumerate(rows)],
            [[Target("asked", row["target"])] for row in rows],
            with_topics=False,
        )
        answers = [reading.stances[0] for reading in readings]
        gold = [OTHER_SIDE[row["label"]] if name == "procon20" else row["label"] for row in rows]
        sided = [(g, likelier_side(a)) for g, a in zip(gold, answers, strict=True) if g in STANCES[:2]]
        forced = macro_f1([g for g, _ in sided], [side for _, side in sided], STANCES[:2])
        three = "-"
        if "neutral" in gold:
            three = f"{macro_f1(gold, [of_three(answer) for answer in answers], STANCES):.3f}"
        print(f"| {name} | {len(rows)} | {forced:.3f} | {three} |", flush=True)


if __name__ == "__main__":
    main()
