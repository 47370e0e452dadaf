"""The stations as Prefect tasks: the same functions, with a name, retries and a time limit for the UI.

One task run handles a micro-batch, a part of one, or (discover) a source: a task run costs milliseconds and rows in
Prefect's database, which would be too much for each article. Single articles get task runs of their own only when
their batch fails, to find the one that fails. Prefect caches and stores no results. The warehouse's commit log records
which work is done, and it does so even if Prefect's server fails.

The stations take their arguments as they are, and keep Prefect from searching through them. Only ``classify_station``
is a Prefect task itself, because a task runner sends its arguments to another process.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.utilities.annotations import quote

from commentariat import AuditError
from tasks.article import Article
from tasks.classify import Assignment, ClassifierChoice, Scored, classify_batch
from tasks.decide import Stored, decide_batch
from tasks.dedupe.dedupe import Deduped, dedupe_batch
from tasks.discover.discover import discover
from tasks.extract.batch import extract_batch
from tasks.extract.workers import Ahead, Workers
from tasks.fetch.batch import Fetched, fetch_batch
from tasks.fetch.fetcher import ARCHIVE_TIMEOUT_S, Fetcher
from tasks.fetch.memory import MemoryShare
from tasks.item import Discovery, Item, Visit
from tasks.load import Row, arrow_tables
from tasks.outcome import Outcome
from tasks.page import Page
from tasks.second_model.ask import AskedBatch, Inquiry, ask_batch
from tasks.second_model.client import SecondModel
from tasks.sources import Source
from warehouse import Commit, Writer

P = ParamSpec("P")
R = TypeVar("R")
AsyncFunction = Callable[P, Coroutine[Any, Any, R]]

DISCOVER_MINUTES = 30.0
# The rest of the time is for the listing that was requested last: without a result, everything found would be lost.
_SHARE_FOR_LISTINGS = 14 / 15


def _may_pass_next_time(_task: object, _run: object, state: State[Any]) -> bool:
    """Say whether a failed station is tried again; rows that an audit refused would be refused again."""
    return not isinstance(state.data, AuditError)


def _station(
    name: str, run_name: str, *, retry_after_s: list[float], timeout_minutes: float
) -> Callable[[AsyncFunction[P, R]], AsyncFunction[P, R]]:
    """Define how a station appears in Prefect, when it is tried again, and after which time it is stopped.

    Retries are cheap and safe: each station depends on its batch alone, and load is idempotent by run and batch.
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
    # A task takes the same arguments as the function it wraps; Prefect's own types are less precise.
    return cast("Callable[[AsyncFunction[P, R]], AsyncFunction[P, R]]", as_task)


def _without_scan(station: AsyncFunction[P, R]) -> AsyncFunction[P, R]:
    """Let Prefect pass the arguments of a station on without searching through them; ``__wrapped__`` is the task.

    Prefect searches the arguments of a task for results of other tasks, value by value and in Python. For the rows of
    a micro-batch this search takes longer than the commit. This is not for stations whose arguments go to another
    process: Prefect's mark is lost in pickling.
    """

    @wraps(station, updated=())  # a task's attributes belong to the task alone
    async def with_arguments_quoted(*args: P.args, **kwargs: P.kwargs) -> R:
        as_task = cast("AsyncFunction[..., R]", station)  # a quoted argument has another type
        return await as_task(
            *map(quote, args), **{name: quote(argument) for name, argument in kwargs.items()}
        )

    return with_arguments_quoted


@_station("discover", "discover {source.name}", retry_after_s=[5], timeout_minutes=DISCOVER_MINUTES)
async def _discover_station(
    source: Source,
    fetcher: Fetcher,
    visits: Mapping[str, Visit],
    since: datetime | None,
    until: datetime | None,
    workers: Workers,
) -> Discovery:
    seconds = DISCOVER_MINUTES * 60 * _SHARE_FOR_LISTINGS
    return await discover(source, fetcher, visits, since=since, until=until, workers=workers, seconds=seconds)


