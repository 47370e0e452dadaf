"""Write the page on speed, docs/results/speed.md, from the files of the benchmarks.

    python -m benchmarks.speed_page peers-DATE.json growth-DATE.json first-run-DATE.json > docs/results/speed.md

The files are those of :mod:`benchmarks.peers`, :mod:`benchmarks.growth` and :mod:`benchmarks.first_run`.
"""

import argparse
import json
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

MOST_MB = 1.5 * 1024
GOALS = {
    "times the zero-shot way": ">= 40",
    "times a task an article": ">= 1",
    "night / (floor + extraction)": "<= 1.15",
    "night of 20 targets / of 10": "<= 1.35",
    "task runs kept / made": "= 1",
}
"""The required values, by the name of the ratio; other ratios have no required value."""
TERMS = {
    "floor": "our model in batches and nothing else.",
    "extraction": "the extractor alone, on the same pages.",
    "bare_client": "an HTTP client alone, which fetches the same pages.",
    "write_table": "pyarrow's `pq.write_table` alone, which writes the texts and a row for each target.",
    "station fetch, extract, load": "the time in which a task run of this station was running in a night.",
    "station fetch or extract": "the same for both together. Newer measurements have it in place of extract, because "
    "pages are extracted while others are fetched.",
    "int8 matrix peak": "the fastest rate at which ONNX Runtime multiplied matrices of eight-bit integers here.",
    "tokens that matter": "the tokens that the networks had to read, without inputs that were computed twice.",
    "task runs kept": "those of which the Prefect server recorded the beginning and the end.",
}
"""The words in the names of the ratios."""
_NAMES = {
    "zero_shot": "one task for each article, zero-shot pipeline label by label",
    "task_an_article": "one task for each article, our model",
    "floor": "our model in batches and nothing else",
    "night": "our night",
    "extraction": "bare extractor",
    "bare_client": "bare HTTP client",
    "write_table": "`pq.write_table`",
}
_STATIONS = {"write": "write the report"}
_READS = ("zero_shot", "task_an_article", "floor", "night")
_HEAD = """# How fast a night is

`python -m benchmarks.speed_page` wrote this page from the measurements of `python -m benchmarks.peers` on {date}, on
{processor}, {cores} cores. Each way ran {rounds} times, in shuffled order and in a process of its own. The tables have
medians, and the range in brackets.

The measured corpus has {articles} made-up articles of 300 to 1,600 words, and {copies:.0%} of them are near-copies. In
{spoken:.1%} of all pairs of article and target, the article speaks about the target. {read:.0%} of the pairs pass the
screen and are read.{slow}
"""
_SLOW = """ The way with the zero-shot pipeline takes long, so each of its rounds reads {articles} of these articles."""
_GROWTH = """
## How the cost grows

`python -m benchmarks.growth`, {days}, {processor}, {cores} cores. An exponent of 1 means that the seconds grow in
proportion, 0 that they do not grow.{nights}

![Seconds of the curves](growth.svg)
"""
_NIGHTS = """ In the nights that grow and in those with stored history, one stored
answer replaces the model's answers; everything else runs. One process makes and serves the made-up pages on the same
cores, and its time is not counted among the CPU seconds."""
_CURVES = {
    "targets": "targets; 100 articles, the model alone",
    "articles": "articles in a night",
    "history": "articles stored before a night of 1,000",
    "cores": "cores; 100 articles, the model alone",
}
_FIRST_RUN = """
## A first run on the sample

`python -m benchmarks.first_run`, {date}, {processor}: `commentariat run` in an empty folder, without a Prefect
server, and two commands on its result. One of the sample's pages answers "503, try again in one second" at first, so
the step `fetch` takes more than a second. The other pages are extracted meanwhile.
"""
_COLUMNS = (
    "way", "targets", "articles/s", "CPU s an article", "peak memory, MB", "bytes stored an article",
    "task runs made / kept",
)  # fmt: skip


