"""Many hosts are fetched at once, each with pauses, and the rules of robots.txt are obeyed."""

import asyncio
import gc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from tasks.addresses.urls import article_id, file_url
from tasks.fetch.batch import fetch_batch
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.http_client import retry_after_of
from tasks.fetch.politeness import MAX_BUSY_ANSWERS, Host, HostTurns
from tasks.item import Item
from tasks.outcome import OUTCOMES
from tasks.page import NotFetchedError
from tests.ports import silent_port
from tests.tasks.loopback import Site, Together, raw_server


def items(*urls: str) -> list[Item]:
    return [Item(url=url, article_id=article_id(url), source="s") for url in urls]


async def test_many_hosts_are_fetched_in_parallel_and_each_keeps_its_delay(site: Site) -> None:
    async def page(_: web.Request) -> web.Response:
        await asyncio.sleep(0.01)
        return web.Response(text="<p>page", content_type="text/html")

    hosts = [f"host{n}.example" for n in range(8)]
    site.pages |= {f"/{n}": page for n in range(6)}
    work = items(*(f"http://{host}/{n}" for host in hosts for n in range(6)))
    async with Fetcher(site.settings(*hosts, delay_s=0.1)) as fetcher:
        pages, outcomes, _ = await fetch_batch(fetcher, work)
    assert (len(pages), outcomes) == (48, [])
    for host in hosts:
        starts = site.times(host)
        assert len(starts) == 7  # robots.txt included
        # On a busy machine one request may reach the server late, and the next one soon after it; seven take 0.6 s.
        assert starts[-1] - starts[0] > 0.4, f"{host} was asked seven times in {starts[-1] - starts[0]:.3f} s"
    # No host waits until another one is finished.
    assert max(site.times(host)[0] for host in hosts) < min(site.times(host)[-1] for host in hosts)
    assert max(site.most_open.values()) <= 2


async def test_at_one_host_no_more_requests_run_at_a_time_than_allowed(site: Site) -> None:
    hosts = ["a.example", "b.example", "c.example"]
    for host in hosts:
        page = Together(3, "<p>page")
        site.pages |= {f"{host}/{n}": page for n in range(12)}
    work = items(*(f"http://{host}/{n}" for host in hosts for n in range(12)))
    async with Fetcher(site.settings(*hosts, per_host_concurrency=3)) as fetcher:
        pages, _, _ = await fetch_batch(fetcher, work)
    assert len(pages) == 36
    assert set(site.most_open.values()) == {3}


async def test_requests_under_way_over_all_hosts_are_bounded(site: Site) -> None:
    hosts = [f"host{n}.example" for n in range(10)]
    page = site.pages["/"] = Together(4, "<p>page")
    async with Fetcher(site.settings(*hosts, concurrency=4, respect_robots=False)) as fetcher:
        await fetch_batch(fetcher, items(*(f"http://{host}/" for host in hosts)))
    assert page.most == 4


async def start_of(turns: HostTurns, host: Host) -> float:
    await turns.begin(host)
    turns.end(host)
    return asyncio.get_running_loop().time()


async def test_two_requests_that_waited_for_a_place_among_all_start_their_delay_apart() -> None:
    turns = HostTurns(in_all=2, per_host=2, delay_s=0.2)
    busy, host = turns.host("busy.example"), turns.host("site.example")
    busy.delay_s = 0
    await turns.begin(busy)
    await turns.begin(busy)
    waiting = [asyncio.create_task(start_of(turns, host)) for _ in range(3)]
    await asyncio.sleep(0.5)  # longer than two delays
    turns.end(busy)
    turns.end(busy)
    starts = sorted(await asyncio.gather(*waiting))
    assert min(later - earlier for earlier, later in pairwise(starts)) > 0.19


