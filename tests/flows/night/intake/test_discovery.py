"""The discovery of a night: what all sources list is known before anything is fetched."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from prefect import flow

from flows.night.intake import discovery
from flows.night.intake.work import at_hand
from flows.night.opening import NightRequest, open_night
from tasks.addresses.urls import file_url
from tasks.item import Discovery, Item
from tests.tasks.loopback import Together, loopback_site

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
NONE = {"at_hand": at_hand({})}


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
async def test_the_number_of_listings_in_memory_does_not_grow_with_the_number_of_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "SOURCES_AT_A_TIME", 3)
    config = tmp_path / "commentariat.toml"
    feed = "<rss><channel><title>T</title><item><link>http://s0.example/a</link></item></channel></rss>"
    listing = Together(3, feed, "application/rss+xml")

    @flow
    async def one_discovery() -> dict[str, Item]:
        async with open_night(NightRequest(config=config)) as night:
            return await discovery.discover_all(night)

    async with loopback_site() as site:
        site.pages["/feed"] = listing
        hosts = [f"s{n}.example" for n in range(9)]
        config.write_text(
            f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[extract]\nworkers = 1\n'
            "[fetch]\ndelay_s = 0\n[fetch.connect_to]\n"
            + "".join(f'"{host}" = "127.0.0.1:{site.port}"\n' for host in hosts)
            + "".join(
                f'[[sources]]\nname = "{host}"\ntype = "feed"\nlocation = "http://{host}/feed"\n'
                for host in hosts
            )
        )
        listed = await one_discovery()
        assert sorted(site.paths()) == ["/feed"] * 9
    assert list(listed) == ["http://s0.example/a"]
    assert listing.most == 3


FEED = "<rss><channel><title>T</title>{}</channel></rss>"


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("order", [("open", "closed"), ("closed", "open")])
async def test_every_source_that_lists_an_item_is_known_in_one_night_and_across_nights(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    config = tmp_path / "commentariat.toml"
    listed = {"open": ["a", "b"], "closed": ["a"]}

    async def feed(request: web.Request) -> web.Response:
        names = listed[request.path[1:]]
        items = "".join(f"<item><link>http://site.example/{name}</link></item>" for name in names)
        return web.Response(text=FEED.format(items), content_type="application/rss+xml")

    @flow
    async def one_discovery() -> tuple[list[str], list[tuple[str, str]]]:
        async with open_night(NightRequest(config=config)) as night:
            await discovery.discover_all(night)
            kept = "SELECT url FROM item JOIN never_sent($home) USING (article_id) ORDER BY url"
            home = night.writer.query(kept, {"home": list(night.never_sent)})["url"].to_pylist()
            too = night.writer.query("SELECT url, source FROM also_listed ORDER BY ALL").to_pylist()
            return home, [(row["url"], row["source"]) for row in too]

    async with loopback_site() as site:
        site.pages |= {"/open": feed, "/closed": feed}
        config.write_text(
            f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[extract]\nworkers = 1\n'
            f'[fetch]\ndelay_s = 0\nconnect_to = {{ "site.example" = "127.0.0.1:{site.port}" }}\n'
            + "".join(
                f'[[sources]]\nname = "{name}"\ntype = "feed"\nlocation = "http://site.example/{name}"\n'
                f"second_model = {str(name == 'open').lower()}\n"
                for name in order
            )
        )
        a, b = "http://site.example/a", "http://site.example/b"
        first = (a, order[1])  # the first source brings it
        assert await one_discovery() == ([a], [first])
        assert await one_discovery() == ([a], [first])
        listed["closed"] = ["b"]
        assert await one_discovery() == ([a, b], [first, (b, "closed")])


def test_an_item_of_several_sources_keeps_what_each_of_them_states() -> None:
    url = "http://site.example/news/ferry"
    when = datetime(2026, 11, 12, tzinfo=UTC)
    sitemap = Item(url=url, article_id="a", source="sitemap")
    feed = Item(
        url=url,
        article_id="a",
        source="feed",
        kind_hint="opinion",
        authors_hint=("Jane Doe",),
        published_hint=when,
    )
    text = Item(
        url=url, article_id="a", source="texts", kind_hint="news", location="file:///a.csv#row=2", row=2
    )
    for order in ((feed, sitemap, text), (sitemap, feed, text), (text, feed, sitemap)):
        listed = discovery.listed_once(Discovery(source=item.source, items=(item,)) for item in order)
        assert list(listed) == [url]
        item = listed[url]
        assert item.source == order[0].source
        assert (item.authors_hint, item.published_hint) == (("Jane Doe",), when)
        assert (item.location, item.row) == (text.location, 2)
        assert item.kind_hint == ("news" if order[0] is text else "opinion")


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
async def test_an_unchanged_listing_hides_nothing_that_a_period_or_earlier_filters_left_out_or_that_is_named(
    tmp_path: Path,
) -> None:
    config = tmp_path / "commentariat.toml"
    listed = {"november": "10 Nov", "january": "10 Jan", "essay": "11 Jan"}

    async def feed(request: web.Request) -> web.Response:
        etag = f'"{len(listed)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        pieces = "".join(
            f"<item><link>http://site.example/{name}</link><pubDate>{day} 2026 08:00:00 GMT</pubDate></item>"
            for name, day in listed.items()
        )
        return web.Response(
            text=FEED.format(pieces), content_type="application/rss+xml", headers={"ETag": etag}
        )

    @flow
    async def one_discovery(**request: Any) -> tuple[list[str], int]:
        async with open_night(NightRequest(config=config, **request)) as night:
            found = await discovery.discover_all(night)
            due = {"run_id": "another", "max_attempts": 3, "recheck_since": LONG_AGO}
            return sorted(url.rpartition("/")[2] for url in found), night.writer.query_file(
                "work", due, NONE
            ).num_rows

    async with loopback_site() as site:
        site.pages["/feed"] = feed

        def write_config(exclude: str) -> None:
            config.write_text(
                f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[extract]\nworkers = 1\n'
                f'[fetch]\ndelay_s = 0\nconnect_to = {{ "site.example" = "127.0.0.1:{site.port}" }}\n'
                '[[sources]]\nname = "s"\ntype = "feed"\nlocation = "http://site.example/feed"\n'
                f"exclude = [{exclude}]\n"
            )

        write_config('"/essay"')
        year, month = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
        assert await one_discovery(since=year, until=month) == (["january"], 1)
        assert await one_discovery() == (["january", "november"], 2)
        assert await one_discovery() == ([], 2)
        assert await one_discovery(until=month) == (["january"], 2)
        write_config("")
        assert await one_discovery() == (["essay", "january", "november"], 3)
        assert await one_discovery() == ([], 3)
        named = ["http://site.example/feed"]
        for _ in range(2):
            assert await one_discovery(inputs=named) == (["essay", "january", "november"], 3)
        listed["april"] = "10 Apr"
        assert await one_discovery(inputs=named) == (["april", "essay", "january", "november"], 4)
        assert await one_discovery() == (["april", "essay", "january", "november"], 4), (
            "the source lists it too"
        )
        assert await one_discovery() == ([], 4)


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
async def test_a_source_that_could_not_be_read_has_an_outcome_under_the_canonical_url_of_its_location(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> Discovery:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(discovery, "discover_station", fails)
    config = tmp_path / "commentariat.toml"
    config.write_text(
        f'[warehouse]\npath = "{tmp_path / "commentary"}"\n[extract]\nworkers = 1\n'
        '[[sources]]\nname = "disk"\ntype = "files"\nlocation = "some texts"\n'
        '[[sources]]\nname = "web"\ntype = "feed"\nlocation = "HTTP://Site.Example:80/feed"\n'
    )

    @flow
    async def one_discovery() -> list[dict[str, str]]:
        async with open_night(NightRequest(config=config)) as night:
            await discovery.discover_all(night)
            query = "SELECT source, url, outcome, stage FROM outcome ORDER BY source"
            return night.writer.query(query).to_pylist()

    failed = {"outcome": "fetch_failed", "stage": "discover"}
    assert await one_discovery() == [
        {"source": "disk", "url": file_url(tmp_path / "some texts")} | failed,
        {"source": "web", "url": "http://site.example/feed"} | failed,
    ]
