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


def planned_tags(config: Config) -> list[str]:
    """List the tags of a night before it runs, when its model is not loaded yet."""
    sources = [f"source:{source.name}" for source in config.sources[:SOURCES_SHOWN]]
    return [TAG, f"model:{config.model.name}", *sources]


async def tag(run: Run) -> None:
    """Tag the current flow run with its sources and the exact model, however it was started.

    Like artifacts, tags only inform people: if the server does not accept them, this is logged and the run continues.
    """
    wanted = planned_tags(run.config) if isinstance(run, Night) else planned_tags(run.config)[:2]
    wanted += [f"model-version:{run.choice.version}"]
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), get_client() as client:
            known = runtime.flow_run.tags or []
            await client.update_flow_run(runtime.flow_run.id, tags=list(dict.fromkeys([*known, *wanted])))
    except Exception as error:
        get_run_logger().warning("the run could not be tagged: %s", type(error).__name__)
