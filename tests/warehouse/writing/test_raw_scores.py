"""Raw scores are stored unchanged, are moved and removed with their article, and show which texts need no reading."""

from __future__ import annotations

import math
from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commentariat import AuditError
from tests.warehouse import nights
from tests.warehouse.nights import TARGETS, WEIGHTS, hash32, url
from warehouse import Warehouse, Writer, connect
from warehouse.exporting.export import export
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify

Tables = dict[str, pa.Table]
IDS = [hash32(url(1, 0, n)) for n in range(4)]
ALL_RAW = "SELECT * FROM raw_score ORDER BY ALL"
ALL_WORDINGS = "SELECT * FROM wording_score ORDER BY ALL"


def asked(*questions: tuple[str, str], revision: int = 1) -> Tables:
    """Make the table ``asked`` from article ids and targets."""
    rows = [
        {"article_id": i, "revision": revision, "target": target, "statement_hash": hash32(target)}
        for i, target in questions
    ]
    return {"asked": nights.table(rows)}


def with_values(rows: pa.Table, **columns: list[object]) -> pa.Table:
    for name, values in columns.items():
        index = rows.column_names.index(name)
        rows = rows.set_column(index, name, pa.array(values, rows.schema.field(name).type))
    return rows


# --- storing ---


def test_outputs_are_stored_without_rounding(warehouse):
    outputs = [1.0000001, -3.4028234e38, 1e-30, -0.0, math.pi, 123456.79, 7e-5]
    rows = nights.batch(1, 0)
    count = rows["wording_score"].num_rows
    favor = [outputs[n % len(outputs)] for n in range(count)]
    rows["wording_score"] = with_values(rows["wording_score"], favor=favor)
    shares = [[1 / 3, 1 / 7] if starts else [] for starts in rows["raw_score"]["sentence_start"].to_pylist()]
    rows["raw_score"] = with_values(rows["raw_score"], sentence_score=shares, screen=[math.e] * 8)
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", rows)
        wordings, raw = writer.query(ALL_WORDINGS), writer.query(ALL_RAW)
    assert sorted(wordings["favor"].to_pylist()) == sorted(np.float32(favor).tolist())
    assert set(raw["screen"].to_pylist()) == {float(np.float32(math.e))}
    assert np.float32([1 / 3, 1 / 7]).tolist() in raw["sentence_score"].to_pylist()


def test_a_batch_whose_texts_the_screen_leaves_out_has_raw_scores_without_sentences_or_wordings(warehouse):
    rows = nights.batch(1, 0, articles=3)
    empty = {f"sentence_{part}": [[]] * 6 for part in ("start", "end", "score", "quoted")}
    rows["raw_score"] = pa.Table.from_pylist(
        [row | {name: [] for name in empty} for row in rows["raw_score"].to_pylist()]
    )
    del rows["wording_score"]
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", rows)
        writer.publish()
    with connect(warehouse.root) as reader:
        assert reader.query(ALL_RAW)["sentence_start"].to_pylist() == [[]] * 6
        assert reader.query(ALL_WORDINGS).num_rows == 0


def test_every_column_has_its_comment_in_parquet_and_in_duckdb(filled):
    for name in ("raw_score", "wording_score"):
        schema = pq.read_schema(filled.root / filled.live_files(name)[0].path)
        comments = {field.name: field.metadata[b"comment"].decode() for field in schema}
        assert all(comments.values())
        with connect(filled.path) as reader:
            sql = f"SELECT column_name, comment FROM duckdb_columns() WHERE table_name = '{name}' AND NOT internal"
            shown = {row["column_name"]: row["comment"] for row in reader.query(sql).to_pylist()}
        assert shown == comments


# --- following the article ---


def content(filled: Warehouse) -> tuple[pa.Table, pa.Table]:
    with connect(filled.root) as reader:
        return reader.query(ALL_RAW), reader.query(ALL_WORDINGS)


