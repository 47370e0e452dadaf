"""What a micro-batch brings, whatever its pages are like."""

import gc
import gzip
from pathlib import Path

import pytest
from aiohttp import web
from prefect import flow
from prefect.testing.utilities import prefect_test_harness

from flows.intake import Taken, take_in
from flows.night import NightRequest, open_night
from flows.work import Batch, Work
from tasks.fetch import fetcher as fetcher_module
from tasks.item import Item
from tasks.page import Page
from tasks.urls import article_id
from tests.tasks.loopback import loopback_site
from tests.tasks.pages import html_of, prose

MIB = 1024 * 1024
PIECES = 12


def pages_in_memory() -> int:
    """Count the pages that still hold what was fetched."""
    return sum(isinstance(one, Page) and one.body is not None for one in gc.get_objects())


async def packed(request: web.Request) -> web.Response:
    """Answer with a good page that unpacks to a mebibyte."""
    page = html_of(prose(8, seed=int(request.path[1:]))).encode() + b" " * MIB
    return web.Response(
        body=gzip.compress(page), headers={"Content-Encoding": "gzip", "Content-Type": "text/html"}
    )


@pytest.mark.timeout(600)
async def test_a_batch_of_large_pages_is_taken_in_in_parts_and_none_of_them_stays_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetcher_module, "MAX_BYTES_IN_HAND", 3 * MIB)
    config = tmp_path / "commentariat.toml"

    @flow
    async def one_batch(batch: Batch) -> tuple[Taken, int]:
        async with open_night(NightRequest(config=config)) as night:
            before = pages_in_memory()  # other tests may have some
            gc.disable()  # as between two of its rounds, which may be many batches apart
            try:
                taken = await take_in(night, batch)
                return taken, pages_in_memory() - before
            finally:
                gc.enable()

    async with loopback_site() as site:
        site.pages |= {f"/{n}": packed for n in range(PIECES)}
        config.write_text(
            f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[fetch]\ndelay_s = 0\n'
            f'connect_to = {{ "site.example" = "127.0.0.1:{site.port}" }}\n'
        )
        urls = [f"http://site.example/{n}" for n in range(PIECES)]
        work = tuple(Work(Item(url=url, article_id=article_id(url), source="essays"), None) for url in urls)
        with prefect_test_harness(server_startup_timeout=240):
            taken, kept = await one_batch(Batch(1, work))
        assert sorted(site.paths()) == sorted(f"/{n}" for n in range(PIECES)), "no page is asked for twice"
    ended = [article.item_url for article in taken.articles] + [outcome.url for outcome in taken.outcomes]
    assert sorted(ended) == sorted(urls)
    assert sorted(visit.url for visit in taken.visits) == sorted(urls)
    assert kept <= 1, "the pool of workers remembers the page it was given last"
