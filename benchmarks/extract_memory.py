"""Measure the pages per second by number of workers, and whether memory grows with the number of pages.

    python -m benchmarks.extract_memory [--pages 5000] [--workers 1 2]

The pages of the bundled sample are extracted again and again in micro-batches of 64, as in a night. The rate is
printed, and the memory of this process and of its workers after a fifth of the pages and after all. Linux only: it
reads ``/proc``.
"""

from __future__ import annotations

import argparse
import logging
import os
import time
from itertools import cycle, islice

from benchmarks.measured import MEBIBYTE, children, resident
from benchmarks.pages import fetched
from flows.sample.corpus import load_corpus
from flows.sample.render import render_page
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers
from tasks.page import Page

BATCH = 64


def sample_pages() -> list[Page]:
    """Return the sample's HTML pages."""
    corpus = load_corpus()
    pieces = [piece for piece in corpus.pieces.values() if not piece.plain]
    return [fetched(piece.url, render_page(piece, corpus)) for piece in pieces]


def measure(pages: list[Page], count: int, workers: int) -> None:
    """Print the rate and the memory for one number of workers."""
    peaks: dict[str, list[float]] = {"this": [], "workers": []}
    with Workers(ExtractSettings(workers=workers)) as pool:
        pool.explain(
            pages[: 2 * workers]
        )  # the processes are started once in a night, so the start is not measured
        started = time.perf_counter()
        endless = islice(cycle(pages), count)
        while batch := list(islice(endless, BATCH)):
            pool.explain(batch)
            peaks["this"].append(resident(os.getpid()) / MEBIBYTE)
            peaks["workers"].append(max(map(resident, children(os.getpid())), default=0) / MEBIBYTE)
        rate = count / (time.perf_counter() - started)
    part = max(len(peaks["this"]) // 5, 1)
    in_words = ", ".join(
        f"{name} {max(seen[:part]):.0f} MB in the first fifth, {max(seen):.0f} MB in all"
        for name, seen in peaks.items()
    )
    print(f"{workers} workers: {count:,} pages, {rate:.1f} pages/s; {in_words}", flush=True)


def main() -> None:
    """Measure with each number of workers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pages = sample_pages()
    for workers in options.workers:
        measure(pages, options.pages, workers)


if __name__ == "__main__":
    main()
