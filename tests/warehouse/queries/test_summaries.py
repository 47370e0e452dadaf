"""Counts, balances and certainty equal those of counting answers one by one, with unsure apart from neutral."""

from __future__ import annotations

import math
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commentariat import AuditError
from tests.warehouse import nights
from tests.warehouse.answers import TARGET, Answer, answers_of, rows_of, second_answers, written
from tests.warehouse.copies import new_warehouse
from warehouse import connect
from warehouse.sql_files import QUERIES, load_sql

MONTHS = ("2026-01", "2026-02")
SIDES = ("favor", "against", "neutral", "unsure")


@st.composite
def made_answers(draw: st.DrawFn) -> Answer:
    about = draw(st.booleans())
    parts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=3, max_size=3)))
    favor, against, neutral = parts[0], parts[1] - parts[0], parts[2] - parts[1]
    return Answer(
        draw(st.sampled_from(SIDES)) if about else "neutral",
        about,
        favor,
        against,
        neutral,
        draw(st.sampled_from(nights.OUTLETS[:2])),
        draw(st.sampled_from(MONTHS)),
    )


def expected(answers: list[Answer]) -> dict[str, object]:
    """Return the expected summary of one group of articles that speak about the target."""
    counts = Counter(answer.stance for answer in answers)
    stated = counts["favor"] + counts["against"]
    balance = (counts["favor"] - counts["against"]) / stated if stated >= 5 else None
    return {
        "articles": len(answers),
        **{side: counts[side] for side in SIDES},
        "balance": None if balance is None else pytest.approx(balance, abs=6e-5),
        "few": len(answers) < 5,
    }


@settings(max_examples=6, deadline=None)
@given(answers=st.lists(made_answers(), min_size=1, max_size=30))
def test_summaries_count_unsure_apart_and_mark_small_numbers(answers):
    with tempfile.TemporaryDirectory() as folder:
        by_outlet, by_month, by_stance = defaultdict(list), defaultdict(list), defaultdict(list)
        for answer in answers:
            if answer.about:
                by_outlet[answer.outlet].append(answer)
                by_month[answer.month].append(answer)
                by_stance[answer.stance].append(answer)
        with connect(written(Path(folder) / "warehouse", answers).root) as reader:

            def found(sql: str, key: str) -> dict[str, dict[str, object]]:
                return {row[key]: row for row in reader.query(sql).to_pylist()}

            for sql, key, groups in (
                (f"FROM stance_by_outlet('{TARGET}')", "outlet", by_outlet),
                (f"FROM stance_over_time('{TARGET}')", "month", by_month),
                (load_sql("stances_by_outlet", QUERIES), "outlet", by_outlet),
            ):
                rows = found(sql, key)
                assert set(rows) == set(groups)
                for name, group in groups.items():
                    assert {k: rows[name][k] for k in expected(group)} == expected(group)
            shares = found(f"FROM stance_share('{TARGET}')", "stance")
            about = sum(map(len, by_stance.values()))
            assert set(shares) == set(by_stance)
            for side, group in by_stance.items():
                certainty = sum(answer.certainty for answer in group) / len(group)
                assert shares[side]["articles"] == len(group)
                share = pytest.approx(len(group) / about, abs=6e-5) if about >= 5 else None
                assert shares[side]["share"] == share
                assert shares[side]["mean_certainty"] == pytest.approx(certainty, abs=6e-5)
            current = found("FROM current_stance", "title")
            assert {title: row["certainty"] for title, row in current.items()} == {
                f"Piece {n}": pytest.approx(answer.certainty, abs=1e-6)
                for n, answer in enumerate(answers)
                if answer.about
            }
            totals = found(load_sql("stances", QUERIES), "target")
            if about:
                assert {side: totals[TARGET][side] for side in SIDES} == {
                    side: len(by_stance[side]) for side in SIDES
                }


def test_answers_most_worth_checking_come_first(tmp_path):
    answers = [
        *answers_of("favor", favor=9_000, against=300, neutral=300),
        *answers_of("unsure", favor=3_000, against=2_000, neutral=4_000),
        *answers_of("against", favor=3_000, against=3_700, neutral=2_000),
        *answers_of("unsure", favor=4_000, against=4_600, neutral=500),
        *answers_of("neutral", favor=1_000, against=1_000, neutral=5_000),
    ]
    with connect(written(tmp_path / "w", answers).root) as reader:
        found = reader.query(f"FROM least_certain('{TARGET}')").to_pylist()
        saved = reader.saved("least_certain_stances").to_pylist()
    order = [("unsure", 0.46), ("unsure", 0.3), ("against", 0.37), ("neutral", 0.5), ("favor", 0.9)]
    for rows in (found, saved):
        assert [(row["stance"], pytest.approx(row["certainty"])) for row in rows] == order


