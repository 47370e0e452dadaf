"""Tags of a run in the Prefect UI: its sources and its model."""

import asyncio

from prefect import get_run_logger, runtime
from prefect.client.orchestration import get_client

from flows.monitoring.automations import TAG
from flows.night.opening import Night
from flows.night.run import Run
from flows.settings.config import Config

SOURCES_SHOWN = 20
PATIENCE_SECONDS = 15.0


def usual_tags(config: Config) -> list[str]:
    """List the tags that a run has whatever its sources are, and that are known before its model is loaded."""
    return [TAG, f"model:{config.model.name}"]


def source_tags(config: Config) -> list[str]:
    """List the tags of the sources, of the first few if there are many."""
    return [f"source:{source.name}" for source in config.sources[:SOURCES_SHOWN]]


async def tag(run: Run) -> None:
    """Tag the current flow run with a night's sources and the exact model, however it was started.

    Like artifacts, tags only inform people: if the server does not accept them, this is logged and the run continues.
    """
    sources = source_tags(run.config) if isinstance(run, Night) else []
    wanted = [*usual_tags(run.config), *sources, f"model-version:{run.choice.version}"]
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), get_client() as client:
            known = runtime.flow_run.tags or []
            await client.update_flow_run(runtime.flow_run.id, tags=list(dict.fromkeys([*known, *wanted])))
    except Exception as error:
        get_run_logger().warning("the run could not be tagged: %s", type(error).__name__)
