"""The night: take in opinion articles, find their topics and stances, and publish the answers."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from flows.monitoring.alerts import send_alerts
from flows.monitoring.artifacts import Progress, write_summary_artifact
from flows.monitoring.console import progress
from flows.monitoring.result import errors_to_failed_state, named_by_time, state_of
from flows.monitoring.summary import Summary, summarise
from flows.monitoring.tags import tag
from flows.monitoring.warnings import warnings_of
from flows.night.garbage import FinishedTasks, search_only_newer_objects
from flows.night.intake.discovery import discover_all
from flows.night.intake.intake import taken_in
from flows.night.intake.work import due_batches
from flows.night.opening import Night, NightRequest, open_night
from flows.night.run import finish
from flows.night.scoring.backlog import score_backlog
from flows.night.scoring.scoring import score_and_load
from flows.night.second_model.asking import second_model_in_background
from flows.night.second_model.due import period_of_a_night
from flows.night.second_model.tally import SecondModelResult
from flows.night.target_remarks import log_remark_on
from flows.report.station import report_station
from tasks.item import Item
from tasks.stations import publish_station
from warehouse.log.commit_log import OvertakenError
from warehouse.upkeep.takedown import take_down_relisted


@flow(
    name="nightly",
    flow_run_name=named_by_time("night"),
    persist_result=False,
    on_failure=[send_alerts],
    on_crashed=[send_alerts],
)
@errors_to_failed_state
async def nightly(
    request: NightRequest = NightRequest(),  # noqa: B008 - frozen, so one serves all calls
) -> State[Summary]:
    """Take in the items that the sources list, score them, and publish the result; finished work is not repeated.

    The night can be stopped at any instant: each micro-batch is committed as a whole, and the next night does the
    work that is missing.
    """
    async with open_night(request) as night:
        await tag(night)
        log_remark_on(night.targets)
        listed = await discover_all(night)
        async with second_model_in_background(night, period_of_a_night(night)) as second:
            await process_due_items(night, listed)
            # Nothing is extracted from here on, and idle workers would hold their memory until the night is published.
            await asyncio.to_thread(night.extract_workers.close)
            await take_down_relisted_articles(night)  # before a long backlog publishes
            answered = await score_backlog(night, after_intake=True)
            wait_minutes = night.config.second_model.wait_minutes
            asked = await second.finish(wait_minutes) if second else SecondModelResult()
        await take_down_relisted_articles(night)  # what another machine has taken down meanwhile
        # In a thread, as all queries of a run: a query may wait for another one, and the event loop must not.
        warnings = await asyncio.to_thread(warnings_of, night, answered.unanswered)
        summary = await asyncio.to_thread(
            summarise,
            night.writer.query,
            night.config.warehouse.path,
            night.run_id,
            warnings,
            asked.sentences,
        )
        await finish(night, summary.note)
        await publish_station(night.writer)
    summary = replace(summary, report=await report_station(summary.warehouse))
    await write_summary_artifact(summary, [source.name for source in night.config.sources])
    return state_of(summary.headline, summary, warnings=summary.warnings, stopped=asked.stopped)


async def process_due_items(night: Night, listed: dict[str, Item]) -> None:
    """Pass all items that are due through the stations; fetching and extracting run ahead of the classifier.

    Empties ``listed``: of the items, only those that wait to be taken in stay in memory.
    """
    how_many, batches = await due_batches(night, listed)
    listed.clear()
    search_only_newer_objects()  # Prefect keeps the results of the discovery until then
    run = night.config.run
    shown, finished = Progress(how_many), FinishedTasks()
    with progress("processing", total=how_many) as advance:
        async with aclosing(taken_in(night, batches, in_flight=run.batches_in_flight)) as results:
            async for extracted in results:
                await score_and_load(night, extracted)
                finished.count(len(extracted.batch.work), extracted.share.texts)
                advance(len(extracted.batch.work))
                await shown.advance(len(extracted.batch.work))
                get_run_logger().info("batch %d: %s", extracted.batch.number, extracted.in_short)
                if extracted.batch.number % run.publish_every == 0:
                    await take_down_relisted_articles(night)
                    await publish_station(night.writer)


async def take_down_relisted_articles(night: Night) -> None:
    """Remove articles that were taken down before and were listed again tonight under addresses not yet known."""
    try:
        receipt = await asyncio.to_thread(take_down_relisted, night.writer)
    except OvertakenError as error:  # the night's work is committed; the next night does this
        get_run_logger().warning("articles that came in again after a takedown are still stored: %s", error)
        return
    if receipt:
        line = "%d addresses of articles that were taken down came in again and were removed"
        get_run_logger().info(line, len(receipt.article_ids))
