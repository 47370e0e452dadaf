"""Where the classifier runs: the classify station in this process, in processes beside it, or on a Dask or Ray cluster.

Only the classify step runs elsewhere. It takes nearly all of a night's time, it needs only the texts, and each answer
depends on its text alone. Therefore a night gives the same warehouse wherever the classifier runs. Every step that
writes stays in the flow's own process, because the warehouse has one writer.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from prefect import get_run_logger
from prefect.task_runners import TaskRunner

from commentariat import CommentariatError, ModelError, one_line
from flows.night.classifier.runners import one_server, refuse_missing_extra, runner_of, start, start_again
from flows.settings.classifier import configured_classifier
from flows.settings.config import Config
from flows.settings.sections import ExecutionSettings
from models.cores import usable_cores
from tasks.article import ArticleKey
from tasks.classify import ENDING, Assignment, ClassifierChoice, Scored
from tasks.stations import classify_station

MOST_FAILURES_SEARCHED_FOR = 20
"""Largest number of failing articles that are searched for by trying ever smaller parts of a batch.

After that, a batch that fails is left out as a whole.
"""

_STATION: Any = classify_station
_STATION_ONCE: Any = _STATION.with_options(retries=0)
_Ask = Callable[[Any, str, list[Assignment]], Awaitable[list[Scored]]]


class WorkerDiedError(Exception):
    """A worker process died while it classified, and nothing else was classified then."""


@dataclass(frozen=True, slots=True)
class ClassifierPool:
    """One classifier on the configured number of workers.

    Attributes
    ----------
    runner
        Prefect's task runner, already open.
    workers
        Number of parts into which a micro-batch is divided.
    choice
        The classifier that all workers use.
    troubles
        The errors that kept articles from being scored, in the order in which they happened.
    """

    runner: TaskRunner[Any]
    workers: int
    choice: ClassifierChoice
    troubles: list[str]

    async def classify(self, batch: str, assignments: Sequence[Assignment]) -> list[Scored]:
        """Classify a micro-batch; an article that still fails after retries is left out, and its error is kept.

        The backlog finds articles without a row in ``scored`` again, at the end of this night and in every later one.
        Call this for one micro-batch at a time: parts that were lost with a worker process are classified again alone.

        Returns
        -------
        list of Scored
            In the order of the assignments.
        """
        parts = in_parts(assignments, self.workers)
        names = [
            batch if len(parts) == 1 else f"{batch}, part {n} of {len(parts)}"
            for n in range(1, len(parts) + 1)
        ]
        answers = await asyncio.gather(*map(self._classify_beside_others, names, parts))
        by_key: dict[ArticleKey, Scored] = {}
        for name, part, answered in zip(names, parts, answers, strict=True):
            scored = await self._classify_part(self._ask_alone, name, part) if answered is None else answered
            by_key |= {answer.assignment.key: answer for answer in scored}
        return [by_key[assignment.key] for assignment in assignments if assignment.key in by_key]

    async def _classify_beside_others(self, name: str, assignments: list[Assignment]) -> list[Scored] | None:
        """Classify a part; None if a worker process died, which ends all of them: it may have read another part."""
        try:
            return await self._classify_part(self._ask, name, assignments)
        except BrokenProcessPool:
            get_run_logger().warning("a worker process died; %s is asked again alone", name)
            return None

    async def _classify_part(self, ask: _Ask, name: str, assignments: list[Assignment]) -> list[Scored]:
        try:
            return await ask(_STATION, name, assignments)
        except BrokenProcessPool:
            raise
        except Exception as error:
            # If more than a few articles fail, the log and the list of task runs must not grow with the night.
            if isinstance(error, ModelError) or len(assignments) == 1 or not self._searches:
                self._give_up(name, error)
                return []
            get_run_logger().warning(
                "%s could not be scored as a whole; it is halved until the articles that fail are found",
                name,
            )
        return await self._classify_in_halves(ask, name, assignments)

    async def _classify_in_halves(self, ask: _Ask, name: str, assignments: list[Assignment]) -> list[Scored]:
        """Find the articles on which the classifier fails, so that only these are left out."""
        scored: list[Scored] = []
        for half in in_parts(assignments, 2):
            part = f"{name}, {len(half)} apart"
            try:
                scored += await ask(_STATION_ONCE, part, half)
            except BrokenProcessPool:
                raise
            except Exception as error:
                if not self._searches:
                    self._give_up(part, error)
                elif len(half) > 1:
                    scored += await self._classify_in_halves(ask, name, half)
                else:
                    self._give_up(f"article {half[0].article_id}", error)
        return scored

    @property
    def _searches(self) -> bool:
        """Whether articles that fail are still searched for one by one."""
        return len(self.troubles) < MOST_FAILURES_SEARCHED_FOR

    async def _ask_alone(self, station: Any, name: str, assignments: list[Assignment]) -> list[Scored]:  # noqa: ANN401 - as in _ask
        """Ask while nothing else is asked, so that a worker process that dies has died of these articles.

        It is tried twice, because the processes may have ended earlier, or because other programs needed the memory.
        """
        for _ in range(2):
            try:
                return await self._ask(station, name, assignments)
            except BrokenProcessPool:
                await asyncio.to_thread(start_again, self.runner)
        raise WorkerDiedError(
            "it died twice while it read this; if it lacks memory, lower [execution] workers"
        )

    async def _ask(self, station: Any, name: str, assignments: list[Assignment]) -> list[Scored]:  # noqa: ANN401 - a station is a Prefect task, typed as its function
        def ask() -> list[Scored]:
            parameters = {"batch": name, "assignments": assignments, "choice": self.choice}
            with one_server():
                future = self.runner.submit(station, parameters)
            answers: list[Scored] = future.result()
            return answers

        # In a thread: submitting and waiting would block the event loop, which fetches the next micro-batches.
        return await asyncio.to_thread(ask)

    def _give_up(self, part: str, error: Exception) -> None:
        # The traceback is logged once: if no article can be read, Prefect's log must not fill with copies of it.
        traceback = None if self.troubles else error
        get_run_logger().error(
            "%s could not be scored, but is kept and asked again: %s",
            part,
            type(error).__name__,
            exc_info=traceback,
        )
        self.troubles.append(one_line(error))


@asynccontextmanager
async def open_classifier_pool(config: Config) -> AsyncIterator[ClassifierPool]:
    """Load the classifier and start the workers that run it; the workers end with the block.

    Raises
    ------
    ModelError
        When the classifier cannot be loaded. This is reported before anything is fetched.
    ConfigError
        When a runner's package is missing, or its cluster does not answer.
    """
    settings = config.execution
    refuse_missing_extra(settings)
    workers = _workers(settings)
    choice = _choice(config)
    version = await asyncio.to_thread(lambda: choice.version)
    runner = runner_of(settings, workers)
    await asyncio.to_thread(start, runner, settings)
    try:
        yield ClassifierPool(runner, workers, replace(choice, required_version=version), [])
    except BaseException:
        ENDING.set()  # otherwise a cancelled run would wait until its micro-batch is classified
        raise
    finally:
        runner.__exit__(None, None, None)  # waits for workers that are still classifying
        ENDING.clear()


def load_ahead(config: Config) -> None:
    """Load the classifier before a run begins, so that the run finds it loaded.

    If it cannot be loaded, nothing happens here: the run tries again, and reports the error as its own.
    """
    with suppress(CommentariatError):
        _choice(config).load()


def in_parts(assignments: Sequence[Assignment], parts: int) -> list[list[Assignment]]:
    """Divide assignments into parts with about the same amount of text; no part is empty."""
    shares: list[list[Assignment]] = [[] for _ in range(min(parts, len(assignments)))]
    weights = [0] * len(shares)
    for assignment in sorted(assignments, key=lambda assignment: -len(assignment.text)):
        lightest = weights.index(min(weights))
        shares[lightest].append(assignment)
        weights[lightest] += len(assignment.text) + 1
    return shares


def _choice(config: Config) -> ClassifierChoice:
    return replace(configured_classifier(config), threads=_threads(config, _workers(config.execution)))


def _workers(settings: ExecutionSettings) -> int:
    """Give the number of workers: one is enough for threads, because a classifier there already uses every core."""
    return settings.workers or (1 if settings.runner == "threads" else usable_cores())


def _threads(config: Config, workers: int) -> int:
    """Divide this machine's cores among the workers on it; a worker on another machine uses that machine's cores."""
    if config.model.threads or config.execution.address:
        return config.model.threads
    return max(1, usable_cores() // workers)
