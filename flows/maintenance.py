"""The weekly maintenance: merges small files, removes replaced files, and checks everything that is stored."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from pydantic import Field

from flows.monitoring.alerts import send_alerts
from flows.monitoring.merged import merged_in_words
from flows.monitoring.result import errors_to_failed_state, named_by_time, state_of
from flows.night.lock import writing
from flows.settings.request import Request
from warehouse import Writer
from warehouse.log.remote import Remote
from warehouse.upkeep.compaction import MIN_FILES, Compacted, compact_and_publish
from warehouse.upkeep.retention import TRASH_DAYS, Retained, clean
from warehouse.upkeep.verify import Verification, verify

# So long that only a task that hangs reaches its limit. With the default schedule, the two tasks that write have to end
# before the next night begins.
COMPACT_HOURS = 12
CLEAR_AWAY_HOURS = 2
VERIFY_HOURS = 12


class MaintenanceRequest(Request):
    """The settings of a maintenance; every field has a sensible default."""

    min_files: int = Field(
        default=MIN_FILES,
        ge=2,
        le=1_000_000,
        description="Merge a month of a table if it has at least this many files.",
    )
    trash_days: float = Field(
        default=TRASH_DAYS,
        ge=0,
        le=36_500,
        allow_inf_nan=False,
        description="Days for which replaced files can still be restored by hand.",
    )
    check: bool = Field(
        default=True, description="Afterwards check everything that is stored, from checksums to audits."
    )


@dataclass(frozen=True, slots=True)
class Maintained:
    """What the maintenance did, in a sentence, and how many faults its check found."""

    headline: str
    findings: int


@flow(
    name="maintenance",
    flow_run_name=named_by_time("maintenance"),
    persist_result=False,
    on_failure=[send_alerts],
    on_crashed=[send_alerts],
)
@errors_to_failed_state
async def maintenance(
    request: MaintenanceRequest = MaintenanceRequest(),  # noqa: B008 - frozen, so one serves all calls
) -> State[Maintained]:
    """Compact, publish, remove and check. Readers are not disturbed; what was taken down never comes back."""
    settings = request.resolve_config().warehouse
    warehouse = settings.open()
    waiting = writing(warehouse, flow="maintenance", create=False, wait_seconds=settings.wait_seconds)
    async with waiting as writer:
        merged = await compact_files(writer, request.min_files)
        cleared = await clear_away(writer, settings.keep_snapshots, request.trash_days)
    headline = (
        f"{merged_in_words(merged, request.min_files)}; {cleared.moved_to_trash} replaced files put in trash, "
        f"{cleared.deleted} deleted for good ({cleared.bytes_freed / 1e6:.1f} MB)"
    )
    if not request.check:
        return state_of(headline, Maintained(headline, 0))
    checked = await check_everything(settings.path, warehouse.remote)
    headline = f"{headline}; {checked.rows:,} rows in {checked.files} files checked"
    if checked.findings:
        first = f"{checked.findings[0].check}: {checked.findings[0].message}"
        count = len(checked.findings)
        found = "1 fault was found" if count == 1 else f"{count:,} faults were found, the first"
        fault = f"{found}: {first}"
        return state_of(headline, Maintained(f"{fault} ({headline})", count), warnings=[fault])
    headline = f"{headline}, sound"
    return state_of(headline, Maintained(headline, 0))


# A thread cannot be stopped: one whose time is over works on. Therefore the tasks that write do so in the writer's
# turn, and the run keeps the lock as long as a thread has the turn. They are not tried again. This would be safe, but
# the second attempt counts only what the first has left, so the headline would be wrong; and the next maintenance does
# what is left.


@task(
    name="compact",
    task_run_name="compact files",
    retries=0,
    timeout_seconds=COMPACT_HOURS * 3600,
    cache_policy=NO_CACHE,
    persist_result=False,
)
async def compact_files(writer: Writer, min_files: int) -> Compacted:
    """Merge small files and publish the result for readers."""
    return await asyncio.to_thread(compact_and_publish, writer, min_files=min_files)


@task(
    name="clear away",
    task_run_name="clear away",
    retries=0,
    timeout_seconds=CLEAR_AWAY_HOURS * 3600,
    cache_policy=NO_CACHE,
    persist_result=False,
)
async def clear_away(writer: Writer, keep_snapshots: int, trash_days: float) -> Retained:
    """Delete old snapshots, move replaced files to the trash, and delete old files in the trash."""

    def in_turn() -> Retained:
        with writer.turn():
            return clean(writer.root, writer.log, keep=keep_snapshots, trash_days=trash_days)

    return await asyncio.to_thread(in_turn)


def _was_not_too_slow(_task: object, _run: object, state: State[Any]) -> bool:
    """Say whether the check is made again; one that took too long would take as long again."""
    return not isinstance(state.data, TimeoutError)


@task(
    name="verify",
    task_run_name="verify everything",
    retries=1,  # it changes nothing, so it can be repeated
    retry_delay_seconds=10,
    retry_condition_fn=_was_not_too_slow,
    timeout_seconds=VERIFY_HOURS * 3600,
    cache_policy=NO_CACHE,
    persist_result=False,
)
async def check_everything(path: Path, remote: Remote | None) -> Verification:
    """Check log, checksums, audits, snapshot, and the shared place if there is one."""
    return await asyncio.to_thread(verify, path, remote=remote)
