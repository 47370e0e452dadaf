"""The load station: rows become tables that the warehouse takes."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Evidence, Reading, Target, TargetStance, TopicScore
from tasks.classify import Assignment, Scored
from tasks.item import Item, Visit
from tasks.load import arrow_tables, item_rows, outcome_rows, score_rows, statement_hash, visit_rows
from tasks.outcome import Outcome
from warehouse import TABLES, Warehouse

AT = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)
URL = "https://a.example/1"
TOLL = Target(id="toll", statement="Cities should charge drivers")


def scored(*, with_topics: bool = True, about: bool = True) -> Scored:
    evidence = (Evidence(start=0, end=10, stance="favor", score=0.9, quoted=False),) if about else ()
    answer = TargetStance(
        target=TOLL,
        stance="favor" if about else "neutral",
        p_favor=0.8,
        p_against=0.1,
        p_neutral=0.1,
        relevance=0.9,
        about=about,
        evidence=evidence,
    )
    topics = (TopicScore(code="10", label="Transportation", rank=1, score=0.7),) if with_topics else ()
    assignment = Assignment("a" * 32, 1, None, "", "en", (TOLL,), with_topics)
    return Scored(assignment, Reading(document_id="a" * 32, topics=topics, stances=(answer,), p_opinion=0.9))


def test_tables_without_rows_are_left_out_and_every_row_names_its_run():
    tables = arrow_tables({"item": item_rows([_item()], AT), "visit": []}, "run-1")
    assert list(tables) == ["item"]
    assert tables["item"]["run_id"].to_pylist() == ["run-1"]


def test_columns_have_the_types_of_the_warehouse():
    tables = arrow_tables({"item": item_rows([_item()], AT), "visit": visit_rows([_visit()])}, "run-1")
    for name, table in tables.items():
        for field in table.schema:
            assert field.type == TABLES[name].arrow.field(field.name).type, (name, field.name)


def test_a_value_that_does_not_fit_its_column_is_refused():
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        arrow_tables({"visit": [{"url": URL, "fetched_at": "yesterday"}]}, "run-1")


def test_an_outcome_knows_which_article_it_is_about():
    outcome = Outcome(url=URL, source="s", outcome="loaded", reason="new", stage="load")
    other = Outcome(
        url="https://a.example/2", source="s", outcome="fetch_failed", reason="404", stage="fetch"
    )
    first, second = outcome_rows([outcome, other], AT, {URL: "a" * 32})
    assert first["article_id"] == "a" * 32
    assert second["article_id"] is None


def test_what_was_asked_is_written_down_also_where_the_answer_is_empty():
    rows = score_rows([scored(with_topics=True, about=False)], "m1", "cap")
    assert [(row["task"], row["target"], row["n_rows"]) for row in rows["scored"]] == [
        ("topic", "", 1),
        ("stance", "toll", 1),
    ]
    assert rows["evidence"] == []
    assert rows["stance"][0]["about"] is False


def test_topics_that_were_not_asked_leave_no_trace():
    rows = score_rows([scored(with_topics=False)], "m1", "cap")
    assert rows["topic"] == []
    assert [row["task"] for row in rows["scored"]] == ["stance"]


def test_evidence_and_stance_name_the_wording_that_was_asked():
    rows = score_rows([scored()], "m1", "cap")
    hashes = {row["statement_hash"] for row in rows["stance"] + rows["evidence"]}
    assert hashes == {statement_hash(TOLL.statement)}


@given(st.text(), st.sampled_from([" ", "\n", "\t ", "  "]))
def test_spaces_do_not_make_another_wording(text: str, space: str):
    words = text.split() or ["x"]
    assert statement_hash(space.join(words)) == statement_hash(" ".join(words))
    assert statement_hash(" ".join([*words, "not"])) != statement_hash(" ".join(words))


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
    with Warehouse(tmp_path / "w").writing(run_id="run-1", flow="test") as writer:
        writer.commit("0001", arrow_tables(rows, writer.run_id))
        assert writer.query("run_summary", {"run_id": "run-1"}).to_pylist()[0]["outcome"] == "fetch_failed"


def _item() -> Item:
    return Item(url=URL, article_id="a" * 32, source="s", published_hint=AT)


def _visit() -> Visit:
    return Visit(url=URL, resource="page", fetched_at=AT, http_status=200, etag='"x"')
