"""Comparisons of a target's wordings: which lean to different sides, and how often they agree."""

from __future__ import annotations

import math

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse import nights
from tests.warehouse.answers import TARGET, Answer, answers_of, rows_of, second_answers
from tests.warehouse.copies import new_warehouse
from tests.warehouse.nights import hash32
from warehouse import connect
from warehouse.sql_files import views_sql

logits = st.floats(min_value=-80, max_value=80, width=32)


@settings(max_examples=20, deadline=None)
@given(outputs=st.lists(st.tuples(logits, logits, logits, st.booleans()), min_size=1, max_size=50))
def test_the_lean_of_a_wording_is_the_difference_of_its_softmax_turned_where_it_is_denied(outputs):
    with duckdb.connect() as connection:
        sql = views_sql()
        start = sql.index("CREATE OR REPLACE MACRO lean")
        connection.execute(sql[start : sql.index(";", start)])
        connection.execute("CREATE TABLE w (f FLOAT, a FLOAT, n FLOAT, denied BOOLEAN)")
        connection.executemany("INSERT INTO w VALUES (?, ?, ?, ?)", outputs)
        found = [lean for (lean,) in connection.execute("SELECT lean(f, a, n, denied) FROM w").fetchall()]
    wanted = []
    for *values, denied in outputs:
        favor, against, neutral = (math.exp(value - max(values)) for value in values)
        lean = (favor - against) / (favor + against + neutral)
        wanted.append(-lean if denied else lean)
    assert found == pytest.approx(wanted, abs=1e-9)


def with_wordings(answers: list[Answer], leans: list[list[tuple[float, float, bool]]]) -> dict[str, pa.Table]:
    """Make rows in which each article has the outputs (favor, against, denied) of its wordings."""
    rows = rows_of(answers)
    empty = {f"sentence_{part}": [] for part in ("start", "end", "score", "quoted")}
    raw, wordings = [], []
    for n, outputs in enumerate(leans):
        key = {"article_id": hash32(f"article {n}"), "revision": 1, "weights_version": nights.WEIGHTS}
        key |= {"target": TARGET, "statement_hash": hash32(TARGET)}
        raw.append(key | {"screen": 0.0} | empty)
        for number, (favor, against, denied) in enumerate(outputs):
            named = {"favor": favor, "against": against, "neutral": 0.0, "about": 1.0, "denied": denied}
            wordings.append(key | named | {"wording_number": number, "wording": f"Wording {number}."})
    return {**rows, "raw_score": nights.table(raw), "wording_score": nights.table(wordings)}


def test_wordings_that_lean_to_different_sides_are_found_furthest_apart_first(tmp_path):
    answers = answers_of("favor", "unsure", "against", "unsure", "favor")
    answers.append(Answer("neutral", False, 100, 100, 100, "Harbor Ledger", "2026-01"))
    answers += answers_of("favor")
    leans = [
        [(2.0, 0.0, False), (0.0, 2.0, True)],  # the same side, once in a denied wording
        [(1.0, 0.0, False), (1.0, 0.0, True)],  # for the statement and for its opposite
        [(0.0, 2.0, False), (0.0, 1.0, False)],
        [(3.0, 0.0, False), (0.0, 3.0, False)],
        [(2.0, 0.0, False)],  # read in only one wording
        [(3.0, 0.0, False), (0.0, 3.0, False)],  # does not speak about it
        [(2.0, 0.0, False), (1.0, 0.0, False)],
    ]
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", with_wordings(answers, leans))
        writer.publish()
    with connect(tmp_path / "w") as reader:
        found = reader.query(f"FROM wording_diff('{TARGET}')").to_pylist()
        agreement = reader.query("FROM wording_agreement()").to_pylist()
        assert reader.saved("wording_agreement").to_pylist() == agreement
        assert reader.query("FROM wording_diff('chip-exports')").num_rows == 0
    assert [row["title"] for row in found] == ["Piece 3", "Piece 1"]
    strong, weak = (math.e**3 - 1) / (math.e**3 + 2), (math.e - 1) / (math.e + 2)
    assert found[0]["distance"] == pytest.approx(2 * strong, abs=1e-3)
    assert [(lean["wording"], lean["denied"]) for lean in found[1]["leans"]] == [
        ("Wording 0.", False),
        ("Wording 1.", True),
    ]
    assert [lean["lean"] for lean in found[1]["leans"]] == pytest.approx([weak, -weak], abs=1e-3)
    assert agreement == [
        {
            "target": TARGET,
            "wordings": 2,
            "articles": 5,
            "articles_on_one_side": 3,
            "share": 0.6,
            "few": False,
        }
    ]


def test_fewer_than_five_articles_give_no_share_of_wordings_that_agree(tmp_path):
    leans = [[(1.0, 0.0, False), (2.0, 0.0, False)]] * 4
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", with_wordings(answers_of(*["favor"] * 4), leans))
        writer.publish()
    with connect(tmp_path / "w") as reader:
        (row,) = reader.query("FROM wording_agreement()").to_pylist()
    assert (row["articles"], row["articles_on_one_side"], row["share"], row["few"]) == (4, 4, None, True)


def test_wordings_are_compared_under_the_weights_of_the_answer_that_counts(tmp_path):
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", with_wordings(answers_of("unsure"), [[(1.0, 0.0, False), (0.0, 1.0, False)]]))
        rows = with_wordings(answers_of("favor"), [[(1.0, 0.0, False), (1.0, 0.0, False)]])
        again = {name: rows[name] for name in ("stance", "scored", "raw_score", "wording_score")}
        for name, column, value in (
            ("stance", "model_version", "fast-2"),
            ("scored", "model_version", "fast-2"),
            ("raw_score", "weights_version", "weights-2"),
            ("wording_score", "weights_version", "weights-2"),
        ):
            again[name] = nights.table([row | {column: value} for row in again[name].to_pylist()])
        writer.publish()
        with connect(tmp_path / "w") as reader:
            assert reader.query(f"FROM wording_diff('{TARGET}')").num_rows == 1
            writer.commit("2", {**nights.model_row("fast-2", 2, "weights-2"), **again})
            writer.publish()
            assert reader.query(f"FROM wording_diff('{TARGET}')").num_rows == 0
            assert reader.query("FROM wording_lean").num_rows == 2


def test_articles_that_a_second_model_answers_about_stay_in_the_comparison_of_wordings(tmp_path):
    one_side, two_sides = [(2.0, 0.0, False), (1.0, 0.0, False)], [(2.0, 0.0, False), (0.0, 2.0, False)]
    leans = [one_side] * 6 + [two_sides] * 4
    answers = answers_of(*["favor"] * 6, *["unsure"] * 4)
    second = second_answers(answers, dict.fromkeys(range(6, 10), "against"))
    found = []
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        for name, rows in (("1", with_wordings(answers, leans)), ("2", second)):
            writer.commit(name, rows)
            writer.publish()
            with connect(tmp_path / "w") as reader:
                (agreement,) = reader.query("FROM wording_agreement()").to_pylist()
                assert (agreement["articles"], agreement["share"]) == (10, 0.6)
                found.append(reader.query(f"FROM wording_diff('{TARGET}')").to_pylist())
    first, then = found
    assert [row["stance"] for row in first] == ["unsure"] * 4
    assert then == [row | {"stance": "against", "certainty": None} for row in first]