async def test_a_pause_asked_for_while_a_request_waits_for_a_place_among_all_is_kept() -> None:
    turns = HostTurns(in_all=1, per_host=2, delay_s=0)
    busy, host = turns.host("busy.example"), turns.host("site.example")
    await turns.begin(busy)
    waiting = asyncio.create_task(start_of(turns, host))
    await asyncio.sleep(0.01)
    asked = asyncio.get_running_loop().time()
    host.pause(0.3)
    turns.end(busy)
    # A request that waits for its host does not hold a place among all requests.
    other = await start_of(turns, turns.host("other.example"))
    assert other < await waiting
    assert await waiting - asked > 0.29


async def test_a_host_closed_while_a_request_waits_for_a_place_among_all_is_left_alone() -> None:
    turns = HostTurns(in_all=1, per_host=1, delay_s=0)
    busy, host = turns.host("busy.example"), turns.host("site.example")
    await turns.begin(busy)
    waiting = asyncio.create_task(start_of(turns, host))
    await asyncio.sleep(0.01)
    host.close("postponed", "it asked for that")
    turns.end(busy)
    with pytest.raises(NotFetchedError, match="it asked for that"):
        await waiting
    await asyncio.wait_for(start_of(turns, turns.host("other.example")), 30)


async def test_robots_rules_are_obeyed_and_read_once(site: Site) -> None:
    site.pages |= {
        "/robots.txt": "User-agent: *\nDisallow: /private/\nAllow: /private/open\nDisallow: /*.pdf$\n"
        "User-agent: OtherBot\nDisallow: /\n",
        "/a": "<p>a",
        "/private/open": "<p>open",
    }
    work = items(*(f"http://site.example{path}" for path in ("/a", "/private/open", "/private/x", "/b.pdf")))
    async with Fetcher(site.settings()) as fetcher:
        pages, outcomes, _ = await fetch_batch(fetcher, work)
    assert [page.item.url for page in pages] == ["http://site.example/a", "http://site.example/private/open"]
    assert [outcome.outcome for outcome in outcomes] == ["blocked_by_robots"] * 2
    assert sorted(site.paths()) == ["/a", "/private/open"]
    assert sum(one.path == "/robots.txt" for one in site.asked) == 1


async def test_our_own_name_in_robots_txt_counts_before_the_star(site: Site) -> None:
    site.pages |= {
        "/robots.txt": "User-agent: *\nAllow: /\n\nUser-agent: Commentariat\nDisallow: /\n",
        "/a": "a",
    }
    async with Fetcher(site.settings()) as fetcher:
        with pytest.raises(NotFetchedError, match=r"robots\.txt of http://site\.example"):
            await fetcher.fetch("http://site.example/a")


async def test_every_hop_of_a_redirect_asks_the_robots_txt_of_its_own_host(site: Site) -> None:
    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://other.example/private"})

    site.pages |= {
        "site.example/a": redirect,
        "other.example/robots.txt": "User-agent: *\nDisallow: /private",
        "other.example/private": "secret",
    }
    async with Fetcher(site.settings("site.example", "other.example")) as fetcher:
        with pytest.raises(NotFetchedError) as caught:
            await fetcher.fetch("http://site.example/a")
    assert caught.value.outcome == "blocked_by_robots"
    assert site.paths("other.example") == []


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(404, True), (403, True), (401, True), (410, True), (429, False), (500, False), (503, False)],
)
async def test_a_missing_robots_txt_allows_and_a_failing_one_forbids_for_now(
    site: Site, status: int, allowed: bool
) -> None:
    async def robots(_: web.Request) -> web.Response:
        return web.Response(status=status)

    site.pages |= {"/robots.txt": robots, "/a": "<p>a"}
    async with Fetcher(site.settings()) as fetcher:
        pages, outcomes, _ = await fetch_batch(fetcher, items("http://site.example/a"))
    assert bool(pages) is allowed
    if not allowed:
        assert outcomes[0].outcome == "fetch_failed", "to be tried again in another run"
        assert OUTCOMES[outcomes[0].outcome].retryable
        assert "robots.txt" in outcomes[0].reason
        assert site.paths() == []


