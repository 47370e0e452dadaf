"""A place to measure ways of reading: a served corpus, and a Prefect server that records how long stations took."""

import os
import shutil
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measured import children, cpu_seconds, measure
from benchmarks.served_corpus import served
from flows.serving.local_server import free_port, local_server
from flows.settings.server_settings import apply_prefect_settings

TARGETS = 10
NIGHTS = ("night", "night_of_stored_scores")
BY_TASKS = ("zero_shot", "task_an_article", *NIGHTS)
RECORDED_WITHIN_SECONDS = 20.0
"""Time in which the server must have recorded the task runs of a way that has ended."""
_ENDED = "task_run WHERE start_time IS NOT NULL AND end_time IS NOT NULL"
"""The task runs of which the server has the whole record; it may record the start of a run before its end."""
Seen = dict[str, Any]


class Bench:
    """A corpus, a Prefect server with a database of its own, and processes that read the corpus with this server."""

    def __init__(self, folder: Path, port: int, api: str, server: Sequence[int]) -> None:
        self.folder, self.port, self.server = folder, port, server
        self.database = folder / "prefect" / "prefect.db"
        self.environment = dict(os.environ)
        apply_prefect_settings(self.environment)
        self.environment |= {"PREFECT_API_URL": api, "PREFECT_LOGGING_LEVEL": "ERROR"}

    def fresh_warehouse(self, articles: int, targets: int) -> Path:
        """Return the empty folder for the warehouse of a night; an earlier warehouse in it is removed."""
        place = self.folder / f"night-{articles}-{targets}"
        shutil.rmtree(place, ignore_errors=True)
        return place

    def run(
        self, way: str, articles: int, targets: int = TARGETS, *, fresh: bool = True, cores: int | None = None
    ) -> Seen:
        """Run a way once; return its printed figures, its time and its memory, including those of Prefect's server.

        Parameters
        ----------
        fresh
            Whether a night begins with an empty warehouse.
        cores
            Number of cores that the process may use; None for all.
        """
        if fresh:
            self.fresh_warehouse(articles, targets)
        before, spent = self._recorded(), self._server_cpu_seconds()
        given = ("--folder", self.folder, "--articles", articles, "--targets", targets, "--port", self.port)
        measured = measure("benchmarks.ways", way, *given, environment=self.environment, cores=cores)
        seen: Seen = {"way": way, "targets": targets, **measured.printed} | asdict(measured)
        del seen["printed"]
        if way in BY_TASKS:
            runs = self._wait_for(before + seen["task_runs_made"], before)
            seen |= {"task_runs_kept": len(runs), "server_cpu_seconds": self._server_cpu_seconds() - spent}
            if way in NIGHTS:
                seen |= station_seconds(runs, seen["seconds"])
        return seen

    def _server_cpu_seconds(self) -> float:
        return sum(map(cpu_seconds, self.server))

    def _recorded(self) -> int:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {_ENDED}").fetchone()[0])

    def _wait_for(self, count: int, before: int) -> list[tuple[str, float, float]]:
        deadline = time.monotonic() + RECORDED_WITHIN_SECONDS
        while self._recorded() < count and time.monotonic() < deadline:
            time.sleep(0.5)
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30) as connection:
            rows = connection.execute(
                f"SELECT name, start_time, end_time FROM {_ENDED} ORDER BY rowid LIMIT -1 OFFSET ?", [before]
            ).fetchall()
        return [(name, _seconds(start), _seconds(end)) for name, start, end in rows]


@contextmanager
def opened_bench(folder: Path, ready: int = 0) -> Iterator[Bench]:
    """Start a Prefect server in a folder with a corpus, and serve the corpus; for `ready` see :func:`served`."""
    os.environ["PREFECT_HOME"] = str(folder / "prefect")
    before = children(os.getpid())
    with local_server(free_port()) as api:
        # The server, and the process that ends it when this one is killed.
        server = sorted(set(children(os.getpid())) - set(before))
        with served(ready) as port:
            yield Bench(folder, port, api, server)


def station_seconds(runs: Sequence[tuple[str, float, float]], seconds: float) -> Seen:
    """Compute how long each station was at work, from the task runs that the server recorded.

    Returns
    -------
    dict
        ``stage_seconds`` (a stored name): time in which at least one task run of the station was under way;
        ``intake_seconds``: the same for fetch and extract together, because workers extract pages while others are
        fetched; ``outside_seconds``: time without any task run under way; ``overlap``: the night's time divided by that
        of its slowest station.
    """
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for name, start, end in runs:
        spans[name.split()[0]].append((start, end))
    busy = {name: covered(of_station) for name, of_station in spans.items()}
    everything = covered([span for of_station in spans.values() for span in of_station])
    slowest = max(busy.values(), default=seconds)
    return {
        "stage_seconds": busy,
        "intake_seconds": covered(spans["fetch"] + spans["extract"]),
        "outside_seconds": seconds - everything,
        "overlap": seconds / slowest,
    }


def covered(spans: Sequence[tuple[float, float]]) -> float:
    """Return the length of the union of time spans."""
    total, until = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
