"""A commit adds a batch whole or not at all, only once, and with the columns of the tables."""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from commentariat import InputError, WarehouseError
from tests.warehouse import nights
from warehouse import TABLES, Warehouse, connect
from warehouse.upkeep.compaction import compact


def count(warehouse, table: str) -> int:
    with warehouse.writing(run_id="reader", flow="test") as writer:
        return writer.query(f"SELECT count(*) AS n FROM {table}")["n"][0].as_py()


def test_a_batch_is_committed_once_even_if_it_is_submitted_again(warehouse):
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        first = writer.commit("1", nights.batch(1, 0))
        again = writer.commit("1", nights.batch(1, 0))
    assert first == again
    with warehouse.writing(run_id="a", flow="test") as writer:
        assert writer.commit("1", nights.batch(1, 0)) == first
        assert writer.committed("1") == first
    assert count(warehouse, "article") == 4


class Done(NamedTuple):
    """A step of a commit, or what was done to a file or folder; its number on the disk stays when it is renamed."""

    what: str
    number: tuple[int, int] = (0, 0)
    name: Path | None = None


def number(place: Path | int) -> tuple[int, int]:
    status = os.stat(place)  # noqa: PTH116 - also of a descriptor
    return status.st_dev, status.st_ino


@contextmanager
def recorded(monkeypatch: pytest.MonkeyPatch, done: list[Done]) -> Iterator[None]:
    """Write down what is synced, and which names are given, in the block; all of it is done too."""
    sync = os.fsync

    def synced(descriptor: int) -> None:
        sync(descriptor)
        done.append(Done("synced", number(descriptor)))

    def noted(give_name: Callable[..., None]) -> Callable[..., None]:
        def named(present: Path, name: Path, **options: object) -> None:
            done.append(Done("named", number(present), name))
            give_name(present, name, **options)

        return named

    with monkeypatch.context() as during:
        during.setattr(os, "fsync", synced)
        for function in ("rename", "replace", "link"):
            during.setattr(os, function, noted(getattr(os, function)))
        yield


def numbers_synced(done: Iterable[Done]) -> set[tuple[int, int]]:
    return {step.number for step in done if step.what == "synced"}


def test_all_of_a_commit_is_on_the_disk_before_the_log_names_it(filled, monkeypatch):
    """A power cut may leave a name without its bytes, or bytes without their name, if these were not synced."""
    root, done = filled.root, []
    folders = set(root.glob("data/*/*"))
    watched = Warehouse(root, on_step=lambda step: done.append(Done(step)))
    with watched.writing(run_id="b", flow="test") as writer, recorded(monkeypatch, done):
        commit = writer.commit("1", nights.batch(40, 0))
    entry = root / "log" / f"{commit.sequence:08d}.json"
    at = {step.name or step.what: n for n, step in enumerate(done)}
    empty = [
        step.name for n, step in enumerate(done) if step.name and step.number not in numbers_synced(done[:n])
    ]
    assert empty == [], "after a power cut, these names would have no bytes"
    assert {"article", "article_text", "stance"} <= {file.table for file in commit.add}
    for path in (root / file.path for file in commit.add):
        assert number(path) in numbers_synced(done[: at["audited"]]), path
        assert at["audited"] < at["intent written"] < at[path] < at[entry], path
        assert number(path.parent) in numbers_synced(done[at[path] : at[entry]]), path
        assert path.parent not in folders, "the month is a new one"
        assert number(path.parent.parent) in numbers_synced(done[: at[entry]]), path
    assert number(entry.parent) in numbers_synced(done[at[entry] :])


def test_the_folders_of_a_first_commit_are_on_the_disk_before_the_log_names_its_files(tmp_path, monkeypatch):
    root, done = tmp_path / "commentary", []
    with recorded(monkeypatch, done), Warehouse(root).writing(run_id="a", flow="test") as writer:
        commit = writer.commit("1", nights.reference_rows() | nights.batch(1, 0))
    entry = next(
        n for n, step in enumerate(done) if step.name == root / "log" / f"{commit.sequence:08d}.json"
    )
    synced = numbers_synced(done[:entry])
    for folder in (root.parent, root, root / "data", *(root / "data").iterdir()):
        assert number(folder) in synced, folder


def test_files_of_a_run_do_not_replace_each_other_if_some_of_the_digits_in_their_names_are_the_same(
    warehouse, monkeypatch
):
    numbers = itertools.count()
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=0xABCDEF01 << 96 | next(numbers) << 64))
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))
        writer.commit("2", nights.batch(1, 1))
    assert count(warehouse, "article") == 8


