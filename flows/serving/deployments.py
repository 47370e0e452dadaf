"""Schedules: the flows as deployments, served from one process on one machine.

These rules hold:

- A night that is due while another night is running is cancelled, with a message. The running night already does its
  work, because a night looks up itself what is due.
- Nights that were missed because nothing was serving are late. The first of them runs, and the others are cancelled.
- A re-score or the maintenance waits for a night that is writing, and a night waits for them: the warehouse has one
  writer.
- A run whose process is gone is marked as crashed after 90 seconds without a heartbeat. It does not block the next run.
- Stopping this process (Ctrl-C, SIGTERM) cancels the run in progress and keeps what it has finished. The schedules stay
  active. What a person has paused in the UI stays paused, also when this process starts again.
"""

import asyncio
import logging
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from prefect import Flow, serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import PrefectHTTPStatusError
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType

import commentariat
from commentariat import ConfigError
from flows.maintenance import maintenance
from flows.monitoring.automations import TAG, dead_runs, upsert
from flows.monitoring.refusals import refusal_of
from flows.monitoring.tags import usual_tags
from flows.night.classifier.runners import refuse_missing_extra
from flows.nightly import nightly
from flows.rescore import rescore_flow
from flows.serving.registered import keep_pauses, refuse_what_others_serve, registered
from flows.settings.config import load_config
from flows.settings.file import SERVED_CONFIG, find_config
from flows.settings.sections import ScheduleSettings

logger = logging.getLogger("prefect.commentariat.serving")
Result = TypeVar("Result")

HEARTBEAT_SECONDS = 30
_RUNS_AT_A_TIME = 8
_ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def deployments(config_file: Path | None) -> list[RunnerDeployment]:
    """List the deployments that can be started in the Prefect UI, with their schedules.

    Raises
    ------
    ConfigError
        When the configuration cannot be used. It is checked here so that the first night does not fail on it.
    """
    file = find_config(config_file)
    config = load_config(file)
    refuse_missing_extra(config.execution)

    def deployment_of(flow: Flow[..., Any], name: str, **arguments: Any) -> RunnerDeployment:  # noqa: ANN401 - Prefect checks them
        deployment = RunnerDeployment.from_flow(
            flow,
            name=name,
            parameters={"request": {"config": str(file)}},
            version=commentariat.__version__,
            concurrency_limit=_ONE_AT_A_TIME,
            entrypoint_type=EntrypointType.MODULE_PATH,
            **arguments,
        )
        # Prefect puts the working directory before the installed packages while it imports the module of an entrypoint.
        # A user's folder `flows` would then be imported instead of ours; `commentariat` imports ours afterwards.
        deployment.entrypoint = f"commentariat.{name}"
        deployment.name = _named(name, config.schedule)
        return deployment

    return [
        deployment_of(
            nightly,
            "nightly",
            description="Take in the articles of the sources, score them, and publish.\n\nTo fill a gap, give `since` "
            "and `until`; to take in only a few articles, give `inputs`.",
            schedule=_schedule("cron", config.schedule.cron, config.schedule.timezone),
            # Every event of every task run repeats these tags; the run adds the other tags (flows/monitoring/tags.py).
            tags=usual_tags(config),
        ),
        deployment_of(
            rescore_flow,
            "rescore",
            description="Score all stored articles on new targets or with a new model; stored answers stay. With "
            "another `stated_right`, the model does not read the texts again.",
            tags=[TAG],
        ),
        deployment_of(
            maintenance,
            "maintenance",
            description="Merge small files, remove replaced files, and check everything that is stored.",
            schedule=_schedule(
                "maintenance_cron", config.schedule.maintenance_cron, config.schedule.timezone
            ),
            tags=[TAG],
        ),
    ]


def what_is_served(config_file: Path | None) -> str:
    """Write a few lines for the terminal: each deployment and its schedule."""
    schedule = load_config(config_file).schedule
    when = {
        "nightly": f"{schedule.cron}  {schedule.timezone}",
        "maintenance": f"{schedule.maintenance_cron}  {schedule.timezone}",
        "rescore": "on demand",
    }
    served = {f"{flow}/{_named(flow, schedule)}": times for flow, times in when.items()}
    width = max(map(len, served))
    return "\n".join(f"{name:{width}}  {times}" for name, times in served.items())


def put_rules_in_force() -> None:
    """Create or update the rules that the Prefect server applies by itself.

    Raises
    ------
    CommentariatError
        When the server refuses them; ConfigError if it asks for a password.
    """
    _ask(upsert(dead_runs()), "the rule for runs without heartbeats")


def agree_with_server(wanted: list[RunnerDeployment]) -> list[str]:
    """Fit the deployments to what the Prefect server has under their names, before they are registered.

    Returns
    -------
    list of str
        The full names of the deployments that a person has paused, and that stay so.

    Raises
    ------
    CommentariatError
        When the server refuses the request; ConfigError if it asks for a password, or if another configuration or
        another program has a deployment of the same name.
    """
    known = _ask(registered(wanted), "a question about its deployments")
    refuse_what_others_serve(wanted, known)
    return keep_pauses(wanted, known)


def serve_deployments(config_file: Path | None) -> None:
    """Register the deployments and start the runs that are due until stopped; the schedules stay active afterwards.

    Raises
    ------
    CommentariatError
        When the server does not accept them; ConfigError if another configuration is served under the same names.
    """
    wanted = deployments(config_file)
    paused = agree_with_server(wanted)
    # A run whose parameters name no configuration must not take the sample: somebody may empty the field of the form.
    os.environ[SERVED_CONFIG] = str(find_config(config_file))
    wait = load_config(config_file).schedule.wait_minutes * 60
    os.environ.setdefault("COMMENTARIAT_WAREHOUSE__WAIT_SECONDS", f"{wait:g}")
    # Each run is a process `python -m prefect...`, which would import modules of the working directory instead of ours.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    put_rules_in_force()
    for name in paused:
        logger.warning(
            "%s stays paused, as somebody has set it in the UI: no run of it starts by itself", name
        )
    serve(
        *wanted,
        pause_on_shutdown=False,
        limit=_RUNS_AT_A_TIME,
        heartbeat_seconds=HEARTBEAT_SECONDS,
        print_starting_message=False,
    )


def _named(flow: str, schedule: ScheduleSettings) -> str:
    """Name the deployment of a flow; those of several configurations on one server differ in their last part."""
    return f"{flow}-{schedule.name}" if schedule.name else flow


def _ask(question: Coroutine[Any, Any, Result], asked_for: str) -> Result:
    try:
        return asyncio.run(question)
    except (PrefectHTTPStatusError, RuntimeError) as error:
        if refusal := refusal_of(error, asked_for):
            raise refusal from None
        raise


def _schedule(key: str, cron: str, timezone: str) -> Schedule:
    try:
        _refuse_other_fields(cron)
        return Cron(cron, timezone=timezone)
    except ValueError as error:
        raise ConfigError(
            f"schedule.{key}: {cron!r} in time zone {timezone!r} cannot be used as a schedule: {error}. "
            'Five fields are needed, such as "30 3 * * *" for every night at half past three'
        ) from error


def _refuse_other_fields(cron: str) -> None:
    """Refuse a sixth field: Prefect reads seconds in it, and other programs have them in the first one.

    "0 0 3 * * *", every night at three for those, would start sixty runs on the third of each month.
    """
    fields = len(cron.split())
    if fields != 5 and not cron.strip().startswith("@"):  # "@daily" is a name for five fields
        raise ValueError(f"it has {fields} fields")
