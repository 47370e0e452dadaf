"""Two machines with a shared warehouse take in the same pieces at once: each piece is stored once, and no run fails."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from prefect import flow

from commentariat import AuditError
from flows.night.concurrent_load import load_what_is_left
from flows.night.intake.batching import Batch, Work
from flows.night.intake.discovery import discover_all
from flows.night.intake.intake import ExtractedBatch
from flows.night.opening import NightRequest, open_night
from flows.night.scoring.scoring import score_and_load
from tasks.item import Item, Visit
from tasks.load import arrow_tables, article_rows, item_rows, visit_rows
from tests.flows.night.another_machine import commit_elsewhere, working_copy
from tests.flows.night.scoring.test_scoring import AT, article, url
from tests.tasks.loopback import loopback_site
from tests.warehouse import nights
from tests.warehouse.forked import started
from warehouse import Writer
from warehouse.upkeep.verify import verify

Rows = dict[str, list[dict[str, object]]]


def elsewhere(
    folder: Path, shared: Path, run_id: str, rows: Rows, taken_down: list[str] | None = None
) -> None:
    """Run the actions in a process of their own, and wait for its end."""
    arguments = (folder, shared, run_id, arrow_tables(rows, run_id), taken_down or [])
    process = started(commit_elsewhere, *arguments)
    process.join()
    assert process.exitcode == 0


def at_step(writer: Writer, step: str, act: Callable[[], None]) -> None:
    """Call a function once, when the writer reaches a step of its next commit."""
    left = [step]

    def on_step(reached: str) -> None:
        if reached in left:
            left.remove(reached)
            act()

    writer._on_step = on_step


def answers_of(article_id: str) -> Rows:
    return {name: rows.to_pylist() for name, rows in nights.labels([article_id]).items()} | {
        name: rows.to_pylist() for name, rows in nights.raw_scores([article_id]).items()
    }


def add_topic(rows: Rows, article_id: str) -> None:
    """Add a topic that only this machine has found, whose processor rounds differently."""
    (topic,) = [row for row in rows["topic"] if row["article_id"] == article_id]
    rows["topic"].append(topic | {"topic": "12", "label": "Law and Crime", "rank": 2})
    (scored,) = [row for row in rows["scored"] if row["article_id"] == article_id and row["task"] == "topic"]
    scored["n_rows"] = 2


def joined(*some: Rows) -> Rows:
    return {name: [row for rows in some for row in rows[name]] for name in some[0]}


@pytest.fixture
def loads_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load without Prefect, since these tests have no Prefect server."""

    async def load(batch: str, writer: Writer, rows: Rows):
        return writer.commit(batch, arrow_tables(rows, writer.run_id))

    monkeypatch.setattr("flows.night.concurrent_load.load_station", load)


