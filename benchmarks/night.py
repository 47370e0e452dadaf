"""Measure the cost of a long night in addition to the work itself: Prefect's share of the time, its rows, and memory.

    python -m benchmarks.night [--articles 1000 10000] [--bare 1000] [--work DIR] [--words 90]

For each size, the flow `nightly` takes in a JSON lines file of made-up texts, in a process of its own, with a Prefect
server of its own on loopback (SQLite, settings of flows/settings/server_settings.py). The texts are short: 90 words,
while an op-ed has about 800. The classifier needs little time for them, so the share of the orchestration is larger
than in a real night. The figures are

- the seconds of the whole night, and articles per second; for the sizes given with --bare, the seconds of a night
  without Prefect, in which the same functions are called directly;
- the share of orchestration: for every task run, the time from call to return minus the time inside the station, plus
  the time for artifacts. Overlapping task runs are all counted, and a call also waits for its turn on the event loop;
  therefore this is an upper bound;
- the number of task runs made, and of those that the server has recorded a few seconds after the end;
- the peak memory of the process, and of its largest child (an extraction worker);
- the growth of Prefect's database, after a checkpoint of its write-ahead log.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from prefect import Task
from prefect.logging import disable_run_logger

from flows import nightly
from flows.monitoring import artifacts
from flows.monitoring.result import result_of
from flows.monitoring.summary import Summary
from flows.night.classifier.classifier_pool import ClassifierPool
from flows.night.intake import discovery, intake
from flows.night.opening import NightRequest
from flows.night.scoring import backlog, rejected, scoring
from flows.report import station as report
from flows.serving.local_server import free_port, local_server
from flows.settings.server_settings import apply_prefect_settings
from tasks import stations
from tasks.classify import Assignment, Scored

WORDS = """
city council harbour school teacher winter budget tram river library rent landlord tenant nurse
hospital union wage tax forest farmer price bread energy reactor grid battery court judge law reform
vote party minister debate market bridge street bicycle driver charge traffic child parent phone
screen lesson border visa worker factory chip export science grant museum theatre festival band
stadium coach referee water pipe drought flood insurance bank loan pension ageing care doctor
vaccine clinic island ferry port fishing quota whale coast tourism hotel
""".split()  # noqa: SIM905 - a hundred lines for a hundred words otherwise
FRAMES = (
    "I think the {} deserves a better {} than the {} has given it.",
    "Nobody asked the {} before the {} was traded for a {}.",
    "We should build the {} first, and argue about the {} and the {} later.",
    "It is wrong to let a {} pay for the {} of every {}.",
    "If the {} matters to us, then so must the {} behind the {}.",
    "My neighbour says the {} will ruin the {}, but the {} tells another story.",
)
CONFIG = """
[warehouse]
path = "commentary"
[extract]
min_words = 20
[[sources]]
name = "generated"
type = "files"
location = "articles.jsonl"
kind = "opinion"
outlet = "The Generator"
[[targets]]
id = "tram"
statement = "The city should build a new tram line"
aliases = ["tram"]
"""


def write_articles(folder: Path, count: int, words: int) -> None:
    """Write a configuration, and `count` texts that share few phrases."""
    (folder / "commentariat.toml").write_text(CONFIG)
    with (folder / "articles.jsonl").open("w") as file:
        for number in range(count):
            chance, text, length = random.Random(number), [], 0
            while length < words:
                text.append(chance.choice(FRAMES).format(*chance.sample(WORDS, 3)))
                length += len(text[-1].split())
            title = f"On the {chance.choice(WORDS)} and the {chance.choice(WORDS)}, {number}"
            url = f"https://generator.example/{number}"
            file.write(
                json.dumps({"id": str(number), "url": url, "title": title, "text": " ".join(text)}) + "\n"
            )


STATIONS = [name for name in vars(stations) if name.endswith("_station") and not name.startswith("_")]
MODULES = (backlog, discovery, intake, nightly, rejected, scoring)
"""The modules that call stations by these names."""


def task_of(name: str) -> Any:  # noqa: ANN401 - a Prefect task, typed as its function
    """Return the Prefect task of a station; that of ``discover_station`` has a name of its own."""
    station = getattr(stations, f"_{name}", None) or getattr(stations, name)
    return station if isinstance(station, Task) else station.__wrapped__


def without_prefect() -> None:
    """Remove Prefect from the night: the functions of the stations are called directly, and nothing is reported."""
    for name in STATIONS:
        for module in MODULES:
            if hasattr(module, name):
                setattr(module, name, task_of(name).fn)

    async def ask(
        classifier_pool: ClassifierPool,
        station: Any,  # noqa: ANN401 - a Prefect task
        name: str,
        assignments: list[Assignment],
    ) -> list[Scored]:
        scored: list[Scored] = await station.fn(name, assignments, classifier_pool.choice)
        return scored

    async def nothing(*_: object) -> None: ...

    classifier_pool: Any = ClassifierPool
    classifier_pool._ask = ask
    the_report: Any = report  # its task is not one of the stations
    the_report._write = the_report._write.fn
    a_night: Any = nightly
    a_night.write_summary_artifact = a_night.tag = nothing
    a_night.Progress.advance = nothing


class Clock:
    """Sums of the time inside stations, and of the time of calls of stations."""

    def __init__(self) -> None:
        self.inside = self.around = self.artifacts = 0.0
        self.runs = 0

    def install(self) -> None:
        """Measure the time around and inside every station, and around the artifacts."""
        for name in STATIONS:
            task = task_of(name)
            task.fn = self._timed(task.fn, "inside")
            outer = self._timed(getattr(stations, name), "around")
            for module in MODULES:
                if hasattr(module, name):
                    setattr(module, name, outer)
        the_report: Any = report
        the_report._write.fn = self._timed(the_report._write.fn, "inside")
        the_report._write = self._timed(the_report._write, "around")
        # The classify station is submitted to a task runner and not called.
        classifier_pool: Any = ClassifierPool
        classifier_pool._ask = self._timed(classifier_pool._ask, "around")
        artifacts._try = self._timed(artifacts._try, "artifacts")

    def _timed(self, function: Callable[..., Awaitable[Any]], where: str) -> Callable[..., Awaitable[Any]]:
        async def timed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as whatever it wraps
            start = time.perf_counter()
            try:
                return await function(*args, **kwargs)
            finally:
                setattr(self, where, getattr(self, where) + time.perf_counter() - start)
                self.runs += where == "around"

        timed.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]  # Prefect uses it to bind arguments
        return timed


def one_night(folder: Path, *, bare: bool) -> None:
    """Run a night in this process, and print its cost as JSON on the last line."""
    request = NightRequest(config=folder / "commentariat.toml")
    clock = Clock()
    if not bare:
        clock.install()
    start = time.perf_counter()

    async def night() -> Summary:
        return await result_of(nightly.nightly(request, return_state=True))

    async def bare_night() -> Summary:
        without_prefect()
        return await result_of(nightly.nightly.fn(request))

    with disable_run_logger() if bare else nullcontext():
        summary = asyncio.run(bare_night() if bare else night())
    seconds = time.perf_counter() - start
    megabytes = 1024
    print(
        json.dumps(
            {
                "outcomes": summary.outcomes,
                "seconds": seconds,
                "cpu_seconds": time.process_time(),
                "orchestration_share": (clock.around - clock.inside + clock.artifacts) / seconds,
                "task_runs": clock.runs,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / megabytes,
                "largest_child_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / megabytes,
            }
        )
    )


def measure_bare(count: int, words: int, folder: Path) -> dict[str, Any]:
    """Measure a night of `count` articles without Prefect."""
    folder.mkdir(parents=True)
    write_articles(folder, count, words)
    command = [sys.executable, __file__, "--one", str(folder), "--bare", "0"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    result: dict[str, Any] = json.loads(output.splitlines()[-1])
    kept = ("outcomes", "seconds", "cpu_seconds", "peak_mb")
    return {"articles": count, "words": words, "without_prefect": True} | {
        name: result[name] for name in kept
    }


def measure(count: int, words: int, folder: Path) -> dict[str, Any]:
    """Measure a night of `count` articles with a new server, and its database before and after."""
    folder.mkdir(parents=True)
    write_articles(folder, count, words)
    os.environ["PREFECT_HOME"] = str(folder / "prefect")
    database = folder / "prefect" / "prefect.db"
    with local_server(free_port()) as api:
        before = _size(database)
        environment = dict(os.environ)
        apply_prefect_settings(environment)
        environment |= {"PREFECT_API_URL": api, "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR"}
        command = [sys.executable, __file__, "--one", str(folder)]
        output = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout
        time.sleep(10)
        result: dict[str, Any] = json.loads(output.splitlines()[-1])
        with sqlite3.connect(database) as connection:
            result["task_runs_recorded"] = connection.execute("SELECT count(*) FROM task_run").fetchone()[0]
        result["database_growth_mb"] = (_size(database) - before) / 1e6
    return {"articles": count, "words": words, "articles_per_s": count / result["seconds"]} | result


def _size(database: Path) -> int:
    with sqlite3.connect(database, timeout=30) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return database.stat().st_size


def main() -> None:
    """Measure each size, and print one JSON line for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--bare", type=int, nargs="*", default=[], help="sizes to run without Prefect")
    parser.add_argument("--words", type=int, default=90)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one_night(given.one, bare=bool(given.bare))
        return
    with tempfile.TemporaryDirectory() as scratch:
        for count in given.articles:
            place = (given.work or Path(scratch)) / f"night-{count}"
            print(json.dumps(measure(count, given.words, place.resolve())), flush=True)
        for count in given.bare:
            place = (given.work or Path(scratch)) / f"bare-{count}"
            print(json.dumps(measure_bare(count, given.words, place.resolve())), flush=True)


if __name__ == "__main__":
    main()
