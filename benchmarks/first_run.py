"""Measure where the time of a first run on the bundled sample goes, and how fast commands start.

    python -m benchmarks.first_run [--runs 5] [--out FILE]

Each run is ``commentariat run`` in an empty folder, without a Prefect server: the command starts one. Its steps follow
each other, because the sample is one micro-batch; a step ends when its task run has ended. Prefect's database is made
before the first counted run. Medians with their ranges are printed, and a JSON file is written, from which
``python -m benchmarks.speed_page`` makes a part of docs/results/speed.md. Run it on an idle machine, with the default
installation: the extra ``torch`` makes imports slower.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.peers import machine, spread

QUESTION = "SELECT count(*) FROM stance"
_COMMAND = (sys.executable, "-c", "from flows.cli import main; main()")
_ROOT = Path(__file__).parents[1]
# Which line of the run's log ends which step. What remains is the time until the process has ended.
_ENDS = {
    "start of the server, imports, loading the model": re.compile("Beginning flow run"),
    "discover": re.compile(r"sources list \d+ items"),
    **{
        step: re.compile(rf"Task run '{step} .*Finished")
        for step in ("fetch", "extract", "dedupe", "classify", "publish")
    },
    "report": re.compile("Task run 'write the report' - Finished"),
}
_LAST = "summary, end of the server"


def steps(folder: Path, environment: dict[str, str]) -> dict[str, float]:
    """Run the sample in an empty folder; return the seconds of each step, and of the whole run."""
    began = time.perf_counter()
    with subprocess.Popen(
        [*_COMMAND, "run", "--verbose"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        taken = _ended(process.stdout, began)
    if process.returncode or len(taken) < len(_ENDS):
        raise SystemExit(f"the run in {folder} ended with {process.returncode}, after {', '.join(taken)}")
    seconds = time.perf_counter() - began
    return taken | {_LAST: seconds - sum(taken.values()), "whole run": seconds}


def _ended(lines: Iterable[str], began: float) -> dict[str, float]:
    taken: dict[str, float] = {}
    waiting = dict(_ENDS)
    before = began
    for line in lines:
        for step, ends in waiting.items():
            if ends.search(line):
                now = time.perf_counter()
                taken[step], before = now - before, now
                del waiting[step]
                break
    return taken


def _seconds(*arguments: str, folder: Path, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run([*_COMMAND, *arguments], cwd=folder, env=environment, capture_output=True, check=True)
    return time.perf_counter() - began


def main() -> None:
    """Measure, print the medians, and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--out", type=Path, help="file to write (default: first-run-DATE.json in this folder)"
    )
    options = parser.parse_args()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment["PYTHONPATH"] = str(_ROOT)
    seconds: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as scratch:
        environment["PREFECT_HOME"] = str(Path(scratch) / "prefect")
        for number in range(options.runs + 1):
            folder = Path(scratch) / str(number)
            folder.mkdir()
            for step, taken in steps(folder, environment).items():
                if number:  # the first run makes Prefect's database, and fills the caches of the file system
                    seconds[step].append(taken)
        for _ in range(2 * options.runs + 1):
            for name, arguments in {"--help": ("--help",), "sql": ("sql", QUESTION)}.items():
                seconds[f"commentariat {name}"].append(
                    _seconds(*arguments, folder=folder, environment=environment)
                )
    for step, times in seconds.items():
        print(f"{step:<50} {spread(times)} s")
    today = datetime.now(UTC).date().isoformat()
    out = options.out or Path(f"first-run-{today}.json")
    report = {"date": today, "machine": machine(), "seconds": seconds}
    out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"written to {out}")


if __name__ == "__main__":
    main()