def test_raw_scores_survive_compaction_and_a_rebuild(filled):
    before = content(filled)
    assert [table.num_rows for table in before] == [24, 36]
    with filled.writing(run_id="c", flow="compact") as writer:
        compact(writer, min_files=2)
        writer.publish()
    assert [len(filled.live_files(name)) for name in ("raw_score", "wording_score")] == [1, 1]
    assert content(filled) == before
    for file in (filled.root / "db").iterdir():
        file.unlink()
    with filled.writing(run_id="d", flow="test") as writer:
        writer.publish()
    assert content(filled) == before
    assert verify(filled.root).findings == ()


def test_a_takedown_removes_raw_scores(filled):
    with filled.writing(run_id="t", flow="takedown") as writer:
        receipt = take_down(writer, urls=[url(1, 0, 0)], reason="Asked for.")
    assert (receipt.rows["raw_score"], receipt.rows["wording_score"]) == (2, 4)
    for table in content(filled):
        assert IDS[0] not in table["article_id"].to_pylist()
    stored = [pq.read_table(place) for place in filled.root.glob("data/*_score/**/*.parquet")]
    assert stored and all(IDS[0] not in table["article_id"].to_pylist() for table in stored)
    assert verify(filled.root).findings == ()


def test_an_export_holds_raw_scores_in_every_format(filled, tmp_path):
    with connect(filled.root) as reader:
        for format in ("parquet", "csv", "jsonl"):
            files = export(reader, tmp_path / format, tables=["raw_score", "wording_score"], format=format)
            assert [file.rows for file in files] == [24, 36]
    back = pq.read_table(tmp_path / "parquet" / "raw_score.parquet")
    assert sorted(back.to_pylist(), key=repr) == sorted(content(filled)[0].to_pylist(), key=repr)


def test_any_duckdb_client_reads_raw_scores_and_uses_their_macro(filled):
    with duckdb.connect(str(filled.root / "warehouse.duckdb"), read_only=True) as client:
        assert client.execute("SELECT count(*), sum(len(sentence_start)) FROM raw_score").fetchall() == [
            (24, 36)
        ]
        assert client.execute("SELECT sum(articles) FROM wording_agreement()").fetchall() == [(18,)]


def test_a_reader_follows_raw_scores_of_a_new_snapshot(filled):
    with connect(filled.root) as reader:
        with filled.writing(run_id="b", flow="test") as writer:
            writer.commit("1", nights.batch(2, 0))
            assert reader.query("SELECT count(*) AS n FROM raw_score")["n"].to_pylist() == [24]
            writer.publish()
        assert reader.query("SELECT count(*) AS n FROM raw_score")["n"].to_pylist() == [32]


# --- refused rows ---


def test_raw_scores_that_are_already_there_are_refused_also_under_another_model(filled):
    tables = {**nights.model_row("fast-2", 2), **nights.labels(IDS, model="fast-2"), **nights.raw_scores(IDS)}
    with filled.writing(run_id="b", flow="rescore") as writer:
        with pytest.raises(AuditError, match="new_raw_score"):
            writer.commit("1", tables)
        writer.commit("2", {name: rows for name, rows in tables.items() if not name.endswith("_score")})
    assert verify(filled.root).findings == ()


def spoiled(name: str, **columns: Callable[[int], object]) -> Callable[[Tables], Tables]:
    def spoil(tables: Tables) -> Tables:
        rows = tables[name]
        values = {column: [value(n) for n in range(rows.num_rows)] for column, value in columns.items()}
        return {**tables, name: with_values(rows, **values)}

    return spoil


