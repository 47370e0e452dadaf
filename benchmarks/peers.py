"""Compare the speed of a night with other ways of doing the same work, and measure how its time is divided.

    python -m benchmarks.peers [--rounds 5] [--articles 400] [--slow-articles 40] [--out FILE] [--work DIR]
    python -m benchmarks.peers --rounds 1 --articles 20 --slow-articles 1       # to try it

One synthetic corpus (:mod:`benchmarks.synthetic`) is read in four ways (:mod:`benchmarks.ways`), each in a process of
its own and in another order each round:

1. ``zero_shot``: the way of the most similar program, with a Prefect task for each article and a zero-shot pipeline
   (needs the extra ``peers``; it reads ``--slow-articles`` articles in a round);
2. ``task_an_article``: a Prefect task for each article, with our own model;
3. ``floor``: our model in batches, without any orchestration;
4. ``night``: the flow `nightly`, with fetching, extraction, search for copies, commits and publishing; also with twice
   as many targets.

The same rounds measure the extractor alone, an HTTP client alone, ``pq.write_table``, and the machine's int8 matrix
product. Medians are printed with their range, and everything is written to a dated JSON file, from which
``python -m benchmarks.speed_page`` makes docs/results/speed.md. Run it on an idle machine. Linux only.
"""

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bench import BY_TASKS, TARGETS, Seen, opened_bench
from benchmarks.synthetic import NEAR_COPIES, write_corpus
from benchmarks.ways import check_for_zero_shot
from models.cores import usable_cores
from models.graphs import multiplies_in_32_bits

STATIONS = ("discover", "fetch", "extract", "dedupe", "classify", "load", "publish")


def plan(articles: int, slow_articles: int, *, with_zero_shot: bool) -> list[tuple[str, int, int]]:
    """List the runs of a round: way, articles, targets."""
    alone = ("task_an_article", "floor", "night", "extraction", "bare_client", "write_table", "int8_product")
    runs = [(way, articles, TARGETS) for way in alone]
    runs += [(way, articles, 2 * TARGETS) for way in ("floor", "night")]
    return [*runs, ("zero_shot", slow_articles, TARGETS)] if with_zero_shot else runs


def ratios(seen: Sequence[Seen]) -> dict[str, list[float]]:
    """Compute the ratios within each round; :mod:`benchmarks.speed_page` has the required values."""
    by_round: dict[int, dict[tuple[str, int], Seen]] = defaultdict(dict)
    for run in seen:
        by_round[run["round"]][run["way"], run["targets"]] = run
    compared: dict[str, list[float]] = defaultdict(list)
    for runs in by_round.values():
        night, doubled = runs["night", TARGETS], runs["night", 2 * TARGETS]
        floor, extraction = runs["floor", TARGETS], runs["extraction", TARGETS]
        an_article = {key: run["seconds"] / run["articles"] for key, run in runs.items()}
        if ("zero_shot", TARGETS) in runs:
            compared["times the zero-shot way"].append(
                an_article["zero_shot", TARGETS] / an_article["night", TARGETS]
            )
        compared["times a task an article"].append(
            an_article["task_an_article", TARGETS] / an_article["night", TARGETS]
        )
        compared["night / (floor + extraction)"].append(
            night["seconds"] / (floor["seconds"] + extraction["seconds"])
        )
        compared["night of 20 targets / of 10"].append(doubled["seconds"] / night["seconds"])
        compared["task runs kept / made"].append(night["task_runs_kept"] / night["task_runs_made"])
        compared["wall time / slowest station alone"].append(night["overlap"])
        if peak := runs["int8_product", TARGETS].get("operations_per_s"):
            compared["reading / int8 matrix peak"].append(floor["operations_per_s"] / peak)
        busy = night["stage_seconds"]
        for way, name, took in (
            ("bare_client", "fetch", busy["fetch"]),
            ("extraction", "fetch or extract", night["intake_seconds"]),
            ("write_table", "load", busy["load"]),
        ):
            compared[f"{way} / station {name}"].append(runs[way, TARGETS]["seconds"] / took)
        compared["tokens computed / tokens that matter"].append(
            floor["tokens"] / (floor["tokens"] - floor["tokens_read_twice"])
        )
    return dict(compared)


