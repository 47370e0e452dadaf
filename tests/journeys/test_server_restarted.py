"""A Prefect server may end and start again: it still knows the runs, and a run without it still sends its alerts."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas import OrchestrationResult
from prefect.client.schemas.objects import FlowRun
from prefect.events import Event
from prefect.events.clients import PrefectEventsClient
from prefect.events.related import tags_as_related_resources
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Pending, Running

from flows.monitoring.automations import HEARTBEAT, dead_runs, upsert
from flows.nightly import nightly
from flows.serving.deployments import deployments
from tests.flows.monitoring.test_alerts import web_receiver
from tests.journeys.prefect_server import ENDED, PROJECT, PrefectServer, own_environment, server
from tests.ports import own_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FAILS_WITHOUT_SERVER = """
import os, signal, sys
from prefect import flow
from commentariat import InputError
from flows.monitoring import command_run, result
from flows.monitoring.alerts import send_alerts
from flows.night.opening import NightRequest

@flow(name="nightly", persist_result=False, on_failure=[send_alerts])
@result.errors_to_failed_state
async def night(request: NightRequest):
    os.kill(int(sys.argv[2]), signal.SIGKILL)
    raise InputError("the essays are gone")

command_run.SERVER_PATIENCE_SECONDS = 1.0
request = NightRequest(config=sys.argv[1])
command_run.run_to_its_end(lambda: night(request, return_state=True), lambda _: 0, lambda: None)
"""
SILENCE = timedelta(seconds=10)


@pytest.fixture
def prefect(tmp_path: Path) -> Iterator[PrefectServer]:
    """Say where a server is to run; the test starts and ends it."""
    config = tmp_path / "commentariat.toml"
    config.write_text("")
    home = tmp_path / "prefect"
    api = f"http://127.0.0.1:{own_port()}/api"
    with temporary_settings({PREFECT_API_URL: api}):
        yield PrefectServer(None, api, own_environment(home), home, config)


def port_of(prefect: PrefectServer) -> int:
    return int(prefect.api.split(":")[2].removesuffix("/api"))


async def started(deployment: UUID) -> FlowRun:
    """Let a run of the deployment begin as Prefect's runner does, without executing it."""
    async with get_client() as client:
        run = await client.create_flow_run_from_deployment(deployment)
        answer: OrchestrationResult[object] = await client.set_flow_run_state(run.id, Pending())
        if answer.state is not None and answer.state.is_pending():
            await client.set_flow_run_state(run.id, Running())
        return await client.read_flow_run(run.id)


async def renewed(lease: UUID) -> None:
    async with get_client() as client:
        await client.renew_concurrency_lease(lease, lease_duration=300)


async def heartbeat(run: FlowRun) -> None:
    """Send the heartbeat of a run as Prefect's engine does."""
    event = Event(
        event=HEARTBEAT,
        resource={"prefect.resource.id": f"prefect.flow-run.{run.id}", "prefect.resource.name": run.name},
        related=[
            {
                "prefect.resource.id": f"prefect.flow.{run.flow_id}",
                "prefect.resource.role": "flow",
                "prefect.resource.name": nightly.name,
            },
            *tags_as_related_resources(run.tags),
        ],
    )
    async with PrefectEventsClient() as events:
        await events.emit(event)


def test_a_night_keeps_its_place_when_the_server_restarts(prefect: PrefectServer) -> None:
    with server(prefect.environment, port_of(prefect)):
        deployment = deployments(prefect.config)[0].apply()
        assert isinstance(deployment, UUID)
        night = asyncio.run(started(deployment))
        assert night.state is not None
        lease = night.state.state_details.deployment_concurrency_lease_id
        assert lease is not None
    with server(prefect.environment, port_of(prefect)):
        asyncio.run(renewed(lease))
        second = asyncio.run(started(deployment))
        assert second.state is not None
        assert second.state.is_cancelled(), "the first night still has the only place"


def test_a_night_that_died_with_its_server_is_crashed_after_the_next_start(prefect: PrefectServer) -> None:
    rule = dead_runs(SILENCE)
    with server(prefect.environment, port_of(prefect)):
        asyncio.run(upsert(rule))
        deployment = deployments(prefect.config)[0].apply()
        assert isinstance(deployment, UUID)
        night = asyncio.run(started(deployment))
        time.sleep(5)  # the server reads rules that are new every few seconds
        asyncio.run(heartbeat(night))
        time.sleep(3)  # and stores events in batches
    time.sleep(75)  # longer than Prefect would remember by itself that a heartbeat is awaited
    with server(prefect.environment, port_of(prefect)):
        asyncio.run(upsert(rule))  # as `serve` and `up` do at their start
        ended = prefect.wait_for(str(night.id), *ENDED, seconds=60)
    assert ended["state"]["name"] == "Crashed"
    assert "no heartbeat for 10 seconds" in ended["state"]["message"]


def test_a_failure_is_reported_although_the_server_is_lost(prefect: PrefectServer) -> None:
    with web_receiver() as (address, received), server(prefect.environment, port_of(prefect)) as process:
        prefect.config.write_text(f'[alerts]\nwebhook = "{address}"\n')
        ended = subprocess.run(
            [sys.executable, "-c", FAILS_WITHOUT_SERVER, str(prefect.config), str(process.pid)],
            env=prefect.environment | {"PREFECT_API_URL": prefect.api},
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 2, ended.stderr
    assert "commentariat: the essays are gone" in ended.stderr
    assert [(alert["flow"], alert["state"], alert["message"]) for alert in received] == [
        ("nightly", "Failed", "the essays are gone")
    ]


def test_a_rule_that_is_already_in_force_is_left_as_it_is(prefect: PrefectServer) -> None:
    with server(prefect.environment, port_of(prefect)):
        asyncio.run(upsert(dead_runs()))
        (before,) = prefect.ask("automations/filter")
        asyncio.run(upsert(dead_runs()))
        (after,) = prefect.ask("automations/filter")
        assert after["trigger"]["id"] == before["trigger"]["id"]
        asyncio.run(upsert(dead_runs(SILENCE)))
        (changed,) = prefect.ask("automations/filter")
    assert changed["id"] == before["id"]
    assert changed["trigger"]["within"] == 10