@pytest.mark.parametrize(
    ("spoil", "audit"),
    [
        (spoiled("raw_score", screen=lambda _: math.nan), "raw_score_values"),
        (spoiled("raw_score", sentence_start=lambda _: [0]), "raw_score_values"),
        (spoiled("raw_score", sentence_quoted=lambda _: [False] * 3), "raw_score_values"),
        (spoiled("raw_score", sentence_score=lambda _: [0.2, 0.7]), "raw_score_values"),
        (spoiled("raw_score", sentence_score=lambda _: [1.2, 0.7]), "raw_score_values"),
        (spoiled("raw_score", sentence_score=lambda _: [0.2, -0.1]), "raw_score_values"),
        (spoiled("raw_score", sentence_score=lambda _: [math.nan, 0.1]), "raw_score_values"),
        (spoiled("raw_score", sentence_end=lambda _: [8, 9_999]), "raw_score_values"),
        (spoiled("raw_score", sentence_end=lambda _: [8, 0]), "raw_score_values"),
        (spoiled("raw_score", sentence_start=lambda _: [4, -1]), "raw_score_values"),
        (spoiled("raw_score", weights_version=lambda _: "unknown"), "raw_score_has_model"),
        (spoiled("wording_score", favor=lambda _: math.inf), "wording_score_values"),
        (spoiled("wording_score", about=lambda _: math.nan), "wording_score_values"),
        (spoiled("wording_score", denied=lambda _: True), "wording_score_values"),
        (spoiled("wording_score", wording=lambda _: " "), "wording_score_values"),
        (spoiled("wording_score", wording_number=lambda n: -1 - n), "wording_score_values"),
        (spoiled("wording_score", weights_version=lambda _: "unknown"), "wording_score_has_raw_score"),
        (spoiled("wording_score", wording_number=lambda _: 0), "unique_wording_score"),
    ],
)
def test_impossible_raw_scores_are_refused(warehouse, spoil, audit):
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        with pytest.raises(AuditError, match=audit):
            writer.commit("1", spoil(nights.batch(1, 0)))
        writer.commit("1", nights.batch(1, 0))


# --- queries ---


def test_raw_scores_are_given_for_the_questions_asked_and_no_others(filled):
    questions = asked(
        (IDS[0], TARGETS[0]), (IDS[1], TARGETS[1]), (IDS[2], TARGETS[1]), ("f" * 32, TARGETS[0])
    )
    with filled.writing(run_id="b", flow="rescore") as writer:
        rows = writer.query_file("raw_scores", {"weights_version": WEIGHTS}, questions).to_pylist()
        wordings = writer.query_file("wording_scores", {"weights_version": WEIGHTS}, questions).to_pylist()
        for name in ("raw_scores", "wording_scores"):
            assert writer.query_file(name, {"weights_version": "others"}, questions).num_rows == 0
    found = {(row["article_id"], row["target"]): row for row in rows}
    assert set(found) == {(IDS[0], TARGETS[0]), (IDS[1], TARGETS[1]), (IDS[2], TARGETS[1])}
    spoken = found[IDS[0], TARGETS[0]]
    assert spoken["sentence_start"] == [4, 0] and spoken["sentence_quoted"] == [False, True]
    assert spoken["sentence_score"] == np.float32([0.7512345, 0.2]).tolist()
    assert found[IDS[1], TARGETS[1]]["sentence_end"] == []  # the screen left this target out
    by_key = [(row["article_id"], row["target"], row["wording_number"], row["denied"]) for row in wordings]
    assert sorted(by_key) == sorted(
        (article, target, number, number == 1)
        for article, target in ((IDS[0], TARGETS[0]), (IDS[2], TARGETS[1]))
        for number in (0, 1)
    )


def test_raw_scores_of_another_revision_or_wording_are_not_given(filled):
    with filled.writing(run_id="b", flow="rescore") as writer:
        reworded = {
            "asked": with_values(asked((IDS[0], TARGETS[0]))["asked"], statement_hash=[hash32("else")])
        }
        for questions in (asked((IDS[0], TARGETS[0]), revision=2), reworded):
            assert writer.query_file("raw_scores", {"weights_version": WEIGHTS}, questions).num_rows == 0