def page(report: Mapping[str, Any]) -> str:
    """Return the page for the figures of a report."""
    groups: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for run in report["runs"]:
        groups.setdefault((run["way"], run["targets"]), []).append(run)
    corpus = report["corpus"]
    read = statistics.median(run["share_of_targets_read"] for run in groups["floor", 10])
    slow = [
        run["articles"] for run in groups.get(("zero_shot", 10), []) if run["articles"] < corpus["articles"]
    ]
    lines = [
        _HEAD.format(
            date=report["date"], processor=report["machine"]["processor"], cores=report["machine"]["cores"],
            rounds=len(groups["night", 10]), articles=corpus["articles"], copies=corpus["near_copies"],
            spoken=corpus["spoken_about"], read=read, slow=_SLOW.format(articles=slow[0]) if slow else "",
        ),
        "## Side by side",
        "",
        f"| {' | '.join(_COLUMNS)} |",
        "|" + "---|" * len(_COLUMNS),
        *(
            _row(way, targets, groups[way, targets])
            for way in _READS for targets in (10, 20) if (way, targets) in groups
        ),
        "",
        "CPU seconds include those of the Prefect server. Memory is that of the process and its children together.",
        "",
        "## Ratios",
        "",
        "| | goal | measured |",
        "|---|---|---|",
        *(f"| {name} | {GOALS.get(name, '')} | {_spread(values)} |" for name, values in report["ratios"].items()),
        "",
        "The words in these names:",
        "",
        *(f"- **{term}**: {meaning}" for term, meaning in TERMS.items()),
        "",
        "## Where the time of a night goes",
        "",
        "This is the share of the night in which at least one task run of a station was running; stations overlap.",
        "",
        *_stations(groups["night", 10]),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def growth(report: Mapping[str, Any]) -> str:
    """Return the part of the page about how the cost grows."""
    peaks = [point["peak_mb"] for points in report["curves"].values() for point in points]
    lines = [
        _GROWTH.format(
            days=_days(report),
            processor=report["machine"]["processor"],
            cores=report["machine"]["cores"],
            nights=_NIGHTS if report["curves"].keys() & {"articles", "history"} else "",
        ),
        "| | | seconds | CPU seconds | peak memory, MB |",
        "|---|---|---|---|---|",
    ]
    for name, points in report["curves"].items():
        exponent = report["exponents"][name]
        fitted = "" if exponent is None else f", exponent {exponent:.2f}"
        for number, point in enumerate(points):
            title = f"**{_CURVES[name]}**{fitted}" if number == 0 else ""
            peak = "not measured" if point["peak_mb"] is None else f"{point['peak_mb']:.0f}"
            lines.append(
                f"| {title} | {point['x']:,} | {point['seconds']:.1f} | {point['cpu_seconds']:.1f} | {peak} |"
            )
    if "articles" in report["curves"]:
        nights = {point["x"]: point["seconds"] for point in report["curves"]["articles"]}
        compared = ""
        if len(nights) > 1:
            fewer, most = sorted(nights)[-2:]
            goal = " (goal: at most 10.5)" if most == 10 * fewer else ""
            compared = (
                f"A night of {most:,} articles takes {nights[most] / nights[fewer]:.1f} times as long as one of "
                f"{fewer:,}{goal}. "
            )
        largest = (
            "The largest peak of memory was not measured"
            if None in peaks
            else f"The largest peak of memory is {max(peaks):,.0f} MB"
        )
        lines += ["", f"{compared}{largest} (goal: at most {MOST_MB:,.0f})."]
    return "\n".join(lines) + "\n"


def _days(report: Mapping[str, Any]) -> str:
    """Write the days on which the curves were measured; an earlier file has one for all."""
    days = sorted(report["days"].values() if "days" in report else [report["date"]])
    return " to ".join(dict.fromkeys((days[0], days[-1])))


def first_run(report: Mapping[str, Any]) -> str:
    """Return the part of the page about a first run on the sample."""
    lines = [
        _FIRST_RUN.format(date=report["date"], processor=report["machine"]["processor"]),
        "| step | seconds |",
        "|---|---|",
        *(f"| {step} | {_spread(times)} |" for step, times in report["seconds"].items()),
    ]
    return "\n".join(lines) + "\n"


def _row(way: str, targets: int, measured: Sequence[Mapping[str, Any]]) -> str:
    spent = [(run["cpu_seconds"] + run.get("server_cpu_seconds", 0)) / run["articles"] for run in measured]
    stored = (
        _spread([run["bytes"] / run["articles"] for run in measured])
        if any(run["bytes"] for run in measured)
        else ""
    )
    runs = f"{measured[0]['task_runs_made']} / {min(run.get('task_runs_kept', 0) for run in measured)}"
    cells = (
        _NAMES[way],
        str(targets),
        _spread([run["articles"] / run["seconds"] for run in measured]),
        _spread(spent),
        _spread([run["peak_mb"] for run in measured]),
        stored,
        runs if measured[0]["task_runs_made"] else "",
    )
    return f"| {' | '.join(cells)} |"


def _stations(nights: Sequence[Mapping[str, Any]]) -> list[str]:
    names = sorted({name for night in nights for name in night["stage_seconds"]})
    shares = {
        name: [100 * night["stage_seconds"].get(name, 0) / night["seconds"] for night in nights]
        for name in names
    }
    ordered = sorted(shares.items(), key=lambda item: -statistics.median(item[1]))
    outside = [100 * night["outside_seconds"] / night["seconds"] for night in nights]
    lines = [f"| {_STATIONS.get(name, name)} | {_spread(values)} |" for name, values in ordered]
    return ["| station | % of the time |", "|---|---|", *lines, f"| no station | {_spread(outside)} |"]


def _spread(values: Sequence[float]) -> str:
    middle, least, most = map(_number, (statistics.median(values), min(values), max(values)))
    return middle if least == most else f"{middle} ({least} to {most})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    """Print the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("peers", type=Path, help="the report of benchmarks.peers")
    parser.add_argument("growth", type=Path, nargs="?", help="the report of benchmarks.growth")
    parser.add_argument("first_run", type=Path, nargs="?", help="the report of benchmarks.first_run")
    options = parser.parse_args()
    parts = ((options.peers, page), (options.growth, growth), (options.first_run, first_run))
    for path, part in parts:
        if path:
            print(part(json.loads(path.read_text(encoding="utf-8"))), end="")


if __name__ == "__main__":
    main()