def test_unsure_answers_of_a_second_model_come_before_stated_sides_and_its_stated_sides_last(tmp_path):
    answers = answers_of(*["favor"] * 60, favor=9_000, against=300, neutral=300)
    answers += answers_of("unsure", "unsure", "unsure")
    ids = [nights.hash32(f"article {n}") for n in range(len(answers))]
    warehouse = written(tmp_path / "w", answers)
    with warehouse.writing(run_id="b", flow="test") as writer:
        writer.commit("2", second_answers(answers, {61: "unsure", 62: "against"}))
        writer.publish()
    with connect(warehouse.root) as reader:
        found = reader.query(f"FROM least_certain('{TARGET}', how_many := 100)").to_pylist()
        saved = reader.saved("least_certain_stances")["article_id"].to_pylist()
        everything = {"article_ids": [], "asked_targets": [], "targets": [], "outlets": [], "how_many": 2}
        asked = reader.query(load_sql("review_doubtful"), everything).to_pylist()
    order = [row["article_id"] for row in found]
    assert (order[:2], order[-1], len(order)) == (ids[60:62], ids[62], 63)
    assert saved == order[:50]
    doubtful = [row["article_id"] for row in asked if row["sampled_by"] == "least_certain"]
    assert doubtful[0] == ids[60] and ids[62] not in doubtful


def test_only_stated_sides_count_as_a_change_of_mind_or_as_a_lone_voice(tmp_path):
    answers = answers_of("favor", "unsure", "favor", "neutral", "favor", "unsure", "favor", "against")
    with connect(written(tmp_path / "w", answers).root) as reader:
        moved = reader.query(f"FROM changed_mind('{TARGET}') WHERE voice = 'outlet'").to_pylist()
        assert [(row["stance_before"], row["stance_after"]) for row in moved] == [("favor", "against")]
        lone = reader.saved("lone_voices").to_pylist()
        assert [(row["usual"], row["n"], row["n_usual"], row["stance"]) for row in lone] == [
            ("favor", 5, 4, "against")
        ]
        sides = reader.query(f"FROM both_sides('{TARGET}')").to_pylist()
        assert {row["stance"] for row in sides} == {"favor", "against"}


def test_an_outlet_with_as_many_articles_on_both_sides_has_no_usual_side(tmp_path):
    answers = answers_of("favor", "against", "favor", "against", "neutral")
    with connect(written(tmp_path / "w", answers).root) as reader:
        assert reader.saved("lone_voices").num_rows == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"stance": "undecided"},
        {"about": False},
        {"relevance": 0.8},
        {"relevance": 1.0},
        {"p_neutral": math.nan},
        {"p_favor": -0.1, "p_against": 0.7},
    ],
)
def test_a_stance_whose_probabilities_do_not_sum_to_its_relevance_or_that_is_unknown_is_refused(
    tmp_path, wrong
):
    rows = rows_of(answers_of("unsure"))
    rows["stance"] = nights.table([rows["stance"].to_pylist()[0] | wrong])
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        with pytest.raises(AuditError, match="stance_values"):
            writer.commit("1", rows)
        writer.commit("1", rows_of(answers_of("unsure")))


def test_a_sum_of_one_is_kept_for_models_without_raw_scores_alone(tmp_path):
    rows = rows_of(answers_of("neutral", favor=500, against=500, neutral=9_000))
    stance = rows["stance"].to_pylist()[0] | {"relevance": 0.2}
    earlier = nights.table([stance | {"model_version": "earlier"}])
    scored = nights.table([rows["scored"].to_pylist()[0] | {"model_version": "earlier"}])
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        with pytest.raises(AuditError, match="stance_values"):
            writer.commit("1", {**rows, "stance": nights.table([stance])})
        model = nights.model_row("earlier", 0, None)
        writer.commit("1", {**rows, **model, "stance": earlier, "scored": scored})
