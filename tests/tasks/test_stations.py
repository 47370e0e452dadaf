"""Stations get their micro-batch unchanged, and Prefect does not search through it."""

import asyncio
import logging
from collections.abc import ItemsView, Iterator, ValuesView
from pathlib import Path

import pytest
from aiohttp import web
from prefect import flow
from prefect.utilities.collections import visit_collection
from prefect.utilities.engine import resolve_to_final_result

from tasks import stations
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers
from tasks.fetch.fetcher import Fetched, Fetcher
from tasks.item import Visit
from tasks.sources import Source
from tasks.stations import discover_station, fetch_station
from tests.tasks.loopback import Site


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
