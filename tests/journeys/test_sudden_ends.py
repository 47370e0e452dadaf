"""Ends that no process can report any more, and full disks; ``test_kill_matrix.py`` has the other faults."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.journeys.prefect_server import (
    COMMAND,
    ENDED,
    PrefectServer,
    commentariat_up,
    commits,
    own_environment,
    pool,
    until,
    worker,
)
from tests.journeys.press import slow_press, write_config
from tests.journeys.same_warehouse import content
from tests.mounting import needs_mount
from warehouse.upkeep.verify import verify

pytestmark = [pytest.mark.release, pytest.mark.timeout(900)]

CRASHED_WITHIN_SECONDS = 120


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    folder = tmp_path_factory.mktemp("prefect")
    with slow_press() as port, commentariat_up(folder, write_config(folder, port, pages=2)) as prefect:
        yield prefect


def running(prefect: PrefectServer) -> list[dict[str, Any]]:
    states = {"state": {"type": {"any_": ["RUNNING"]}}}
    return list(prefect.ask("flow_runs/filter", flow_runs=states))


def until_commits(warehouse: Path, number: int) -> None:
    until(lambda: commits(warehouse) >= number or None, 240, lambda: f"{commits(warehouse)} commits")


def assert_sound(warehouse: Path, pages: int) -> None:
    assert not verify(warehouse).findings
    loaded = content(warehouse)["loaded"]
    assert len(loaded) == pages
    assert {count for _, count in loaded} == {1}


def test_a_direct_run_that_is_killed_is_crashed_within_two_minutes(
    prefect: PrefectServer, tmp_path: Path
) -> None:
    warehouse = tmp_path / "commentary"
    with slow_press() as port:
        config = write_config(tmp_path, port, pages=30, delay_s=1.0)
        run = prefect.command("run", "--config", str(config))
        until_commits(warehouse, 3)
        (shown,) = running(prefect)
        run.kill()
        killed_at = time.monotonic()
        run.communicate()
        crashed = prefect.wait_for(shown["id"], *ENDED, seconds=CRASHED_WITHIN_SECONDS)
    assert time.monotonic() - killed_at > 30, "not the rule, but something else has ended it"
    assert crashed["state"]["name"] == "Crashed"
    assert crashed["state"]["message"].startswith("no heartbeat for 90 seconds")


def children(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
    return [pid for pid, of in pairs if of == parent]


def test_a_night_that_is_killed_with_its_worker_is_crashed_and_the_next_run_finishes(tmp_path: Path) -> None:
    warehouse = tmp_path / "commentary"
    with slow_press() as port:
        config = write_config(tmp_path, port, pages=12, delay_s=1.0)
        with pool(tmp_path, config) as prefect, worker(tmp_path, prefect.environment) as process:
            night = prefect.start_night()
            until_commits(warehouse, 2)
            for pid in (process.pid, *children(process.pid)):
                os.kill(pid, signal.SIGKILL)
            crashed = prefect.wait_for(night, *ENDED, seconds=CRASHED_WITHIN_SECONDS)
            assert crashed["state"]["name"] == "Crashed", crashed["state"]
            assert commits(warehouse) < 5
            run = prefect.command("run", "--config", str(config))
            output, _ = run.communicate(timeout=300)
            assert run.returncode == 0, output
    assert_sound(warehouse, 12)


def test_the_server_of_a_killed_up_ends(tmp_path: Path) -> None:
    with slow_press() as port, commentariat_up(tmp_path, write_config(tmp_path, port, pages=2)) as prefect:
        assert prefect.process is not None
        prefect.process.kill()

        def nobody_listens() -> bool | None:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", urlsplit(prefect.api).port)) != 0 or None

        until(nobody_listens, 60, lambda: "the server is left")


FULL_DISK = """
set -u
mount -t tmpfs -o size={small} tmpfs {disk}
{run}; echo "first run: $?"
mount -o remount,size=1g {disk}
{run}; echo "second run: $?"
cp -r {disk}/commentary {kept}
"""


@needs_mount
@pytest.mark.parametrize("small", ["100k", "300k", "3m"])
def test_a_full_disk_is_one_clear_message_and_the_next_run_finishes(tmp_path: Path, small: str) -> None:
    """The disk becomes full at the first commit, at a later one, and when the night is published."""
    disk, kept = tmp_path / "disk", tmp_path / "kept"
    disk.mkdir()
    with slow_press() as port:
        config = write_config(tmp_path, port, pages=9)
        run = f"{COMMAND[0]} run --config {config} --warehouse {disk}/commentary"
        script = FULL_DISK.format(small=small, disk=disk, run=run, kept=kept)
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", script],
            env=own_environment(tmp_path / "prefect"),
            capture_output=True,
            text=True,
            check=False,
            timeout=800,
        )
    assert "first run: 4" in done.stdout, done.stdout + done.stderr
    assert "second run: 0" in done.stdout, done.stdout + done.stderr
    assert done.stderr.count("the disk is full: free some space and run again") == 1, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    assert_sound(kept, 9)
