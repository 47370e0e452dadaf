"""Measure how long each page of the explorer takes over HTTP, with 100,000 articles and 1.5 million stances.

``python -m benchmarks.explorer [--articles 100000] [--keep FOLDER] [--times 5]``. The rows are those of
:mod:`benchmarks.report`. The server runs in a process of its own, started as from a terminal. The milliseconds of the
very first page are printed, and the median and the slowest time of each other page; if Chromium and playwright are
installed, also the milliseconds until the first paint.
"""

from __future__ import annotations

import argparse
import http.client
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.report import build
from warehouse import Warehouse

PAGES = {
    "first view": "/",
    "a target": "/?target=target-07",
    "a target and a stance": "/?target=target-07&stance=favor",
    "three targets": "/?target=target-01&target=target-02&target=target-03",
    "a stance": "/?stance=against",
    "an outlet": "/?outlet=Outlet+07",
    "a topic": "/?topic=Health",
    "a part of an author's name": "/?author=writ",
    "three months": "/?since=2025-01-01&until=2025-03-31",
    "words": "/?words=sentences",
    "a phrase and a target": "/?words=%22they+should+stop%22&target=target-03",
    "all of it": "/?words=length&target=target-03&stance=favor&outlet=Outlet+07&topic=Health&author=writ",
    "to be checked first": "/?target=target-07&sort=check",
    "a page far behind": "/?page=1000",
}


def timed_page(port: int, cookie: str, path: str) -> tuple[float, str]:
    """Request a page; return its milliseconds and its text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    text = answer.read().decode()
    taken = (time.perf_counter() - began) * 1000
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answers {answer.status}: {text[:2000]}")
    return taken, text


def first_paint(chromium: str, address: str) -> float:
    """Open the first view in a new Chromium; return the milliseconds until its first paint, from Chromium's trace."""
    script = "performance.getEntriesByName('first-contentful-paint')"
    with tempfile.TemporaryDirectory() as profile:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch_persistent_context(
                profile,
                executable_path=chromium,
                headless=True,
                args=["--no-sandbox", "--disable-gpu"],
                bypass_csp=True,  # the page's policy does not let a script wait for the paint
            )
            page = browser.new_page()
            page.goto(address)
            page.wait_for_function(f"{script}.length > 0")
            painted = page.evaluate(f"{script}[0].startTime")
            browser.close()
    return float(painted)


def measure(root: Path, times: int) -> None:
    """Start the explorer, request each page, and print the times."""
    command = [sys.executable, "-c", "from flows.cli import main; main()", "explore", "-w", str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().removeprefix("Open ").strip()
        parts = urlsplit(address)
        assert parts.port is not None
        cookie = f"commentariat_{parts.port}={parts.query.removeprefix('token=')}"
        try:
            taken, text = timed_page(parts.port, cookie, "/")
            print(f"{'very first page':32s} {taken:8.0f} ms", flush=True)
            slowest = 0.0
            for name, path in PAGES.items():
                taken_all = [timed_page(parts.port, cookie, path)[0] for _ in range(times)]
                slowest = max(slowest, statistics.median(taken_all))
                print(
                    f"{name:32s} {statistics.median(taken_all):8.0f} ms   (slowest {max(taken_all):.0f})",
                    flush=True,
                )
            link = re.search(r'href="(/article/\w+)', text)
            assert link is not None
            taken_all = [timed_page(parts.port, cookie, link[1])[0] for _ in range(times)]
            print(f"{'an article':32s} {statistics.median(taken_all):8.0f} ms")
            print(f"slowest median of a page: {slowest:.0f} ms")
            if chromium := shutil.which("chromium"):
                print(f"first paint in Chromium: {first_paint(chromium, address):.0f} ms")
        except ModuleNotFoundError as missing:
            print(f"first paint not measured: {missing}")
        finally:
            server.terminate()


def main() -> None:
    """Build or reuse a warehouse, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="folder in which the warehouse is built and kept")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = (options.keep or Path(folder)) / "warehouse"
        if not root.exists():
            build(root, options.articles)
        with Warehouse(root).writing(run_id="search", flow="nightly") as writer:
            writer.update_search()
        measure(root, options.times)


if __name__ == "__main__":
    main()
