"""Only rows that an audit refuses are left out: the rest of the micro-batch is kept, and every item has an outcome."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prefect import flow

from flows.night.intake.batching import Batch, Work
from flows.night.intake.intake import ExtractedBatch
from flows.night.opening import NightRequest, open_night
from flows.night.scoring.scoring import score_and_load
from tasks.addresses.urls import article_id
from tasks.article import Article
from tasks.fetch.memory import MemoryShare
from tasks.item import Item, Visit
from tasks.load import arrow_tables, item_rows, visit_rows
from tasks.text.prose import text_hash
from tests.tasks.pages import prose
from warehouse.upkeep.takedown import take_down, take_down_relisted

AT = datetime(2026, 11, 1, tzinfo=UTC)


def url(name: str) -> str:
    return f"https://{name}.example/a-piece"


def article(name: str, seed: int, *, hours: int, quality: float = 0.9, section: str | None = None) -> Article:
    text = "\n".join(prose(6, seed=seed))
    return Article(
        article_id=article_id(url(name)),
        revision=1,
        text_hash=text_hash(text),
        url=url(name),
        item_url=url(name),
        source="essays",
        outlet=None,
        title=name,
        subtitle=None,
        authors=(),
        language="en",
        kind="opinion",
        kind_signal=None,
        section=section,
        published_at=AT + timedelta(hours=hours),
        modified_at=None,
        fetched_at=AT + timedelta(days=1),
        word_count=len(text.split()),
        quality=quality,
        quality_flags=(),
        text=text,
        note=None,
        caption=None,
        extractor="plain text",
    )


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
async def test_only_refused_articles_are_left_out_and_their_copies_become_articles(
    tmp_path: Path,
) -> None:
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[warehouse]\npath = "{tmp_path / "commentary"}"\n')
    articles = [
        article("refused", 1, hours=1, quality=2.0),
        article("copy", 1, hours=2),
        article("later-copy", 1, hours=3),
        article("other", 2, hours=4),
    ]
    items = [Item(url=one.url, article_id=one.article_id, source="essays") for one in articles]
    visits = [Visit(url=one.url, resource="page", fetched_at=AT, body_hash="b") for one in articles]
    batch = Batch(1, tuple(Work(item, None) for item in items))

    @flow
    async def one_batch() -> dict[str, list[dict[str, object]]]:
        async with open_night(NightRequest(config=config)) as night:
            before = {"item": item_rows(items, AT), "visit": visit_rows(visits[-1:])}
            night.writer.commit("before", arrow_tables(before, night.run_id))
            await score_and_load(
                night, ExtractedBatch(batch, articles, [], visits, night.fetcher.memory.share())
            )
            return {
                name: night.writer.query(sql).to_pylist()
                for name, sql in {
                    "ends": "SELECT url, outcome, reason FROM outcome ORDER BY url",
                    "stored": "SELECT url FROM article ORDER BY url",
                    "copies": "SELECT article_id, duplicate_of FROM duplicate",
                    "visits": "SELECT DISTINCT url FROM visit ORDER BY url",
                }.items()
            }

    found = await one_batch()
    ends = {row["url"]: row["outcome"] for row in found["ends"]}
    expected = {"refused": "rejected", "copy": "loaded", "later-copy": "duplicate", "other": "loaded"}
    assert ends == {url(name): outcome for name, outcome in expected.items()}
    assert "article_values" in next(row["reason"] for row in found["ends"] if row["url"] == url("refused"))
    assert [row["url"] for row in found["stored"]] == [url("copy"), url("other")]
    assert found["copies"] == [
        {"article_id": article_id(url("later-copy")), "duplicate_of": article_id(url("copy"))}
    ]
    assert [row["url"] for row in found["visits"]] == sorted(url(name) for name in expected)


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
async def test_an_article_with_a_value_that_no_table_can_hold_is_left_out_alone(tmp_path: Path) -> None:
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[warehouse]\npath = "{tmp_path / "commentary"}"\n')
    articles = [
        article("half-a-character", 1, hours=1, section="Opinion \ud83d"),
        article("other", 2, hours=2),
    ]
    items = [Item(url=one.url, article_id=one.article_id, source="essays") for one in articles]
    batch = Batch(1, tuple(Work(item, None) for item in items))

    @flow
    async def one_batch() -> dict[str, tuple[str, str]]:
        async with open_night(NightRequest(config=config)) as night:
            night.writer.commit("before", arrow_tables({"item": item_rows(items, AT)}, night.run_id))
            await score_and_load(night, ExtractedBatch(batch, articles, [], [], night.fetcher.memory.share()))
            rows = night.writer.query("SELECT url, outcome, reason FROM outcome").to_pylist()
            return {row["url"]: (row["outcome"], row["reason"]) for row in rows}

    found = await one_batch()
    assert found[url("other")][0] == "loaded"
    outcome, reason = found[url("half-a-character")]
    assert outcome == "rejected" and "does not fit the column section" in reason


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.timeout(600)
async def test_a_piece_that_was_taken_down_stays_out_under_a_new_address_that_redirects_to_it(
    tmp_path: Path,
) -> None:
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[warehouse]\npath = "{tmp_path / "commentary"}"\n')
    first = article("a-piece", 1, hours=1)
    # The pages do not name a canonical address, so the articles have the addresses under which they are listed.
    again, other = article("a-short-link", 1, hours=2), article("another-short-link", 2, hours=2)

    def batch_of(
        share: MemoryShare, number: int, *articles: Article, final_urls: tuple[str | None, ...]
    ) -> ExtractedBatch:
        items = [Item(url=one.url, article_id=one.article_id, source="essays") for one in articles]
        visits = [
            Visit(url=one.url, resource="page", fetched_at=AT + timedelta(days=number), final_url=there)
            for one, there in zip(articles, final_urls, strict=True)
        ]
        batch = Batch(number, tuple(Work(item, None) for item in items))
        return ExtractedBatch(batch, list(articles), [], visits, share)

    @flow
    async def two_batches() -> dict[str, list[dict[str, object]]]:
        async with open_night(NightRequest(config=config)) as night:
            share = night.fetcher.memory.share()
            items = [
                Item(url=one.url, article_id=one.article_id, source="essays", title_hint=one.title)
                for one in (first, again, other)
            ]
            night.writer.commit("listed", arrow_tables({"item": item_rows(items, AT)}, night.run_id))
            await score_and_load(night, batch_of(share, 1, first, final_urls=(None,)))
            take_down(night.writer, reason="Asked for.", urls=[first.url])
            await score_and_load(
                night, batch_of(share, 2, again, other, final_urls=(first.url, url("elsewhere")))
            )
            take_down_relisted(night.writer)
            return {
                name: night.writer.query(sql).to_pylist()
                for name, sql in {
                    "ends": "SELECT url, outcome FROM outcome WHERE outcome <> 'loaded'",
                    "stored": "SELECT url FROM article UNION SELECT url FROM item",
                    "visits": "SELECT url FROM visit",
                }.items()
            }

    found = await two_batches()
    assert found["ends"] == [{"url": url("a-short-link"), "outcome": "taken_down"}]
    assert found["stored"] == [{"url": url("another-short-link")}]
    assert found["visits"] == [{"url": url("another-short-link")}]
