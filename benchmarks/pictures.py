"""Draw the pictures of the results page from the files of other commands.

    python -m benchmarks.real_opeds --data DIR --curve coverage.csv --reliability reliability.csv
    python -m benchmarks.pictures --coverage coverage.csv --reliability reliability.csv --log RUN/log.jsonl --out DIR
    python -m benchmarks.pictures --growth growth-DATE.json --out DIR

Needs the extra ``pictures`` (matplotlib). Each picture is one SVG file: the share of stated sides that are right, from
the most certain sides to all (``coverage.svg``); the share of sides with a given probability that are right
(``reliability.svg``); the progress of a training run (``training.svg``); the growth of a night's cost (``growth.svg``).
"""

import argparse
import csv
import json
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams.update({"svg.hashsalt": "commentariat", "font.size": 9, "axes.grid": True, "grid.alpha": 0.3})

from matplotlib import pyplot as plt  # noqa: E402  (the backend must be set before)

_SIZE = (5.4, 3.4)
#: Number of lines of the log that are averaged, and the figures of the log that are drawn.
_SMOOTHED = 6
_LEARNED = ("side", "about", "evidence", "same side")


def draw_coverage(path: Path, out: Path) -> None:
    """Draw the risk-coverage curve that ``benchmarks.real_opeds --curve`` wrote."""
    rows = _rows(path)
    figure, axes = plt.subplots(figsize=_SIZE)
    axes.plot([float(row["coverage"]) for row in rows], [float(row["right"]) for row in rows])
    axes.set(
        xlabel="share of all sides that is stated, the surest first", ylabel="of these right", xlim=(0, 1)
    )
    _save(figure, out / "coverage.svg")


def draw_reliability(path: Path, out: Path) -> None:
    """Draw the promised and the counted shares that ``benchmarks.real_opeds --reliability`` wrote."""
    rows = _rows(path)
    figure, axes = plt.subplots(figsize=_SIZE)
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    for kind in dict.fromkeys(row["statements"] for row in rows):
        of_kind = [row for row in rows if row["statements"] == kind]
        axes.plot(
            [float(row["promised"]) for row in of_kind],
            [float(row["right"]) for row in of_kind],
            marker="o",
            label=f"{kind} statements",
        )
    axes.set(xlabel="probability of the likelier side", ylabel="right", xlim=(0, 1), ylim=(0, 1))
    axes.legend(frameon=False)
    _save(figure, out / "reliability.svg")


def draw_training(path: Path, out: Path) -> None:
    """Draw the log of a training run: the share of right answers to each batch before the network was trained on it."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    figure, axes = plt.subplots(figsize=_SIZE)
    for name in _LEARNED:
        learned = [(line["tokens"] / 1e6, line[name]) for line in lines if name in line]
        tokens, shares = zip(*learned, strict=True)
        axes.plot(_smoothed(tokens), _smoothed(shares), label=name)
    axes.set(xlabel="million tokens read", ylabel="right in new batches")
    axes.legend(frameon=False)
    _save(figure, out / "training.svg")


def draw_growth(path: Path, out: Path) -> None:
    """Draw the curves that ``benchmarks.growth`` wrote, each with its exponent."""
    report = json.loads(path.read_text(encoding="utf-8"))
    figure, all_axes = plt.subplots(2, 2, figsize=(_SIZE[0] * 1.4, _SIZE[1] * 1.6), layout="constrained")
    for axes in all_axes.flat[len(report["curves"]) :]:
        axes.set_visible(False)  # of a curve that was not measured
    for axes, (name, points) in zip(all_axes.flat, report["curves"].items(), strict=False):
        axes.plot([point["x"] for point in points], [point["seconds"] for point in points], marker="o")
        exponent = report["exponents"][name]
        axes.set(
            xlabel=name,
            ylabel="seconds",
            yscale="log",
            title="" if exponent is None else f"exponent {exponent:.2f}",
        )
        axes.set_xscale("symlog" if any(point["x"] == 0 for point in points) else "log")
    _save(figure, out / "growth.svg")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _smoothed(values: Sequence[float]) -> list[float]:
    return [
        sum(values[start : start + _SMOOTHED]) / _SMOOTHED
        for start in range(max(0, len(values) - _SMOOTHED + 1))
    ]


def _save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    print(path)


def main() -> None:
    """Draw the pictures whose files the options name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--coverage", type=Path, help="CSV of benchmarks.real_opeds --curve")
    parser.add_argument("--reliability", type=Path, help="CSV of benchmarks.real_opeds --reliability")
    parser.add_argument("--log", type=Path, help="log.jsonl of a training run")
    parser.add_argument("--growth", type=Path, help="JSON of benchmarks.growth")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.coverage:
        draw_coverage(options.coverage, options.out)
    if options.reliability:
        draw_reliability(options.reliability, options.out)
    if options.log:
        draw_training(options.log, options.out)
    if options.growth:
        draw_growth(options.growth, options.out)


if __name__ == "__main__":
    main()
