"""``python -m training.eval_gate``: compare a model's figures with their bounds in ``eval_gate.toml``.

It classifies our own small sample (``eval_gate.jsonl``) as a user would, which takes seconds and needs no extra
packages. With ``--figures FILE ...`` it also compares figures that were measured on the dev splits, which are no part
of the project: ``python -m training.topic_figures``, ``python -m benchmarks.real_opeds`` and ``python -m
benchmarks.oped_topics`` write such files (``--json``).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commentariat import CommentariatError, InputError
from models import Document, Target, load_classifier

HERE = Path(__file__).parent
FLOORS = HERE / "eval_gate.toml"
SAMPLE = HERE / "eval_gate.jsonl"

#: A raised floor is set this far below the measured value, because smaller differences are noise.
MARGIN = {"sample": 0.02, "dev": 0.005}


@dataclass(frozen=True, slots=True)
class Check:
    """One figure and its bound: the least value, or the largest."""

    name: str
    value: float
    bound: float
    at_least: bool = True

    @property
    def holds(self) -> bool:
        """Whether the figure keeps its bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        return f"{'ok  ' if self.holds else 'FAIL'} {self.name}: {self.value:.3f} ({sign} {self.bound:.3f})"


def read_floors(path: Path = FLOORS) -> dict[str, Any]:
    """Read the pinned floors.

    Raises
    ------
    InputError
        If the file cannot be read as TOML.
    """
    try:
        floors: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"Cannot read the floors in {path}: {error}") from error
    return floors


def sample_figures(model: str = "fast", sample: Path = SAMPLE) -> tuple[dict[str, float], list[str]]:
    """Measure a model on our own texts.

    Returns
    -------
    tuple
        The shares of right answers, by the names in ``[sample]``; and a line for each wrong answer.
    """
    rows = [json.loads(line) for line in sample.read_text(encoding="utf-8").split("\n") if line]
    documents = [Document(id=row["id"], text=row["text"]) for row in rows]
    targets = [
        [Target(id=str(i), statement=statement) for i, statement in enumerate(row["targets"])] for row in rows
    ]
    readings = load_classifier(model).read(documents, targets)
    hits: dict[str, list[bool]] = {"stance": [], "neutral": [], "topic": []}
    wrong = []
    for row, reading in zip(rows, readings, strict=True):
        for got in reading.stances:
            wanted = row["targets"][got.target.statement]
            right = got.stance == wanted
            hits["stance"].append(right)
            if wanted == "neutral":
                hits["neutral"].append(right)
            if not right:
                chances = (
                    f"{got.p_favor:.2f}/{got.p_against:.2f}/{got.p_neutral:.2f}, about {got.relevance:.2f}"
                )
                wrong.append(f"{row['id']} | {got.target.statement} | {got.stance}, not {wanted} ({chances})")
        primary = reading.topics[0].code if reading.topics else ""
        hits["topic"].append(primary == row["topic"])
        if primary != row["topic"]:
            wrong.append(f"{row['id']} | topic {primary}, not {row['topic']}")
    return {name: sum(truths) / len(truths) for name, truths in hits.items()}, wrong


def dev_figures(files: Sequence[Path]) -> dict[str, float]:
    """Read figures on the dev splits from JSON files, each an object of names and numbers.

    Raises
    ------
    InputError
        If a file has another form or cannot be read.
    """
    figures: dict[str, float] = {}
    for path in files:
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
            figures |= {str(name): float(value) for name, value in read.items()}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise InputError(f"Cannot read figures in {path}: {error}") from error
    return figures


def checks(
    floors: Mapping[str, Any], sample: Mapping[str, float], dev: Mapping[str, float] | None
) -> list[Check]:
    """Compare figures with their bounds; if `dev` is None, only those of the sample."""
    out = [Check(f"sample {name}", sample[name], float(bound)) for name, bound in floors["sample"].items()]
    if dev is not None:
        for bounds, at_least in (("at_least", True), ("at_most", False)):
            for name, bound in floors["dev"].get(bounds, {}).items():
                out.append(Check(name, dev.get(name, float("nan")), float(bound), at_least))
    return out


def raised(floors: Mapping[str, Any], sample: Mapping[str, float], dev: Mapping[str, float] | None) -> str:
    """Give the text of the file with tighter bounds where the figures are better than the present ones."""
    text = FLOORS.read_text(encoding="utf-8")

    def put(name: str, value: float, text: str) -> str:
        key = name if re.fullmatch(r"[\w-]+", name) else json.dumps(name)
        return re.sub(rf"(?m)^({re.escape(key)}\s*=\s*)[\d.]+", rf"\g<1>{value:.3f}", text)

    for name, bound in floors["sample"].items():
        text = put(name, max(float(bound), sample[name] - MARGIN["sample"]), text)
    if dev is not None:
        for name, bound in floors["dev"].get("at_least", {}).items():
            text = put(name, max(float(bound), dev.get(name, 0.0) - MARGIN["dev"]), text)
        for name, bound in floors["dev"].get("at_most", {}).items():
            text = put(name, min(float(bound), dev.get(name, float(bound)) + MARGIN["dev"]), text)
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; exit code 1 if a floor is missed."""
    parser = argparse.ArgumentParser(prog="python -m training.eval_gate", description=__doc__)
    parser.add_argument("--model", default="fast", help="bundled model or model folder (%(default)s)")
    parser.add_argument(
        "--figures", type=Path, nargs="+", help="JSON files of figures on the dev splits, compared as well"
    )
    parser.add_argument(
        "--raise", dest="ratchet", action="store_true", help="move the floors up to what is reached"
    )
    args = parser.parse_args(arguments)
    try:
        floors = read_floors()
        sample, wrong = sample_figures(args.model)
        dev = dev_figures(args.figures) if args.figures else None
    except CommentariatError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    compared = checks(floors, sample, dev)
    print("\n".join([*wrong, *map(str, compared)]))
    if args.ratchet:
        FLOORS.write_text(raised(floors, sample, dev), encoding="utf-8")
    return 0 if all(check.holds for check in compared) else 1


if __name__ == "__main__":
    sys.exit(main())
