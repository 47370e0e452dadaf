"""Worker processes: if a page harms its worker, the other pages of the batch are still read."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.discover.feed_parsing import parse_feed
from tasks.discover.link_parsing import links_of
from tasks.discover.sitemap_parsing import read_entries
from tasks.extract.batch import extract_batch
from tasks.extract.extract import explain_page, extract_page
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Ahead, Workers, start_ahead
from tasks.page import Page
from tests.tasks.pages import html_of, page_of, prose


class _Hostile(bytes):
    """A body that harms the process that reads it; a real page could do this only with a fault in a parser."""

    def strip(self, *_: object) -> bytes:
        raise NotImplementedError


class _Killer(_Hostile):
    def strip(self, *_: object) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return self


class _Staller(_Hostile):
    def strip(self, *_: object) -> bytes:
        time.sleep(60)
        return self


class _StallerThatIsSeen(_Staller):
    """The body is the path of a file, which the worker makes when it has begun with the page."""

    def strip(self, *_: object) -> bytes:
        Path(self.decode()).touch()
        return super().strip()


class _Counted(bytes):
    """The end of the body is the path of a file, to which each reading of the page adds a byte."""

    def strip(self, *characters: bytes) -> bytes:
        with Path(self.decode().rsplit("<!--", 1)[1].removesuffix("-->")).open("ab") as file:
            file.write(b".")
        return super().strip(*characters)


class _Eater(_Hostile):
    def strip(self, *_: object) -> bytes:
        return bytes(8 << 30)


class _Raiser(_Hostile):
    pass


def good(number: int) -> Page:
    return page_of(html_of(prose(8, seed=number)), url=f"https://gull.example/2026/{number}")


def bad(body: bytes, name: str) -> Page:
    return page_of(body, url=f"https://gull.example/bad/{name}")


def _own_process(_: bytes) -> int:
    return os.getpid()


@pytest.fixture(scope="module")
def workers():
    with Workers(ExtractSettings(workers=2, page_seconds=8, page_megabytes=512, recycle_after=50)) as pool:
        # The first batch also starts the workers and loads their libraries, and the limit includes this time.
        extract_batch([good(1), good(2)], pool)
        yield pool


def test_workers_that_are_closed_before_the_end_of_the_block_have_ended():
    with Workers(ExtractSettings(workers=1)) as pool:
        process = pool.call(_own_process, b"", seconds=60)
        pool.close()
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
        with pytest.raises(RuntimeError, match="context manager"):
            pool.extract([good(1)])


def test_processes_that_were_started_ahead_read_the_pages_of_the_next_pool_with_these_settings_and_of_no_other():
    settings = ExtractSettings(workers=1, min_words=81)
    before = set(multiprocessing.active_children())
    start_ahead(settings)
    until(lambda: set(multiprocessing.active_children()) - before)
    (ahead,) = set(multiprocessing.active_children()) - before
    with Workers(settings.model_copy(update={"min_words": 82})) as other:
        assert other.call(_own_process, b"", seconds=60) != ahead.pid
    with Workers(settings) as pool:
        assert pool.call(_own_process, b"", seconds=60) == ahead.pid
    with Workers(settings) as later:
        assert later.call(_own_process, b"", seconds=60) != ahead.pid


def test_a_batch_gives_the_same_in_workers_and_in_process(workers):
    pages = [good(number) for number in range(6)]
    assert extract_batch(pages, workers) == ([extract_page(page) for page in pages], [])


def test_only_pages_that_harm_their_worker_are_lost(workers):
    pages = [
        good(1),
        bad(_Killer(b"x"), "kills"),
        good(2),
        bad(_Eater(b"x"), "eats"),
        good(3),
        bad(_Staller(b"x"), "stalls"),
        good(4),
        bad(_Raiser(b"x"), "raises"),
        good(5),
    ]
    articles, outcomes = extract_batch(pages, workers)
    assert [article.url for article in articles] == [
        page.item.url for page in pages if "bad" not in page.item.url
    ]
    reasons = {outcome.url.rsplit("/", 1)[1]: outcome.reason for outcome in outcomes}
    assert {outcome.outcome for outcome in outcomes} == {"extract_failed"}
    assert "killed its worker process" in reasons["kills"]
    assert "512 MB of memory" in reasons["eats"]
    assert "took longer than 8 s" in reasons["stalls"]
    assert "NotImplementedError" in reasons["raises"]


def test_the_pool_continues_after_lost_workers(workers):
    articles, outcomes = extract_batch([good(number) for number in range(4)], workers)
    assert (len(articles), outcomes) == (4, [])


def counted(page: Page, path: Path) -> Page:
    assert page.body is not None
    path.touch()
    return replace(page, body=_Counted(page.body + f"<!--{path}-->".encode()))


def test_pages_that_have_begun_are_read_once_and_come_in_their_order_with_the_others(workers, tmp_path: Path):
    pages = [counted(good(number), tmp_path / str(number)) for number in range(6)]
    alone = [extract_page(page) for page in pages]
    readings = [path.stat().st_size for path in sorted(tmp_path.iterdir())]
    assert all(readings)
    with Ahead(workers) as ahead:
        for page in pages[1::2]:
            ahead.begin(page)
        until(lambda: all((tmp_path / str(n)).stat().st_size > readings[n] for n in (1, 3, 5)))
        assert all((tmp_path / str(n)).stat().st_size == readings[n] for n in (0, 2, 4)), "not asked for yet"
        assert extract_batch(pages, ahead) == (alone, [])
    assert [path.stat().st_size for path in sorted(tmp_path.iterdir())] == [2 * n for n in readings]


def test_only_a_page_that_harms_its_worker_is_lost_among_pages_that_have_begun(workers):
    pages = [good(1), bad(_Killer(b"x"), "kills"), good(2)]
    with Ahead(workers) as ahead:
        for page in pages:
            ahead.begin(page)
        articles, [outcome] = extract_batch(pages, ahead)
    assert [article.item_url for article in articles] == [pages[0].item.url, pages[2].item.url]
    assert (outcome.url, outcome.outcome) == (pages[1].item.url, "extract_failed")


def test_a_page_that_has_begun_and_is_not_asked_for_keeps_no_worker(tmp_path: Path):
    seen = tmp_path / "seen"
    with Workers(ExtractSettings(workers=1, page_seconds=600)) as pool:
        with Ahead(pool) as ahead:
            ahead.begin(bad(_StallerThatIsSeen(str(seen).encode()), "stalls"))
            until(seen.exists)
        began = time.monotonic()
        articles, _ = extract_batch([good(1)], pool)
    assert len(articles) == 1
    assert time.monotonic() - began < 50, "the page would have stalled for a minute"


@pytest.mark.timeout(120)
def test_a_page_that_had_begun_in_a_pool_that_broke_is_lost_and_nothing_waits_for_it():
    pages = [good(1), good(2)]
    with Workers(ExtractSettings(workers=1)) as workers, Ahead(workers) as ahead:
        extract_batch([good(3)], workers)
        with ThreadPoolExecutor(1) as thread:
            ahead.begin(bad(_Staller(b"x"), "stalls"))
            ahead.begin(pages[0])
            assert workers._pool is not None
            workers._pool.stop()
            articles, [outcome] = thread.submit(extract_batch, pages, ahead).result()
    assert [article.item_url for article in articles] == [pages[1].item.url]
    assert (outcome.url, outcome.outcome) == (pages[0].item.url, "extract_failed")


def test_beginning_a_page_in_a_closed_pool_is_no_error_and_asking_for_it_is_one():
    pool = Workers()
    with Ahead(pool) as ahead:
        ahead.begin(good(1))
        with pytest.raises(RuntimeError, match="context manager"):
            ahead.extract([good(1)])


def test_an_empty_batch_is_no_work(workers):
    assert extract_batch([], workers) == ([], [])


def test_the_error_of_a_closed_pool_says_how_to_open_it():
    with pytest.raises(RuntimeError, match="with statement"):
        Workers().extract([good(1)])


def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_thread_that_waits_for_pages_continues_when_the_pool_closes(tmp_path: Path):
    """A run that is cancelled closes the pool while a thread of its own waits for a batch."""
    begun = tmp_path / "begun"
    pages = [bad(_StallerThatIsSeen(bytes(begun)), f"staller-{n}") for n in range(4)]
    with Workers(ExtractSettings(workers=1, page_seconds=60)) as pool, ThreadPoolExecutor(1) as thread:
        batch = thread.submit(extract_batch, pages, pool)
        until(begun.exists)
        pool.__exit__(None, None, None)
        _, outcomes = batch.result(timeout=45)
    assert [outcome.outcome for outcome in outcomes] == ["extract_failed"] * 4


#: Packages of the process that gives the work: its requests, its warehouse and its flows.
_NOT_FOR_WORKERS = {
    "aiohttp", "duckdb", "fastwarc", "feedparser", "flows", "onnxruntime", "pandas", "prefect", "pyarrow",
    "tenacity", "warehouse",
}  # fmt: skip


@pytest.mark.parametrize(
    "work", [extract_page, explain_page, parse_feed, links_of, read_entries], ids=lambda work: work.__name__
)
def test_a_worker_imports_only_what_its_work_needs(work: Callable[..., object]):
    """A worker imports the modules of the pool and of the function that it is sent, each in a new process."""
    program = f"import sys, tasks.extract.workers, {work.__module__}\nprint(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = set(ended.stdout.split())
    assert "tasks" in modules
    assert not {name.partition(".")[0] for name in modules} & _NOT_FOR_WORKERS
    # The rules for wrapped lines are those by which the classifier divides a text into sentences.
    assert {name for name in modules if name.startswith("models.")} <= {"models.cores", "models.wrapping"}


def test_a_worker_imports_neither_the_configuration_nor_what_only_the_run_needs():
    program = (
        "import pickle, sys; from tasks.extract import in_worker; in_worker.prepare(1024); "
        "in_worker.extract(*pickle.load(sys.stdin.buffer)); print(*sys.modules)"
    )
    given = pickle.dumps((good(1), ExtractSettings().requirements))
    ended = subprocess.run([sys.executable, "-c", program], input=given, capture_output=True, check=True)
    imported = {name.partition(".")[0] for name in ended.stdout.decode().split()}
    assert {"lxml", "trafilatura"} <= imported
    assert not imported & {
        "aiohttp",
        "duckdb",
        "flows",
        "onnxruntime",
        "pebble",
        "prefect",
        "pyarrow",
        "pydantic",
    }