async def test_a_robots_txt_that_fails_once_is_asked_for_again(site: Site) -> None:
    answers = [web.Response(status=503), web.Response(text="User-agent: *\nDisallow: /private\n")]

    async def robots(_: web.Request) -> web.Response:
        return answers.pop(0)

    site.pages |= {"/robots.txt": robots, "/a": "<p>a", "/private/b": "<p>b"}
    async with Fetcher(site.settings(retries=1)) as fetcher:
        pages, outcomes, _ = await fetch_batch(
            fetcher, items("http://site.example/a", "http://site.example/private/b")
        )
    assert [page.body for page in pages] == [b"<p>a"]
    assert [outcome.outcome for outcome in outcomes] == ["blocked_by_robots"]


async def test_a_robots_txt_without_an_end_is_read_to_its_limit(site: Site) -> None:
    async def robots(_: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nDisallow: /private\n" + "Disallow: /x/y\n" * 200_000)

    site.pages |= {"/robots.txt": robots, "/a": "<p>a"}
    async with Fetcher(site.settings()) as fetcher:
        pages, outcomes, _ = await fetch_batch(
            fetcher, items("http://site.example/a", "http://site.example/private")
        )
    assert len(pages) == 1
    assert outcomes[0].outcome == "blocked_by_robots"


async def test_a_crawl_delay_is_kept_and_a_long_one_is_cut(site: Site) -> None:
    site.pages |= {
        "slow.example/robots.txt": "User-agent: *\nCrawl-delay: 0.15",
        "never.example/robots.txt": "User-agent: *\nCrawl-delay: 86400",
        **{f"/{n}": "<p>page" for n in range(4)},
    }
    work = items(*(f"http://{host}.example/{n}" for host in ("slow", "never", "free") for n in range(4)))
    settings = site.settings("slow.example", "never.example", "free.example", max_crawl_delay_s=0.2)
    async with Fetcher(settings) as fetcher:
        pages, _, _ = await fetch_batch(fetcher, work)
    assert len(pages) == 12
    free = site.times("free.example")
    for host, delay in (("slow.example", 0.15), ("never.example", 0.2)):
        _, first, *_, last = site.times(host)
        assert (
            last - first > 3 * delay - 0.1
        )  # minus the time that the first may have taken to reach the server
        assert free[-1] < last


@pytest.mark.parametrize("as_date", [False, True])
async def test_retry_after_is_waited_for_by_everything_at_that_host(site: Site, as_date: bool) -> None:
    answered = 0

    async def busy(_: web.Request) -> web.Response:
        nonlocal answered
        answered += 1
        if answered > 1:
            return web.Response(text="<p>page", content_type="text/html")
        wait = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True) if as_date else "1"
        return web.Response(status=503, headers={"Retry-After": wait})

    site.pages |= {"/a": busy, "/b": "<p>b"}
    async with Fetcher(site.settings(retries=1, respect_robots=False, per_host_concurrency=1)) as fetcher:
        pages, _, _ = await fetch_batch(fetcher, items("http://site.example/a", "http://site.example/b"))
    assert len(pages) == 2
    first, *others = site.times("site.example")
    assert min(others) - first > 0.95


async def test_a_page_is_given_on_when_it_has_come_and_does_not_wait_for_the_others(site: Site) -> None:
    given: list[str] = []
    at_second_try: list[list[str]] = []

    async def busy(_: web.Request) -> web.Response:
        at_second_try.append(list(given))
        if len(at_second_try) > 1:
            return web.Response(text="<p>page", content_type="text/html")
        return web.Response(status=503, headers={"Retry-After": "1"})

    site.pages |= {"busy.example/": busy, "free.example/": "<p>page"}
    async with Fetcher(
        site.settings("busy.example", "free.example", retries=1, respect_robots=False)
    ) as fetcher:
        pages, _, _ = await fetch_batch(
            fetcher,
            items("http://busy.example/", "http://free.example/", "http://free.example/missing"),
            on_page=lambda page: given.append(page.item.url),
        )
    assert at_second_try[1] == ["http://free.example/"]
    assert given == ["http://free.example/", "http://busy.example/"]
    assert [page.item.url for page in pages] == ["http://busy.example/", "http://free.example/"]


