"""The load station: rows become tables that the warehouse accepts."""

import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from commentariat import AuditError
from models import (
    Evidence,
    RawScore,
    Reading,
    SentenceScore,
    Target,
    TargetStance,
    TopicScore,
    Wording,
    WordingScore,
)
from tasks.classify import Assignment, Scored
from tasks.item import Item, Visit
from tasks.load import arrow_tables, item_rows, outcome_rows, score_rows, visit_rows
from tasks.outcome import Outcome
from tasks.targets.statement_hash import statement_hash
from tests.warehouse.copies import new_warehouse
from warehouse import TABLES

AT = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)
URL = "https://a.example/1"
TOLL = Target(id="toll", statement="Cities should charge drivers")
FREE = Wording("Driving should cost nothing", denied=True)
RAW = RawScore(
    screen=0.4,
    wordings=(
        WordingScore(Wording(TOLL.statement), favor=2.5, against=-1.25, neutral=0.5, about=3.0),
        WordingScore(FREE, favor=-2.0, against=2.25, neutral=0.125, about=2.0),
    ),
    sentences=(SentenceScore(0, 10, 0.75, quoted=False), SentenceScore(20, 40, 0.25, quoted=True)),
)


def scored(*, with_topics: bool = True, about: bool = True, raw: RawScore = RAW) -> Scored:
    evidence = (Evidence(start=0, end=10, stance="favor", score=0.9, quoted=False),) if about else ()
    answer = TargetStance(
        target=TOLL,
        stance="favor" if about else "neutral",
        p_favor=0.7,
        p_against=0.1,
        p_neutral=0.1,
        relevance=0.9,
        about=about,
        evidence=evidence,
        raw=raw,
    )
    topics = (TopicScore(code="10", label="Transportation", rank=1, score=0.7),) if with_topics else ()
    assignment = Assignment("a" * 32, 1, None, "", "en", (TOLL,), with_topics)
    return Scored(assignment, Reading(document_id="a" * 32, topics=topics, stances=(answer,), p_opinion=0.9))


def test_tables_without_rows_are_left_out_and_every_row_names_its_run():
    tables = arrow_tables({"item": item_rows([_item()], AT), "visit": []}, "run-1")
    assert list(tables) == ["item"]
    assert tables["item"]["run_id"].to_pylist() == ["run-1"]


def test_many_rows_stay_in_their_order():
    items = [replace(_item(), url=f"{URL}/{n}") for n in range(2_500)]
    table = arrow_tables({"item": item_rows(items, AT)}, "run-1")["item"]
    assert table["url"].to_pylist() == [item.url for item in items]
    assert table["run_id"].to_pylist() == ["run-1"] * 2_500
    assert table.schema.names == [name for name in TABLES["item"].arrow.names if name in table.schema.names]


def test_making_a_table_takes_little_memory_beside_the_rows():
    rows = item_rows((replace(_item(), url=f"{URL}/{n}") for n in range(20_000)), AT)
    tracemalloc.start()
    try:
        arrow_tables({"item": rows}, "run-1")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20, "Arrow's own memory is not counted"


def test_rows_that_name_a_run_already_get_the_run_that_commits_them():
    rows = [row | {"run_id": "run-0"} for row in item_rows([_item()], AT)]
    assert arrow_tables({"item": rows}, "run-1")["item"]["run_id"].to_pylist() == ["run-1"]


def test_columns_have_the_types_of_the_warehouse():
    tables = arrow_tables({"item": item_rows([_item()], AT), "visit": visit_rows([_visit()])}, "run-1")
    for name, table in tables.items():
        for field in table.schema:
            assert field.type == TABLES[name].arrow.field(field.name).type, (name, field.name)


def test_a_value_that_does_not_fit_its_column_is_refused():
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        arrow_tables({"visit": [{"url": URL, "fetched_at": "yesterday"}]}, "run-1")


def test_an_outcome_has_the_id_of_its_article():
    outcome = Outcome(url=URL, source="s", outcome="loaded", reason="new", stage="load")
    other = Outcome(
        url="https://a.example/2", source="s", outcome="fetch_failed", reason="404", stage="fetch"
    )
    first, second = outcome_rows([outcome, other], AT, {URL: "a" * 32})
    assert first["article_id"] == "a" * 32
    assert second["article_id"] is None


def test_asked_questions_are_stored_even_if_the_answer_is_empty():
    rows = score_rows([scored(with_topics=True, about=False)], "m1", "cap", weights_version="w1")
    assert [(row["task"], row["target"], row["n_rows"]) for row in rows["scored"]] == [
        ("topic", "", 1),
        ("stance", "toll", 1),
    ]
    assert rows["evidence"] == []
    assert rows["stance"][0]["about"] is False


