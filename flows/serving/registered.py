"""What the Prefect server already has under the names of our deployments.

Registering a deployment replaces the one of the same name. So what a person has paused in the UI is carried over, and
what belongs to somebody else is not replaced.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.responses import DeploymentResponse
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound

from commentariat import ConfigError

POLLED_WITHIN = timedelta(seconds=60)
"""Whoever serves a deployment asks the server for its runs every ten seconds; after this time nobody serves it."""


async def registered(wanted: Sequence[RunnerDeployment]) -> dict[str, DeploymentResponse]:
    """Read those of the deployments that the server already has, by their full names."""
    known: dict[str, DeploymentResponse] = {}
    async with get_client() as client:
        for deployment in wanted:
            with suppress(ObjectNotFound):
                known[deployment.full_name] = await client.read_deployment_by_name(deployment.full_name)
    return known


def refuse_what_others_serve(
    wanted: Sequence[RunnerDeployment], known: Mapping[str, DeploymentResponse], now: datetime | None = None
) -> None:
    """Check that registering the deployments takes no night away from another configuration or another program.

    A deployment of another configuration that nobody serves any more may be replaced: the file may have been moved.

    Raises
    ------
    ConfigError
        When a deployment belongs to another program, or another configuration is being served under its name.
    """
    for deployment in wanted:
        deployed = known.get(deployment.full_name)
        if deployed is None:
            continue
        remedy = (
            'give this configuration a name of its own with name = "..." in [schedule], or use another server: '
            "`commentariat up` with another --port and another PREFECT_HOME"
        )
        if deployed.entrypoint != deployment.entrypoint:
            raise ConfigError(
                f"the Prefect server has a deployment {deployment.full_name} of another program "
                f"({deployed.entrypoint}), which would be replaced; {remedy}"
            )
        ours, theirs = _config_of(deployment.parameters), _config_of(deployed.parameters)
        if ours == theirs or not _is_polled(deployed, now or datetime.now(UTC)):
            continue
        raise ConfigError(
            f"the Prefect server already runs {deployment.full_name} for another configuration, {theirs}, whose nights "
            f"would no longer run; {remedy}. If {theirs} has just been stopped, try again in a minute"
        )


def keep_pauses(wanted: Sequence[RunnerDeployment], known: Mapping[str, DeploymentResponse]) -> list[str]:
    """Carry over what people have paused in the UI: whole deployments, and schedules.

    Returns
    -------
    list of str
        The full names of the deployments whose scheduled runs do not start.
    """
    paused = []
    for deployment in wanted:
        deployed = known.get(deployment.full_name)
        if deployed is None:
            continue
        deployment.paused = deployed.paused
        schedules = deployment.schedules or []
        for schedule in schedules:
            # If the configuration has another time now, its schedule replaces all that are there.
            same = [
                old for old in deployed.schedules if old.schedule == schedule.schedule
            ] or deployed.schedules
            schedule.active = not same or any(old.active for old in same)
        if deployment.paused or (schedules and not any(schedule.active for schedule in schedules)):
            paused.append(deployment.full_name)
    return paused


def _config_of(parameters: Mapping[str, object]) -> object:
    request = parameters.get("request")
    return request.get("config") if isinstance(request, Mapping) else None


def _is_polled(deployed: DeploymentResponse, now: datetime) -> bool:
    return deployed.last_polled is not None and now - deployed.last_polled < POLLED_WITHIN