def test_the_same_rows_under_another_batch_name_are_refused(filled):
    with (
        filled.writing(run_id="b", flow="test") as writer,
        pytest.raises(WarehouseError, match="already committed"),
    ):
        writer.commit("again", {"item": nights.batch(1, 0)["item"]})
    assert count(filled, "item") == 12


def test_existing_labels_are_refused(filled):
    ids = [nights.hash32(nights.url(1, 0, 0))]
    with filled.writing(run_id="b", flow="test") as writer, pytest.raises(WarehouseError, match="new_stance"):
        writer.commit("again", nights.labels(ids))


def test_files_are_in_folders_by_month_of_publication_or_else_of_fetching(warehouse):
    rows = nights.batch(1, 0, articles=3)
    published = [datetime(2025, 11, 30, 23, tzinfo=UTC), None, datetime(2026, 2, 1, tzinfo=UTC)]
    fetched = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((1, 5), (1, 31), (2, 1))]
    rows["article"] = _with(_with(rows["article"], "published_at", published), "fetched_at", fetched)
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", rows)
    for table in ("article", "article_text", "stance"):
        months = {}
        for file in warehouse.live_files(table):
            assert file.path.startswith(f"data/{table}/month=")
            ids = pq.read_table(warehouse.root / file.path)["article_id"].to_pylist()
            months |= dict.fromkeys(ids, file.path.split("/")[2])
        assert [months[name] for name in rows["article"]["article_id"].to_pylist()] == [
            "month=2025-11",
            "month=2026-01",
            "month=2026-02",
        ]


def test_probabilities_are_rounded_and_rows_sorted_by_target(warehouse):
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        rows = nights.batch(1, 0)
        rows["topic"] = _with(rows["topic"], "score", [0.123449, 0.12345678, 1.0, 0.0])
        writer.commit("1", rows)
    stance = pq.read_table(warehouse.root / warehouse.live_files("stance")[0].path)
    assert stance["target"].to_pylist() == sorted(stance["target"].to_pylist())
    topic = pq.read_table(warehouse.root / warehouse.live_files("topic")[0].path)
    assert sorted(topic["score"].to_pylist()) == [0.0, np.float32(0.1234), np.float32(0.1235), 1.0]


def check_the_form_of_the_files(warehouse: Warehouse) -> None:
    for name in ("article_text", "stance"):
        (file,) = warehouse.live_files(name)
        metadata = pq.ParquetFile(warehouse.root / file.path).metadata
        groups = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
        assert metadata.num_rows > TABLES[name].row_group, name
        assert max(group.num_rows for group in groups) <= TABLES[name].row_group, name
        packed = {group.column(n).compression for group in groups for n in range(metadata.num_columns)}
        assert packed == {"ZSTD"}, name


def test_files_are_packed_with_zstd_in_row_groups_no_longer_than_their_table_says(warehouse):
    """Whoever needs the text of one article reads its whole group."""
    articles = TABLES["article_text"].row_group + 1
    targets = [f"target {n}" for n in range(TABLES["stance"].row_group // articles + 1)]
    rows = nights.batch(1, 0, articles=articles)
    answers = nights.labels(rows["article"]["article_id"].to_pylist(), targets=targets[:1])
    asked = answers["scored"].filter(pc.equal(answers["scored"]["task"], "stance"))
    for name, answered in (("stance", answers["stance"]), ("scored", asked)):
        rows[name] = pa.concat_tables(_on_target(answered, target) for target in targets)
    for name in ("topic", "evidence", "raw_score", "wording_score"):
        del rows[name]
    with warehouse.writing(run_id="a", flow="test") as writer:
        (target, *_) = nights.reference_rows()["target"].to_pylist()
        named = [target | {"target": name, "statement_hash": nights.hash32(name)} for name in targets]
        writer.commit("0", nights.reference_rows() | {"target": nights.table(named)})
        writer.commit("1", rows)
        check_the_form_of_the_files(warehouse)
        assert compact(writer, min_files=1).files_after
        check_the_form_of_the_files(warehouse)


def _on_target(rows: pa.Table, target: str) -> pa.Table:
    named = _with(rows, "target", [target] * rows.num_rows)
    return _with(named, "statement_hash", [nights.hash32(target)] * rows.num_rows)


def test_columns_have_their_comment_in_parquet_and_in_duckdb(filled):
    field = pq.read_schema(filled.root / filled.live_files("stance")[0].path).field("p_favor")
    comment = field.metadata[b"comment"].decode()
    with connect(filled.path) as reader:
        sql = "SELECT comment FROM duckdb_columns() WHERE table_name = 'stance' AND column_name = 'p_favor'"
        assert reader.query(sql)["comment"].to_pylist() == [comment]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda t: {**t, "nonsense": t["article"]}, "unknown table nonsense"),
        (lambda t: {**t, "article": t["article"].drop_columns(["title", "kind"])}, "lacks the column kind"),
        (lambda t: {**t, "article": t["article"].append_column("x", t["article"]["url"])}, "has no column x"),
        (lambda t: {**t, "topic": _with(t["topic"], "score", ["high"] * 4)}, "topic.score should hold float"),
        (
            lambda t: {**t, "article": _with(t["article"], "kind", [None] * 4)},
            "article.kind is empty in 4 rows",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_table_and_column(warehouse, spoil, complaint):
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        with pytest.raises(WarehouseError, match=complaint):
            writer.commit("1", spoil(nights.batch(1, 0)))


def _with(table: pa.Table, column: str, values: list[object]) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, pa.array(values))


def test_labels_of_an_unknown_article_are_refused(warehouse):
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        with pytest.raises(WarehouseError, match="commit the article rows first"):
            writer.commit("1", nights.labels(["0" * 32]))


def test_run_ids_that_could_not_be_file_names_are_refused(warehouse):
    with pytest.raises(WarehouseError, match="run id"), warehouse.writing(run_id="../x", flow="test"):
        pass


def test_the_error_of_an_unknown_query_names_the_known_ones(filled):
    with (
        filled.writing(run_id="b", flow="test") as writer,
        pytest.raises(InputError, match="known_text"),
    ):
        writer.query_file("known_texts")


def test_several_threads_may_commit(warehouse):
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n: writer.commit(f"b{n}", nights.batch(1, n)), range(8)))
        assert writer.query("SELECT count(*) AS n FROM stance")["n"].to_pylist() == [64]


