"""Worker processes: a page or a listing that stalls, crashes or uses too much memory affects nothing else."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as WorkTimeoutError
from contextlib import contextmanager, suppress
from types import MappingProxyType, TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from models.cores import usable_cores
from tasks.article import Article
from tasks.extract import in_worker
from tasks.extract.explanation import Explanation, failed_reading, outcome_of
from tasks.extract.requirements import Requirements
from tasks.extract.settings import ExtractSettings
from tasks.off_event_loop import WorkLostError
from tasks.outcome import Outcome
from tasks.page import Page

__all__ = ["Ahead", "Workers", "start_ahead", "usual_workers"]

Result = TypeVar("Result")
Extraction = Future[Article | Outcome]

_NONE: Mapping[int, Extraction] = MappingProxyType({})

# The ways in which a worker that gives no answer can end.
_LOST = (WorkTimeoutError, ProcessExpired, MemoryError, CancelledError, OSError, EOFError)
MAX_WORKERS = 8

_AHEAD: dict[ExtractSettings, ProcessPool] = {}


def start_ahead(settings: ExtractSettings) -> None:
    """Start worker processes now for the next :class:`Workers` with these settings, and do not wait for them.

    A process needs a second to load the extractors. A command has this second while a Prefect server starts.
    """
    if settings not in _AHEAD:
        pool = _new_pool(settings)
        _AHEAD[settings] = pool
        _is_running(pool)


def usual_workers() -> int:
    """Return the number of worker processes if the settings name none: one for each core, at most eight."""
    return min(usable_cores(), MAX_WORKERS)


class Workers:
    """A pool of processes for content from outside, started at the first call and then reused.

    Use it as a context manager. Several threads may give it batches at the same time. Workers start as new processes
    ("spawn"), so that they share no memory, threads or connections with the parent. Each worker is replaced after
    ``recycle_after`` pages, because HTML parsers fragment memory.

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
        self._pool = _AHEAD.pop(self.settings, None) or _new_pool(self.settings)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, which hold some hundred megabytes each; may be called before the end of the block."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without annotations
            pool.join()
        with self._lock:
            self._cancel_waited_for()

    def extract(
        self, pages: Sequence[Page], begun: Mapping[int, Extraction] = _NONE
    ) -> list[Article | Outcome]:
        """Extract pages at the same time; the results are in the order of the pages, one for each.

        Parameters
        ----------
        begun
            What :meth:`begin` returned for some of the pages, by their ``id``.

        Raises
        ------
        RuntimeError
            When the pool is not open.
        """
        return self._each(in_worker.extract, pages, begun)

    def begin(self, page: Page) -> Extraction:
        """Let a worker extract a page, and do not wait; the caller gives the future to :meth:`extract` or gives it up.

        Raises
        ------
        RuntimeError
            When the pool is not open.
        """
        (future,) = self._schedule(
            in_worker.extract, [(page, self.settings.requirements)], self.settings.page_seconds
        )
        return future

    def give_up(self, futures: Collection[Extraction]) -> None:
        """Stop extractions that have begun; their results are not wanted any more."""
        for future in futures:
            future.cancel()
        with self._lock:
            self._waited_for.difference_update(futures)

    def explain(self, pages: Sequence[Page]) -> list[Explanation]:
        """Extract pages at the same time and keep every signal; a page that fails has only its outcome."""
        results = self._each(in_worker.explain, pages, {})
        return [Explanation(None, result) if isinstance(result, Outcome) else result for result in results]

    def call(self, function: Callable[[bytes], Result], content: bytes, *, seconds: float) -> Result:
        """Let a worker apply a function to content, with a limit in seconds and with the memory limit of a page.

        Raises
        ------
        WorkLostError
            When it gave no answer. An error of the function itself is raised unchanged.
        RuntimeError
            When the pool is not open.
        """
        with self._scheduled(function, [(content,)], seconds) as (future,):
            try:
                return future.result()
            except _LOST as error:
                raise WorkLostError(self._failure_reason(error, seconds)) from error

    def _open_pool(self) -> ProcessPool:
        """Give the pool, or a new one if it broke (by a full disk, or if there was no memory to start workers)."""
        if self._pool is None:
            raise RuntimeError("Workers is a context manager: use it in a with statement")
        if not _is_running(self._pool):
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without annotations
            self._pool = _new_pool(self.settings)
            self._cancel_waited_for()
        return self._pool

    def _schedule(
        self, function: Callable[..., Result], calls: Sequence[tuple[object, ...]], seconds: float
    ) -> Sequence[Future[Result]]:
        with self._lock:
            pool = self._open_pool()
            futures = [pool.schedule(function, args=call, timeout=seconds) for call in calls]
            self._waited_for.update(futures)
        return futures

    def _cancel_waited_for(self) -> None:
        """End the waiting for a pool that was stopped, because it never answers for the pages that it had not begun.

        A thread that waits for such an answer, for example that of a cancelled run, would keep the process from ending.
        """
        for future in self._waited_for:
            future.cancel()

    @contextmanager
    def _scheduled(
        self, function: Callable[..., Result], calls: Sequence[tuple[object, ...]], seconds: float
    ) -> Iterator[Sequence[Future[Result]]]:
        futures = self._schedule(function, calls, seconds)
        try:
            yield futures
        finally:
            with self._lock:
                self._waited_for.difference_update(futures)

    def _each(
        self,
        function: Callable[[Page, Requirements], Result],
        pages: Sequence[Page],
        begun: Mapping[int, Future[Result]],
    ) -> list[Result | Outcome]:
        results: list[Result | Outcome] = []
        others = [page for page in pages if id(page) not in begun]
        calls = [(page, self.settings.requirements) for page in others]
        with self._scheduled(function, calls, self.settings.page_seconds) as futures:
            future_of = {**begun, **dict(zip(map(id, others), futures, strict=True))}
            for page in pages:
                # Not inside the call below, because there mypy takes the wider type for Result.
                result = self._result(page, future_of[id(page)])
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
            return failed_reading(page, error)

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


class Ahead:
    """The extraction of one micro-batch, which begins while other pages of the micro-batch are still being fetched.

    Use it as a context manager: what has begun and was not asked for is given up at the end.
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        # The pages are kept too, so that no other object can have the ``id`` of one of them.
        self._begun: dict[int, tuple[Page, Extraction]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.give_up(self._futures().values())
        self._begun.clear()

    def begin(self, page: Page) -> None:
        """Let a worker extract a page, and do not wait for it; raises no error."""
        with suppress(Exception):  # :meth:`extract` tries it again, and reports what fails
            self._begun[id(page)] = page, self._workers.begin(page)

    def extract(self, pages: Sequence[Page]) -> list[Article | Outcome]:
        """Do as :meth:`Workers.extract` does, for pages that have begun and for others."""
        return self._workers.extract(pages, self._futures())

    def _futures(self) -> dict[int, Extraction]:
        return {key: future for key, (_, future) in self._begun.items()}


def _new_pool(settings: ExtractSettings) -> ProcessPool:
    return ProcessPool(
        max_workers=settings.workers or usual_workers(),
        max_tasks=settings.recycle_after,
        initializer=in_worker.prepare,
        initargs=(settings.page_megabytes,),
        context=multiprocessing.get_context("spawn"),
    )


def _is_running(pool: ProcessPool) -> bool:
    """Tell whether a pool works; pebble starts a new one when it is asked."""
    return bool(pool.active)
