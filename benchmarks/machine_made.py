"""Run the tests with generated examples for a long time: ``python -m benchmarks.machine_made [--minutes 60]``.

CI tries a few sequences and contents in each of these tests. Here each file runs in turn with another seed and ten
times as many examples, until the time is used. A line is printed for each run. A failure ends the command: the line
names the seed, and the same seed makes the same examples again.
"""

from __future__ import annotations

import argparse
import itertools
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.faults_put_back import pytest_command

ROOT = Path(__file__).parents[1]
#: Every file whose tests try whatever may happen: sequences of runs, kills, servers, exports.
FILES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_any_*.py"))
_TRIED = re.compile(r"- (\d+) passing\b")


def run(file: str, seed: int) -> tuple[int, int, str]:
    """Run the tests of a file; return the exit code, the number of examples that passed, and the output."""
    command = pytest_command("long", 3600, "--hypothesis-show-statistics", f"--hypothesis-seed={seed}", file)
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    return ended.returncode, sum(map(int, _TRIED.findall(ended.stdout))), ended.stdout + ended.stderr


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.machine_made",
        description="Run the tests with generated examples, with other seeds each time, until the time is used.",
    )
    parser.add_argument("--minutes", type=float, default=60.0, help="time in all (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed (%(default)s)")
    args = parser.parse_args(arguments)
    began = time.monotonic()
    examples: Counter[str] = Counter()
    seconds = dict.fromkeys(FILES, 0.0)
    for number in itertools.count():
        if time.monotonic() - began >= 60 * args.minutes:
            break
        # The file that had the least time so far, so that each gets an equal share.
        file = min(seconds, key=seconds.__getitem__)
        seed, start = args.seed + number, time.monotonic()
        code, tried, output = run(file, seed)
        took = time.monotonic() - start
        seconds[file] += took
        examples[file] += tried
        print(f"{file}, seed {seed}: {tried} examples in {took:.0f} s", flush=True)
        if code:
            print(output)
            return 1
    minutes = (time.monotonic() - began) / 60
    print(f"{minutes:.0f} minutes without a failure:")
    for file in FILES:
        print(f"    {file}: {examples[file]} examples in {seconds[file] / 60:.0f} minutes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