def wanted(model: str) -> Tables:
    rows = [{"target": "", "statement_hash": "", "model_version": model}] + [
        {"target": target, "statement_hash": hash32(target), "model_version": model} for target in TARGETS
    ]
    return {"wanted_target": nights.table(rows)}


def backlog(writer: Writer, model: str, **params: object) -> list[dict[str, object]]:
    return writer.query_file("backlog", params, wanted(model)).to_pylist()


def test_the_backlog_marks_answers_that_need_no_reading(filled):
    with filled.writing(run_id="b", flow="rescore") as writer:
        assert {row["has_raw"] for row in backlog(writer, "fast-2")} == {False}
        for params in ({"weights_version": WEIGHTS}, {"weights_version": WEIGHTS, "taxonomy": "cap"}):
            rows = backlog(writer, "fast-2", **params)
            assert len(rows) == 12 * 3 and all(row["has_raw"] is True for row in rows)
        assert not any(row["has_raw"] for row in backlog(writer, "fast-2", weights_version="others"))
        rows = backlog(writer, "fast-2", weights_version=WEIGHTS, taxonomy="iptc")
        assert {row["task"] for row in rows if not row["has_raw"]} == {"topic"}
        edited = {"weights_version": WEIGHTS, "taxonomy": "cap", "taxonomy_version": "cap 012345abcdef"}
        assert {row["task"] for row in backlog(writer, "fast-2", **edited) if not row["has_raw"]} == {"topic"}


def test_articles_never_read_with_these_weights_are_read(filled):
    with filled.writing(run_id="b", flow="rescore") as writer:
        without = nights.batch(2, 0)
        with_topics_only = {n: t for n, t in without.items() if not n.endswith("_score")}
        writer.commit("1", with_topics_only)
        new = {hash32(url(2, 0, n)) for n in range(4)}
        rows = backlog(writer, "fast-2", weights_version=WEIGHTS)
        unread = {(row["article_id"], row["target"]) for row in rows if not row["has_raw"]}
        assert unread == {(article, target) for article in new for target in TARGETS}
        text = "Another text now. " + nights.TEXT
        revised = nights.batch(1, 0, revision=2, text=text)
        writer.commit("2", {n: t for n, t in revised.items() if n in ("article", "article_text")})
        again = [row for row in backlog(writer, "fast-2", weights_version=WEIGHTS) if row["revision"] == 2]
        assert len(again) == 12 and not any(row["has_raw"] for row in again)


def test_topics_are_copied_from_the_best_model_with_the_same_weights(filled):
    def labelled(model: str, label: str) -> Tables:
        rows = nights.labels(IDS, model=model)
        topic = with_values(rows["topic"], label=[label] * 4)
        scored = rows["scored"].filter(pa.compute.equal(rows["scored"]["task"], "topic"))
        return {"topic": topic, "scored": scored}

    questions = asked(*((i, target) for i in IDS for target in TARGETS), ("f" * 32, TARGETS[0]))
    with filled.writing(run_id="b", flow="rescore") as writer:
        writer.commit("1", {**nights.model_row("fast-3", 3), **labelled("fast-3", "better")})
        writer.commit("2", {**nights.model_row("fast-2", 2), **labelled("fast-2", "middling")})
        writer.commit("3", {**nights.model_row("other", 9, "others"), **labelled("other", "of others")})
        params = {"weights_version": WEIGHTS, "taxonomy": "cap"}
        found = writer.query_file("topics_to_copy", params, questions).to_pylist()
        assert writer.query_file("topics_to_copy", params | {"taxonomy": "iptc"}, questions).num_rows == 0
        edited = params | {"taxonomy_version": "cap 012345abcdef"}
        assert writer.query_file("topics_to_copy", edited, questions).num_rows == 0
        same = params | {"taxonomy_version": "cap"}
        assert writer.query_file("topics_to_copy", same, questions).to_pylist() == found
    assert [(row["article_id"], row["label"], row["rank"]) for row in found] == [
        (article, "better", 1) for article in sorted(IDS)
    ]
