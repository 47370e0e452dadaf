"""Faults at every station of a night: the UI shows each fault, the warehouse remains intact, and nothing is lost.

There are six kinds of faults and seven stations. Each fault is caused at each station in a night of its own. These
nights write to the same warehouse one after the other, if each leaves work for the next. A last night without a fault
must leave the same warehouse as a single undisturbed night. ``pytest -s`` prints the table of docs/results/nights.md.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.prefect_server import (
    COMMAND,
    ENDED,
    Hold,
    PrefectServer,
    commentariat_up,
    commits,
    own_environment,
    pool,
    server,
    worker,
)
from tests.journeys.press import slow_press, write_config
from tests.journeys.same_warehouse import content
from tests.mounting import needs_mount
from tests.ports import own_port
from warehouse import connect
from warehouse.upkeep.verify import verify

pytestmark = [pytest.mark.release, pytest.mark.timeout(2400)]

Content = dict[str, list[tuple[Any, ...]]]
STATIONS = ("discover", "fetch", "extract", "dedupe", "classify", "load", "publish")
PAGES = 18
SOON_SECONDS = 120


@pytest.fixture(scope="module")
def press() -> Iterator[int]:
    with slow_press() as port:
        yield port


@pytest.fixture(scope="module")
def hold(tmp_path_factory: pytest.TempPathFactory) -> Hold:
    return Hold(tmp_path_factory.mktemp("hold") / "station")


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory, press: int, hold: Hold) -> Iterator[PrefectServer]:
    folder = tmp_path_factory.mktemp("prefect")
    with commentariat_up(folder, write_config(folder, press, pages=2), hold) as prefect:
        yield prefect


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, prefect: PrefectServer, press: int) -> Content:
    """The content of a warehouse after an undisturbed night."""
    folder = tmp_path_factory.mktemp("untouched")
    night = prefect.start_night(config=str(write_config(folder, press, pages=PAGES)))
    assert prefect.wait_for(night, *ENDED)["state"]["name"] == "Completed"
    return content(folder / "commentary")


def record(fault: str, station: str, run: dict[str, Any], seconds: float) -> None:
    print(f"| {fault} | {station} | {run['state']['name']} | {seconds:.0f} s |", flush=True)


def assert_intact(warehouse: Path) -> None:
    """Check that the warehouse is sound, and that no page was taken in twice."""
    findings = [finding.message for finding in verify(warehouse).findings]
    if not (warehouse / "warehouse.duckdb").exists():
        assert {message.partition(" in ")[0] for message in findings} <= {"nothing is published"}
    else:
        assert not findings
        assert {count for _, count in content(warehouse)["loaded"]} <= {1}


def strike(prefect: PrefectServer, hold: Hold, station: str, config: Path) -> str:
    """Start a night, and wait until it has reached the station."""
    hold.at(station)
    night = prefect.start_night(config=str(config))
    hold.wait_until_reached(lambda: f"{station}: {prefect.run(night)['state']}")
    return night


def finish(prefect: PrefectServer, config: Path, untouched: Content) -> None:
    """Run a night without a fault, and compare the warehouse with that of an undisturbed night."""
    night = prefect.start_night(config=str(config))
    assert prefect.wait_for(night, *ENDED)["state"]["name"] == "Completed"
    found = content(config.parent / "commentary")
    for name, rows in untouched.items():
        assert found[name] == rows, name


def test_a_night_whose_process_is_killed_soon_counts_as_crashed_and_the_next_night_does_its_work(
    prefect: PrefectServer, hold: Hold, press: int, untouched: Content, tmp_path: Path
) -> None:
    config = write_config(tmp_path, press, pages=PAGES)
    for station in STATIONS:
        night = strike(prefect, hold, station, config)
        for process in prefect.engines():
            os.kill(process, signal.SIGKILL)
        at = time.monotonic()
        hold.release()
        run = prefect.wait_for(night, *ENDED, seconds=SOON_SECONDS)
        record("process of the night killed", station, run, time.monotonic() - at)
        assert run["state"]["name"] == "Crashed", station
        assert_intact(tmp_path / "commentary")
    finish(prefect, config, untouched)


def test_a_cancelled_night_ends_soon_and_the_next_night_does_its_work(
    prefect: PrefectServer, hold: Hold, press: int, untouched: Content, tmp_path: Path
) -> None:
    """The night stays at its station until it has ended, as if the station's work never ended."""
    config = write_config(tmp_path, press, pages=PAGES)
    for station in STATIONS:
        night = strike(prefect, hold, station, config)
        finished, at = commits(tmp_path / "commentary"), time.monotonic()
        prefect.ask(f"flow_runs/{night}/set_state", state={"type": "CANCELLING", "name": "Cancelling"})
        run = prefect.wait_for(night, *ENDED, seconds=SOON_SECONDS)
        record("cancelled in the UI", station, run, time.monotonic() - at)
        hold.release()
        assert run["state"]["name"] == "Cancelled", station
        assert commits(tmp_path / "commentary") - finished in (0, 1), station
        assert_intact(tmp_path / "commentary")
    finish(prefect, config, untouched)


