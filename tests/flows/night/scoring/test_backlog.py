"""The backlog: articles with raw scores of the same weights are decided again, and only the others are read."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from prefect.logging import disable_run_logger

from flows.monitoring.warnings import unscored
from flows.night.classifier.classifier_pool import ClassifierPool
from flows.night.configured_models import reading_rows
from flows.night.run import Run, open_run
from flows.night.scoring.backlog import Answered, Backlog, backlog, score_backlog, stored_for
from flows.night.scoring.scoring import rows_of_scored
from flows.settings.config import load_config
from models.taxonomy import BUNDLED
from tasks.classify import Assignment, ClassifierChoice, Scored, classify_batch
from tasks.decide import Stored, decide_batch
from tasks.load import arrow_tables
from tasks.reference_rows import changed_targets
from tests.flows.night import unsure_night
from tests.flows.night.unsure_night import a_run, plain_stations, take_in
from tests.warehouse import nights
from warehouse import Writer, connect
from warehouse.upkeep.takedown import take_down

CONFIG = """
[warehouse]
path = "commentary"
[model]
threads = 2
stated_right = {stated_right}
[topics]
taxonomy = "{taxonomy}"
[[targets]]
id = "tolls"
statement = "Cities should charge drivers"
[[targets]]
id = "trams"
statement = "Cities should build trams"
"""
FERRY = '[[targets]]\nid = "ferry"\nstatement = "The ferry should stay"\n'
IDS = [nights.hash32(nights.url(1, 0, number)) for number in range(2)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("backlog")


def configured(folder: Path, *, stated_right: float = 0.85, taxonomy: str = "cap", more: str = "") -> Path:
    file = folder / "commentariat.toml"
    file.write_text(CONFIG.format(stated_right=stated_right, taxonomy=taxonomy) + more)
    return file


@pytest.fixture(scope="module", autouse=True)
def _scored(folder: Path) -> None:
    """Write a warehouse with two articles that have been read for two targets."""

    async def score() -> None:
        async with open_run(load_config(configured(folder), {}), flow="test", never_sent=()) as run:
            rows = nights.batch(1, 0, articles=2)
            run.writer.commit("articles", {name: rows[name] for name in ("article", "article_text")})
            targets = {"target": changed_targets(run.writer, run.targets, run.started_at, retire=True)}
            run.writer.commit("targets", arrow_tables(targets, run.run_id))
            asked = [Assignment(name, 1, None, nights.TEXT, "en", run.targets) for name in IDS]
            scored = classify_batch(asked, run.choice)
            run.writer.commit("scores", arrow_tables(rows_of_scored(run, scored), run.run_id))

    asyncio.run(score())


async def missing(config: Path) -> dict[str, list[tuple[list[str], bool]]]:
    async with open_run(load_config(config, {}), flow="test", never_sent=()) as run:
        found = backlog(run)
    return {
        name: [([target.id for target in one.targets], one.with_topics) for one in assignments]
        for name, assignments in (("read", found.to_read), ("decide", found.to_decide))
    }


async def test_stored_answers_are_not_in_the_backlog(folder: Path) -> None:
    assert await missing(configured(folder)) == {"read": [], "decide": []}


async def test_another_share_of_right_stances_needs_no_reading(folder: Path) -> None:
    everything = (["tolls", "trams"], True)
    assert await missing(configured(folder, stated_right=0.9)) == {"read": [], "decide": [everything] * 2}


async def test_a_new_target_is_read_and_nothing_else_is_asked(folder: Path) -> None:
    assert await missing(configured(folder, more=FERRY)) == {"read": [(["ferry"], False)] * 2, "decide": []}


async def test_a_new_wording_of_a_target_is_read(folder: Path) -> None:
    more = 'denied = ["Trams cost too much"]\n'  # belongs to the last target above
    assert await missing(configured(folder, more=more)) == {"read": [(["trams"], False)] * 2, "decide": []}


async def test_one_article_may_be_decided_again_for_some_targets_and_read_for_others(folder: Path) -> None:
    found = await missing(configured(folder, stated_right=0.9, more=FERRY))
    assert found == {"read": [(["ferry"], False)] * 2, "decide": [(["tolls", "trams"], True)] * 2}


async def test_topics_of_another_taxonomy_are_read(folder: Path) -> None:
    found = await missing(configured(folder, stated_right=0.9, taxonomy="iptc"))
    assert found == {"read": [([], True)] * 2, "decide": [(["tolls", "trams"], False)] * 2}


async def test_another_taxonomy_alone_has_the_topics_read_and_the_stances_decided_again(folder: Path) -> None:
    found = await missing(configured(folder, taxonomy="iptc"))
    assert found == {"read": [([], True)] * 2, "decide": [(["tolls", "trams"], False)] * 2}


async def test_a_copy_of_the_models_own_taxonomy_is_that_taxonomy(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "ours.toml"
    copy.write_bytes((BUNDLED / "cap.toml").read_bytes())
    config = configured(folder, taxonomy=copy.as_posix())
    async with open_run(load_config(config, {}), flow="test", never_sent=()) as run:
        assert run.taxonomy == run.taxonomy_version == "cap"
    assert await missing(config) == {"read": [], "decide": []}


async def test_topics_are_read_again_if_the_file_of_the_taxonomy_was_edited(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder / "commentary", tmp_path / "commentary", symlinks=True)
    taxonomy = tmp_path / "desk.toml"
    config = configured(tmp_path, taxonomy=str(taxonomy))
    taxonomy.write_text('[[topics]]\ncode = "roads"\nlabel = "Roads"\ndescription = "Cars and tolls."\n')
    async with open_run(load_config(config, {}), flow="test", never_sent=()) as run:
        for one in backlog(run).to_read:
            asked = [replace(one, text=nights.TEXT)]
            rows = rows_of_scored(run, classify_batch(asked, run.choice))
            run.writer.commit(one.article_id, arrow_tables(rows, run.run_id))
    stances, everything = [(["tolls", "trams"], False)] * 2, [(["tolls", "trams"], True)] * 2
    assert await missing(config) == {"read": [], "decide": stances}
    assert await missing(configured(tmp_path, taxonomy=str(taxonomy), stated_right=0.9)) == {
        "read": [],
        "decide": everything,
    }
    taxonomy.write_text('[[topics]]\ncode = "rail"\nlabel = "Rail"\ndescription = "Trains and trams."\n')
    found = await missing(configured(tmp_path, taxonomy=str(taxonomy)))
    assert found == {"read": [([], True)] * 2, "decide": stances}


async def test_topics_keep_the_name_of_their_taxonomy_when_its_file_has_another_path(
    folder: Path, tmp_path: Path
) -> None:
    """It was moved or written in another way, or the configuration is that of another machine."""
    shutil.copytree(folder / "commentary", tmp_path / "commentary", symlinks=True)
    topics = '[[topics]]\ncode = "roads"\nlabel = "Roads"\ndescription = "Cars and tolls."\n'
    named = f'name = "desk"\n{topics}'
    (tmp_path / "desk.toml").write_text(named)
    (tmp_path / "moved.toml").write_text(named)
    stored = []
    for path in ("desk.toml", "./desk.toml", str(tmp_path / "moved.toml")):
        config = load_config(configured(tmp_path, taxonomy=path), {})
        async with open_run(config, flow="test", never_sent=()) as run:
            one, *_ = [*backlog(run).to_read, None]
            if one is not None:
                rows = rows_of_scored(run, classify_batch([replace(one, text=nights.TEXT)], run.choice))
                run.writer.commit(path, arrow_tables(rows, run.run_id))
                stored += [row["taxonomy"] for row in rows["topic"]]
    assert stored == ["desk.toml", "desk.toml"]
    again = configured(tmp_path, taxonomy="moved.toml", stated_right=0.9)
    assert await missing(again) == {"read": [], "decide": [(["tolls", "trams"], True)] * 2}
    (tmp_path / "moved.toml").write_text(named.replace("tolls", "trains"))
    async with open_run(load_config(again, {}), flow="test", never_sent=()) as run:
        assert run.taxonomy == "moved.toml", "another content is another taxonomy"


async def test_a_trial_asks_nothing_whose_answer_would_count(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "commentary", tmp_path / "commentary", symlinks=True)
    for share in (0.85, 0.9):
        config = load_config(configured(tmp_path, stated_right=share), {})
        async with open_run(config, flow="test", never_sent=()) as run:
            run.writer.commit("named", arrow_tables({"reading": reading_rows(run)}, run.run_id))
            if again := backlog(run).to_decide:
                scored = decide_batch(again, stored_for(run, again), run.choice)
                rows = rows_of_scored(run, scored, from_stored=True)
                run.writer.commit("answers", arrow_tables(rows, run.run_id))
    counted = ([], True, 2)
    for share, expected in ((0.85, counted), (0.9, counted), (0.8, (["ferry"] * 2, False, 0))):
        config = load_config(configured(tmp_path, stated_right=share, more=FERRY), {})
        async with open_run(config, flow="test", never_sent=()) as run:
            found = backlog(run, is_trial=True)
            read = [target.id for one in found.to_read for target in one.targets]
            assert (read, not found.to_decide, found.left_out) == expected
            assert ("2 answers are left out of the trial" in found.in_short) == (expected == counted)
            assert backlog(run).left_out == 0


async def test_a_new_alias_of_a_target_is_read(folder: Path) -> None:
    more = 'aliases = ["light rail"]\n'  # belongs to the last target above
    assert await missing(configured(folder, more=more)) == {"read": [(["trams"], False)] * 2, "decide": []}


async def test_the_backlog_is_shown_in_one_line(folder: Path) -> None:
    async with open_run(
        load_config(configured(folder, stated_right=0.9, more=FERRY), {}), flow="test", never_sent=()
    ) as run:
        found = backlog(run)
    assert found.articles == 2
    assert found.in_short == (
        "2 articles to read, 2 to be decided again from stored scores, 8 answers missing"
    )
    assert replace(found, to_decide=()).in_short == "2 articles to read, 2 answers missing"
    assert Answered(read=3, decided=0).in_short == "3 articles read"
    assert Answered(read=3, decided=40).in_short == "3 articles read, 40 decided again from stored scores"


class _Unable(ClassifierPool):
    """Workers that can read no text."""

    async def classify(self, batch: str, assignments: Sequence[Assignment]) -> list[Scored]:
        return []


async def test_articles_that_could_not_be_scored_are_counted(tmp_path: Path) -> None:
    with a_run(unsure_night.configured(tmp_path, "http://127.0.0.1:9")) as run:
        take_in(run, range(3))
        pool = _Unable(run.classifier_pool.runner, 1, run.choice, ["out of memory"])
        answered = await score_backlog(replace(run, classifier_pool=pool))
        assert answered == Answered(read=0, decided=0, unanswered=3)
        (warning,) = unscored(replace(run, classifier_pool=pool), answered.unanswered)
        assert warning.startswith("3 articles were not scored") and warning.endswith(": out of memory")
        assert unscored(run, 0) == []


async def test_answers_decided_again_leave_the_backlog_and_store_no_raw_scores(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder / "commentary", tmp_path / "commentary", symlinks=True)
    async with open_run(
        load_config(configured(tmp_path, stated_right=0.9), {}), flow="test", never_sent=()
    ) as run:
        asked = backlog(run).to_decide
        stored = stored_for(run, asked)
        assert set(stored.raw) == {(name, 1, target.id) for name in IDS for target in run.targets}
        assert set(stored.topics) == {(name, 1) for name in IDS}
        rows = rows_of_scored(run, decide_batch(asked, stored, run.choice), from_stored=True)
        commit = run.writer.commit("decided", arrow_tables(rows, run.run_id))
        assert {file.table for file in commit.add} >= {"stance", "scored", "topic", "model"}
        assert not {file.table for file in commit.add} & {"raw_score", "wording_score"}
        assert backlog(run).articles == 0


async def _decide(
    _: int, assignments: Sequence[Assignment], stored: Stored, choice: ClassifierChoice
) -> list[Scored]:
    return decide_batch(assignments, stored, choice)


@pytest.mark.parametrize(
    ("batch_size", "seen"),
    [pytest.param(1, [(2, 0), (2, 2)], id="in-batches"), pytest.param(2, [], id="in-one-batch")],
)
async def test_readers_see_what_a_night_has_taken_in_before_a_long_backlog_and_then_its_answers(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    batch_size: int,
    seen: list[tuple[int, int]],
) -> None:
    found: list[tuple[int, int]] = []

    async def publish(writer: Writer) -> None:
        writer.publish()
        with connect(writer.root) as reader:
            version = {"version": run.choice.version}
            articles = reader.query("SELECT * FROM article").num_rows
            answers = reader.query("SELECT * FROM stance WHERE model_version = $version", version).num_rows
            found.append((articles, answers))

    module = "flows.night.scoring.backlog"
    monkeypatch.setattr(f"{module}.decide_station", _decide)
    monkeypatch.setattr(f"{module}.publish_station", publish)
    shutil.copytree(folder / "commentary", tmp_path / "commentary", symlinks=True)
    every = f"[run]\nbatch_size = {batch_size}\npublish_every = 1\n"
    config = load_config(configured(tmp_path, stated_right=0.9, more=every), {})
    async with open_run(config, flow="test", never_sent=()) as run:
        with plain_stations(), disable_run_logger():
            assert await score_backlog(run, after_intake=True) == Answered(read=0, decided=2)
    assert found == seen


async def test_an_article_that_is_taken_down_before_it_is_decided_again_is_not_counted(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found_before_the_takedown(run: Run, since: datetime | None, *, is_trial: bool) -> Backlog:
        found = backlog(run, since, is_trial=is_trial)
        take_down(run.writer, article_ids=IDS[:1], reason="Asked for.")
        return found

    # The stations without Prefect, since this test has no Prefect server.
    module = "flows.night.scoring.backlog"
    monkeypatch.setattr(f"{module}.backlog", found_before_the_takedown)
    monkeypatch.setattr(f"{module}.decide_station", _decide)
    shutil.copytree(folder / "commentary", tmp_path / "commentary", symlinks=True)
    config = load_config(configured(tmp_path, stated_right=0.9), {})
    async with open_run(config, flow="test", never_sent=()) as run:
        with plain_stations(), disable_run_logger():
            assert await score_backlog(run) == Answered(read=0, decided=1)
        assert backlog(run).articles == 0
