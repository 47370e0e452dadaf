"""The task runners on which the classifier works: threads or processes of this machine, or a Dask or Ray cluster."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

from prefect.context import FlowRunContext
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from commentariat import ConfigError
from flows.settings.sections import ExecutionSettings

_PACKAGES: Mapping[str, str] = MappingProxyType({"dask": "prefect_dask", "ray": "prefect_ray"})


def refuse_missing_extra(settings: ExecutionSettings) -> None:
    """Raise an error that names the missing package of a runner, before anything starts.

    Raises
    ------
    ConfigError
        When the package is not installed.
    """
    package = _PACKAGES.get(settings.runner)
    if package is not None and find_spec(package) is None:
        raise ConfigError(
            f'[execution] runner = "{settings.runner}" needs a package that is not installed: in a clone of '
            f"Commentariat, pip install -e '.[{settings.runner}]' or uv tool install '.[{settings.runner}]'"
        )


def runner_of(settings: ExecutionSettings, workers: int) -> TaskRunner[Any]:
    """Make the configured runner, not yet started."""
    return _RUNNERS[settings.runner](settings, workers)


def start(runner: TaskRunner[Any], settings: ExecutionSettings) -> None:
    """Start a runner, and connect it to its cluster.

    Raises
    ------
    ConfigError
        When no workers can be started, or the cluster does not answer.
    """
    try:
        runner.__enter__()
        if settings.runner == "dask":
            runner.client  # type: ignore[attr-defined]  # noqa: B018 - an attribute of Dask's runner that connects
    except Exception as error:
        where = settings.address or "this machine"
        raise ConfigError(
            f"[execution] no {settings.runner} workers at {where}: {type(error).__name__}: {error}"
        ) from error


def start_again(runner: TaskRunner[Any]) -> None:
    """Replace the worker processes of a runner: if one of them dies, Python ends the others and starts no new ones."""
    runner.__exit__(None, None, None)
    runner.__enter__()


def one_server() -> AbstractContextManager[object]:
    """Let workers report to the server that Prefect started for the run, instead of starting one each.

    This is needed only if a flow is called from Python without PREFECT_API_URL: a command sets it to its own server.
    """
    run = FlowRunContext.get()
    if PREFECT_API_URL.value() or run is None:
        return nullcontext()
    return temporary_settings({PREFECT_API_URL: str(run.client.api_url)})


def end_with_parent() -> None:
    """End a worker process when its parent was killed, because nobody would give it work again."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)  # from a thread other than the main one, only this ends the process

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
