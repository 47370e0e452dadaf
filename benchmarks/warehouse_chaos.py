"""Kill the writer again and again while others read, verify and export, and check that nothing is lost or incomplete.

``python -m benchmarks.warehouse_chaos --kills 200``. Every night looks for near-copies, commits, indexes for search,
publishes after some batches and writes checkpoints of the log; every third night also compacts. The process that writes
a night is killed by SIGKILL at a random instant and started again, until the night is complete. Meanwhile two analysts
query without pause, and an inspector verifies and exports. At the end, the content is compared with that of the same
nights, written without a kill.
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
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

import pyarrow as pa

from tests.warehouse import nights
from tests.warehouse.contents import content
from tests.warehouse.polling import poll
from warehouse import Warehouse, connect
from warehouse.exporting.export import export
from warehouse.search.index import find
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.verify import Finding, verify

BATCHES, CHECKPOINT_EVERY = 6, 10


def write_night(root: str, night: int, steps: Path | None = None) -> None:
    """Write one night: batches, a publish after some of them, and every third night a compaction."""
    trace = os.open(steps, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if steps else None

    def on_step(step: str) -> None:
        if trace is not None:
            os.write(trace, f"{step}\n".encode())

    place = Warehouse(root, on_step=on_step, checkpoint_every=CHECKPOINT_EVERY)
    with place.writing(run_id=f"night-{night}", flow="nightly") as writer:
        if night == 1:
            writer.commit("reference rows", nights.reference_rows())
        for number in range(BATCHES):
            rows = nights.batch(night, number)
            bands = rows["minhash_band"].select(["article_id", "algorithm", "band", "hash"])
            assert not writer.near_duplicates(bands).num_rows, "no two of these articles share a band"
            on_step("near-copies looked for")
            writer.commit(f"{number:04d}", rows)
            if number % 2:
                writer.update_search()
                on_step("indexed for search")
                writer.publish()
        if night % 3 == 0:
            compact(writer)
            clean(writer.root, writer.log)
        if writer.committed("finish-1") is None:
            writer.finish()
        writer.publish()


def disturbed(root: str, kills: int, chance: random.Random, folder: Path) -> tuple[int, Counter[str]]:
    """Write nights until ``kills`` processes have been killed; return the number of nights, and the kills by step."""
    done, night, where = 0, 0, Counter[str]()
    longest = 3.0
    while done < kills:
        night += 1
        # After eight kills a night may finish: to kill it again and again would prove little.
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
                    time.sleep(0.01)  # kills during the imports would prove nothing
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


def inspect(root: str, stop: Event, seen: multiprocessing.Queue[object]) -> None:
    """Verify and export without pause until asked to stop; report the number of times, or the error."""
    times = 0
    try:
        with tempfile.TemporaryDirectory() as folder, connect(root) as reader:
            while not stop.is_set():
                findings = verify(root).findings
                assert not findings, findings
                files = export(reader, Path(folder), format="parquet")
                rows = {file.name: file.rows for file in files}
                assert rows["article"] == rows["article_text"] == rows["outcome"] == rows["item"], rows
                times += 1
        seen.put((times, "inspected"))
    except BaseException as error:
        seen.put(repr(error))


def known_as_copies(root: str, last: int) -> int:
    """Count the stored articles that are found by their bands when they come in again under another name."""
    with Warehouse(root).writing(run_id="look", flow="look", create=False) as writer:
        pairs = []
        for night in range(1, last + 1):
            for number in range(BATCHES):
                bands = nights.batch(night, number)["minhash_band"].to_pylist()
                renamed = [band | {"article_id": band["article_id"][::-1]} for band in bands]
                again = pa.Table.from_pylist(renamed).select(["article_id", "algorithm", "band", "hash"])
                pairs += writer.near_duplicates(again).select(["article_id", "candidate_id"]).to_pylist()
    return len({row["candidate_id"] for row in pairs if row["article_id"][::-1] == row["candidate_id"]})


@dataclass(frozen=True)
class Outcome:
    """The result of the experiment.

    Attributes
    ----------
    where
        Number of kills after each step.
    analysts
        For each analyst: number of queries and the last commit that it saw, or the error.
    inspector
        Number of times that it verified and exported, or the error.
    lost, extra
        Missing rows and additional rows, compared with the same nights without a kill.
    searchable, known_as_copies
        Articles that the search index finds, and articles that are found when they come in again under another name.
    """

    where: Counter[str]
    analysts: list[object]
    inspector: object
    articles: int
    searchable: int
    known_as_copies: int
    lost: int
    extra: int
    equal: bool
    findings: tuple[Finding, ...]


def experiment(kills: int, seed: int, folder: Path) -> Outcome:
    """Kill, compare, verify."""
    root, calm = str(folder / "disturbed"), str(folder / "calm")
    with Warehouse(root).writing(run_id="night-0", flow="nightly") as writer:
        writer.publish()
    context = multiprocessing.get_context("spawn")
    stop, seen, inspected = context.Event(), context.Queue(), context.Queue()
    begun = context.Semaphore(0)
    analysts = [context.Process(target=poll, args=(root, begun, stop, seen)) for _ in range(2)]
    analysts.append(context.Process(target=inspect, args=(root, stop, inspected)))
    for analyst in analysts:
        analyst.start()
    last, where = disturbed(root, kills, random.Random(seed), folder)
    stop.set()
    reports = [seen.get(timeout=60) for _ in range(2)]
    inspector = inspected.get(timeout=120)
    for analyst in analysts:
        analyst.join()
    for night in range(1, last + 1):
        write_night(calm, night)
    with connect(root) as reader:
        articles = reader.query("SELECT count(*) AS n FROM article")["n"][0].as_py()
    disturbed_rows, calm_rows = (
        {name: [repr(row) for row in rows] for name, rows in content(Path(path)).items()}
        for path in (root, calm)
    )
    return Outcome(
        where=where,
        analysts=reports,
        inspector=inspector,
        articles=articles,
        known_as_copies=known_as_copies(root, last),
        searchable=len(find(Path(root), "workers")),
        lost=sum(len(set(calm_rows[name]) - set(disturbed_rows[name])) for name in calm_rows),
        extra=sum(abs(len(disturbed_rows[name]) - len(calm_rows[name])) for name in calm_rows),
        equal=disturbed_rows == calm_rows,
        findings=verify(root).findings,
    )


def main() -> None:
    """Run the experiment, and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        came = experiment(options.kills, options.seed, Path(name))
    print(
        f"kills {came.where.total()}, in all {time.perf_counter() - started:.0f} s; articles {came.articles}"
    )
    print("killed after:", ", ".join(f"{step} {n}" for step, n in came.where.most_common()))
    print("analysts (queries, last commit seen; or the error):", came.analysts)
    print("inspector (times; or what was wrong):", came.inspector)
    print("rows lost", came.lost, "rows too many", came.extra)
    print("articles found by search", came.searchable, "and as near-copies", came.known_as_copies)
    print("content equal to a calm run:", came.equal)
    print("verify:", came.findings or "sound")


if __name__ == "__main__":
    if "--night" in sys.argv:
        write_night(sys.argv[3], int(sys.argv[2]), Path(sys.argv[4]))
    else:
        main()
