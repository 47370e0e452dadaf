"""Where the classifier runs: the classify station in this process, in processes beside it, or on a Dask or Ray cluster.

Only the classify step is handed out. It is nearly all of a night's work, it needs nothing but the texts, and each
answer depends on its text alone; so the same night gives the same warehouse, wherever the classifier runs. All that
writes stays in the flow's own process: the warehouse has one writer.
"""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

from prefect import get_run_logger
from prefect.context import FlowRunContext
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from commentariat import ConfigError, ModelError
from flows.settings.classifier import configured_classifier
from flows.settings.config import Config
from flows.settings.sections import ExecutionSettings
from models.encoder import usable_cores
from tasks.classify import ENDING, Assignment, ClassifierChoice, Scored
from tasks.stations import classify_station

MOST_ARTICLES_TRIED_ALONE = 20
"""So many failing articles are found by trying ever smaller parts of a batch; later batches that fail are left out."""

_STATION: Any = classify_station
_STATION_ONCE: Any = _STATION.with_options(retries=0)
_PACKAGES: Mapping[str, str] = MappingProxyType({"dask": "prefect_dask", "ray": "prefect_ray"})


def refuse_missing_extra(settings: ExecutionSettings) -> None:
    """Say which package a runner needs, before anything starts.

    Raises
    ------
    ConfigError
        When it is not installed.
    """
    package = _PACKAGES.get(settings.runner)
    if package is not None and find_spec(package) is None:
        raise ConfigError(
            f'[execution] runner = "{settings.runner}" needs a package that is not installed: '
            f'pip install "commentariat[{settings.runner}]"'
        )


