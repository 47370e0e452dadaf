"""Measure how fast pages are fetched, and how much memory this needs.

    python -m benchmarks.fetch

A server process on loopback answers for 20 hosts with pages of 100 kB. Two clients are compared: a bare aiohttp client
(without robots.txt, limits for each host, or checks) and the fetcher. The fetcher does everything except waiting
between two requests, in micro-batches as in a night with the default settings. Both have the same number of requests
under way. The two run in alternation, as pairs, and the median over the pairs counts, because other work on the machine
slows down both runs of a pair. Each peak memory is measured in a new process.
"""

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import aiohttp

from benchmarks.served_corpus import served
from flows.night.portions import chunks
from flows.night.prefetch import prefetch
from flows.settings.sections import RunSettings
from tasks.fetch.addresses import ConfiguredResolver
from tasks.fetch.batch import fetch_batch
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.settings import FetchSettings
from tasks.item import Item

HOSTS = [f"host{number}.example" for number in range(20)]
IN_FLIGHT = 64
RUN = RunSettings()
BODY = (b"<!doctype html><html><body><p>" + b"All work and no play makes a dull column. " * 2439)[:100_000]
HEAD = b'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\nETag: "1"\r\n\r\n'
PAGE = HEAD % len(BODY) + BODY
ROBOTS = b"User-agent: *\nDisallow: /private/\nDisallow: /*?print=\n"
ROBOTS_PAGE = HEAD.replace(b"text/html", b"text/plain") % len(ROBOTS) + ROBOTS


def respond(request: bytes) -> bytes:
    """Respond with robots.txt, or with the page."""
    return ROBOTS_PAGE if request.startswith(b"GET /robots.txt") else PAGE


def urls(count: int) -> Iterator[str]:
    """Yield `count` addresses, which go through the hosts in turn."""
    return (f"http://{HOSTS[number % len(HOSTS)]}/opinion/{number}" for number in range(count))


async def bare(port: int, count: int) -> float:
    """Fetch with aiohttp alone; return the seconds."""
    resolver = ConfiguredResolver(dict.fromkeys(HOSTS, f"127.0.0.1:{port}"))
    waiting = urls(count)
    began = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, resolver=resolver)) as session:

        async def worker() -> None:
            for url in waiting:
                async with session.get(url) as response:
                    body = await response.read()
                    assert len(body) == len(BODY)

        await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    return time.perf_counter() - began


async def polite(port: int, count: int) -> float:
    """Fetch with the fetcher; return the seconds."""
    settings = FetchSettings(
        contact="benchmark@example.org",
        concurrency=IN_FLIGHT,
        per_host_concurrency=4,
        delay_s=0,
        connect_to=dict.fromkeys(HOSTS, f"127.0.0.1:{port}"),
    )
    items = (Item(url=url, article_id="0" * 32, source="benchmark") for url in urls(count))
    got = 0
    began = time.perf_counter()
    async with Fetcher(settings) as fetcher:
        steps = (fetch_batch(fetcher, batch) for batch in chunks(items, RUN.batch_size))
        async for pages, failed, _ in prefetch(steps, RUN.batches_in_flight):
            assert not failed, failed[0]
            got += sum(page.body is not None and len(page.body) == len(BODY) for page in pages)
    assert got == count
    return time.perf_counter() - began


def measure(client: str, port: int, count: int) -> dict[str, float]:
    """Run one measurement in a process of its own; return the seconds and the peak memory in MB."""
    command = [sys.executable, __file__, "--measure", client, "--port", str(port), "--pages", str(count)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--measure", choices=["bare", "polite"], help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        began = time.process_time()
        seconds = asyncio.run(
            {"bare": bare, "polite": polite}[arguments.measure](arguments.port, arguments.pages)
        )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "cpu_s": time.process_time() - began, "peak_mb": peak}))
        return

    with served(respond=respond) as port:
        rounds = [
            {client: measure(client, port, arguments.pages) for client in ("bare", "polite")}
            for _ in range(arguments.rounds)
        ]
        print(
            f"{arguments.pages:,} pages of {len(BODY) // 1000} kB over {len(HOSTS)} hosts, {IN_FLIGHT} at a time, "
            f"median of {len(rounds)} pairs"
        )
        for client, name in (("bare", "bare aiohttp"), ("polite", "fetcher")):
            speed = statistics.median(arguments.pages / pair[client]["seconds"] for pair in rounds)
            cpu_us = statistics.median(pair[client]["cpu_s"] for pair in rounds) / arguments.pages * 1e6
            print(f"  {name:<14} {speed:7,.0f} pages/s   {cpu_us:.0f} us of CPU a page")
        shares = sorted(pair["bare"]["seconds"] / pair["polite"]["seconds"] for pair in rounds)
        print(
            f"  the fetcher reaches {statistics.median(shares):.0%} of the speed ({shares[0]:.0%} to {shares[-1]:.0%})"
        )
        few, many = (measure("polite", port, count)["peak_mb"] for count in (1_000, 5_000))
        print(
            f"  peak memory    {few:7.0f} MB for 1,000 pages, {many:.0f} MB for 5,000 ({many / few - 1:+.1%})"
        )


if __name__ == "__main__":
    main()
