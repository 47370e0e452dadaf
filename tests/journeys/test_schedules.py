"""Several missed nights become one, schedules remain after `serve` has stopped, and old runs are deleted."""

import signal
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.prefect_server import ENDED, PrefectServer, own_environment, server, until
from tests.journeys.press import slow_press, write_config
from tests.journeys.same_warehouse import content
from tests.ports import own_port

pytestmark = [pytest.mark.release, pytest.mark.timeout(900)]

PAGES = 6


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A server that looks for old runs every two seconds; no deployment is served."""
    folder, port = tmp_path_factory.mktemp("prefect"), own_port()
    environment = own_environment(folder / "prefect")
    often = environment | {"PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "2"}
    with slow_press() as press, server(often, port):
        config = write_config(folder, press, pages=PAGES)
        yield PrefectServer(None, f"http://127.0.0.1:{port}/api", environment, folder / "prefect", config)


def stop(process) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(90) == 0


def served(prefect: PrefectServer) -> bool | None:
    """Tell whether a process has registered the deployments and asked for their runs; it then handles SIGTERM."""
    try:
        return prefect.deployment("maintenance")["last_polled"] is not None or None
    except OSError:
        return None


def test_nights_that_were_missed_are_late_and_become_one(prefect: PrefectServer) -> None:
    serving = prefect.command("serve", "--config", str(prefect.config))
    until(lambda: served(prefect), 240, lambda: "the deployments are not served")
    stop(serving)
    for name in ("nightly", "maintenance"):
        assert [schedule["active"] for schedule in prefect.deployment(name)["schedules"]] == [True]
        assert not prefect.deployment(name)["paused"]

    deployment = prefect.deployment("nightly")["id"]
    due = [datetime.now(UTC) - timedelta(days=days) for days in (3, 2, 1)]
    missed = [
        prefect.ask(
            f"deployments/{deployment}/create_flow_run",
            state={"type": "SCHEDULED", "state_details": {"scheduled_time": when.isoformat()}},
            parameters={"request": {"config": str(prefect.config)}},
        )["id"]
        for when in due
    ]
    for run in missed:
        prefect.wait_for(run, "Late", seconds=90)

    serving = prefect.command("serve", "--config", str(prefect.config))
    ended = sorted(prefect.wait_for(run, *ENDED)["state"]["name"] for run in missed)
    stop(serving)
    assert ended == ["Cancelled", "Cancelled", "Completed"]
    assert len(content(prefect.config.parent / "commentary")["loaded"]) == PAGES


def test_runs_older_than_the_retention_go_with_all_that_belongs_to_them(prefect: PrefectServer) -> None:
    for _ in range(2):
        night = prefect.command("run", "--config", str(prefect.config))
        output, _err = night.communicate(timeout=300)
        assert night.returncode == 0, output
    # Only ended runs, because those that the schedule has for the next days would come first.
    ended = {"state": {"type": {"any_": ["COMPLETED"]}}}
    younger, older, *_ = prefect.ask("flow_runs/filter", flow_runs=ended, sort="START_TIME_DESC")
    database = prefect.home / "prefect.db"

    def rows(of: str) -> dict[str, int]:
        counted = {
            name: f"SELECT count(*) FROM {name} WHERE flow_run_id = ?"
            for name in ("task_run", "log", "artifact")
        }
        with sqlite3.connect(database, timeout=60) as connection:
            return {name: connection.execute(sql, (of,)).fetchone()[0] for name, sql in counted.items()}

    until(lambda: all(rows(older["id"]).values()) or None, 60, lambda: str(rows(older["id"])))
    with sqlite3.connect(database, timeout=60) as connection:
        connection.execute(
            "UPDATE flow_run SET end_time = datetime('now', '-61 days') WHERE id = ?", (older["id"],)
        )
    until(lambda: not any(rows(older["id"]).values()) or None, 120, lambda: str(rows(older["id"])))
    left = {run["id"] for run in prefect.ask("flow_runs/filter", flow_runs=ended)}
    assert older["id"] not in left
    assert younger["id"] in left, "younger runs stay"
