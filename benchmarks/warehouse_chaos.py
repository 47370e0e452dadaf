"""Kill the writer again and again while two analysts read, and see whether anything is lost or seen half done.

``python -m benchmarks.warehouse_chaos --kills 200``. Every night is written by a process that is ended by SIGKILL at
a random instant, started again, ended again, until it gets through; two analysts query all along. At the end the
content is compared with that of the same nights written in peace.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.warehouse import nights
from tests.warehouse.test_crash import content
from tests.warehouse.test_readers import poll
from warehouse import Warehouse, connect
from warehouse.compaction import compact
from warehouse.retention import clean
from warehouse.verify import verify

BATCHES = 6


def write_night(root: str, night: int, steps: Path | None = None) -> None:
    """Write one night: batches with a publish now and then, and every third night a compaction."""
    trace = os.open(steps, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if steps else None

    def on_step(step: str) -> None:
        if trace is not None:
            os.write(trace, f"{step}\n".encode())

    with Warehouse(root, on_step=on_step).writing(run_id=f"night-{night}", flow="nightly") as writer:
        if night == 1:
            writer.commit("declarations", nights.declarations())
        for number in range(BATCHES):
            writer.commit(f"{number:04d}", nights.batch(night, number))
            if number % 2:
                writer.publish()
        if night % 3 == 0:
            compact(writer)
            clean(writer.root, writer.log)
        if writer.committed("finish-1") is None:
            writer.finish()
        writer.publish()


def disturbed(root: str, kills: int, chance: random.Random, folder: Path) -> tuple[int, Counter[str]]:
    """Write nights until ``kills`` processes have been killed; returns the nights and where the kills hit."""
    done, night, where = 0, 0, Counter[str]()
    longest = 3.0
    while done < kills:
        night += 1
        # A night that would be killed for ever would prove little: after eight kills it is left to finish.
        for attempt in range(9):
            steps = folder / "steps"
            steps.unlink(missing_ok=True)
            command = [
                sys.executable,
                "-m",
                "benchmarks.warehouse_chaos",
                "--night",
                str(night),
                root,
                str(steps),
            ]
            begun = time.perf_counter()
            process = subprocess.Popen(command)
            if attempt < 8 and done < kills:
                while not steps.exists() and process.poll() is None:
                    time.sleep(0.01)  # imports are not what is to be disturbed
                begun = time.perf_counter()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=chance.uniform(0, longest))
                process.kill()
            if process.wait() == 0:
                longest = 1.1 * (time.perf_counter() - begun)
                break
            done += 1
            lines = steps.read_text().splitlines() if steps.exists() else []
            where[lines[-1] if lines else "before the first step"] += 1
            print(f"\r{done} kills, night {night}", end="", file=sys.stderr, flush=True)
        else:
            write_night(root, night)
    print(file=sys.stderr)
    return night, where


def main() -> None:
    """Run the experiment and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root, calm = str(folder / "disturbed"), str(folder / "calm")
        with Warehouse(root).writing(run_id="night-0", flow="nightly") as writer:
            writer.publish()
        context = multiprocessing.get_context("spawn")
        stop, seen = context.Event(), context.Queue()
        analysts = [context.Process(target=poll, args=(root, stop, seen)) for _ in range(2)]
        for analyst in analysts:
            analyst.start()
        started = time.perf_counter()
        last, where = disturbed(root, options.kills, random.Random(options.seed), folder)
        took = time.perf_counter() - started
        stop.set()
        reports = [seen.get(timeout=60) for _ in analysts]
        for analyst in analysts:
            analyst.join()
        for night in range(1, last + 1):
            write_night(calm, night)
        _report(root, calm, sum(where.values()), where, reports, took)


def _report(
    root: str, calm: str, kills: int, where: Counter[str], reports: list[object], took: float
) -> None:
    with connect(root) as reader:
        articles = reader.query("SELECT count(*) AS n FROM article")["n"][0].as_py()
    disturbed_rows, calm_rows = (
        {name: [repr(row) for row in rows] for name, rows in content(Path(path)).items()}
        for path in (root, calm)
    )
    lost = {name: len(set(calm_rows[name]) - set(disturbed_rows[name])) for name in calm_rows}
    extra = {name: len(disturbed_rows[name]) - len(calm_rows[name]) for name in calm_rows}
    print(f"kills {kills} in {took:.0f} s; articles {articles}")
    print("killed after:", ", ".join(f"{step} {n}" for step, n in where.most_common()))
    print("analysts (queries, last commit seen; or the error):", reports)
    print("rows lost", sum(lost.values()), "rows too many", sum(map(abs, extra.values())))
    print("content equal to a calm run:", disturbed_rows == calm_rows)
    print("verify:", verify(root).findings or "sound")


if __name__ == "__main__":
    if "--night" in sys.argv:
        write_night(sys.argv[3], int(sys.argv[2]), Path(sys.argv[4]))
    else:
        main()