async def discover_station(
    source: Source,
    fetcher: Fetcher,
    visits: Mapping[str, Visit],
    since: datetime | None,
    until: datetime | None,
    workers: Workers,
) -> Discovery:
    """List the items of one source; its listings are parsed in worker processes.

    A source of archives has more time than other sources: the time that its downloads may take is added.
    """
    archives = len(source.locations) if source.type == "warc" else 0
    seconds = DISCOVER_MINUTES * 60 + archives * ARCHIVE_TIMEOUT_S
    as_task = cast("Task[..., Coroutine[Any, Any, Discovery]]", _discover_station)
    station = _without_scan(as_task.with_options(timeout_seconds=seconds))
    return await station(source, fetcher, visits, since, until, workers)


@_without_scan
@_station("fetch", "fetch batch {batch:04d}", retry_after_s=[5], timeout_minutes=360)
async def fetch_station(
    batch: int,
    fetcher: Fetcher,
    items: Sequence[Item],
    visits: Mapping[str, Visit],
    share: MemoryShare | None = None,
    on_page: Callable[[Page], None] | None = None,
) -> Fetched:
    """Fetch one micro-batch politely, or the part of it that may be in memory at a time.

    Each page has retries of its own; the whole batch is tried again only if the station itself fails.
    """
    return await fetch_batch(fetcher, items, visits, share, on_page)


@_without_scan
@_station("extract", "extract batch {batch:04d}", retry_after_s=[2], timeout_minutes=30)
async def extract_station(
    batch: int, workers: Ahead, pages: Sequence[Page]
) -> tuple[list[Article], list[Outcome]]:
    """Take text and metadata out of one micro-batch of pages, in worker processes.

    New pages have begun in them while others were fetched; this waits for them, and begins with those that had not.
    """
    return await asyncio.to_thread(extract_batch, pages, workers)


@_without_scan
@_station("dedupe", "dedupe batch {batch:04d}", retry_after_s=[2], timeout_minutes=15)
async def dedupe_station(batch: int, articles: Sequence[Article], writer: Writer) -> Deduped:
    """Separate new articles from copies, revisions and unchanged articles."""
    return await asyncio.to_thread(dedupe_batch, articles, writer)


@_station("classify", "classify {batch}", retry_after_s=[2], timeout_minutes=240)
async def classify_station(
    batch: str, assignments: Sequence[Assignment], choice: ClassifierChoice
) -> list[Scored]:
    """Classify one micro-batch, or a part of one, in the process that the configuration names."""
    return await asyncio.to_thread(classify_batch, assignments, choice)


@_without_scan
@_station("decide", "decide backlog {batch:04d}", retry_after_s=[2], timeout_minutes=60)
async def decide_station(
    batch: int, assignments: Sequence[Assignment], stored: Stored, choice: ClassifierChoice
) -> list[Scored]:
    """Answer one micro-batch from stored raw scores, without reading the texts."""
    return await asyncio.to_thread(decide_batch, assignments, stored, choice)


@_without_scan
@_station("second model", "second model {batch:04d}", retry_after_s=[], timeout_minutes=24 * 60)
async def second_station(batch: int, inquiries: Sequence[Inquiry], model: SecondModel) -> AskedBatch:
    """Ask the second model about a micro-batch; it does its own retries, and a server's fault raises no error here."""
    return await ask_batch(inquiries, model)


@_without_scan
@_station("load", "load {batch}", retry_after_s=[1, 5], timeout_minutes=15)
async def load_station(batch: str, writer: Writer, rows: Mapping[str, Iterable[Row]]) -> Commit:
    """Commit one micro-batch as a whole or not at all."""
    return await asyncio.to_thread(writer.commit, batch, arrow_tables(rows, writer.run_id))


@_without_scan
@_station("publish", "publish snapshot", retry_after_s=[1, 10], timeout_minutes=60)
async def publish_station(writer: Writer) -> None:
    """Publish a new DuckDB snapshot of everything committed, and add new texts to the search index."""
    await asyncio.to_thread(writer.update_search)
    await asyncio.to_thread(writer.publish)