def test_is_current_follows_the_latest_revision(filled):
    with filled.writing(run_id="b", flow="test") as writer:
        writer.commit("1", nights.batch(1, 0, revision=2, text="Quite another text. " + nights.TEXT))
        sql = "SELECT revision, is_current, count(*) AS n FROM {} GROUP BY ALL ORDER BY ALL"
        article = writer.query(sql.format("article")).to_pylist()
        stance = writer.query(sql.format("stance")).to_pylist()
        rebuilt = writer.query("SELECT * FROM stance ORDER BY ALL")
        writer._base.discard()
        assert writer.query("SELECT * FROM stance ORDER BY ALL").equals(rebuilt)
    assert [(r["revision"], r["is_current"], r["n"]) for r in article] == [
        (1, False, 4),
        (1, True, 8),
        (2, True, 4),
    ]
    assert [(r["revision"], r["is_current"], r["n"]) for r in stance] == [
        (1, False, 8),
        (1, True, 16),
        (2, True, 8),
    ]


def test_is_current_follows_the_rank_of_models_and_not_their_names(filled):
    ids = [nights.hash32(nights.url(1, 0, n)) for n in range(4)]
    with filled.writing(run_id="b", flow="rescore") as writer:
        writer.commit(
            "1", {**nights.model_row("a-older-name", 2), **nights.labels(ids, model="a-older-name")}
        )
        writer.commit(
            "2", {**nights.model_row("z-newer-name", 0), **nights.labels(ids, model="z-newer-name")}
        )
        for table, each in (("stance", 2), ("topic", 1)):
            sql = f"SELECT model_version, count(*) FILTER (is_current) AS n FROM {table} GROUP BY ALL ORDER BY ALL"
            counts = {row["model_version"]: row["n"] for row in writer.query(sql).to_pylist()}
            assert counts == {"a-older-name": 4 * each, "fast-1": 8 * each, "z-newer-name": 0}


def test_is_current_follows_the_wording_of_the_target_there_and_back(filled):
    def current(writer) -> int:
        sql = "SELECT count(*) FILTER (is_current) AS n FROM stance WHERE target = 'carbon-tax'"
        return writer.query(sql)["n"][0].as_py()

    def asked(day: int, statement: str, active: bool = True) -> dict[str, pa.Table]:
        row = {"target": "carbon-tax", "statement": statement, "statement_hash": nights.hash32(statement)}
        when = {"active": active, "asked_from": nights.START.replace(day=day), "aliases": ["carbon"]}
        return {"target": nights.table([row | when])}

    with filled.writing(run_id="b", flow="test") as writer:
        assert current(writer) == 12
        writer.commit("1", asked(2, "Carbon should cost more."))
        assert current(writer) == 0
        writer.commit("2", asked(3, "carbon-tax"))
        assert current(writer) == 12
        writer.commit("3", asked(4, "carbon-tax", active=False))
        assert current(writer) == 0
