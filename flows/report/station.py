"""Writes the report as a Prefect task: the last step of a run; if it fails, the run does not fail."""

import asyncio
from pathlib import Path

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from commentariat import CommentariatError
from flows.report.write import write_report

_NOT_WRITTEN = "no report was written; `commentariat report` tries again: %s"


@task(name="report", task_run_name="write the report", cache_policy=NO_CACHE, persist_result=False)
async def _write(path: Path) -> Path:
    written = await asyncio.to_thread(write_report, path)
    get_run_logger().info("report of %.1f MB written in %.1f s", written.bytes / 1e6, written.seconds)
    return written.path


async def report_station(warehouse: Path) -> Path | None:
    """Write the report on the published articles; if it cannot be written, this is logged and the result is None.

    The results of a run are in the warehouse, so a report can be made from them at any time.
    """
    try:
        return await _write(warehouse)
    except CommentariatError as error:
        get_run_logger().warning(_NOT_WRITTEN, error)
    except Exception as error:
        get_run_logger().warning(_NOT_WRITTEN, type(error).__name__, exc_info=error)
    return None
