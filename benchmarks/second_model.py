"""How fast a second model is asked, against a server of a known speed: throughput, and whether memory grows.

    python -m benchmarks.second_model --pieces 2000 --concurrency 16 --delay 0.2

The server runs in a process of its own on loopback and takes its time for each answer; the ideal is that many answers
at a time without a pause. What is measured holds all of it: finding what is due, the budget's book, checking the
answers, and committing them.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from pathlib import Path

from tests.flows.night.unsure_night import a_run, ask, configured, take_in
from tests.tasks.second.chat_server import served


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pieces", type=int, default=2000)
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--delay", type=float, default=0.2)
    arguments = parser.parse_args()
    pieces = arguments.pieces
    with tempfile.TemporaryDirectory() as folder, served(delay_s=arguments.delay) as url:
        settings = f"most_a_night = {2 * pieces}\nmost_tokens_a_night = 1_000_000_000"
        settings += f"\nconcurrency = {arguments.concurrency}"
        with a_run(configured(Path(folder), url, settings)) as run:
            for start, end in ((0, pieces // 4), (pieces // 4, pieces)):
                take_in(run, range(start, end))
                began = time.perf_counter()
                told = asyncio.run(ask(run))
                seconds = time.perf_counter() - began
                ideal = (end - start) * arguments.delay / arguments.concurrency
                most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(
                    f"{end - start:,} pieces in {seconds:.1f} s, ideal {ideal:.1f} s: {ideal / seconds:.0%} of the "
                    f"ideal throughput; most memory {most:.0f} MiB"
                )
                print(f"  {told[0]}")


if __name__ == "__main__":
    main()
