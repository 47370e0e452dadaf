"""A run that is killed at any instant and started again leaves the same content as a run that was never killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tests.warehouse.contents import content
from tests.warehouse.forked import started
from tests.warehouse.one_night import write_night
from warehouse import Warehouse, connect

STEPS = [
    ("staged", 2),
    ("audited", 2),
    ("intent written", 2),
    ("file renamed", 1),
    ("file renamed", 9),
    ("renamed", 3),
    ("logged", 2),
    ("staging cleared", 2),
    ("base sealed", 1),
    ("generation named", 1),
    ("link swapped", 1),
]


def run_night(path: Path, *, crash_at: str = "", crash_on: int = 1) -> BaseProcess:
    return started(write_night, str(path), 1, 3, crash_at, crash_on)


def end_of(process: BaseProcess) -> int | None:
    process.join()
    return process.exitcode


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    path = tmp_path_factory.mktemp("undisturbed") / "warehouse"
    write_night(str(path), 1, batches=3)
    return content(path)


@pytest.mark.parametrize(("step", "nth"), STEPS, ids=[f"{step}-{nth}" for step, nth in STEPS])
def test_a_run_killed_at_a_step_and_continued_leaves_the_same_content(tmp_path, undisturbed, step, nth):
    path = tmp_path / "warehouse"
    assert end_of(run_night(path, crash_at=step, crash_on=nth)) == -signal.SIGKILL
    write_night(str(path), 1, batches=3)
    assert content(path) == undisturbed
    assert_nothing_left_over(Warehouse(path))


@pytest.mark.slow
def test_a_run_killed_at_random_instants_until_it_completes_leaves_the_same_content(tmp_path, undisturbed):
    calm, began = run_night(tmp_path / "calm"), time.monotonic()
    assert end_of(calm) == 0
    whole = time.monotonic() - began
    path, chance, kills = tmp_path / "warehouse", random.Random(7), 0
    while kills < 6:
        process = run_night(path)
        time.sleep(chance.uniform(0.1, 0.9) * whole)
        process.kill()
        if end_of(process) != 0:
            kills += 1
        elif kills:
            break
        else:  # the machine has become faster: begin again, and kill sooner
            whole /= 2
            shutil.rmtree(path)
    write_night(str(path), 1, batches=3)
    assert content(path) == undisturbed
    assert_nothing_left_over(Warehouse(path))


def assert_nothing_left_over(warehouse: Warehouse) -> None:
    on_disk = {str(file.relative_to(warehouse.root)) for file in warehouse.root.glob("data/**/*.parquet")}
    assert on_disk == {file.path for file in warehouse.live_files()}
    assert not list((warehouse.root / "staging").iterdir())
    assert not [*warehouse.root.glob("db/*.partial"), *warehouse.root.glob("log/.*")]


def test_a_commit_made_just_before_the_kill_is_published_by_the_next_run(tmp_path):
    path = tmp_path / "warehouse"
    assert end_of(run_night(path, crash_at="logged", crash_on=2)) == -signal.SIGKILL
    with Warehouse(path).writing(run_id="other", flow="test"), connect(path) as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [4]


def test_a_damaged_private_file_is_built_again(tmp_path, undisturbed):
    path = tmp_path / "warehouse"
    write_night(str(path), 1, batches=3)
    base, published = path / "db" / "base.duckdb", (path / "warehouse.duckdb").resolve()
    base.write_bytes(published.read_bytes()[:5000])
    with Warehouse(path).writing(run_id="other", flow="test") as writer:
        writer.publish()
    assert content(path) == undisturbed


def test_a_report_that_was_never_finished_is_removed_once_nobody_can_be_writing_it(filled):
    left, begun = filled.root / ".report.html.4711", filled.root / ".report.html.4712"
    for report in (left, begun):
        report.write_text("It quotes articles.")
    os.utime(left, (time.time() - 2 * 3_600,) * 2)
    with filled.writing(run_id="next", flow="nightly"):
        pass
    assert not left.exists()
    assert begun.exists(), "another process writes it without the lock"
