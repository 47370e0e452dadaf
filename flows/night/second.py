"""The cascade: a second model reads behind the first what that one is unsure of, and never holds it up.

What is due is found by an anti-join (``warehouse/sql/second_due.sql``), as all work is: pieces of tonight, what an
earlier night had no budget for, and what failed. It is asked in micro-batches, each committed as a whole. Nothing that
a server does, or that goes wrong here, ends a night: it ends this, with a sentence for the summary.
"""

import asyncio
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import pyarrow as pa
from prefect import get_run_logger
from prefect.blocks.system import Secret

from commentariat import ConfigError
from flows.night.prefetch import prefetch
from flows.night.run import Run
from flows.night.work import chunks, rows_of
from tasks.load import Row, statement_hash
from tasks.reference_rows import new_second_model
from tasks.second.ask import Asked, Inquiry, SecondReading
from tasks.second.client import SecondModel
from tasks.second.prompt import asked_with
from tasks.second.purse import NightPurse
from tasks.second.rows import models_in, second_rows
from tasks.second.settings import SecondModelSettings
from tasks.stations import load_station, second_station, skip_prefect_scan
from warehouse import Commit, Writer
from warehouse.spending import Spending

FOUND_AT_ONCE = 1024
"""Pieces that are looked up at a time; so many titles and targets are in memory, and the texts of two micro-batches."""
LARGEST_BATCH = 64
_LOOKS_AGAIN_S = 1.0
_BEHIND = 2


@dataclass(slots=True)
class Tally:
    """What a run has asked of the second model, and why it stopped before all was asked, if it did."""

    pieces: int = 0
    answered: int = 0
    failed: int = 0
    answers: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    stopped: str = ""
    left: int = 0
    last_problem: str = ""

    def count(self, readings: tuple[SecondReading, ...]) -> None:
        """Add what came of a micro-batch."""
        for reading in readings:
            self.pieces += 1
            self.answered += bool(reading.answers)
            self.answers += len(reading.answers)
            self.tokens_in += reading.tokens_in
            self.tokens_out += reading.tokens_out
            if not reading.answers:
                self.failed += 1
                problems = next(iter(reading.problems.values()), "")
                self.last_problem = reading.failure or problems or self.last_problem

    def told(self, settings: SecondModelSettings) -> tuple[str, ...]:
        """Say it in sentences for the summary."""
        cost = cost_of(self.tokens_in, self.tokens_out, settings)
        sentences = [
            f"{self.pieces:,} pieces asked about, {self.answered:,} of them with an answer, {self.answers:,} answers; "
            f"{self.tokens_in:,} tokens sent, {self.tokens_out:,} answered" + (f", {cost}" if cost else "")
        ]
        if self.failed:
            sentences.append(
                f"{self.failed:,} without an answer that can be used, to be asked again (last: {self.last_problem})"
            )
        if self.stopped:
            left = f"; {self.left:,} pieces are left for the next night" if self.left else ""
            sentences.append(f"stopped: {self.stopped}{left}")
        return tuple(sentences)


