"""Measure how fast a second model is asked, whether memory grows, and how much the first model slows down meanwhile.

    python -m benchmarks.second_model --pieces 2000 --concurrency 16 --delay 0.2 --rounds 5

The server runs in a process of its own on loopback and needs ``--delay`` seconds for each answer. Ideally, it gives
``--concurrency`` answers at a time without a pause. The measured time includes finding the pieces that are due, keeping
the account of the budget, checking the answers, and committing them.

Then the first model reads the bundled sample, in a thread as in a night, in turns alone and while a second model is
asked about as many pieces. The median of the ratios of neighbouring runs says how much longer it takes.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from pathlib import Path

from flows.night.run import Run
from flows.night.second_model.asking import second_model_in_background
from flows.night.second_model.due import ArticlePeriod
from flows.sample import load_corpus
from flows.settings.config import load_config
from models import Document, load_classifier
from tests.flows.night.unsure_night import a_run, ask, configured, take_in
from tests.tasks.second_model.chat_server import served


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pieces", type=int, default=2000)
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--delay", type=float, default=0.2)
    parser.add_argument(
        "--rounds", type=int, default=5, help="of the first model, alone and not (%(default)s)"
    )
    parser.add_argument("--read", type=int, default=None, help="so many pieces of the sample alone")
    arguments = parser.parse_args()
    pieces = arguments.pieces
    with tempfile.TemporaryDirectory() as folder, served(delay_s=arguments.delay) as url:
        settings = f"most_a_night = {2 * pieces}\nmost_tokens_a_night = 1_000_000_000"
        settings += f"\nconcurrency = {arguments.concurrency}"
        with a_run(configured(Path(folder), url, settings)) as run:
            for start, end in ((0, pieces // 4), (pieces // 4, pieces)):
                take_in(run, range(start, end))
                began = time.perf_counter()
                sentences = asyncio.run(ask(run))
                seconds = time.perf_counter() - began
                ideal = (end - start) * arguments.delay / arguments.concurrency
                most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(
                    f"{end - start:,} pieces in {seconds:.1f} s, ideal {ideal:.1f} s: {ideal / seconds:.0%} of the "
                    f"ideal throughput; most memory {most:.0f} MiB"
                )
                print(f"  {sentences[0]}")
            if arguments.rounds:
                asyncio.run(first_model(run, pieces, arguments.rounds, arguments.read))


async def first_model(run: Run, taken_in: int, rounds: int, read: int | None) -> None:
    """Print how long the first model takes alone, and while a second model is asked."""
    pieces = list(load_corpus().pieces.values())[:read]
    documents = [Document(piece.key, piece.body, piece.title) for piece in pieces]
    targets = load_config(None).asked_targets
    classifier = load_classifier()

    async def seconds() -> float:
        began = time.perf_counter()
        await asyncio.to_thread(classifier.read, documents, [targets] * len(documents))
        return time.perf_counter() - began

    await seconds()  # objects that are made only once are made now
    alone: list[float] = []
    behind: list[float] = []
    for number in range(rounds):
        alone.append(await seconds())
        start = taken_in + number * len(documents)
        take_in(run, range(start, start + len(documents)))
        async with second_model_in_background(run, ArticlePeriod()) as work:
            behind.append(await seconds())
            if work is not None:
                await work.finish(None)
    longer = statistics.median(b / a for a, b in zip(alone, behind, strict=True)) - 1
    print(
        f"the first model reads {len(documents)} pieces in {statistics.median(alone):.1f} s alone and in "
        f"{statistics.median(behind):.1f} s with {len(documents)} asked about behind it: {longer:+.1%} "
        f"(from {min(b / a for a, b in zip(alone, behind, strict=True)) - 1:+.1%} "
        f"to {max(b / a for a, b in zip(alone, behind, strict=True)) - 1:+.1%} in {rounds} rounds)"
    )


if __name__ == "__main__":
    main()