def test_topics_that_were_not_asked_have_no_rows():
    rows = score_rows([scored(with_topics=False)], "m1", "cap", weights_version="w1")
    assert rows["topic"] == []
    assert [row["task"] for row in rows["scored"]] == ["stance"]


def test_evidence_and_stance_name_the_wording_that_was_asked():
    rows = score_rows([scored()], "m1", "cap", weights_version="w1")
    hashes = {row["statement_hash"] for row in rows["stance"] + rows["evidence"]}
    assert hashes == {statement_hash(TOLL)}


def test_raw_scores_are_kept_for_every_wording_that_was_read():
    rows = score_rows([scored()], "m1", "cap", weights_version="w1")
    key = {
        "article_id": "a" * 32,
        "revision": 1,
        "target": "toll",
        "statement_hash": statement_hash(TOLL),
        "weights_version": "w1",
    }
    assert rows["raw_score"] == [
        key
        | {
            "screen": 0.4,
            "sentence_start": [0, 20],
            "sentence_end": [10, 40],
            "sentence_score": [0.75, 0.25],
            "sentence_quoted": [False, True],
        }
    ]
    own, denied = rows["wording_score"]
    assert own == key | {
        "wording_number": 0,
        "wording": TOLL.statement,
        "denied": False,
        "favor": 2.5,
        "against": -1.25,
        "neutral": 0.5,
        "about": 3.0,
    }
    assert (denied["wording_number"], denied["wording"], denied["denied"]) == (1, FREE.statement, True)


def test_targets_that_the_screen_left_out_have_raw_scores_without_wordings():
    rows = score_rows([scored(about=False, raw=RawScore(0.1))], "m1", "cap", weights_version="w1")
    assert [row["screen"] for row in rows["raw_score"]] == [0.1]
    assert rows["raw_score"][0]["sentence_start"] == []
    assert rows["wording_score"] == []


def test_answers_decided_from_stored_raw_scores_do_not_store_them_again():
    rows = score_rows([scored()], "m2", "cap", weights_version=None)
    assert rows["raw_score"] == rows["wording_score"] == []
    assert {row["model_version"] for row in rows["stance"] + rows["evidence"] + rows["scored"]} == {"m2"}


@pytest.mark.parametrize(
    ("changed", "column"),
    [({"reason": "half a character: \ud83d"}, "reason"), ({"http_status": 1 << 80}, "http_status")],
)
def test_a_value_that_does_not_fit_its_column_is_refused_with_the_name_of_the_column(
    changed: dict[str, object], column: str
):
    outcome = Outcome(url=URL, source="s", outcome="fetch_failed", reason="404 Not Found", stage="fetch")
    rows = [row | changed for row in outcome_rows([outcome], AT, {})]
    with pytest.raises(AuditError, match=f"table outcome: .* the column {column}: ") as refused:
        arrow_tables({"outcome": rows}, "run-1")
    assert str(refused.value).isprintable()


def test_the_warehouse_takes_the_rows_as_they_are(tmp_path: Path):
    rows = {
        "item": item_rows([_item()], AT),
        "visit": visit_rows([_visit()]),
        "outcome": outcome_rows(
            [Outcome(url=URL, source="s", outcome="fetch_failed", reason="404 Not Found", stage="fetch")],
            AT,
            {},
        ),
    }
    with new_warehouse(tmp_path / "w").writing(run_id="run-1", flow="test") as writer:
        writer.commit("0001", arrow_tables(rows, writer.run_id))
        assert (
            writer.query_file("run_summary", {"run_id": "run-1"}).to_pylist()[0]["outcome"] == "fetch_failed"
        )


def test_the_time_at_which_an_archive_read_a_page_is_not_stored_as_that_of_a_change():
    page = replace(_item(), authors_hint=("Jane Doe",), modified_hint=AT)
    record = replace(_item(), modified_hint=AT, location="file:///a.warc#warc%3D0")
    rows = item_rows([page, record], AT)
    stored = [(row["authors_hint"], row["modified_hint"], row["is_local"]) for row in rows]
    assert stored == [(("Jane Doe",), AT, False), (None, None, True)]


def _item() -> Item:
    return Item(url=URL, article_id="a" * 32, source="s", published_hint=AT)


def _visit() -> Visit:
    return Visit(url=URL, resource="page", fetched_at=AT, http_status=200, etag='"x"')
