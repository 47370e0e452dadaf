"""Asking a second model about articles of which the first model is unsure, without delaying the night.

As for all work, an anti-join finds what is due (``warehouse/sql/second_due.sql``): articles of this night, articles
for which an earlier night had no budget, and requests that failed. They are asked about in micro-batches, and each
batch is committed as a whole. A server's fault or an error in this module never ends a night. It ends only the
questions to the second model, and the summary gets a sentence about it.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from prefect import get_run_logger
from prefect.blocks.system import Secret

from commentariat import CommentariatError, ConfigError, one_line
from flows.night.concurrent_load import load_what_is_left
from flows.night.garbage import FinishedTasks
from flows.night.portions import chunks
from flows.night.prefetch import prefetch
from flows.night.run import Run
from flows.night.scoring.stored_texts import with_texts
from flows.night.second_model.due import ArticlePeriod, due_inquiries
from flows.night.second_model.tally import SecondModelResult, Tally
from tasks.load import Row
from tasks.reference_rows import new_second_model
from tasks.second_model.ask import AskedBatch, Inquiry, SecondReading
from tasks.second_model.budget import NightBudget
from tasks.second_model.client import SecondModel
from tasks.second_model.prompt import asked_with
from tasks.second_model.rows import models_in, second_rows
from tasks.second_model.settings import SecondModelSettings, fits_a_header
from tasks.stations import second_station
from tasks.text.numbers import articles
from warehouse.spending import Spending

FOUND_AT_ONCE = 1024
"""Articles looked up at a time. In memory are their titles and targets, and the texts of two micro-batches."""
LARGEST_BATCH = 64
LAST_ANSWERS_S = 30.0
"""Seconds beside `timeout_s` for the last answers and for storing them, when nothing more is asked."""
_LOOKS_AGAIN_S = 1.0
_BEHIND = 2


class SecondModelWork:
    """The work of the second model during a run; see :func:`second_model_in_background`."""

    def __init__(self, run: Run, period: ArticlePeriod) -> None:
        self._run, self._period = run, period
        self._settings = run.config.second_model
        self._asked_with = asked_with(self._settings.model)
        self._nothing_more_comes = asyncio.Event()
        self._model: SecondModel | None = None
        self._batches = self._loaded = 0
        self._finished = FinishedTasks()
        self.tally = Tally()
        self._work = asyncio.create_task(self._guarded())

    async def finish(self, minutes: float | None) -> SecondModelResult:
        """Wait until everything has been asked or the time is over, then give the result.

        Parameters
        ----------
        minutes
            Longest time to wait; None waits until everything has been asked.
        """
        self._nothing_more_comes.set()
        done, _ = await asyncio.wait([self._work], timeout=None if minutes is None else minutes * 60)
        if not done:
            await self._give_up(f"the night has waited {minutes:g} minutes for it")
        await self.end()
        return self.tally.result(self._settings, is_night=self._period.is_of_a_night)

    async def _give_up(self, reason: str) -> None:
        """Ask nothing more, and wait for the answers to requests that were already sent, because they cost tokens."""
        if self._model is not None:
            self._model.give_up(reason)
        done, _ = await asyncio.wait([self._work], timeout=self._settings.timeout_s + LAST_ANSWERS_S)
        if not done:
            await self.end()
            self.tally.stopped = self.tally.stopped or f"{reason}, and the last answers did not come"
            self.tally.left = len(await asyncio.to_thread(self._due, None))

    async def end(self) -> None:
        """Stop the work at once if it has not ended."""
        self._work.cancel()
        await asyncio.gather(self._work, return_exceptions=True)

    async def _guarded(self) -> None:
        try:
            await self._ask_what_is_due()
        except Exception as error:  # no error here may end the night
            reason = one_line(error)
            fault = None if isinstance(error, CommentariatError) else error  # only a fault needs a traceback
            get_run_logger().warning(
                "the second model is not asked any more in this run: %s", reason, exc_info=fault
            )
            self.tally.stopped = self.tally.stopped or reason

    async def _ask_what_is_due(self) -> None:
        settings, root = self._settings, self._run.config.warehouse.path
        key = await key_of(settings)
        spending = await asyncio.to_thread(Spending, root)
        budget = NightBudget(
            spending, most_articles=settings.most_a_night, most_tokens=settings.most_tokens_a_night
        )
        try:
            async with SecondModel(settings, key, budget) as model:
                self._model = model
                await self._follow(model)
        finally:
            await asyncio.to_thread(spending.close)
        if self.tally.stopped:
            get_run_logger().warning("second model: %s", self.tally.stopped)
            self.tally.left = len(await asyncio.to_thread(self._due, None))

    async def _follow(self, model: SecondModel) -> None:
        """Ask what is due each time something has been committed, until no more commits are expected."""
        seen = -1
        while not self.tally.stopped:
            was_last, head = self._nothing_more_comes.is_set(), self._run.writer.log.head
            if head != seen:
                seen = head
                if due := await asyncio.to_thread(self._due, FOUND_AT_ONCE):
                    await self._ask(due, model)
                    seen = -1
                continue
            if was_last:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nothing_more_comes.wait(), _LOOKS_AGAIN_S)

    async def _ask(self, due: list[Inquiry], model: SecondModel) -> None:
        size = min(LARGEST_BATCH, self._run.config.run.batch_size)
        async with aclosing(prefetch(self._steps(due, size, model), _BEHIND)) as results:
            async for asked in results:
                await self._load(asked.readings)
                self._finished.count(len(asked.readings))
                if asked.stopped:
                    self.tally.stopped = asked.stopped
                    # Requests that were already sent are not stopped: they cost tokens, so their answers are kept.

    def _steps(
        self, due: list[Inquiry], size: int, model: SecondModel
    ) -> Iterator[Coroutine[Any, Any, AskedBatch]]:
        for batch in chunks(due, size):
            if self.tally.stopped:
                return
            self._batches += 1
            yield self._ask_batch(self._batches, batch, model)

    async def _ask_batch(self, number: int, batch: tuple[Inquiry, ...], model: SecondModel) -> AskedBatch:
        inquiries = await asyncio.to_thread(with_texts, self._run.writer, batch)
        asked = await second_station(number, inquiries, model)
        get_run_logger().info("second model %04d: %s asked about", number, articles(len(asked.readings)))
        return asked

    async def _load(self, readings: tuple[SecondReading, ...]) -> None:
        if not readings:
            return
        run, now = self._run, datetime.now(UTC)
        rows: dict[str, list[Row]] = second_rows(readings, self._asked_with, now)
        rows |= {"model": [], "reading": []}
        for version, name in models_in(readings, self._asked_with).items():
            new = await asyncio.to_thread(new_second_model, run.writer, version, name, self._asked_with, now)
            rows["model"] += new["model"]
            rows["reading"] += [row | {"rank": row["rank"] + len(rows["reading"])} for row in new["reading"]]
        self.tally.count(readings)
        self._loaded += 1
        # An article is asked about once in a run, so the name is unique, even if the run is tried a second time.
        name = f"second model {self._loaded:04d} {readings[0].inquiry.article_id[:8]}"
        await load_what_is_left(name, run.writer, rows)

    def _due(self, how_many: int | None) -> list[Inquiry]:
        return list(due_inquiries(self._run, self._period, how_many))


@asynccontextmanager
async def second_model_in_background(
    run: Run, period: ArticlePeriod
) -> AsyncIterator[SecondModelWork | None]:
    """Ask the second model during the block, in the background; gives None if no second model is configured."""
    if not run.config.second_model.is_on:
        yield None
        return
    work = SecondModelWork(run, period)
    try:
        yield work
    finally:
        await work.end()


async def key_of(settings: SecondModelSettings) -> str:
    """Give the key from the environment or from a Prefect Secret block; empty if neither is configured.

    Raises
    ------
    ConfigError
        When the block cannot be read, or its value cannot be sent.
    """
    if key := settings.key.get_secret_value():
        return key
    if not settings.key_block:
        return ""
    try:
        block: Any = await Secret.aload(settings.key_block)
        key = str(block.get()).strip()  # a key that was read from a file ends in a line end
    except Exception as error:  # no such block, or no server; the original message may hold a secret
        raise ConfigError(
            f"second_model.key_block: the Prefect Secret block {settings.key_block!r} cannot be read "
            f"({type(error).__name__}); make it in the Prefect UI, or set COMMENTARIAT_SECOND_MODEL__KEY"
        ) from None
    if not fits_a_header(key):
        raise ConfigError(
            f"second_model.key_block: the value of the Prefect Secret block {settings.key_block!r} should be printable "
            "ASCII, as it goes into a header; save the key in it again"
        )
    return key
