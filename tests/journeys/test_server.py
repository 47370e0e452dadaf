"""A night with a real Prefect server: its appearance in the API and so in the UI, cancelling, kills, lost servers."""

import os
import re
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.prefect_server import PrefectServer, commentariat_up, commits, until
from tests.journeys.press import slow_press, write_config
from tests.journeys.same_warehouse import content
from warehouse import connect

pytestmark = [pytest.mark.release, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def press() -> Iterator[int]:
    with slow_press() as port:
        yield port


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory, press: int) -> Iterator[PrefectServer]:
    folder = tmp_path_factory.mktemp("prefect")
    with commentariat_up(folder, write_config(folder, press, pages=7)) as prefect:
        yield prefect


def slow_config(folder: Path, press: int, pages: int = 30) -> Path:
    return write_config(folder, press, pages=pages, delay_s=1.0)


def test_a_night_started_from_the_form_is_seen_in_every_part_of_the_ui(prefect: PrefectServer) -> None:
    run_id = prefect.start_night()
    run = prefect.wait_for(run_id, "Completed", "Failed", "Crashed", "NeedsAttention")

    assert run["state"]["name"] == "Completed"
    assert re.fullmatch(r"night of \d{4}-\d\d-\d\d \d\d:\d\d UTC", run["name"])
    assert "7 taken in: 7 loaded" in run["state"]["message"]
    assert {"commentariat", "source:slow-press", "model:fast"} <= set(run["tags"])
    assert [tag for tag in run["tags"] if tag.startswith("model-version:")]

    def all_recorded() -> Counter[str] | None:
        names = Counter(re.sub(r" \d+$", "", task["name"]) for task in prefect.task_runs(run_id))
        return names if names["classify batch"] == 3 and names["publish snapshot"] else None

    names = until(all_recorded, 60, lambda: str([task["name"] for task in prefect.task_runs(run_id)]))
    for station in ("fetch batch", "extract batch", "dedupe batch", "classify batch", "load batch"):
        assert names[station] == 3, names
    assert names["discover slow-press"] == names["load discovered"] == names["publish snapshot"] == 1

    def logged() -> str | None:
        lines = prefect.ask("logs/filter", logs={"flow_run_id": {"any_": [run_id]}}, limit=200)
        text = "\n".join(line["message"] for line in lines)
        return text if "batch 3:" in text else None

    assert "1 sources list 7 items, 7 of them new" in until(logged, 60, lambda: "no line of the last batch")
    artifacts = prefect.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [run_id]}}, limit=50)
    kinds = {artifact["key"]: artifact["type"] for artifact in artifacts}
    assert kinds == {
        "night-progress": "progress",
        "night-summary": "markdown",
        "night-outcomes": "table",
        "night-stance": "table",
        "night-sources": "table",
        "night-snapshot": "markdown",
    }
    progress = next(artifact for artifact in artifacts if artifact["key"] == "night-progress")
    assert progress["data"] == 100.0


def test_deployments_are_scheduled_and_the_rule_for_dead_runs_is_there_once(prefect: PrefectServer) -> None:
    for name, cron in (("nightly", "30 3 * * *"), ("maintenance", "0 6 * * 0")):
        deployment = prefect.deployment(name)
        assert [(s["active"], s["schedule"]["cron"]) for s in deployment["schedules"]] == [(True, cron)]
        assert not deployment["paused"]
    assert prefect.deployment("rescore")["schedules"] == []
    rules = [rule["name"] for rule in prefect.ask("automations/filter")]
    assert rules == ["commentariat: a run without heartbeats has crashed"]


def test_cancelling_stops_the_run_within_seconds_and_keeps_what_was_finished(
    prefect: PrefectServer, press: int, tmp_path: Path
) -> None:
    config, warehouse = slow_config(tmp_path, press), tmp_path / "commentary"
    run_id = prefect.start_night(config=str(config))
    until(lambda: commits(warehouse) >= 3 or None, 240, lambda: f"{commits(warehouse)} commits")
    cancelled_at = time.monotonic()
    prefect.ask(f"flow_runs/{run_id}/set_state", state={"type": "CANCELLING", "name": "Cancelling"})
    prefect.wait_for(run_id, "Cancelled", seconds=60)
    assert time.monotonic() - cancelled_at < 45
    finished = commits(warehouse)
    assert 3 <= finished < 11
    time.sleep(2)
    assert commits(warehouse) == finished


def test_a_killed_night_is_crashed_and_the_next_one_ends_like_one_never_killed(
    prefect: PrefectServer, press: int, tmp_path: Path
) -> None:
    config, warehouse = slow_config(tmp_path, press, pages=12), tmp_path / "commentary"
    run_id = prefect.start_night(config=str(config))
    until(lambda: commits(warehouse) >= 3 or None, 240, lambda: f"{commits(warehouse)} commits")
    for process in prefect.engines():
        os.kill(process, signal.SIGKILL)
    crashed = prefect.wait_for(run_id, "Crashed", seconds=120)
    assert crashed["state"]["type"] == "CRASHED"
    assert commits(warehouse) < 6

    second = prefect.start_night(config=str(config))
    assert prefect.wait_for(second, "Completed", "Failed", "Crashed")["state"]["name"] == "Completed"
    untouched = tmp_path / "untouched"
    third = prefect.start_night(config=str(config), warehouse=str(untouched))
    prefect.wait_for(third, "Completed")
    assert content(warehouse) == content(untouched)
    assert len(content(warehouse)["article"]) == 12


def test_maintenance_runs_from_its_deployment_on_what_is_served_if_its_form_names_no_configuration(
    prefect: PrefectServer,
) -> None:
    prefect.wait_for(prefect.start_night(), "Completed")
    deployment = prefect.deployment("maintenance")["id"]
    parameters = {"request": {"min_files": 2}}
    run_id = prefect.ask(f"deployments/{deployment}/create_flow_run", parameters=parameters)["id"]
    run = prefect.wait_for(run_id, "Completed", "Failed", "Crashed", "NeedsAttention")
    assert run["state"]["name"] == "Completed", run["state"]
    assert re.search(
        r"\d+ files became \d+, with the same [\d,]+ rows; .* checked, sound", run["state"]["message"]
    )


def test_if_the_server_ends_no_results_are_lost_and_schedules_remain(
    prefect: PrefectServer, press: int, tmp_path: Path
) -> None:
    """This test must be the last of the module, because it ends the server."""
    config, warehouse = slow_config(tmp_path, press, pages=9), tmp_path / "commentary"
    run = prefect.command("run", "--config", str(config))
    until(lambda: commits(warehouse) >= 2 or None, 240, lambda: f"{commits(warehouse)} commits")
    prefect.process.send_signal(signal.SIGTERM)
    assert prefect.process.wait(60) == 0
    gone_at = time.monotonic()
    output, _ = run.communicate(timeout=300)
    # Nine pages take a second each; then an artifact waits 15 seconds for the server, and the run 20 seconds.
    assert time.monotonic() - gone_at < 150
    assert run.returncode == 0
    assert "does not answer: its UI will not show how this run ended" in output
    assert re.search(r"loaded +9\b", output), output
    with connect(warehouse) as reader:
        (row,) = reader.query("SELECT count(*) AS n FROM outcome WHERE outcome = 'loaded'").to_pylist()
    assert row["n"] == 9, output
    with sqlite3.connect(prefect.home / "prefect.db") as database:
        assert database.execute("SELECT count(*) FROM deployment_schedule WHERE NOT active").fetchall() == [
            (0,)
        ]
        assert database.execute("SELECT count(*) FROM deployment WHERE paused").fetchall() == [(0,)]