def test_a_night_without_a_network_ends_by_itself_and_the_next_night_does_its_work(
    prefect: PrefectServer, hold: Hold, untouched: Content, tmp_path: Path
) -> None:
    """Each night has its own warehouse, because it stores the pages already fetched and leaves less for the next."""
    port = own_port()
    for station in STATIONS:
        folder = tmp_path / station
        folder.mkdir()
        config = write_config(folder, port, pages=PAGES, by_feed=True)
        with slow_press(port):
            night = strike(prefect, hold, station, config)
        at = time.monotonic()
        hold.release()
        run = prefect.wait_for(night, *ENDED)
        record("network to the outlets cut", station, run, time.monotonic() - at)
        assert_intact(folder / "commentary")
        failed, taken_in = failures(folder / "commentary")
        expected = "NeedsAttention" if failed > taken_in / 4 else "Completed"
        assert run["state"]["name"] == expected, (station, failed, taken_in)
        assert (failed > 0) is (station != "publish") or station in ("classify", "load"), station
        with slow_press(port):
            finish(prefect, config, untouched)


def failures(warehouse: Path) -> tuple[int, int]:
    """Count the failed items of the latest run, and all its items."""
    latest = "SELECT run_id FROM run ORDER BY started_at DESC LIMIT 1"
    count = "count(*) FILTER (outcome = 'fetch_failed') AS failed, count(*) AS taken_in"
    with connect(warehouse) as reader:
        (row,) = reader.query(f"SELECT {count} FROM outcome WHERE run_id = ({latest})").to_pylist()
    return row["failed"], row["taken_in"]


def test_a_night_whose_worker_is_killed_soon_counts_as_crashed_and_the_next_night_does_its_work(
    hold: Hold, press: int, untouched: Content, tmp_path: Path
) -> None:
    config = write_config(tmp_path, press, pages=PAGES)
    with pool(tmp_path, config, hold) as its_prefect:
        for station in STATIONS:
            with worker(tmp_path, its_prefect.environment) as process:
                night = strike(its_prefect, hold, station, config)
                process.kill()
            at = time.monotonic()
            hold.release()
            run = its_prefect.wait_for(night, *ENDED, seconds=SOON_SECONDS)
            record("worker killed", station, run, time.monotonic() - at)
            assert run["state"]["name"] == "Crashed", station
            assert_intact(tmp_path / "commentary")
        with worker(tmp_path, its_prefect.environment):
            finish(its_prefect, config, untouched)


FULL_DISK = """
set -u
mount -t tmpfs -o size=64m tmpfs {disk}
for station in {stations}; do
    printf %s $station > {hold}; rm -f {reached}
    {run} & run=$!
    until [ -e {reached} ] || ! kill -0 $run; do sleep .1; done
    dd if=/dev/zero of={disk}/other bs=4k 2>{disk}/../dd
    rm {hold}
    wait $run; echo "$station: $?"
    rm {disk}/other
done
cp -r {disk}/commentary {kept}
"""


@needs_mount
def test_a_night_on_a_full_disk_fails_with_the_remedy_and_the_next_night_does_its_work(
    prefect: PrefectServer, hold: Hold, press: int, untouched: Content, tmp_path: Path
) -> None:
    config, disk = write_config(tmp_path, press, pages=PAGES), tmp_path / "disk"
    disk.mkdir()
    script = FULL_DISK.format(
        stations=" ".join(STATIONS),
        disk=disk,
        hold=hold.file,
        reached=hold.file.with_suffix(".reached"),
        run=f"{COMMAND[0]} run --config {config} --warehouse {disk}/commentary",
        kept=tmp_path / "commentary",
    )
    environment = prefect.environment | hold.settings | {"PREFECT_API_URL": prefect.api}
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=800,
    )
    both = done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if ": " in line][-7:] == [
        f"{s}: 4" for s in STATIONS
    ], both
    assert done.stderr.count("the disk is full: free some space and run again") == len(STATIONS), both
    assert "Traceback" not in both, both
    runs = prefect.ask("flow_runs/filter", sort="START_TIME_ASC", limit=200)
    ours = [run for run in runs if str(disk) in str(run["parameters"])]
    for station, run in zip(STATIONS, ours, strict=True):
        record("disk full", station, run, run["total_run_time"])
        assert run["state"]["name"] == "Failed", station
        assert "the disk is full" in run["state"]["message"], station
    assert_intact(tmp_path / "commentary")
    finish(prefect, config, untouched)


def test_a_night_completes_although_its_server_is_killed_and_started_again(
    hold: Hold, press: int, tmp_path: Path
) -> None:
    """The night continues without the server, and ends as an undisturbed night."""
    port = own_port()
    prefect = PrefectServer(
        process=None,
        api=f"http://127.0.0.1:{port}/api",
        environment=own_environment(tmp_path / "prefect") | hold.settings,
        home=tmp_path / "prefect",
        config=tmp_path,
    )
    for station in STATIONS:
        folder = tmp_path / station
        folder.mkdir()
        config = write_config(folder, press, pages=9)
        hold.at(station)
        with server(prefect.environment, port):
            night = prefect.command("run", "--config", str(config))
            hold.wait_until_reached()
            (shown,) = [
                run for run in prefect.ask("flow_runs/filter") if str(config) in str(run["parameters"])
            ]
        at = time.monotonic()
        hold.release()
        with server(prefect.environment, port):
            output, _ = night.communicate(timeout=300)
            run = prefect.wait_for(shown["id"], *ENDED, seconds=SOON_SECONDS)
            record("server killed and started again", station, run, time.monotonic() - at)
        assert night.returncode == 0, (station, output)
        assert run["state"]["name"] == "Completed", (station, run["state"], output)
        assert_intact(folder / "commentary")
        assert len(content(folder / "commentary")["loaded"]) == 9
