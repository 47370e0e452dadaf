"""The rule that a run without heartbeats has crashed is for our runs, and for no others on a shared server."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from prefect import flow, runtime
from prefect.events.related import tags_as_related_resources
from prefect.server.events.schemas.automations import EventTrigger
from prefect.server.events.schemas.events import RelatedResource, Resource

from flows.cli.running import carry_out
from flows.monitoring.automations import TAG, dead_runs
from flows.serving.deployments import deployments


def waits_for(flow_name: str, tags: Iterable[str]) -> bool:
    """Say whether the server waits for the next heartbeat of a run, as Prefect's server decides it."""
    trigger = dead_runs().trigger
    rule = EventTrigger.model_validate_json(trigger.model_dump_json(exclude={"id"}))
    resource = {"prefect.resource.id": "prefect.flow-run.1", "prefect.resource.name": "a run"}
    of = {
        "prefect.resource.id": "prefect.flow.1",
        "prefect.resource.role": "flow",
        "prefect.resource.name": flow_name,
    }
    related = [of, *(dict(tag) for tag in tags_as_related_resources(tags))]
    return rule.covers_resources(
        Resource.model_validate(resource), [RelatedResource.model_validate(one) for one in related]
    )


def test_another_programs_flow_of_the_same_name_is_left_alone() -> None:
    assert not waits_for("nightly", [])
    assert not waits_for("maintenance", ["team:payroll"])
    assert not waits_for("payroll", [TAG])


def test_the_runs_of_every_deployment_are_waited_for(tmp_path: Path) -> None:
    config = tmp_path / "commentariat.toml"
    config.write_text("")
    for deployment in deployments(config):
        assert waits_for(deployment.flow_name or "", deployment.tags)


@pytest.mark.usefixtures("prefect_server")
def test_a_run_of_the_command_line_has_the_tag_when_it_starts() -> None:
    tags: list[str] = []

    @flow
    async def night() -> None:
        tags.extend(runtime.flow_run.tags)

    carry_out(lambda: lambda: night(return_state=True), lambda _: 0, verbose=False)
    assert tags == [TAG]


def test_a_flow_that_is_used_in_python_sends_its_heartbeats_as_often_as_one_of_the_command_line(
    tmp_path: Path,
) -> None:
    ask = "import commentariat; commentariat.nightly; from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY"
    answer = subprocess.run(
        [sys.executable, "-c", f"{ask}; print(PREFECT_FLOWS_HEARTBEAT_FREQUENCY.value())"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,  # the project's folder has a file with the settings
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PREFECT_HOME": str(tmp_path)},
    )
    assert answer.stdout.split() == ["30"]
