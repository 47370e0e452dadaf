"""Schedules: the flows as deployments, served from one process on one machine."""

from pathlib import Path

from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron

import commentariat
from flows.config import find_config, load_config
from flows.nightly import nightly
from flows.rescore import rescore_flow

# The warehouse has one writer. A night that is still running when the next is due makes the next one give way.
_ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def deployments(config_file: Path | None) -> list[RunnerDeployment]:
    """Say what can be run from the Prefect UI, and when it runs by itself.

    Raises
    ------
    ConfigError
        When the configuration cannot be used: better now than at half past three in the morning.
    """
    file = find_config(config_file)
    config = load_config(file)
    request = {"request": {"config": str(file)}}
    tags = ["commentariat", *(f"source:{source.name}" for source in config.sources)]
    schedule = Cron(config.schedule.cron, timezone=config.schedule.timezone)
    return [
        nightly.to_deployment(
            name="nightly",
            description="Take in what the sources bring, score it, and publish.",
            schedule=schedule,
            parameters=request,
            tags=tags,
            version=commentariat.__version__,
            concurrency_limit=_ONE_AT_A_TIME,
        ),
        rescore_flow.to_deployment(
            name="rescore",
            description="Ask new targets, or a new model, of everything stored.",
            parameters=request,
            tags=["commentariat"],
            version=commentariat.__version__,
            concurrency_limit=_ONE_AT_A_TIME,
        ),
    ]


def serve_deployments(config_file: Path | None) -> None:
    """Register the deployments and run what is due until stopped; stopping leaves the schedules in force."""
    serve(*deployments(config_file), pause_on_shutdown=False, limit=1, print_starting_message=True)