def spread(values: Sequence[float]) -> str:
    """Return a median and a range as text."""
    return f"{statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"


def print_round_up(seen: Sequence[Seen], compared: Mapping[str, Sequence[float]]) -> None:
    """Print medians with their ranges."""
    groups: dict[tuple[str, int], list[Seen]] = defaultdict(list)
    for run in seen:
        groups[run["way"], run["targets"]].append(run)
    for (way, targets), runs in groups.items():
        print(f"{way}, {targets} targets, {runs[0]['articles']} articles")
        print(f"  articles/s          {spread([run['articles'] / run['seconds'] for run in runs])}")
        print(
            f"  CPU ms an article   {spread([1000 * run['cpu_seconds'] / run['articles'] for run in runs])}"
        )
        print(f"  peak memory, MB     {spread([run['peak_mb'] for run in runs])}")
        if way in BY_TASKS:
            print(f"  bytes an article    {spread([run['bytes'] / run['articles'] for run in runs])}")
            print(f"  task runs made      {runs[0]['task_runs_made']}")
            print(f"  task runs kept      {spread([run['task_runs_kept'] for run in runs])}")
        if way == "night":
            for station in (*STATIONS, "outside"):
                values = [
                    run["outside_seconds"] if station == "outside" else run["stage_seconds"].get(station, 0.0)
                    for run in runs
                ]
                shares = [value / run["seconds"] for value, run in zip(values, runs, strict=True)]
                print(f"  at work: {station:<10} {spread(shares)}")
    for name, values in compared.items():
        print(f"{name:<40} {spread(values)}")


def machine() -> dict[str, Any]:
    """Describe the machine on which the figures were measured; without VNNI, the model reads much more slowly."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    name = names[0] if names else platform.machine()
    return {
        "processor": name if multiplies_in_32_bits() else f"{name} without VNNI",
        "cores": usable_cores(),
        "load": os.getloadavg()[0],
    }


def main() -> None:
    """Run the rounds, print the figures, and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--articles", type=int, default=400, help="ten for each of the 40 outlets")
    parser.add_argument(
        "--slow-articles", type=int, default=40, help="articles a round for the zero-shot way"
    )
    parser.add_argument(
        "--without-zero-shot", action="store_true", help="leave out what needs torch and pandas"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the order")
    parser.add_argument("--out", type=Path, help="file to write (default: peers-DATE.json in this folder)")
    parser.add_argument("--work", type=Path, help="folder to work in; it is kept")
    options = parser.parse_args()
    if not options.without_zero_shot:
        check_for_zero_shot(", or leave it out with --without-zero-shot")
    chance = random.Random(options.seed)
    seen: list[Seen] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.work or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        spoken = write_corpus(folder / "articles.jsonl", options.articles)
        print(
            f"{options.articles} articles, {NEAR_COPIES:.0%} near-copies, {spoken:.1%} of targets spoken about"
        )
        with opened_bench(folder, options.articles) as bench:
            for number in range(1, options.rounds + 1):
                runs = plan(
                    options.articles, options.slow_articles, with_zero_shot=not options.without_zero_shot
                )
                chance.shuffle(runs)
                for way, articles, targets in runs:
                    seen.append({"round": number} | bench.run(way, articles, targets))
                    print(
                        f"round {number}: {way}, {targets} targets: {seen[-1]['seconds']:.1f} s",
                        file=sys.stderr,
                    )
    compared = ratios(seen)
    print_round_up(seen, compared)
    today = datetime.now(UTC).date().isoformat()
    corpus = {"articles": options.articles, "near_copies": NEAR_COPIES, "spoken_about": spoken}
    report = {"date": today, "machine": machine(), "corpus": corpus, "runs": seen, "ratios": compared}
    out = options.out or Path(f"peers-{today}.json")
    out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"written to {out}")


if __name__ == "__main__":
    main()
