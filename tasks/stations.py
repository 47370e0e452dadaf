"""The stations as Prefect tasks: the same functions, with a name, retries and a time limit for the UI.

A task run is a micro-batch (or a whole source), never an article: a task run costs milliseconds and rows in
Prefect's database, an article must not. Nothing is cached or persisted by Prefect; what is done is known from the
warehouse's commit log, which also holds when Prefect's server does not.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, cast

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.utilities.annotations import quote

from commentariat import AuditError
from tasks.article import Article
from tasks.classify import Assignment, ClassifierChoice, Scored, classify_batch
from tasks.decide import Stored, decide_batch
from tasks.dedupe.dedupe import Deduped, Lookup, dedupe_batch
from tasks.discover.discover import discover
from tasks.extract.batch import extract_batch
from tasks.extract.workers import Workers
from tasks.fetch.fetcher import ARCHIVE_TIMEOUT_S, Fetched, Fetcher, fetch_batch
from tasks.item import Discovery, Item, Visit
from tasks.load import Row, arrow_tables
from tasks.outcome import Outcome
from tasks.page import Page
from tasks.second.ask import Asked, Inquiry, ask_batch
from tasks.second.client import SecondModel
from tasks.sources import Source
from warehouse import Commit, Writer

P = ParamSpec("P")
R = TypeVar("R")
AsyncFunction = Callable[P, Coroutine[Any, Any, R]]
T = TypeVar("T")

DISCOVER_MINUTES = 30.0


def skip_prefect_scan(batch: T) -> T:
    """Hand something large to a station as it is.

    Prefect looks through what a task is given for results of other tasks, value by value and in Python: for the rows
    of a micro-batch that takes longer than to commit them. Not for what goes to another process: Prefect's mark does
    not survive pickling.
    """
    return cast("T", quote(batch))


def _may_pass_next_time(_task: object, _run: object, state: State[Any]) -> bool:
    """Say whether a station that failed is tried again: what an audit has refused it will refuse again."""
    return not isinstance(state.data, AuditError)


def _station(
    name: str, run_name: str, *, retry_after_s: list[float], timeout_minutes: float
) -> Callable[[AsyncFunction[P, R]], AsyncFunction[P, R]]:
    """Say how a station appears in Prefect, when it is tried again and when it is given up.

    Retrying is cheap and safe: each station is a function of its batch, and load is idempotent by run and batch.
    """
    as_task = task(
        name=name,
        task_run_name=run_name,
        retries=len(retry_after_s),
        retry_delay_seconds=retry_after_s,
        retry_jitter_factor=0.5,
        retry_condition_fn=_may_pass_next_time,
        timeout_seconds=timeout_minutes * 60,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    # A task is called as the function it wraps; Prefect's overloads say so less precisely.
    return cast("Callable[[AsyncFunction[P, R]], AsyncFunction[P, R]]", as_task)


@_station("discover", "discover {source.name}", retry_after_s=[5], timeout_minutes=DISCOVER_MINUTES)
async def _discover_station(
    source: Source,
    fetcher: Fetcher,
    visits: Mapping[str, Visit],
    since: datetime | None,
    until: datetime | None,
    workers: Workers,
) -> Discovery:
    return await discover(source, fetcher, visits, since=since, until=until, workers=workers)


async def discover_station(
    source: Source,
    fetcher: Fetcher,
    visits: Mapping[str, Visit],
    since: datetime | None,
    until: datetime | None,
    workers: Workers,
) -> Discovery:
    """List what one source brings; its listings are parsed in worker processes.

    Archives have the time that their downloads may take, besides that of any other source.
    """
    archives = len(source.locations) if source.type == "warc" else 0
    seconds = DISCOVER_MINUTES * 60 + archives * ARCHIVE_TIMEOUT_S
    station = cast("Task[..., Coroutine[Any, Any, Discovery]]", _discover_station)
    return await station.with_options(timeout_seconds=seconds)(source, fetcher, visits, since, until, workers)


@_station("fetch", "fetch batch {batch:04d}", retry_after_s=[5], timeout_minutes=360)
async def fetch_station(
    batch: int, fetcher: Fetcher, items: Sequence[Item], visits: Mapping[str, Visit]
) -> Fetched:
    """Fetch one micro-batch, or what of it may be in hand at a time, politely.

    Pages retry on their own, the batch only if the station itself fails.
    """
    return await fetch_batch(fetcher, items, visits)


@_station("extract", "extract batch {batch:04d}", retry_after_s=[2], timeout_minutes=30)
async def extract_station(
    batch: int, workers: Workers, pages: Sequence[Page]
) -> tuple[list[Article], list[Outcome]]:
    """Take text and metadata out of one micro-batch of pages, in worker processes."""
    return await asyncio.to_thread(extract_batch, pages, workers)


@_station("dedupe", "dedupe batch {batch:04d}", retry_after_s=[2], timeout_minutes=15)
async def dedupe_station(batch: int, articles: Sequence[Article], lookup: Lookup) -> Deduped:
    """Tell new pieces from copies, revisions and what has not changed."""
    return await asyncio.to_thread(dedupe_batch, articles, lookup)


@_station("classify", "classify {batch}", retry_after_s=[2], timeout_minutes=240)
async def classify_station(
    batch: str, assignments: Sequence[Assignment], choice: ClassifierChoice
) -> list[Scored]:
    """Read one micro-batch, or a part of one, with the classifier; in whichever process the configuration says."""
    return await asyncio.to_thread(classify_batch, assignments, choice)


@_station("decide", "decide backlog {batch:04d}", retry_after_s=[2], timeout_minutes=60)
async def decide_station(
    batch: int, assignments: Sequence[Assignment], stored: Stored, choice: ClassifierChoice
) -> list[Scored]:
    """Answer one micro-batch from raw scores that are stored, without its texts."""
    return await asyncio.to_thread(decide_batch, assignments, stored, choice)


@_station("second model", "second model {batch:04d}", retry_after_s=[], timeout_minutes=24 * 60)
async def second_station(batch: int, inquiries: Sequence[Inquiry], model: SecondModel) -> Asked:
    """Ask the second model about a micro-batch; it tries again by itself, and raises nothing that a server does."""
    return await ask_batch(inquiries, model)


@_station("load", "load {batch}", retry_after_s=[1, 5], timeout_minutes=15)
async def load_station(batch: str, writer: Writer, rows: Mapping[str, Iterable[Row]]) -> Commit:
    """Commit one micro-batch: everything of it, or nothing."""
    return await asyncio.to_thread(writer.commit, batch, arrow_tables(rows, writer.run_id))


@_station("publish", "publish snapshot", retry_after_s=[1, 10], timeout_minutes=60)
async def publish_station(writer: Writer) -> None:
    """Publish a new DuckDB snapshot of everything committed, and index the texts that are new for search."""
    await asyncio.to_thread(writer.update_search)
    await asyncio.to_thread(writer.publish)