@dataclass(frozen=True, slots=True)
class Classifiers:
    """The classify station, as wide as it is configured.

    Attributes
    ----------
    runner
        Prefect's task runner, open.
    workers
        In how many parts a micro-batch is handed out.
    choice
        The classifier that all of them use.
    troubles
        What kept articles from being scored, in the order in which it was met.
    """

    runner: TaskRunner[Any]
    workers: int
    choice: ClassifierChoice
    troubles: list[str]

    async def classify(self, batch: str, assignments: Sequence[Assignment]) -> list[Scored]:
        """Classify a micro-batch; what cannot be classified even after retries is left out, and in ``troubles``.

        What has no row in ``scored`` is found again by the backlog, at the end of this night and in every later one.

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
        answers = await asyncio.gather(*map(self._classify_part, names, parts))
        found = {
            (one.assignment.article_id, one.assignment.revision): one for some in answers for one in some
        }
        keys = [(one.article_id, one.revision) for one in assignments]
        return [found[key] for key in keys if key in found]

    async def _classify_part(self, name: str, assignments: list[Assignment]) -> list[Scored]:
        try:
            return await self._ask(_STATION, name, assignments)
        except Exception as error:
            if isinstance(error, ModelError) or len(assignments) == 1:
                self._give_up(name, error)
                return []
            if len(self.troubles) >= MOST_ARTICLES_TRIED_ALONE:
                # It is no matter of an article or two: the log and the list of task runs must not grow with the night.
                self._give_up(name, error)
                return []
            get_run_logger().warning("%s could not be scored as a whole; its articles are asked apart", name)
        return await self._classify_one_by_one(name, assignments)

    async def _classify_one_by_one(self, name: str, assignments: list[Assignment]) -> list[Scored]:
        """Find the articles that the classifier fails on, so that they alone are left out."""
        scored: list[Scored] = []
        for half in in_parts(assignments, 2):
            try:
                scored += await self._ask(_STATION_ONCE, f"{name}, {len(half)} apart", half)
            except Exception as error:
                if len(half) > 1:
                    scored += await self._classify_one_by_one(name, half)
                else:
                    self._give_up(f"article {half[0].article_id}", error)
        return scored

    async def _ask(self, station: Any, name: str, assignments: list[Assignment]) -> list[Scored]:  # noqa: ANN401 - a station is a Prefect task, typed as the function it wraps
        def ask() -> list[Scored]:
            parameters = {"batch": name, "assignments": assignments, "choice": self.choice}
            with _one_server():
                future = self.runner.submit(station, parameters)
            answers: list[Scored] = future.result()
            return answers

        # In a thread: handing out and waiting block, and the loop has the next micro-batches to fetch.
        return await asyncio.to_thread(ask)

    def _give_up(self, what: str, error: Exception) -> None:
        # The traceback once; a night in which nothing can be read must not fill Prefect's log with copies of it.
        traceback = None if self.troubles else error
        get_run_logger().error(
            "%s could not be scored, but is kept and asked again: %s",
            what,
            type(error).__name__,
            exc_info=traceback,
        )
        self.troubles.append(f"{type(error).__name__}: {error}".splitlines()[0][:300])


@asynccontextmanager
async def open_classifiers(config: Config) -> AsyncIterator[Classifiers]:
    """Load the classifier, start the workers that run it, and end them with the block.

    Raises
    ------
    ModelError
        When the classifier cannot be loaded: reported before anything is fetched.
    ConfigError
        When a runner's package is missing, or its cluster does not answer.
    """
    settings = config.execution
    refuse_missing_extra(settings)
    workers = _workers(settings)
    choice = replace(configured_classifier(config), threads=_threads(config, workers))
    version = await asyncio.to_thread(lambda: choice.version)
    runner = _RUNNERS[settings.runner](settings, workers)
    await asyncio.to_thread(_start, runner, settings)
    try:
        yield Classifiers(runner, workers, replace(choice, revision=version), [])
    except BaseException:
        ENDING.set()  # else the thread that classifies would hold up a cancelled run until its micro-batch is done
        raise
    finally:
        runner.__exit__(None, None, None)  # waits for workers that are still classifying
        ENDING.clear()


def in_parts(assignments: Sequence[Assignment], parts: int) -> list[list[Assignment]]:
    """Share assignments out so that each part has about as much text; no part is empty."""
    shares: list[list[Assignment]] = [[] for _ in range(min(parts, len(assignments)))]
    weights = [0] * len(shares)
    for one in sorted(assignments, key=lambda one: -len(one.text)):
        lightest = weights.index(min(weights))
        shares[lightest].append(one)
        weights[lightest] += len(one.text) + 1
    return shares


def _workers(settings: ExecutionSettings) -> int:
    """Count the workers: a classifier in threads already uses every core, so there one is enough."""
    return settings.workers or (1 if settings.runner == "threads" else usable_cores())


def _threads(config: Config, workers: int) -> int:
    """Share this machine's cores among the workers that run on it; a worker elsewhere takes what it finds."""
    if config.model.threads or config.execution.address:
        return config.model.threads
    return max(1, usable_cores() // workers)


def _start(runner: TaskRunner[Any], settings: ExecutionSettings) -> None:
    try:
        runner.__enter__()
        if settings.runner == "dask":
            runner.client  # type: ignore[attr-defined]  # noqa: B018 - of Dask's runner; connects when first asked for
    except Exception as error:
        where = settings.address or "this machine"
        raise ConfigError(
            f"[execution] no {settings.runner} workers at {where}: {type(error).__name__}: {error}"
        ) from error


def _one_server() -> AbstractContextManager[object]:
    """Let workers report to the temporary server of a run that has no other, instead of starting one each."""
    run = FlowRunContext.get()
    if PREFECT_API_URL.value() or run is None:
        return nullcontext()
    return temporary_settings({PREFECT_API_URL: str(run.client.api_url)})


def end_with_parent() -> None:
    """End a worker process whose parent was killed: no parent would give it work again."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)  # nothing else ends a process from a thread that is not its first

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def _threads_runner(_: ExecutionSettings, workers: int) -> TaskRunner[Any]:
    return ThreadPoolTaskRunner[Any](max_workers=workers)


def _processes_runner(_: ExecutionSettings, workers: int) -> TaskRunner[Any]:
    return ProcessPoolTaskRunner(max_workers=workers, initializer=end_with_parent)


def _dask_runner(settings: ExecutionSettings, workers: int) -> TaskRunner[Any]:
    of_its_own = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    to_use = {"address": settings.address} if settings.address else {"cluster_kwargs": of_its_own}
    runner: TaskRunner[Any] = import_module("prefect_dask").DaskTaskRunner(**to_use)
    return runner


def _ray_runner(settings: ExecutionSettings, workers: int) -> TaskRunner[Any]:
    of_its_own = {"num_cpus": workers, "include_dashboard": False, "log_to_driver": False}
    to_use = {"address": settings.address} if settings.address else {"init_kwargs": of_its_own}
    runner: TaskRunner[Any] = import_module("prefect_ray").RayTaskRunner(**to_use)
    return runner


_RUNNERS: Mapping[str, Callable[[ExecutionSettings, int], TaskRunner[Any]]] = MappingProxyType(
    {"threads": _threads_runner, "processes": _processes_runner, "dask": _dask_runner, "ray": _ray_runner}
)
