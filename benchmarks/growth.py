"""Measure how the cost of a night grows with targets, articles and stored history, and how it falls with cores.

    python -m benchmarks.growth [--articles 1000 10000 100000] [--history 0 10000 100000 1000000] [--out FILE]
    python -m benchmarks.growth --articles 10 20 --history 0 100 --read 4      # to try it
    python -m benchmarks.growth --curves articles                              # one of the curves

- our model alone reads ``--read`` articles with 10, 20 and 50 targets;
- nights of ``--articles`` articles, in which one stored answer replaces the answers of the model; everything else runs;
- such a night of the smallest number of articles, in warehouses that already hold ``--history`` articles
  (:mod:`benchmarks.warehouse_scale`);
- our model alone reads ``--read`` articles on one core and on all cores.

Each measurement is a process of its own. Seconds, memory and the exponent of each curve are printed (1: the cost grows
in proportion; 0: it does not grow), and a JSON file is written that ``python -m benchmarks.pictures --growth FILE``
draws. If the file exists, the curves in it that are not measured again are kept with their day; they must have been
measured on this machine. Linux only.
"""

import argparse
import json
import math
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bench import TARGETS, Bench, opened_bench
from benchmarks.peers import machine
from benchmarks.synthetic import write_corpus
from benchmarks.warehouse_scale import Asked, alone, build
from benchmarks.ways import targets
from flows.settings.classifier import configured_classifier
from flows.settings.config import Config
from models.cores import usable_cores
from tasks.targets.statement_hash import statement_hash
from warehouse import Warehouse

CURVES = ("targets", "articles", "history", "cores")
Point = dict[str, Any]


def exponent(points: Sequence[Point]) -> float | None:
    """Fit seconds = a * x ** exponent by least squares of logarithms; None if fewer than two points have an x."""
    pairs = [(math.log(point["x"]), math.log(point["seconds"])) for point in points if point["x"] > 0]
    if len(pairs) < 2:
        return None
    mean_x = sum(x for x, _ in pairs) / len(pairs)
    mean_y = sum(y for _, y in pairs) / len(pairs)
    spread = sum((x - mean_x) ** 2 for x, _ in pairs)
    return sum((x - mean_x) * (y - mean_y) for x, y in pairs) / spread


def by_targets(bench: Bench, read: int) -> list[Point]:
    """Measure with the same articles and a growing number of targets."""
    return [_point(targets, bench.run("floor", read, targets)) for targets in (10, 20, 50)]


def by_articles(bench: Bench, sizes: Sequence[int]) -> list[Point]:
    """Measure nights with a growing number of articles."""
    return [_point(count, bench.run("night_of_stored_scores", count)) for count in sizes]


def by_history(bench: Bench, articles: int, sizes: Sequence[int]) -> list[Point]:
    """Measure nights with the same articles and warehouses of a growing size, in which no question is left to ask."""
    points, asked = [], questions_of_a_night()
    for stored in sizes:
        warehouse = bench.fresh_warehouse(articles, TARGETS)
        if stored:
            alone(build, Warehouse(warehouse), stored, asked)
        points.append(_point(stored, bench.run("night_of_stored_scores", articles, fresh=False)))
    return points


def questions_of_a_night() -> Asked:
    """Give the questions of the measured nights, and the model that answers them."""
    statements = {target.id: (target.statement, statement_hash(target)) for target in targets(TARGETS)}
    model = configured_classifier(Config())
    return Asked(statements, model.version, model.weights_version)


def by_cores(bench: Bench, read: int) -> list[Point]:
    """Measure reading on one core and on all cores."""
    return [
        _point(cores, bench.run("floor", read, cores=cores)) for cores in dict.fromkeys((1, usable_cores()))
    ]


def _point(x: int, seen: Point) -> Point:
    kept = ("seconds", "cpu_seconds", "peak_mb", "articles")
    return {"x": x} | {name: seen[name] for name in kept}


def begun(out: Path) -> dict[str, Any]:
    """Begin a report, with the curves of the file ``out`` if it exists.

    Raises
    ------
    SystemExit
        When the file is of another machine: its seconds cannot be compared with those of this one.
    """
    report: dict[str, Any] = {"machine": machine(), "curves": {}, "exponents": {}, "days": {}}
    if not out.is_file():
        return report
    earlier = json.loads(out.read_text(encoding="utf-8"))
    for name in ("processor", "cores"):
        there, here = earlier["machine"][name], report["machine"][name]
        if there != here:
            raise SystemExit(
                f"{out} was measured on another machine ({name}: {there}, here {here}): name another file with --out"
            )
    report |= {name: earlier[name] for name in ("curves", "exponents")}
    return report | {"days": earlier.get("days") or dict.fromkeys(earlier["curves"], earlier["date"])}


def main() -> None:
    """Measure and print each curve, and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--curves", nargs="+", choices=CURVES, default=CURVES, help="the curves to measure")
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--history", type=int, nargs="+", default=[0, 10_000, 100_000, 1_000_000])
    parser.add_argument(
        "--read", type=int, default=100, help="articles that are read by the model (%(default)s)"
    )
    parser.add_argument("--out", type=Path, help="file to write (default: growth-DATE.json in this folder)")
    options = parser.parse_args()
    today = datetime.now(UTC).date().isoformat()
    out = options.out or Path(f"growth-{today}.json")
    report = begun(out)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_corpus(folder / "articles.jsonl", max(*options.articles, options.read))
        with opened_bench(folder) as bench:
            measures = {
                "targets": lambda: by_targets(bench, options.read),
                "articles": lambda: by_articles(bench, options.articles),
                "history": lambda: by_history(bench, options.articles[0], options.history),
                "cores": lambda: by_cores(bench, options.read),
            }
            for name in options.curves:
                points = report["curves"][name] = measures[name]()
                report["exponents"][name] = exponent(points)
                report["days"][name] = today
                out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
                show(name, points)
    print(f"written to {out}")


def show(name: str, points: Sequence[Point]) -> None:
    """Print a curve with its exponent."""
    fitted = exponent(points)
    print(f"{name}: exponent {'-' if fitted is None else f'{fitted:.2f}'}")
    for point in points:
        print(
            f"  {point['x']:>9,}  {point['seconds']:9.1f} s  {point['cpu_seconds']:9.1f} CPU s"
            f"  {point['peak_mb']:6.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
