"""Pages a second by number of workers, and whether memory grows with the number of pages.

    python benchmarks/extract_memory.py [--pages 5000] [--workers 1 2]

Cycles through the pages of the bundled sample in micro-batches of 64, as a night does, and prints the rate and the
memory of this process and of its workers after a fifth of the pages and after all. Linux only: it reads ``/proc``.
"""

from __future__ import annotations

import argparse
import logging
import os
import time
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from flows.sample.corpus import load_corpus
from flows.sample.render import render_page
from tasks.extract.extract import ExtractSettings
from tasks.extract.workers import Workers
from tasks.item import Item
from tasks.page import Page
from tasks.urls import article_id

BATCH = 64
READ_AT = datetime(2026, 11, 24, tzinfo=UTC)


def sample_pages() -> list[Page]:
    """Give the sample's HTML pages."""
    corpus = load_corpus()
    pages = []
    for piece in corpus.pieces.values():
        if not piece.plain:
            item = Item(url=piece.url, article_id=article_id(piece.url), source="benchmark")
            body = render_page(piece, corpus)
            pages.append(Page(item, body, "text/html", None, 200, piece.url, None, None, False, 0.0, READ_AT))
    return pages


def resident(pid: int) -> float:
    """Give the resident memory of a process in MB, 0 if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0.0
    return sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def children() -> list[int]:
    """List this process's children."""
    threads = Path("/proc/self/task").iterdir()
    return [int(pid) for thread in threads for pid in (thread / "children").read_text().split()]


def measure(pages: list[Page], count: int, workers: int) -> None:
    """Print rate and memory for one number of workers."""
    peaks: dict[str, list[float]] = {"this": [], "workers": []}
    with Workers(ExtractSettings(workers=workers)) as pool:
        pool.explain(pages[: 2 * workers])  # starting the processes is paid once a night
        started = time.perf_counter()
        endless = islice(cycle(pages), count)
        while batch := list(islice(endless, BATCH)):
            pool.explain(batch)
            peaks["this"].append(resident(os.getpid()))
            peaks["workers"].append(max(map(resident, children()), default=0.0))
        rate = count / (time.perf_counter() - started)
    part = max(len(peaks["this"]) // 5, 1)
    said = ", ".join(
        f"{name} {max(seen[:part]):.0f} MB in the first fifth, {max(seen):.0f} MB in all"
        for name, seen in peaks.items()
    )
    print(f"{workers} workers: {count:,} pages, {rate:.1f} pages/s; {said}", flush=True)


def main() -> None:
    """Measure each number of workers."""
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
