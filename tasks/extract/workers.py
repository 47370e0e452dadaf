"""Worker processes: a page or a listing that stalls, crashes or eats memory costs itself only."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as WorkTimeoutError
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from tasks.apart import WorkLostError
from tasks.article import Article
from tasks.extract.bodytext import load_extractors
from tasks.extract.extract import Explanation, explain_page, extract_page, outcome_of
from tasks.extract.language import language_of
from tasks.extract.settings import ExtractSettings
from tasks.outcome import Outcome
from tasks.page import Page

__all__ = ["Workers"]

Result = TypeVar("Result")

# How a worker ends that gives no answer.
_LOST = (WorkTimeoutError, ProcessExpired, MemoryError, CancelledError, OSError, EOFError)
MEGABYTE = 1 << 20
MAX_WORKERS = 8


class Workers:
    """A pool of processes for what comes from outside, started at the first call and reused for all.

    Use it as a context manager. It is safe to give batches from several threads at once. Workers are started
    afresh ("spawn"), so nothing of the parent's memory, threads or connections reaches them; each is replaced
    after ``recycle_after`` pages, since HTML parsers fragment memory.

    Examples
    --------
    >>> with Workers(ExtractSettings()) as workers:  # doctest: +SKIP
    ...     articles, outcomes = extract_batch(pages, workers)
    """

    def __init__(self, settings: ExtractSettings | None = None) -> None:
        self.settings = settings or ExtractSettings()
        self._pool: ProcessPool | None = None
        self._waited_for: set[Future[Any]] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._pool = self._new_pool()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without annotations
            pool.join()
        # A stopped pool leaves the pages it had not begun without an answer, and a thread that waits for one, for
        # example that of a cancelled run, would keep the whole process from ending.
        with self._lock:
            for future in self._waited_for:
                future.cancel()

    def extract(self, pages: Sequence[Page]) -> list[Article | Outcome]:
        """Extract pages side by side; results come in the order of the pages, one each.

        Raises
        ------
        RuntimeError
            When the pool is not open.
        """
        return self._each(extract_page, pages)

    def explain(self, pages: Sequence[Page]) -> list[Explanation]:
        """Extract pages side by side and keep every signal of the way; a page that fails has its outcome only."""
        results = self._each(explain_page, pages)
        return [Explanation(None, result) if isinstance(result, Outcome) else result for result in results]

    def call(self, function: Callable[[bytes], Result], content: bytes, *, seconds: float) -> Result:
        """Let a worker do something with content; it has so many seconds and the memory of a page.

        Raises
        ------
        WorkLostError
            When it gave no answer. What the function itself raises comes back as it is.
        RuntimeError
            When the pool is not open.
        """
        with self._scheduled(function, [(content,)], seconds) as (future,):
            try:
                return future.result()
            except _LOST as error:
                raise WorkLostError(self._failure_reason(error, seconds)) from error

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.settings.workers or min(_cores(), MAX_WORKERS),
            max_tasks=self.settings.recycle_after,
            initializer=_prepare,
            initargs=(self.settings.page_megabytes,),
            context=multiprocessing.get_context("spawn"),
        )

    def _open_pool(self) -> ProcessPool:
        """Give the pool, or a new one in place of a pool that broke: a full disk or no memory to start workers."""
        if self._pool is None:
            raise RuntimeError("Workers is a context manager: use it in a with statement")
        if not self._pool.active:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without annotations
            self._pool = self._new_pool()
        return self._pool

    @contextmanager
    def _scheduled(
        self, function: Callable[..., Result], calls: Sequence[tuple[object, ...]], seconds: float
    ) -> Iterator[Sequence[Future[Result]]]:
        with self._lock:
            pool = self._open_pool()
            futures = [pool.schedule(function, args=call, timeout=seconds) for call in calls]
            self._waited_for.update(futures)
        try:
            yield futures
        finally:
            with self._lock:
                self._waited_for.difference_update(futures)

    def _each(
        self, function: Callable[[Page, ExtractSettings], Result], pages: Sequence[Page]
    ) -> list[Result | Outcome]:
        results: list[Result | Outcome] = []
        calls = [(page, self.settings) for page in pages]
        with self._scheduled(function, calls, self.settings.page_seconds) as futures:
            for page, future in zip(pages, futures, strict=True):
                result = self._result(
                    page, future
                )  # a line of its own, or mypy takes Result for the wider type
                results.append(result)
        return results

    def _result(self, page: Page, future: Future[Result]) -> Result | Outcome:
        limit = self.settings.page_seconds
        try:
            return future.result()
        except _LOST as error:
            elapsed = limit if isinstance(error, WorkTimeoutError) else None
            return outcome_of(page, "extract_failed", self._failure_reason(error, limit), elapsed=elapsed)
        except Exception as error:
            reason = f"reading it failed: {type(error).__name__}: {error}"[:300]
            return outcome_of(page, "extract_failed", reason)

    def _failure_reason(self, error: BaseException, seconds: float) -> str:
        if isinstance(error, WorkTimeoutError):
            return f"it took longer than {seconds:g} s and was stopped"
        if isinstance(error, MemoryError):
            return f"it needed more than {self.settings.page_megabytes} MB of memory"
        code = getattr(error, "exitcode", None)
        return (
            f"it killed its worker process (exit code {code})"
            if code is not None
            else f"its worker was lost: {error}"
        )


def _prepare(megabytes: int) -> None:
    """Set a fresh worker up: load the libraries, then cap what a page may add to its memory."""
    # Word lists and models load at first use; here that is no page's time and no page's memory.
    load_extractors()
    language_of("Any text will do.")
    gc.freeze()  # in this worker process alone: what is loaded by now is not looked through for each page
    if sys.platform != "linux":
        # Elsewhere RLIMIT_AS is missing or not enforced; the time limit still holds.
        return
    import resource  # noqa: PLC0415 - exists on Unix only

    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - procfs, not a path of ours
        in_use = int(file.read().split()[0]) * resource.getpagesize()
    limit = in_use + megabytes * MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(
        resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard)
    )
    # A worker that dies leaves no core file on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
