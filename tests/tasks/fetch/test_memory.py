"""All micro-batches of a run together keep a limit of bytes in memory, and none of them waits for ever."""

import asyncio
from collections.abc import Callable

import pytest

from tasks.addresses.urls import article_id
from tasks.fetch import fetcher as fetcher_module
from tasks.fetch.batch import Fetched, fetch_batch
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.memory import Memory, MemoryShare
from tasks.item import Item
from tests.tasks.loopback import Site, raw_server

KIB = 1024
BODY_BYTES = 600 * KIB
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % BODY_BYTES


@pytest.fixture(autouse=True)
def one_mebibyte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher_module, "MAX_BYTES_IN_MEMORY", 1024 * KIB)


def items(host: str, count: int) -> list[Item]:
    urls = [f"http://{host}/{number}" for number in range(count)]
    return [Item(url=url, article_id=article_id(url), source="s") for url in urls]


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not reached():  # noqa: ASYNC110 - nothing tells it
            await asyncio.sleep(0.01)


def fetched_and_left(*parts: Fetched) -> tuple[int, int]:
    assert not [outcome for part in parts for outcome in part.outcomes]
    return sum(len(part.pages) for part in parts), sum(len(part.left) for part in parts)


async def test_micro_batches_that_are_fetched_at_once_share_the_limit(site: Site) -> None:
    hosts = ["host1.example", "host2.example", "host3.example"]
    site.pages |= {f"/{number}": b"<p>" + bytes(BODY_BYTES) for number in range(6)}
    async with Fetcher(site.settings(*hosts, per_host_concurrency=1)) as fetcher:
        shares = [fetcher.memory.share() for _ in hosts]
        calls = (
            fetch_batch(fetcher, items(host, 6), share=share)
            for host, share in zip(hosts, shares, strict=True)
        )
        fetched, left = fetched_and_left(*await asyncio.gather(*calls))
        # The limit is reached by the second page; at each host another request may be under way by then.
        assert fetched <= 2 + len(hosts)
        assert fetched + left == 18
        assert fetcher.memory.held == sum(share.pages for share in shares) == fetched * (BODY_BYTES + 3)
        for share in shares:
            share.close()
        assert fetcher.memory.held == 0


async def test_bodies_that_are_being_sent_count_and_no_further_request_is_begun(site: Site) -> None:
    asked, may_end = 0, asyncio.Event()

    async def half_at_first(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        writer.write(HEAD + bytes(BODY_BYTES - 1))
        await writer.drain()
        await may_end.wait()
        writer.write(b"x")
        await writer.drain()

    async with raw_server(half_at_first) as port:
        settings = site.settings(
            respect_robots=False,
            per_host_concurrency=2,
            connect_to={"site.example": f"127.0.0.1:{port}"},
            total_timeout_s=20,
        )
        async with Fetcher(settings) as fetcher:
            call = asyncio.create_task(fetch_batch(fetcher, items("site.example", 8)))
            await until(lambda: fetcher.memory.held >= 2 * (BODY_BYTES - 1))
            may_end.set()
            assert fetched_and_left(await call) == (2, 6)
            assert fetcher.memory.held == 0
    assert asked == 2


async def test_a_call_does_at_least_one_item_though_others_fill_the_memory_meanwhile(site: Site) -> None:
    site.pages |= {f"/{number}": "<p>hello" for number in range(4)}
    async with Fetcher(site.settings()) as fetcher:
        with fetcher.memory.share() as full:
            call = asyncio.create_task(fetch_batch(fetcher, items("site.example", 4)))
            await asyncio.sleep(0)
            full.add_texts(2048 * KIB)
            full.add_texts(2048 * KIB)
            assert fetched_and_left(await call) == (1, 3)


async def test_a_call_that_is_cancelled_leaves_nothing_counted(site: Site) -> None:
    site.pages |= {"/0": b"<p>" + bytes(BODY_BYTES), "/1": _never}
    async with Fetcher(site.settings(total_timeout_s=60)) as fetcher:
        with fetcher.memory.share() as share:
            call = asyncio.create_task(fetch_batch(fetcher, items("site.example", 2), share=share))
            await until(lambda: share.pages > 0)
            call.cancel()
            await asyncio.wait([call])
            assert (share.pages, fetcher.memory.held) == (0, 0)


async def _never(_: object) -> None:
    await asyncio.sleep(60)


async def room(share: MemoryShare) -> bool | None:
    """Say what :meth:`MemoryShare.room` says, or None if it waits."""
    try:
        async with asyncio.timeout(0.05):
            return await share.room()
    except TimeoutError:
        return None


async def test_whoever_waits_for_room_waits_for_what_ends_without_it() -> None:
    memory = Memory(100)
    oldest, younger = memory.share(), memory.share()
    younger.add_page(80)
    assert [await room(share) for share in (oldest, younger)] == [None, None], "the page leaves by itself"
    younger.add_texts(60)
    younger.release_pages()
    assert await room(oldest) is False, "the texts are stored after those of the oldest"
    assert await room(younger) is None, "until the oldest is stored it cannot know"
    waiting = asyncio.create_task(younger.room())
    await asyncio.sleep(0)
    oldest.close()
    assert await waiting is False
    assert (memory.held, memory.kept) == (60, 60)
    younger.close()
    younger.add_page(10)
    assert (memory.held, memory.kept) == (0, 0)
    assert await room(memory.share()) is True
