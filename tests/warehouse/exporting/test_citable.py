"""An export of a past state always has the same hashes, whatever happened later, and describes its content."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from markdown_it import MarkdownIt

import warehouse.exporting.citable as citable_module
from commentariat import InputError, WarehouseError
from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.definitions.schema import SCHEMA_VERSION
from warehouse.engine import MEMORY_LIMIT, engine
from warehouse.exporting.citable import Cited, export_at
from warehouse.exporting.past import moment, past
from warehouse.log.commit_log import CommitLog
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down
from warehouse.writing import writer as writer_module

IDS = [nights.hash32(nights.url(1, 0, n)) for n in range(4)]


@pytest.fixture
def two_nights(warehouse: Warehouse) -> Warehouse:
    """A warehouse with two nights: commits 1 to 4 are the first, 5 to 7 the second."""
    with warehouse.writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))
        writer.commit("2", nights.batch(1, 1))
        writer.finish("8 articles")
        writer.publish()
    with warehouse.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0))
        writer.commit("2", nights.batch(1, 0, revision=2, text="Now it says: " + nights.TEXT))
        writer.finish("4 articles")
        writer.publish()
    return warehouse


def hashes(cited: Cited) -> dict[str, tuple[str, str]]:
    return {table.name: (table.sha256, table.rows_sha256) for table in cited.tables}


def test_a_past_database_is_built_within_the_memory_of_the_others(two_nights):
    with past(two_nights.root, 4) as made, engine(config={"memory_limit": MEMORY_LIMIT}) as limited:
        limit = "SELECT current_setting('memory_limit')"
        assert made.connection.execute(limit).fetchall() == limited.execute(limit).fetchall()


def more_nights(writer) -> None:
    writer.commit("more", nights.batch(3, 0))


def another_text(writer) -> None:
    writer.commit("text", nights.batch(1, 1, revision=2, text="And now: " + nights.TEXT))


def a_better_model(writer) -> None:
    writer.commit("model", {**nights.model_row("fast-2", 2), **nights.labels(IDS, model="fast-2")})


def compacted(writer) -> None:
    assert compact(writer, min_files=2).files_before
    writer.publish()
    assert clean(writer.root, writer.log, keep=1, trash_days=0.0).moved_to_trash


@pytest.mark.parametrize(
    "later",
    [[more_nights], [another_text, a_better_model], [compacted], [more_nights, compacted, a_better_model]],
)
def test_whatever_happens_later_the_same_state_has_the_same_hashes(
    two_nights: Warehouse, tmp_path: Path, later: list[Callable[[object], None]]
):
    first = export_at(two_nights.root, tmp_path / "first", 4, form="csv", texts=True)
    with two_nights.writing(run_id="later", flow="test") as writer:
        for what in later:
            what(writer)
        writer.finish()
    again = export_at(two_nights.root, tmp_path / "again", 4, form="csv", texts=True)
    assert hashes(again) == hashes(first) and again.data_sha256 == first.data_sha256
    for file in sorted(path.name for path in (tmp_path / "first").iterdir()):
        assert (tmp_path / "again" / file).read_bytes() == (tmp_path / "first" / file).read_bytes(), file
    assert again.taken_down == {}


def test_the_tables_have_the_rows_and_the_current_answers_of_the_past_state(
    two_nights: Warehouse, tmp_path: Path
):
    export_at(two_nights.root, tmp_path / "then", 4, form="parquet")
    export_at(two_nights.root, tmp_path / "now", 7, form="parquet")
    then, now = (pq.read_table(tmp_path / name / "stance.parquet") for name in ("then", "now"))
    assert (then.num_rows, now.num_rows) == (16, 32)
    assert set(then["is_current"].to_pylist()) == {True} and set(now["is_current"].to_pylist()) == {
        True,
        False,
    }
    assert pq.read_metadata(tmp_path / "then" / "article.parquet").num_rows == 8
    assert pq.read_metadata(tmp_path / "then" / "commit_log.parquet").num_rows == 4


def test_the_form_does_not_matter_for_the_hash_of_the_rows(two_nights: Warehouse, tmp_path: Path):
    cited = [
        export_at(two_nights.root, tmp_path / form, 4, form=form) for form in ("csv", "jsonl", "parquet")
    ]
    assert len({one.data_sha256 for one in cited}) == 1
    manifest = json.loads((tmp_path / "csv" / "manifest.json").read_text())
    assert (manifest["commit"], manifest["data_sha256"]) == (4, cited[0].data_sha256)


def test_texts_are_exported_only_where_they_are_asked_for(two_nights: Warehouse, tmp_path: Path):
    export_at(two_nights.root, tmp_path / "without", 4, form="csv")
    export_at(two_nights.root, tmp_path / "with", 4, form="csv", texts=True)
    assert not (tmp_path / "without" / "article_text.csv").exists()
    assert nights.SENTENCE in (tmp_path / "with" / "article_text.csv").read_text()
    assert not any(nights.SENTENCE in path.read_text() for path in (tmp_path / "without").iterdir())


def test_the_hash_that_is_cited_is_the_same_with_and_without_the_texts(two_nights: Warehouse, tmp_path: Path):
    without = export_at(two_nights.root, tmp_path / "without", 4, form="csv")
    with_texts = export_at(two_nights.root, tmp_path / "with", 4, form="csv", texts=True)
    assert without.data_sha256 == with_texts.data_sha256
    codebook = (tmp_path / "with" / "codebook.md").read_text()
    assert (
        f"version of the schema ({SCHEMA_VERSION}) has the same hash, with or without the texts" in codebook
    )


def test_rows_that_were_taken_down_are_missing_and_counted(two_nights: Warehouse, tmp_path: Path):
    before = export_at(two_nights.root, tmp_path / "before", 4, form="csv")
    with two_nights.writing(run_id="down", flow="takedown") as writer:
        take_down(writer, urls=[nights.url(1, 1, 0)], reason="Asked for.")
    after = export_at(two_nights.root, tmp_path / "after", 4, form="csv")
    assert after.data_sha256 != before.data_sha256
    assert after.taken_down["article"] == after.taken_down["article_text"] == 1
    assert after.taken_down["stance"] == 2 and "outcome" not in after.taken_down
    assert "**Taken down since**" in (tmp_path / "after" / "codebook.md").read_text()
    assert nights.url(1, 1, 0) not in (tmp_path / "after" / "article.csv").read_text()


def test_the_reason_of_a_takedown_is_not_exported(two_nights: Warehouse, tmp_path: Path):
    with two_nights.writing(run_id="down", flow="takedown") as writer:
        take_down(writer, urls=[nights.url(1, 1, 0)], reason="Ann Lee asked for it.")
    out = tmp_path / "out"
    cited = export_at(two_nights.root, out, log_of(two_nights).head, form="csv", texts=True)
    assert "tombstone" not in {table.name for table in cited.tables}
    assert not any("Ann Lee" in path.read_text() for path in out.iterdir())


def test_an_export_begins_again_without_what_was_taken_down_meanwhile(two_nights: Warehouse, tmp_path: Path):
    """The manifest says how many rows have been taken down, so these rows must not be in the files."""
    left = [nights.url(1, 1, 0)]

    def take_down_meanwhile(_: str | None) -> None:
        if left:
            with two_nights.writing(run_id="down", flow="takedown") as writer:
                take_down(writer, urls=[left.pop()], reason="Asked for.")

    out = tmp_path / "out"
    cited = export_at(two_nights.root, out, 4, form="csv", texts=True, about_model=take_down_meanwhile)
    assert nights.url(1, 1, 0) not in (out / "article.csv").read_text()
    assert cited.taken_down["article"] == cited.taken_down["article_text"] == 1
    assert json.loads((out / "manifest.json").read_text())["taken_down_since"] == cited.taken_down


def test_an_export_stops_if_takedowns_always_happen_meanwhile_and_leaves_no_file(
    two_nights: Warehouse, tmp_path: Path
):
    left = [nights.url(1, 1, n) for n in range(4)]

    def take_down_meanwhile(_: str | None) -> None:
        with two_nights.writing(run_id=f"down-{len(left)}", flow="takedown") as writer:
            take_down(writer, urls=[left.pop()], reason="Asked for.")

    with pytest.raises(WarehouseError, match="export again"):
        export_at(two_nights.root, tmp_path / "out", 4, form="csv", about_model=take_down_meanwhile)
    assert list((tmp_path / "out").iterdir()) == []


def test_an_export_that_fails_leaves_no_description_of_the_earlier_files(
    two_nights: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    export_at(two_nights.root, tmp_path / "out", 4, form="csv")
    written, original = 0, citable_module.write

    def writing(*given: Any) -> int:
        nonlocal written
        written += 1
        if written > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(*given)

    monkeypatch.setattr(citable_module, "write", writing)
    with pytest.raises(WarehouseError, match="disk is full"):
        export_at(two_nights.root, tmp_path / "out", 7, form="csv")
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert "article.csv" in left and not left & {"manifest.json", "codebook.md"}


def test_the_codebook_says_what_is_in_it(two_nights: Warehouse, tmp_path: Path):
    limits = {nights.WEIGHTS: "Half of the sides."}
    cited = export_at(
        two_nights.root, tmp_path, 4, form="csv", about_model=lambda weights: limits.get(weights or "")
    )
    text = (tmp_path / "codebook.md").read_text()
    assert cited.data_sha256 in text and "commit 4" in text
    assert "We need carbon-tax." in text and "fast-1" in text and "Half of the sides." in text
    assert "| loaded | 8 | 8 |" in text and "Harbor Ledger" in text
    assert "| `p_favor` | FLOAT |" in text and "## Table stance" in text


def test_answers_that_count_are_the_same_number_by_target_and_by_model_in_the_codebook(
    two_nights: Warehouse, tmp_path: Path
):
    """By model, one answer about the topics of each article is added."""
    export_at(two_nights.root, tmp_path, 7, form="csv")
    tables = (tmp_path / "codebook.md").read_text().split("\n## ")

    def count_now(title: str) -> int:
        (section,) = (part for part in tables if part.startswith(title))
        head, _, *rows = (
            [cell.strip() for cell in line.split("|")] for line in section.splitlines() if line[:1] == "|"
        )
        return sum(int(row[head.index("count_now")]) for row in rows)

    with duckdb.connect() as found:
        folder = tmp_path.as_posix()
        topics = found.sql(
            f"SELECT count(*) FROM '{folder}/scored.csv' WHERE task = 'topic' AND is_current"
        ).fetchall()
        stances = found.sql(f"SELECT count(*) FROM '{folder}/stance.csv' WHERE is_current").fetchall()
    assert count_now("Targets") == stances[0][0] > 0
    assert count_now("Models") == stances[0][0] + topics[0][0]


def test_names_that_pages_give_are_no_markdown_in_the_codebook(warehouse: Warehouse, tmp_path: Path):
    rows = nights.batch(1, 0)
    articles = rows["article"].to_pylist()
    names = (
        "![x](https://evil.example/p.png)",
        "[Reuters](https://evil.example)",
        "<img src=x>",
        "*a* | `b`",
    )
    for article, name in zip(articles, names, strict=True):
        article["outlet"] = name
    with warehouse.writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference", nights.reference_rows())
        writer.commit("1", rows | {"article": nights.table(articles)})
        writer.finish("4 articles")
        writer.publish()
    export_at(warehouse.root, tmp_path / "out", 3, form="csv")
    html = MarkdownIt("commonmark").enable("table").render((tmp_path / "out" / "codebook.md").read_text())
    assert "<img" not in html and "<a " not in html and "<em>" not in html
    for name in names:
        assert f"<td>{escape(name)}</td>" in html


def test_the_codebook_counts_each_answer_once_however_often_its_target_was_stored(
    two_nights: Warehouse, tmp_path: Path
):
    """A target that was retired and is asked again, now with another alias, has three rows of one wording."""
    (first, _) = nights.reference_rows()["target"].to_pylist()
    later = [
        first | {"asked_from": nights.START + timedelta(days=day), "active": active, "aliases": aliases}
        for day, active, aliases in ((1, False, []), (2, True, ["chips"]))
    ]
    with two_nights.writing(run_id="night-3", flow="nightly") as writer:
        writer.commit("1", {"target": nights.table(later)})
        writer.finish("again")
        writer.publish()
    export_at(two_nights.root, tmp_path, 9, form="csv", about_model=lambda _: None)
    text = (tmp_path / "codebook.md").read_text()
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| chip-exports ")]
    assert len(rows) == 1
    answers_count_and_are_about_it = [cell.strip() for cell in rows[0]][-3:]
    assert answers_count_and_are_about_it == ["16", "12", "9"]
    assert "2026-01-01" in rows[0][-5] and "chips" in rows[0][4]


def log_of(warehouse: Warehouse) -> CommitLog:
    log = CommitLog(warehouse.root / "log")
    log.refresh()
    return log


def test_an_export_of_a_commit_has_the_state_after_the_last_finished_run(two_nights: Warehouse):
    log = log_of(two_nights)
    assert [moment(log, at).commit for at in (4, 5, 6, 7)] == [4, 4, 4, 7]
    assert moment(log, 7).runs == {"night-1", "night-2"}
    assert moment(log, 4).rows["article"] == 8
    with pytest.raises(InputError, match="no run was over by then"):
        moment(log, 3)
    for at in (0, 8):
        with pytest.raises(InputError, match="the last one is 7"):
            moment(log, at)


def test_an_export_of_a_day_has_the_state_of_that_time(two_nights: Warehouse):
    log = log_of(two_nights)
    now = datetime.now(UTC)
    assert moment(log, now + timedelta(days=1)).commit == 7
    with pytest.raises(InputError, match="no run was over by then"):
        moment(log, now - timedelta(days=1))


def test_a_clock_that_was_ahead_during_one_run_changes_no_other_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    warehouse = Warehouse(tmp_path / "warehouse")
    for night in range(5):
        at = nights.START + timedelta(days=night + (36_500 if night == 2 else 0))
        monkeypatch.setattr(writer_module, "now", at.isoformat)
        with warehouse.writing(run_id=f"night-{night}", flow="nightly") as writer:
            writer.finish()
    days = [nights.START + timedelta(days=night, hours=1) for night in (0, 1, 3, 4)]
    assert [moment(log_of(warehouse), day).commit for day in days] == [1, 2, 4, 5]


def test_a_takedown_inside_a_night_is_not_the_end_of_the_night(two_nights: Warehouse):
    with two_nights.writing(run_id="night-3", flow="nightly") as writer:
        writer.commit("1", nights.batch(4, 0))
        take_down(writer, urls=[nights.url(4, 0, 0)], reason="It was listed again.")
        assert moment(log_of(two_nights), 9).commit == 7
        writer.finish()
    assert [moment(log_of(two_nights), at).commit for at in (9, 10)] == [7, 10]


def test_a_run_that_was_cut_short_counts_once_another_has_begun(two_nights: Warehouse):
    with two_nights.writing(run_id="cut-short", flow="nightly") as writer:
        writer.commit("1", nights.batch(4, 0))
    assert moment(log_of(two_nights), 8).commit == 7, "it may still be under way"
    with two_nights.writing(run_id="next", flow="nightly") as writer:
        writer.commit("1", nights.batch(5, 0))
        writer.finish()
    assert moment(log_of(two_nights), 8).commit == 7
    assert moment(log_of(two_nights), 10).runs >= {"cut-short", "next"}