async def test_a_host_that_asks_for_too_long_a_pause_is_left_alone_for_the_run(site: Site) -> None:
    async def busy(_: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "3600"})

    site.pages |= {f"/{n}": busy for n in range(5)} | {"other.example/1": "<p>page"}
    urls = [f"http://site.example/{n}" for n in range(5)]
    settings = site.settings("site.example", "other.example", per_host_concurrency=1, retries=2)
    async with Fetcher(settings) as fetcher:
        pages, outcomes, _ = await fetch_batch(fetcher, items(*urls, "http://other.example/1"))
    assert len(pages) == 1
    assert len(site.paths("site.example")) == 1
    assert all("3600 s" in outcome.reason for outcome in outcomes)
    # Only the page that was requested has used up an attempt.
    assert sorted(outcome.outcome for outcome in outcomes) == ["fetch_failed", *["postponed"] * 4]


async def test_a_host_that_asks_for_too_long_a_pause_at_its_robots_txt_postpones_all_its_pages(
    site: Site,
) -> None:
    async def busy(_: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "86400"})

    site.pages |= {"/robots.txt": busy, "/a": "<p>a", "/b": "<p>b"}
    async with Fetcher(site.settings(retries=0)) as fetcher:
        _, outcomes, _ = await fetch_batch(fetcher, items("http://site.example/a", "http://site.example/b"))
    assert [outcome.outcome for outcome in outcomes] == ["postponed", "postponed"]


@pytest.mark.usefixtures("short_pauses")
async def test_a_page_that_was_requested_before_its_host_was_left_alone_has_used_up_an_attempt(
    site: Site,
) -> None:
    """Otherwise pages that are always busy would be requested first every night, and no page behind them ever."""

    async def busy(_: web.Request) -> web.Response:
        return web.Response(status=503)

    site.pages |= {f"/{n}": busy for n in range(8)}
    settings = site.settings(retries=2, respect_robots=False, max_retry_after_s=0.1, per_host_concurrency=1)
    async with Fetcher(settings) as fetcher:
        _, outcomes, _ = await fetch_batch(fetcher, items(*(f"http://site.example/{n}" for n in range(8))))
    requested = set(site.paths("site.example"))
    for number, outcome in enumerate(outcomes):
        assert outcome.outcome == ("fetch_failed" if f"/{number}" in requested else "postponed")
    assert 0 < len(requested) < 8


