"""Tags of a run in the Prefect UI: what it reads, and what it reads it with."""

import asyncio

from prefect import get_run_logger, runtime
from prefect.client.orchestration import get_client

from flows.night.opening import Night
from flows.night.run import Run
from flows.settings.config import Config

SOURCES_SHOWN = 20
PATIENCE_SECONDS = 15.0


def planned_tags(config: Config) -> list[str]:
    """Tags of a night before it runs, and so before its model is loaded."""
    sources = [f"source:{source.name}" for source in config.sources[:SOURCES_SHOWN]]
    return ["commentariat", f"model:{config.model.name}", *sources]


async def tag(run: Run) -> None:
    """Tag the flow run at hand with its sources and the exact model, however it was started.

    Like an artifact it is for looking at: if the server cannot take it, that is logged and the run goes on.
    """
    wanted = planned_tags(run.config) if isinstance(run, Night) else planned_tags(run.config)[:2]
    wanted += [f"model-version:{run.choice.version}"]
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), get_client() as client:
            known = runtime.flow_run.tags or []
            await client.update_flow_run(runtime.flow_run.id, tags=list(dict.fromkeys([*known, *wanted])))
    except Exception as error:
        get_run_logger().warning("the run could not be tagged: %s", type(error).__name__)
