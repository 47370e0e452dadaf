"""Stations have names, time limits and retries, and get their micro-batch unchanged without Prefect searching it."""

import asyncio
import logging
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from aiohttp import web
from prefect import Task, flow
from prefect.cache_policies import NO_CACHE
from prefect.utilities.collections import visit_collection
from prefect.utilities.engine import resolve_to_final_result

from commentariat import AuditError
from tasks import stations
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers
from tasks.fetch.batch import Fetched
from tasks.fetch.fetcher import Fetcher
from tasks.item import Visit
from tasks.load import Row
from tasks.sources import Source
from tasks.stations import discover_station, fetch_station, load_station
from tests.tasks.loopback import Site
from tests.warehouse.copies import new_warehouse
from warehouse import Commit, Writer

# Every station, with the name of its task runs and how often it is tried again. The second model does its own retries.
STATIONS = {
    "discover": ("discover {source.name}", 1),
    "fetch": ("fetch batch {batch:04d}", 1),
    "extract": ("extract batch {batch:04d}", 1),
    "dedupe": ("dedupe batch {batch:04d}", 1),
    "classify": ("classify {batch}", 1),
    "decide": ("decide backlog {batch:04d}", 1),
    "second model": ("second model {batch:04d}", 0),
    "load": ("load {batch}", 2),
    "publish": ("publish snapshot", 2),
}


def tasks_of_stations() -> list[Task]:
    """Return the Prefect tasks of the module of stations; most are wrapped so that Prefect does not search them."""
    return [
        task
        for station in vars(stations).values()
        for task in (station, getattr(station, "__wrapped__", None))
        if isinstance(task, Task)
    ]


def test_every_station_is_among_those_whose_limits_are_tested():
    assert {station.name for station in tasks_of_stations()} == set(STATIONS)


@pytest.mark.parametrize("station", tasks_of_stations(), ids=lambda station: station.name)
def test_each_station_states_its_retries_its_time_limit_and_the_name_of_its_runs(station: Task):
    assert (station.task_run_name, station.retries) == STATIONS[station.name]
    assert station.timeout_seconds is not None and station.timeout_seconds > 0
    assert len(station.retry_delay_seconds) == station.retries
    assert all(0 < seconds <= 10 for seconds in station.retry_delay_seconds)
    assert station.cache_policy == NO_CACHE and station.persist_result is False


class CountingWriter:
    """A writer of a real warehouse that counts the calls; an error, if one is given, takes the place of the first."""

    def __init__(self, writer: Writer, error: Exception | None = None) -> None:
        self.writer, self.error, self.calls = writer, error, 0
        self.run_id = writer.run_id

    def commit(self, batch: str, tables: Mapping[str, pa.Table]) -> Commit:
        self.calls += 1
        if self.error is not None and self.calls == 1:
            raise self.error
        return self.writer.commit(batch, tables)


LEDGER: Row = {
    "source": "ledger",
    "kind": "feed",
    "location": "http://site.example/feed.xml",
    "since": datetime(2026, 11, 1, 3, 30, tzinfo=UTC),
}


async def load(writer: CountingWriter, rows: list[Row]) -> Commit:
    """Load rows of table ``source`` in a flow."""

    @flow
    async def night() -> Commit:
        return await load_station("batch 0001", writer, {"source": rows})

    return await night()


@pytest.mark.usefixtures("prefect_server")
async def test_a_load_that_fails_once_because_of_the_disk_is_tried_again_and_commits_its_rows_once(
    tmp_path: Path,
) -> None:
    warehouse = new_warehouse(tmp_path / "warehouse")
    with warehouse.writing(run_id="night-1", flow="nightly") as real:
        writer = CountingWriter(real, OSError("the disk reports an error"))
        await load(writer, [LEDGER])
    assert writer.calls == 2
    assert [commit.batch for commit in warehouse.commits() if commit.run_id == "night-1"] == ["batch 0001"]
    assert [file.rows for file in warehouse.live_files("source")] == [1]


@pytest.mark.usefixtures("prefect_server")
async def test_a_load_with_the_same_row_twice_is_refused_by_an_audit_and_not_tried_again(
    tmp_path: Path,
) -> None:
    warehouse = new_warehouse(tmp_path / "warehouse")
    with warehouse.writing(run_id="night-1", flow="nightly") as real:
        writer = CountingWriter(real)
        with pytest.raises(AuditError, match="fails its audits and was not committed"):
            await load(writer, [LEDGER, LEDGER])
    assert writer.calls == 1
    assert not warehouse.live_files("source")


class Rows(dict[str, list[int]]):
    """Rows that record whether they are read."""

    looked_at = False

    def items(self) -> Iterator[tuple[str, list[int]]]:
        self.looked_at = True
        return super().items()

    def values(self) -> Iterator[list[int]]:
        self.looked_at = True
        return super().values()


class VisitsThatNobodyReads(dict[str, Visit]):
    """Visits that record whether they are searched; a station reads only those of the items that it is given."""

    looked_at = False

    def items(self) -> ItemsView[str, Visit]:
        self.looked_at = True
        return super().items()

    def values(self) -> ValuesView[Visit]:
        self.looked_at = True
        return super().values()


def resolved(value: object) -> object:
    """Return what Prefect makes of a parameter before it calls a task."""
    return visit_collection(
        value,
        visit_fn=resolve_to_final_result,
        return_data=True,
        max_depth=-1,
        remove_annotations=True,
        context={"parameter_name": "rows"},
    )


def test_prefect_reads_every_row_of_an_unquoted_micro_batch():
    rows = Rows(stance=[1, 2, 3])
    resolved(rows)
    assert rows.looked_at


@pytest.mark.usefixtures("prefect_server")
async def test_a_station_takes_its_micro_batch_as_it_is_and_prefect_does_not_read_it(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    visits = VisitsThatNobodyReads()

    @flow
    async def fetch_nothing() -> Fetched:
        async with Fetcher(site.settings()) as fetcher:
            return await fetch_station(7, fetcher, [], visits=visits)

    with caplog.at_level(logging.INFO, logger="prefect.task_runs"):
        fetched = await fetch_nothing()
    assert not fetched.pages
    assert not visits.looked_at
    assert "fetch batch 0007" in {getattr(record, "task_run_name", None) for record in caplog.records}


@pytest.mark.usefixtures("prefect_server")
async def test_an_archive_has_the_time_that_its_download_may_take(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(stations, "DISCOVER_MINUTES", 1 / 24)
    monkeypatch.setattr(stations, "_SHARE_FOR_LISTINGS", 0.25)
    monkeypatch.setattr(stations, "ARCHIVE_TIMEOUT_S", 120.0)

    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(2.8)
        return web.Response(body=b"no archive and no feed", content_type="application/octet-stream")

    site.pages |= {"/crawl.warc": slow, "/feed.xml": slow}

    @flow
    async def listed(source: Source) -> tuple[str, ...]:
        async with Fetcher(site.settings(archives=tmp_path)) as fetcher:
            with Workers(ExtractSettings(workers=1)) as workers:
                found = await discover_station(source, fetcher, {}, None, None, workers)
                return tuple(problem.reason for problem in found.problems)

    archive = Source(name="crawl", type="warc", locations=("http://site.example/crawl.warc",))
    feed = Source(name="feed", type="feed", locations=("http://site.example/feed.xml",))
    [reason] = await listed(archive)
    assert "not a WARC file" in reason, "it was downloaded and looked at"
    [reason] = await listed(feed)
    assert "the time for the listings of one source" in reason
