"""Registering our deployments undoes no pause of a person, and takes no night away from anybody, on a real server."""

from pathlib import Path
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.responses import DeploymentResponse
from prefect.deployments.runner import RunnerDeployment

from commentariat import ConfigError
from flows.serving.deployments import agree_with_server, deployments, what_is_served

pytestmark = pytest.mark.usefixtures("prefect_server")


def written(folder: Path, schedule: str) -> Path:
    folder.mkdir(exist_ok=True)
    config = folder / "commentariat.toml"
    config.write_text(f"[schedule]\n{schedule}\n")
    return config


def registered(config: Path) -> list[UUID]:
    """Register the deployments of a configuration as `serve` does at its start."""
    wanted = deployments(config)
    agree_with_server(wanted)
    ids = [deployment.apply() for deployment in wanted]
    return [one for one in ids if isinstance(one, UUID)]


def served(ids: list[UUID]) -> None:
    """Ask for the runs that are due, as whoever serves the deployments does every ten seconds."""
    with get_client(sync_client=True) as client:
        for _ in range(100):
            client.request(
                "POST", "/deployments/get_scheduled_flow_runs", json={"deployment_ids": list(map(str, ids))}
            )
            if client.read_deployment(ids[0]).last_polled:
                return
    raise AssertionError("the server does not note that it was asked")


def found(deployment: UUID) -> DeploymentResponse:
    with get_client(sync_client=True) as client:
        return client.read_deployment(deployment)


def test_a_paused_deployment_is_still_paused_after_the_next_start(tmp_path: Path) -> None:
    config = written(tmp_path, 'name = "paused"')
    night, *_ = registered(config)
    with get_client(sync_client=True) as client:
        client.request("POST", f"/deployments/{night}/pause_deployment")
    assert agree_with_server(deployments(config)) == ["nightly/nightly-paused"]
    registered(config)
    assert found(night).paused
    with get_client(sync_client=True) as client:
        client.request("POST", f"/deployments/{night}/resume_deployment")
    registered(config)
    assert not found(night).paused


@pytest.mark.parametrize("later", ["30 3 * * *", "15 2 * * *"])
def test_a_schedule_that_is_switched_off_stays_off_also_if_its_time_is_changed(
    tmp_path: Path, later: str
) -> None:
    name = f'name = "off-{later[:2]}"\n'
    night, _, maintenance = registered(written(tmp_path, name))
    with get_client(sync_client=True) as client:
        (schedule,) = found(night).schedules
        client.request("PATCH", f"/deployments/{night}/schedules/{schedule.id}", json={"active": False})
    registered(written(tmp_path, f'{name}cron = "{later}"'))
    assert [(one.active, one.schedule.model_dump()["cron"]) for one in found(night).schedules] == [
        (False, later)
    ]
    assert [one.active for one in found(maintenance).schedules] == [True]


def test_a_configuration_whose_nights_another_one_would_replace_is_named(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a", ""), written(tmp_path / "b", "")
    ids = registered(first)
    served(ids)
    with pytest.raises(
        ConfigError, match=r"nightly/nightly for another configuration.*\[schedule\]"
    ) as raised:
        registered(second)
    assert str(first) in str(raised.value)
    assert found(ids[0]).parameters == {"request": {"config": str(first)}}
    registered(first)


def test_two_configurations_with_names_of_their_own_are_served_side_by_side(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a", 'name = "one"'), written(tmp_path / "b", 'name = "two"')
    ids = registered(first)
    served(ids)
    others = registered(second)
    assert found(ids[0]).parameters == {"request": {"config": str(first)}}
    assert found(others[0]).parameters == {"request": {"config": str(second)}}
    assert found(others[0]).entrypoint == "commentariat.nightly"
    assert "nightly/nightly-two          30 3 * * *" in what_is_served(second)


def test_a_file_that_was_moved_takes_its_deployments_along(tmp_path: Path) -> None:
    night, *_ = registered(written(tmp_path / "a", 'name = "moved"'))
    moved = written(tmp_path / "b", 'name = "moved"')
    registered(moved)
    assert found(night).parameters == {"request": {"config": str(moved)}}


@flow(name="nightly")
def payroll() -> None:
    """Stand for the flow of another program that has the same name."""


def test_the_deployment_of_another_program_is_not_replaced(tmp_path: Path) -> None:
    theirs = RunnerDeployment.from_flow(payroll, name="nightly-payroll").apply()
    with pytest.raises(ConfigError, match="nightly/nightly-payroll of another program"):
        registered(written(tmp_path, 'name = "payroll"'))
    assert isinstance(theirs, UUID)
    assert found(theirs).entrypoint != "commentariat.nightly"