def cost_of(tokens_in: int, tokens_out: int, settings: SecondModelSettings) -> str:
    """Say what tokens cost by the configured price; empty where there is none."""
    if settings.price_per_million is None:
        return ""
    price_in, price_out = settings.price_per_million
    return f"{(tokens_in * price_in + tokens_out * price_out) / 1e6:.4f} by price_per_million"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pieces may be asked about: taken in, or published, from some time on; None for all."""

    taken_in_since: datetime | None = None
    published_since: datetime | None = None


async def _ask_as_task(number: int, inquiries: Sequence[Inquiry], model: SecondModel) -> Asked:
    return await second_station(number, skip_prefect_scan(inquiries), skip_prefect_scan(model))


async def _load_as_task(batch: str, writer: Writer, rows: Mapping[str, Iterable[Row]]) -> Commit:
    return await load_station(batch, skip_prefect_scan(writer), skip_prefect_scan(rows))


@dataclass(frozen=True, slots=True)
class Stations:
    """The two stations that are used: as Prefect tasks, or plain where there is no flow."""

    ask: Callable[[int, Sequence[Inquiry], SecondModel], Awaitable[Asked]] = _ask_as_task
    load: Callable[[str, Writer, Mapping[str, Iterable[Row]]], Awaitable[Commit]] = _load_as_task


class Cascade:
    """The second model at work behind a run; see :func:`second_model_behind`."""

    def __init__(self, run: Run, scope: Scope, stations: Stations) -> None:
        self._run, self._scope, self._stations = run, scope, stations
        self._settings = run.config.second_model
        self._asked_with = asked_with(self._settings.model)
        self._nothing_more_comes = asyncio.Event()
        self._model: SecondModel | None = None
        self._batches = self._loaded = 0
        self.tally = Tally()
        self._work = asyncio.create_task(self._guarded())

    async def finish(self, minutes: float | None) -> tuple[str, ...]:
        """Wait until everything has been asked, or so long; then say what came of it.

        Parameters
        ----------
        minutes
            None waits for as long as it takes.
        """
        self._nothing_more_comes.set()
        settings = self._settings
        done, _ = await asyncio.wait([self._work], timeout=None if minutes is None else minutes * 60)
        if not done:
            if self._model is not None:
                self._model.give_up(f"the night has waited {minutes:g} minutes for it")
            await asyncio.wait([self._work], timeout=settings.timeout_s + 30)
        await self.end()
        return self.tally.told(settings)

    async def end(self) -> None:
        """Stop at once, if it is still at work."""
        self._work.cancel()
        await asyncio.gather(self._work, return_exceptions=True)

    async def _guarded(self) -> None:
        try:
            await self._ask_what_is_due()
        except Exception as error:  # whatever it was, it must not end the night
            get_run_logger().warning("the second model is left out from here on", exc_info=error)
            self.tally.stopped = (
                self.tally.stopped or f"{type(error).__name__}: {error}".splitlines()[0][:300]
            )

    async def _ask_what_is_due(self) -> None:
        settings, root = self._settings, self._run.config.warehouse.path
        key = await key_of(settings)
        spending = await asyncio.to_thread(Spending, root)
        purse = NightPurse(
            spending, most_pieces=settings.most_a_night, most_tokens=settings.most_tokens_a_night
        )
        try:
            async with SecondModel(settings, key, purse) as model:
                self._model = model
                await self._follow(model)
        finally:
            await asyncio.to_thread(spending.close)
        if self.tally.stopped:
            get_run_logger().warning("second model: %s", self.tally.stopped)
            self.tally.left = len(await asyncio.to_thread(self._due, None))

    async def _follow(self, model: SecondModel) -> None:
        """Ask what is due whenever something has been committed, until nothing more comes."""
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
                if asked.stopped:
                    self.tally.stopped = asked.stopped
                    # What is under way ends by itself; it has been paid for, and is kept.

    def _steps(
        self, due: list[Inquiry], size: int, model: SecondModel
    ) -> Iterator[Coroutine[Any, Any, Asked]]:
        for some in chunks(due, size):
            if self.tally.stopped:
                return
            self._batches += 1
            yield self._ask_batch(self._batches, some, model)

    async def _ask_batch(self, number: int, some: tuple[Inquiry, ...], model: SecondModel) -> Asked:
        inquiries = await asyncio.to_thread(self._with_texts, some)
        asked = await self._stations.ask(number, inquiries, model)
        get_run_logger().info("second model %04d: %d pieces asked about", number, len(asked.readings))
        return asked

    async def _load(self, readings: tuple[SecondReading, ...]) -> None:
        if not readings:
            return
        run, at = self._run, datetime.now(UTC)
        rows: dict[str, list[Row]] = second_rows(readings, self._asked_with, at)
        rows |= {"model": [], "reading": []}
        for version, name in models_in(readings, self._asked_with).items():
            new = await asyncio.to_thread(new_second_model, run.writer, version, name, self._asked_with, at)
            rows["model"] += new["model"]
            rows["reading"] += [row | {"rank": row["rank"] + len(rows["reading"])} for row in new["reading"]]
        self.tally.count(readings)
        self._loaded += 1
        # A piece is asked about once in a run, so the name is this batch's alone, also in a second go of the run.
        name = f"second model {self._loaded:04d} {readings[0].inquiry.article_id[:8]}"
        await self._stations.load(name, run.writer, rows)

    def _due(self, how_many: int | None) -> list[Inquiry]:
        return list(due(self._run, self._scope, how_many))

    def _with_texts(self, some: tuple[Inquiry, ...]) -> list[Inquiry]:
        keys = pa.table(
            {
                "article_id": pa.array([one.article_id for one in some], pa.string()),
                "revision": pa.array([one.revision for one in some], pa.int32()),
            }
        )
        rows = self._run.writer.query("texts", tables={"incoming": keys}).to_pylist()
        texts = {(row["article_id"], row["revision"]): row for row in rows}
        return [
            Inquiry(
                one.article_id,
                one.revision,
                row["title"],
                row["text"],
                row["language"],
                one.targets,
                one.why,
            )
            for one in some
            if (row := texts.get((one.article_id, one.revision))) is not None
        ]


def due(run: Run, scope: Scope, how_many: int | None = None) -> Iterator[Inquiry]:
    """Find what a second model is to be asked, without the texts; see ``warehouse/sql/second_due.sql``."""
    settings, targets = run.config.second_model, {target.id: target for target in run.targets}
    wanted = {
        "target": pa.array(targets, pa.string()),
        "statement_hash": pa.array([statement_hash(target) for target in targets.values()], pa.string()),
    }
    home = [source.name for source in run.config.sources if not source.second_model]
    share = settings.random_share
    parameters = {
        "model_version": run.choice.version,
        "weights_version": run.choice.weights_version,
        "asked_with": asked_with(settings.model),
        "ask": settings.ask,
        "random_below": "g" if share >= 1 else f"{int(share * 2**32):08x}",
        "since": scope.taken_in_since,
        "published_since": scope.published_since,
        "max_attempts": run.config.run.max_attempts,
        "run_id": run.run_id,
        "how_many": how_many,
    }
    tables = {
        "wanted_target": pa.table(wanted),
        "kept_home": pa.table({"source": pa.array(home, pa.string())}),
    }
    rows = rows_of(run.writer.query("second_due", parameters, tables))
    for (article_id, revision), its_rows in groupby(rows, lambda row: (row["article_id"], row["revision"])):
        listed = list(its_rows)
        asked = tuple(targets[row["target"]] for row in listed)
        yield Inquiry(article_id, revision, None, "", None, asked, listed[0]["why"])


@asynccontextmanager
async def second_model_behind(
    run: Run, scope: Scope, stations: Stations = Stations()
) -> AsyncIterator[Cascade | None]:
    """Let the second model read behind the run for the length of the block; None where none is configured."""
    if not run.config.second_model.is_on:
        yield None
        return
    cascade = Cascade(run, scope, stations)
    try:
        yield cascade
    finally:
        await cascade.end()


def scope_of_a_night(run: Run) -> Scope:
    """Say which pieces a night asks about: those taken in over the last days."""
    return Scope(taken_in_since=run.started_at - timedelta(days=run.config.second_model.days))


async def key_of(settings: SecondModelSettings) -> str:
    """Give the key: from the environment, or from a Prefect Secret block; empty where neither is configured.

    Raises
    ------
    ConfigError
        When the block cannot be read.
    """
    if key := settings.key.get_secret_value():
        return key
    if not settings.key_block:
        return ""
    try:
        block: Any = await Secret.aload(settings.key_block)
        return str(block.get())
    except Exception as error:  # no such block, no server; its own words may hold more than people should see
        raise ConfigError(
            f"second_model.key_block: the Prefect Secret block {settings.key_block!r} cannot be read "
            f"({type(error).__name__}); make it in the Prefect UI, or set COMMENTARIAT_SECOND_MODEL__KEY"
        ) from error
