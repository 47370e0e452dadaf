"""What a night works with: its settings, the warehouse's writer, the fetcher, the extraction workers."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from flows.config import Config, load_config
from flows.sample.site import sample_site
from models import Target
from tasks.classify import ClassifierChoice
from tasks.dedupe.dedupe import QueryLookup
from tasks.extract.workers import Workers
from tasks.fetch.fetcher import Fetcher
from tasks.sources import Source, source_from_input
from warehouse import Warehouse, Writer

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_NO_LIMIT = 1_000_000


class NightRequest(BaseModel):
    """What to run; every field has a sensible default, and Prefect makes a form of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    config: Path | None = Field(
        None, description="Configuration file; empty: commentariat.toml, else the sample."
    )
    warehouse: Path | None = Field(None, description="Warehouse folder; empty: the configured one.")
    inputs: list[str] = Field([], description="URLs or paths to take in instead of the configured sources.")
    targets: list[str] = Field([], description="Statements to ask besides the configured targets.")
    since: datetime | None = Field(None, description="Backfill: only what was published from then on.")
    until: datetime | None = Field(None, description="Backfill: only what was published before then.")


@dataclass(frozen=True, slots=True)
class Night:
    """One run, opened: the writer holds the warehouse's lock until the night is over."""

    config: Config
    run_id: str
    started_at: datetime
    since: datetime | None
    until: datetime | None
    only_listed: bool
    writer: Writer
    fetcher: Fetcher
    workers: Workers
    choice: ClassifierChoice
    targets: tuple[Target, ...]

    @property
    def lookup(self) -> QueryLookup:
        """What the dedupe station asks of the warehouse."""
        return QueryLookup(self.writer.query)

    @property
    def due(self) -> dict[str, object]:
        """Parameters of the query for the work that is due; what was named on the command line always is."""
        recheck_days = timedelta(days=self.config.run.recheck_days)
        return {
            "run_id": self.run_id,
            "max_attempts": _NO_LIMIT if self.only_listed else self.config.run.max_attempts,
            "recheck_since": _LONG_AGO if self.only_listed else self.started_at - recheck_days,
        }


def settle(request: NightRequest) -> Config:
    """Read the configuration and let the request have the last word.

    Raises
    ------
    ConfigError, InputError
        When the file or an input cannot be used.
    """
    config = load_config(request.config)
    changes: dict[str, object] = {}
    if request.warehouse is not None:
        path = request.warehouse.expanduser().resolve()
        changes["warehouse"] = config.warehouse.model_copy(update={"path": path})
    if request.inputs:
        changes |= {"sources": _sources_of(request.inputs), "sample": False}
    return config.model_copy(update=changes)


@asynccontextmanager
async def open_night(
    request: NightRequest, *, flow: str = "nightly", config: Config | None = None
) -> AsyncIterator[Night]:
    """Open everything a night needs and close it again, whatever happens in between.

    Parameters
    ----------
    flow
        Name of the flow, for the commit log.
    config
        A configuration already read; without it, the one that the request names.

    Raises
    ------
    ModelError
        When the classifier cannot be loaded.
    WarehouseLockedError
        When another run is writing and does not end in time.
    """
    config = config or settle(request)
    started_at = datetime.now(UTC)
    run_id = f"{started_at:%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
    choice = ClassifierChoice(config.model.name, config.topics.taxonomy, config.model.threads)
    warehouse = Warehouse(config.warehouse.path)
    await asyncio.to_thread(choice.load)  # a model that cannot be loaded is told before anything is fetched
    async with AsyncExitStack() as stack:
        writer = stack.enter_context(
            warehouse.writing(run_id=run_id, flow=flow, wait_seconds=config.warehouse.wait_seconds)
        )
        fetch = config.fetch
        if config.sample:
            site = await stack.enter_async_context(sample_site())
            fetch = fetch.model_copy(update={"connect_to": fetch.connect_to | site.connect_to})
        yield Night(
            config=config,
            run_id=run_id,
            started_at=started_at,
            since=_utc(request.since),
            until=_utc(request.until),
            only_listed=bool(request.inputs),
            writer=writer,
            fetcher=await stack.enter_async_context(Fetcher(fetch)),
            workers=stack.enter_context(Workers(config.extract)),
            choice=choice,
            targets=config.asked + _extra_targets(request.targets, config.asked),
        )


def _sources_of(inputs: list[str]) -> tuple[Source, ...]:
    sources = [source_from_input(text) for text in inputs]
    return tuple(
        source.model_copy(update={"name": f"input-{number}"} if number > 1 else {})
        for number, source in enumerate(sources, start=1)
    )


def _extra_targets(statements: list[str], configured: tuple[Target, ...]) -> tuple[Target, ...]:
    known = {target.statement for target in configured}
    return tuple(
        Target(id=_slug(statement), statement=statement)
        for statement in dict.fromkeys(statements)
        if statement not in known
    )


def _slug(statement: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", statement.lower()).strip("-")[:64].rstrip("-") or "target"


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