@pytest.mark.usefixtures("loads_plainly")
@pytest.mark.parametrize("step", ["staged", "intent written"])
async def test_answers_that_another_machine_was_faster_with_are_left_out(tmp_path: Path, step: str) -> None:
    shared = tmp_path / "shared"
    here = working_copy(tmp_path / "here", shared)
    ids = [nights.hash32(nights.url(1, 0, n)) for n in range(3)]
    with here.writing(run_id="here", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        rows = nights.batch(1, 0, articles=3)
        writer.commit("articles", {name: rows[name] for name in ("item", "article", "article_text")})
        gone = nights.url(1, 0, 2)
        at_step(
            writer,
            step,
            lambda: elsewhere(tmp_path / "there", shared, "there", answers_of(ids[0]), [gone]),
        )
        mine = joined(*(answers_of(one) for one in ids))
        add_topic(mine, ids[0])
        await load_what_is_left("answers", writer, mine)
        stored = writer.query(
            "SELECT article_id, run_id, count(*) AS n FROM scored GROUP BY ALL ORDER BY run_id"
        )
        assert [(row["article_id"], row["run_id"]) for row in stored.to_pylist()] == [
            (ids[1], "here"),
            (ids[0], "there"),
        ]
        at_step(writer, "never", lambda: None)
        wrong = answers_of(ids[1])
        wrong["stance"][0] |= {"p_favor": 2.0, "model_version": "another"}
        with pytest.raises(AuditError):
            await load_what_is_left("wrong", writer, wrong)
        writer.publish()
    assert verify(here.root).findings == ()


@pytest.mark.usefixtures("loads_plainly")
@pytest.mark.parametrize("step", ["staged", "intent written"])
async def test_a_model_that_two_machines_name_at_once_gets_a_rank_of_its_own_on_each(
    tmp_path: Path, step: str
) -> None:
    shared = tmp_path / "shared"
    here = working_copy(tmp_path / "here", shared)

    def reading(model: str, rank: int) -> dict[str, object]:
        row = {"model_version": model, "name": model, "stated_right": 0.6, "rank": rank}
        return row | {"current_from": nights.START}

    theirs: Rows = {"reading": [reading("theirs", 2), reading("second", 3)]}
    mine: Rows = {"reading": [reading("mine", 2), reading("second", 3)]}
    with here.writing(run_id="here", flow="nightly") as writer:
        writer.commit("first rows", nights.reference_rows())
        at_step(writer, step, lambda: elsewhere(tmp_path / "there", shared, "there", theirs))
        await load_what_is_left("reference rows", writer, mine)
        ranks = writer.query(
            "SELECT model_version, rank FROM reading ORDER BY rank, model_version"
        ).to_pylist()
        writer.publish()
    assert [(row["model_version"], row["rank"]) for row in ranks] == [
        ("theirs", 2), ("second", 3), ("mine", 4), ("second", 5),
    ]  # fmt: skip
    assert verify(here.root).findings == ()


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize("step", ["staged", "intent written"])
async def test_a_piece_that_two_machines_bring_at_once_is_stored_once_and_both_nights_go_on(
    tmp_path: Path, step: str
) -> None:
    config, shared = tmp_path / "commentariat.toml", tmp_path / "shared"
    names = ["both", "mine", "gone"]
    articles = [article(name, seed, hours=seed) for seed, name in enumerate(names, start=1)]
    items = [Item(url=one.url, article_id=one.article_id, source="press") for one in articles]
    visits = [Visit(url=one.url, resource="page", fetched_at=AT, body_hash="b") for one in articles]
    batch = Batch(1, tuple(Work(item, None) for item in items))
    stored = article_rows(articles[:1])
    theirs = {"article": stored, "article_text": stored, "visit": visit_rows(visits[:1])}

    def others(run_id: str, rows: Rows, taken_down: list[str] | None = None) -> None:
        elsewhere(tmp_path / "there", shared, run_id, rows, taken_down)

    async def feed(_: web.Request) -> web.Response:
        links = "".join(f"<item><title>T</title><link>{url(name)}</link></item>" for name in names)
        text = f"<rss><channel><title>T</title>{links}</channel></rss>"
        return web.Response(text=text, content_type="application/rss+xml")

    @flow
    async def night_beside_another() -> Rows:
        async with open_night(NightRequest(config=config)) as night:
            listed = item_rows(items[:1], AT - timedelta(hours=1))
            at_step(night.writer, step, lambda: others("listed", {"item": listed}))
            assert sorted(await discover_all(night)) == sorted(url(name) for name in names)
            at_step(night.writer, step, lambda: others("read", theirs, [url("gone")]))
            await score_and_load(
                night, ExtractedBatch(batch, articles, [], visits, night.fetcher.memory.share())
            )
            night.writer.publish()
            return {
                name: night.writer.query(sql).to_pylist()
                for name, sql in {
                    "items": "SELECT url, run_id FROM item ORDER BY url",
                    "stored": "SELECT url, run_id FROM article ORDER BY url",
                    "ends": "SELECT url, outcome, reason FROM outcome ORDER BY url",
                    "visits": "SELECT url FROM visit WHERE resource = 'page' ORDER BY url",
                }.items()
            } | {"run": [{"id": night.run_id}]}

    async with loopback_site() as site:
        site.pages["/feed"] = feed
        config.write_text(
            f'[warehouse]\npath = "{tmp_path / "here"}"\nshared = "{shared}"\n'
            f'[fetch]\ndelay_s = 0\nconnect_to = {{ "press.example" = "127.0.0.1:{site.port}" }}\n'
            '[[sources]]\nname = "press"\ntype = "feed"\nlocation = "http://press.example/feed"\n'
        )
        found = await night_beside_another()
    mine = found["run"][0]["id"]
    assert [(row["url"], row["run_id"]) for row in found["items"]] == [
        (url("both"), "listed"),
        (url("mine"), mine),
    ]
    assert [(row["url"], row["run_id"]) for row in found["stored"]] == [
        (url("both"), "read"),
        (url("mine"), mine),
    ]
    assert [row["url"] for row in found["visits"]] == [url("both"), url("mine")]
    assert {row["url"]: row["outcome"] for row in found["ends"]} == {
        url("both"): "unchanged",
        url("mine"): "loaded",
        url("gone"): "taken_down",
    }
    assert verify(tmp_path / "here").findings == ()
