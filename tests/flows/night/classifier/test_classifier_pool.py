"""Runners are checked before anything starts, micro-batches are divided evenly, workers end with their flow."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, NoReturn, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prefect.logging import disable_run_logger
from prefect.task_runners import ThreadPoolTaskRunner

from commentariat import ConfigError, ModelError
from flows.night.classifier.classifier_pool import MOST_FAILURES_SEARCHED_FOR, ClassifierPool, in_parts
from flows.night.classifier.runners import refuse_missing_extra
from flows.serving.deployments import deployments
from flows.settings.config import load_config
from flows.settings.sections import ExecutionSettings
from models import Reading
from tasks.classify import Assignment, ClassifierChoice, Scored, classify_batch

SETTINGS = {"dask": "prefect_dask", "ray": "prefect_ray"}


def assignment(number: int, length: int) -> Assignment:
    return Assignment(str(number), 1, None, "x" * length, "en", ())


@given(st.lists(st.integers(0, 5_000), max_size=80), st.integers(1, 20))
def test_parts_hold_every_article_once_and_about_as_much_text_each(lengths: list[int], workers: int) -> None:
    given_out = [assignment(number, length) for number, length in enumerate(lengths)]
    parts = in_parts(given_out, workers)
    assert len(parts) == min(workers, len(given_out))
    assert all(parts)
    assert sorted((one for part in parts for one in part), key=lambda one: int(one.article_id)) == given_out
    assert parts == in_parts(given_out, workers)
    weights = [sum(len(one.text) + 1 for one in part) for part in parts]
    assert not weights or max(weights) - min(weights) <= max(lengths) + 1


@pytest.mark.parametrize("runner", ["dask", "ray"])
def test_a_missing_extra_is_reported_with_the_command_that_installs_it(
    runner: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(
        sys.modules, SETTINGS[runner], None
    )  # Python's mark of a module that cannot be imported
    message = rf'runner = "{runner}" needs a package .* pip install -e \'\.\[{runner}\]\' or uv tool install'
    with pytest.raises(ConfigError, match=message):
        refuse_missing_extra(ExecutionSettings(runner=runner))
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[execution]\nrunner = "{runner}"\n')
    with pytest.raises(ConfigError, match=message):
        deployments(config)


@pytest.mark.parametrize("runner", ["threads", "processes"])
def test_runners_of_the_base_install_need_no_extra(runner: str) -> None:
    refuse_missing_extra(ExecutionSettings(runner=runner))


@pytest.mark.parametrize(
    ("execution", "message"),
    [
        ('runner = "spark"', "execution.runner: Input should be 'threads', 'processes', 'dask' or 'ray'"),
        ('address = "tcp://far:8786"\nworkers = 2', 'address belongs to runner = "dask" or "ray"'),
        ('runner = "dask"\naddress = "tcp://far:8786"', "address needs workers"),
        ("workers = -1", "execution.workers"),
    ],
)
def test_an_impossible_setting_of_execution_is_a_mistake_in_the_configuration(
    execution: str, message: str, tmp_path: Path
) -> None:
    config = tmp_path / "commentariat.toml"
    config.write_text(f"[execution]\n{execution}\n")
    with pytest.raises(ConfigError) as raised:
        load_config(config, {})
    assert message in str(raised.value)


def test_a_worker_refuses_another_model_of_the_same_name() -> None:
    with pytest.raises(ModelError, match=r"is .*, but this run reads with another-model"):
        classify_batch([assignment(1, 10)], ClassifierChoice(threads=1, required_version="another-model"))


POOL = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from flows.night.classifier.runners import end_with_parent

if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        pids = {pool.submit(os.getpid).result() for _ in range(2)}
        print(*pids, flush=True)
        pool.submit(time.sleep, 600)
        time.sleep(600)
"""


def test_worker_processes_end_when_their_flow_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "pool.py"
    script.write_text(POOL)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[4])}
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    workers = [int(pid) for pid in parent.stdout.readline().split()]
    assert workers and all(map(alive, workers))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 30
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(alive, workers))


def alive(process: int) -> bool:
    """Whether a process has not ended; in a container, one that has ended may stay as an entry, a zombie."""
    try:
        os.kill(process, 0)
        if Path("/proc/self/stat").exists():  # on Linux
            return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
    return True


class _Done:
    """A part that is classified."""

    def __init__(self, assignments: list[Assignment]) -> None:
        self._assignments = assignments

    def result(self) -> list[Scored]:
        return [Scored(one, Reading(one.article_id, (), ())) for one in self._assignments]


class _AllEndWithOne(ThreadPoolTaskRunner[Any]):
    """Workers that end, all of them and for good, when one of them reads article 7 or 8."""

    have_ended = False

    def __enter__(self) -> Self:
        self.have_ended = False
        return super().__enter__()

    def submit(self, task: object, parameters: dict[str, Any], **_: object) -> Any:
        self.have_ended |= any(one.article_id in "78" for one in parameters["assignments"])
        if self.have_ended:
            raise BrokenProcessPool("a process was terminated abruptly")
        return _Done(parameters["assignments"])


async def test_workers_that_end_at_an_article_are_started_again_for_all_others() -> None:
    assignments = [assignment(number, 10) for number in range(40)]
    with disable_run_logger(), _AllEndWithOne() as runner:
        pool = ClassifierPool(runner, 4, ClassifierChoice(), [])
        scored = await pool.classify("batch", assignments)
    assert [one.assignment for one in scored] == [*assignments[:7], *assignments[9:]]
    assert [trouble.partition(":")[0] for trouble in pool.troubles] == ["WorkerDiedError"] * 2


class _WithoutMemory(ThreadPoolTaskRunner[object]):
    """Workers on which every task fails."""

    def submit(self, *_: object, **__: object) -> NoReturn:
        raise MemoryError("no memory is left")


async def test_the_search_for_failing_articles_ends_also_within_a_micro_batch() -> None:
    pool = ClassifierPool(_WithoutMemory(), 1, ClassifierChoice(), [])
    with disable_run_logger():
        assert await pool.classify("batch", [assignment(number, 10) for number in range(256)]) == []
    larger_parts = 8  # those that are left when the search ends: the other half at each of eight divisions
    assert MOST_FAILURES_SEARCHED_FOR <= len(pool.troubles) <= MOST_FAILURES_SEARCHED_FOR + larger_parts
