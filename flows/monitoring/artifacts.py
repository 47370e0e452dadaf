"""The artifacts of a run in the Prefect UI, beside its log: progress, a summary, and tables.

Artifacts only inform people. A server that is down, restarts or is full must not end a night. If an artifact cannot be
written, this is logged and the night continues.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from socket import gethostname
from typing import Any, TypeVar
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import (
    acreate_markdown_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)

from flows.monitoring.markdown import as_code, as_list, as_markdown
from flows.monitoring.summary import FEW_EXPLAINED, Summary
from warehouse import connect
from warehouse.sql_files import load_sql

PATIENCE_SECONDS = 15.0

Result = TypeVar("Result")


async def write_summary_artifact(summary: Summary, sources: Sequence[str]) -> None:
    """Write the summary as Markdown and its figures as tables; each key shows the history of all nights.

    Parameters
    ----------
    sources
        Names of the night's sources; each has a row, also if it brought nothing.
    """
    about = f"Run {summary.run_id}: {summary.headline}"

    async def page() -> object:
        return await acreate_markdown_artifact(as_markdown(summary), key="night-summary", description=about)

    async def snapshot() -> object:
        place = f"{as_code(str(summary.snapshot.resolve()))} on {as_code(gethostname())}"
        return await acreate_markdown_artifact(place, key="night-snapshot", description=about)

    def table(
        key: str, rows_of: Callable[[Summary], list[dict[str, Any]]], note: str = ""
    ) -> Callable[[], Awaitable[object]]:
        async def written() -> object:
            # In a thread, because one of the tables is asked of the warehouse, and the event loop must not wait for it.
            rows = await asyncio.to_thread(rows_of, summary)
            description = f"{about}. {note}" if note else about
            return await acreate_table_artifact(rows, key=key, description=description) if rows else key

        return written

    tables = (
        table("night-outcomes", _outcomes),
        table("night-stance", _stances, FEW_EXPLAINED if summary.has_few else ""),
        table("night-sources", partial(_sources, sources)),
    )
    for write in (page, *tables, snapshot):
        if await _try(write()) is None:
            return  # waiting for each artifact without success would add up


async def write_rescore_artifact(headline: str, lines: Sequence[str]) -> None:
    """Write what a re-score did as Markdown; the key shows the history of all re-scores."""
    page = as_list(headline, lines)
    await _try(acreate_markdown_artifact(page, key="rescore-summary", description=headline))


class Progress:
    """The progress of the night, as a bar on the run's tab.

    Parameters
    ----------
    total
        Number of items that are due.
    """

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0
        self._artifact: UUID | None = None
        self._gave_up = False

    async def advance(self, items: int) -> None:
        """Count items as finished."""
        self._done += items
        if self._gave_up:  # waiting in each micro-batch without success would add up
            return
        percent, description = 100 * self._done / self._total, f"{self._done} of {self._total} items"
        if self._artifact is None:
            self._artifact = await _try(
                acreate_progress_artifact(percent, key="night-progress", description=description)
            )
            self._gave_up = self._artifact is None
        else:
            updated = await _try(aupdate_progress_artifact(self._artifact, percent, description=description))
            self._gave_up = updated is None


async def _try(writing: Awaitable[Result]) -> Result | None:
    try:
        return await asyncio.wait_for(writing, PATIENCE_SECONDS)
    except Exception as error:  # no error of the server may end the night
        get_run_logger().warning("an artifact was not written: %s", type(error).__name__)
        return None


def _outcomes(summary: Summary) -> list[dict[str, Any]]:
    return [{"outcome": name, "items": count} for name, count in summary.outcomes.items()]


def _stances(summary: Summary) -> list[dict[str, Any]]:
    return [{"target": target.marked_statement, **target.counts} for target in summary.stances]


def _sources(sources: Sequence[str], summary: Summary) -> list[dict[str, Any]]:
    sql = load_sql("run_sources", Path(__file__).parent)
    with connect(summary.warehouse) as connection:
        rows = connection.query(sql, {"run_id": summary.run_id, "sources": list(sources)}).to_pylist()
    return [
        row
        | {
            "last_nights": " ".join("-" if loaded is None else str(loaded) for loaded in row["last_nights"]),
            "newest": f"{row['newest']:%Y-%m-%d}" if row["newest"] else "never",
        }
        for row in rows
    ]
