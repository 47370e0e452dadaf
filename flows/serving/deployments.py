"""Schedules: the flows as deployments, served from one process on one machine.

These rules hold:

- A night that is due while another night is running is cancelled, with a message. The running night already does its
  work, because a night looks up itself what is due.
- Nights that were missed because nothing was serving are late. The first of them runs, and the others are cancelled.
- A re-score or the maintenance waits for a night that is writing, and a night waits for them: the warehouse has one
  writer.
- A run whose process is gone is marked as crashed after 90 seconds without a heartbeat. It does not block the next run.
- Stopping this process (Ctrl-C, SIGTERM) cancels the run in progress and keeps what it has finished. The schedules stay
  active.
"""

import asyncio
import os
from pathlib import Path

from prefect import serve
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
from flows.monitoring.tags import planned_tags
from flows.night.runners import refuse_missing_extra
from flows.nightly import nightly
from flows.rescore import rescore_flow
from flows.settings.config import find_config, load_config

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
    request = {"request": {"config": str(file)}}
    wanted = [
        RunnerDeployment.from_flow(
            nightly,
            name="nightly",
            description="Take in the articles of the sources, score them, and publish.\n\nTo fill a gap, give `since` "
            "and `until`; to take in only a few articles, give `inputs`.",
            schedule=_schedule("cron", config.schedule.cron, config.schedule.timezone),
            parameters=request,
            # Every event of every task run repeats these tags; the run adds the other tags (flows/monitoring/tags.py).
            tags=planned_tags(config)[:2],
            version=commentariat.__version__,
            concurrency_limit=_ONE_AT_A_TIME,
            entrypoint_type=EntrypointType.MODULE_PATH,
        ),
        RunnerDeployment.from_flow(
            rescore_flow,
            name="rescore",
            description="Score all stored articles on new targets or with a new model; stored answers stay. With "
            "another `stated_right`, the model does not read the texts again.",
            parameters=request,
            tags=[TAG],
            version=commentariat.__version__,
            concurrency_limit=_ONE_AT_A_TIME,
            entrypoint_type=EntrypointType.MODULE_PATH,
        ),
        RunnerDeployment.from_flow(
            maintenance,
            name="maintenance",
            description="Merge small files, remove replaced files, and check everything that is stored.",
            schedule=_schedule(
                "maintenance_cron", config.schedule.maintenance_cron, config.schedule.timezone
            ),
            parameters=request,
            tags=[TAG],
            version=commentariat.__version__,
            concurrency_limit=_ONE_AT_A_TIME,
            entrypoint_type=EntrypointType.MODULE_PATH,
        ),
    ]
    for deployment in wanted:
        # Prefect puts the working directory before the installed packages while it imports the module of an entrypoint.
        # A user's folder `flows` would then be imported instead of ours; `commentariat` imports ours afterwards.
        deployment.entrypoint = f"commentariat.{deployment.name}"
    return wanted


def what_is_served(config_file: Path | None) -> str:
    """Write a few lines for the terminal: each deployment and its schedule."""
    schedule = load_config(config_file).schedule
    lines = (
        f"nightly/nightly          {schedule.cron}  {schedule.timezone}",
        f"maintenance/maintenance  {schedule.maintenance_cron}  {schedule.timezone}",
        "rescore/rescore          on demand",
    )
    return "\n".join(lines)


def put_rules_in_force() -> None:
    """Create or update the rules that the Prefect server applies by itself.

    Raises
    ------
    CommentariatError
        When the server refuses them; ConfigError if it asks for a password.
    """
    try:
        asyncio.run(upsert(dead_runs()))
    except (PrefectHTTPStatusError, RuntimeError) as error:
        if refusal := refusal_of(error, "the rule for runs without heartbeats"):
            raise refusal from None
        raise


def serve_deployments(config_file: Path | None) -> None:
    """Register the deployments and start the runs that are due until stopped; the schedules stay active afterwards."""
    wanted = deployments(config_file)
    wait = load_config(config_file).schedule.wait_minutes * 60
    os.environ.setdefault("COMMENTARIAT_WAREHOUSE__WAIT_SECONDS", f"{wait:g}")
    # Each run is a process `python -m prefect...`, which would import modules of the working directory instead of ours.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    put_rules_in_force()
    serve(
        *wanted,
        pause_on_shutdown=False,
        limit=_RUNS_AT_A_TIME,
        heartbeat_seconds=HEARTBEAT_SECONDS,
        print_starting_message=False,
    )


def _schedule(key: str, cron: str, timezone: str) -> Schedule:
    try:
        return Cron(cron, timezone=timezone)
    except ValueError as error:
        raise ConfigError(
            f"schedule.{key}: {cron!r} in time zone {timezone!r} cannot be used as a schedule: {error}. "
            'Five fields are needed, such as "30 3 * * *" for every night at half past three'
        ) from error