@pytest.mark.usefixtures("short_pauses")
@pytest.mark.parametrize("headers", [{}, {"Retry-After": "0"}, {"Retry-After": "soon"}])
@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_stays_busy_and_names_no_time_gets_a_few_requests_and_not_some_for_each_page(
    site: Site, status: int, headers: dict[str, str]
) -> None:
    async def busy(_: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    site.pages |= {f"/{n}": busy for n in range(50)} | {"other.example/1": "<p>page"}
    urls = [f"http://site.example/{n}" for n in range(50)]
    settings = site.settings(
        "site.example", "other.example", retries=2, respect_robots=False, max_retry_after_s=0.1
    )
    async with Fetcher(settings) as fetcher:
        pages, outcomes, _ = await fetch_batch(fetcher, items(*urls, "http://other.example/1"))
    assert len(pages) == 1
    # Besides the five that count, a request at the other place of the host may be on its way at each of them.
    assert len(site.paths("site.example")) <= 10
    left_alone = [outcome for outcome in outcomes if "times in a row that it is busy" in outcome.reason]
    assert len(left_alone) >= 40
    assert {outcome.outcome for outcome in left_alone} == {"postponed"}
    assert all(OUTCOMES[outcome.outcome].retryable for outcome in outcomes)


@pytest.mark.parametrize(("status", "asked_before"), [(429, 1), (503, 2)])
async def test_a_busy_host_that_names_no_time_is_given_some(
    site: Site, status: int, asked_before: int
) -> None:
    answered = 0

    async def busy(_: web.Request) -> web.Response:
        nonlocal answered
        answered += 1
        if answered > asked_before:
            return web.Response(text="<p>page", content_type="text/html")
        return web.Response(status=status)

    site.pages |= {f"/{n}": busy for n in range(4)}
    settings = site.settings(respect_robots=False, per_host_concurrency=1, max_retry_after_s=0.5)
    async with Fetcher(settings) as fetcher:
        pages, _, _ = await fetch_batch(fetcher, items(*(f"http://site.example/{n}" for n in range(4))))
    assert len(pages) == 4 - asked_before
    times = site.times("site.example")
    assert times[asked_before] - times[asked_before - 1] > 0.45


@pytest.mark.usefixtures("short_pauses")
async def test_a_page_that_is_always_busy_does_not_close_a_host_that_sends_the_others(site: Site) -> None:
    async def busy(_: web.Request) -> web.Response:
        return web.Response(status=503)

    site.pages |= {f"/{n}": busy if n % 2 else "<p>page" for n in range(20)}
    settings = site.settings(respect_robots=False, per_host_concurrency=1, max_retry_after_s=0.1)
    async with Fetcher(settings) as fetcher:
        pages, _, _ = await fetch_batch(fetcher, items(*(f"http://site.example/{n}" for n in range(20))))
    assert len(pages) == 10


async def test_the_wait_for_a_busy_host_that_names_no_time_grows() -> None:
    clock = asyncio.get_running_loop().time
    host = HostTurns(in_all=1, per_host=1, delay_s=0).host("site.example")
    waits = []
    for _ in range(MAX_BUSY_ANSWERS - 1):
        host.note_busy(None, longest_s=100, may_be_the_page=False)
        waits.append(host.next_start - clock())
        # Another request was sent before that answer came: it does not count.
        host.note_busy(None, longest_s=100, may_be_the_page=False)
        host.busy_until = host.next_start = clock()
    assert waits == pytest.approx([30, 60, 100, 100], abs=0.5)
    assert host.closed is None
    host.note_busy(5.0, longest_s=100, may_be_the_page=False)
    assert host.closed is not None


async def test_a_dead_host_causes_a_few_timeouts_and_not_one_for_each_page(site: Site) -> None:
    with silent_port() as port:
        settings = site.settings(
            respect_robots=False, per_host_concurrency=1, connect_to={"dead.example": f"127.0.0.1:{port}"}
        )
        async with Fetcher(settings) as fetcher:
            _, outcomes, _ = await fetch_batch(
                fetcher, items(*(f"http://dead.example/{n}" for n in range(50)))
            )
    assert len(outcomes) == 50
    assert sum("did not answer 5 times" in outcome.reason for outcome in outcomes) == 45


@pytest.mark.usefixtures("short_pauses")
@pytest.mark.parametrize(
    ("status", "attempts"),
    [(500, 3), (502, 3), (503, 3), (429, 3), (408, 3), (404, 1), (403, 1), (410, 1), (501, 1)],
)
async def test_only_what_may_succeed_later_is_tried_again(site: Site, status: int, attempts: int) -> None:
    async def fail(_: web.Request) -> web.Response:
        return web.Response(status=status)

    site.pages["/a"] = fail
    async with Fetcher(site.settings(retries=2, max_retry_after_s=0.1)) as fetcher:
        _, outcomes, _ = await fetch_batch(fetcher, items("http://site.example/a"))
    assert outcomes[0].http_status == status
    assert len(site.paths()) == attempts


@pytest.mark.usefixtures("short_pauses")
async def test_a_second_attempt_can_succeed(site: Site) -> None:
    asked = 0

    async def shaky(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\n<p>page")
            await writer.drain()

    async with raw_server(shaky) as port:
        settings = site.settings(
            retries=2, respect_robots=False, connect_to={"site.example": f"127.0.0.1:{port}"}
        )
        async with Fetcher(settings) as fetcher:
            assert (await fetcher.fetch("http://site.example/")).body == b"<p>page"


async def test_the_user_agent_names_the_program_and_the_contact(site: Site) -> None:
    site.pages["/"] = "<p>page"
    async with Fetcher(site.settings()) as fetcher:
        await fetcher.fetch("http://site.example/")
    assert {one.headers["User-Agent"] for one in site.asked} == {"Commentariat/0.1.0 (+desk@reader.example)"}


async def test_a_page_that_has_not_changed_is_not_sent_again(site: Site) -> None:
    async def page(request: web.Request) -> web.Response:
        headers = {"ETag": '"v1"', "Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT"}
        if request.headers.get("If-None-Match") == '"v1"':
            assert request.headers["If-Modified-Since"] == headers["Last-Modified"]
            return web.Response(status=304)
        return web.Response(text="<p>page", content_type="text/html", headers=headers)

    site.pages["/"] = page
    async with Fetcher(site.settings()) as fetcher:
        first = await fetcher.fetch("http://site.example/")
        second = await fetcher.fetch("http://site.example/", first.visit())
        third = await fetcher.fetch("http://site.example/", second.visit(previous=first.visit()))
    assert (first.not_modified, second.not_modified, third.not_modified) == (False, True, True)
    assert (second.body, second.http_status) == (None, 304)
    kept = second.visit(previous=first.visit())
    assert (kept.etag, kept.body_hash) == (first.etag, first.visit().body_hash)


async def test_the_hash_of_a_file_is_not_sent_to_a_server(site: Site, tmp_path: Path) -> None:
    url = "http://site.example/"
    file = tmp_path / "page.txt"
    file.write_text("A text that was read in place of the page.", encoding="utf-8")
    site.pages["/"] = "<p>page"
    async with Fetcher(site.settings()) as fetcher:
        of_the_disk = await fetcher.fetch(Item(url, article_id(url), "corpus", location=file_url(file)))
        assert of_the_disk.visit().etag == of_the_disk.etag and of_the_disk.etag is not None
        page = await fetcher.fetch(url, of_the_disk.visit())
    assert page.body == b"<p>page"
    assert all("If-None-Match" not in one.headers for one in site.asked)


async def test_not_modified_without_a_conditional_request_is_a_failure(site: Site) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(status=304)

    site.pages["/"] = page
    async with Fetcher(site.settings()) as fetcher:
        with pytest.raises(NotFetchedError, match="first visit"):
            await fetcher.fetch("http://site.example/")


async def test_a_batch_that_is_cancelled_leaves_nothing_running(site: Site) -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    site.pages |= {f"/{n}": slow for n in range(20)}
    async with Fetcher(site.settings(per_host_concurrency=32)) as fetcher:
        before = asyncio.all_tasks()
        batch = asyncio.create_task(
            fetch_batch(fetcher, items(*(f"http://site.example/{n}" for n in range(20))))
        )
        while len(site.paths()) < 20:  # noqa: ASYNC110 - the site has no event to wait for
            await asyncio.sleep(0.01)
        batch.cancel()
        with pytest.raises(asyncio.CancelledError):
            await batch
        assert not [task for task in asyncio.all_tasks() - before if "fetch_batch" in repr(task.get_coro())]


async def test_the_collector_of_cycles_runs_as_before_once_the_fetcher_is_closed(site: Site) -> None:
    before = gc.get_threshold()
    async with Fetcher(site.settings()):
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


@pytest.mark.parametrize(
    "value",
    [
        "", "soon", "-5", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "1 Jan 2026 99999999999999999999:00",
        "Fri, 31 Dec 9999 23:59:59 -0500",
    ],
)  # fmt: skip
def test_a_retry_after_that_is_no_time_is_passed_over(value: str) -> None:
    assert retry_after_of(value) is None
