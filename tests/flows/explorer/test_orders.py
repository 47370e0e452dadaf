"""The order of the articles on the main page, and of the answers under each of them."""

from pathlib import Path

import pytest

from flows.explorer.filters import Filter
from flows.explorer.view_sql import view_sql
from tests.warehouse import nights
from tests.warehouse.answers import answers_of, rows_of, written
from tests.warehouse.copies import new_warehouse
from warehouse import connect

UNSURE = {"favor": 5_500, "against": 2_000, "neutral": 1_000}


@pytest.mark.parametrize(
    ("chosen", "titles"),
    [
        (Filter(sort="surest"), ["Piece 2", "Piece 0", "Piece 3", "Piece 1"]),
        (Filter(sort="surest", stances=("unsure",)), ["Piece 3", "Piece 1"]),
        (Filter(sort="check"), ["Piece 3", "Piece 1", "Piece 0", "Piece 2"]),
    ],
)
def test_with_the_surest_answer_first_unsure_answers_are_last(
    tmp_path: Path, chosen: Filter, titles: list[str]
) -> None:
    """An unsure answer that is nearly a side has a larger certainty than a neutral one, and is less sure."""
    answers = [
        *answers_of("neutral", favor=1_000, against=1_000, neutral=5_000),
        *answers_of("unsure", favor=4_500, against=3_000, neutral=1_000),
        *answers_of("favor", favor=6_000, against=1_000, neutral=1_000),
        *answers_of("unsure", **UNSURE),
    ]
    with connect(written(tmp_path / "w", answers).root) as reader:
        assert reader.query(view_sql("articles", chosen))["title"].to_pylist() == titles


@pytest.mark.parametrize(("sort", "stances"), [("", ["neutral", "unsure"]), ("check", ["unsure", "neutral"])])
def test_the_unsure_answers_of_an_article_are_last_unless_they_are_to_be_checked(
    tmp_path: Path, sort: str, stances: list[str]
) -> None:
    rows = rows_of(answers_of("unsure", **UNSURE))
    other = {"target": "chip-exports", "statement_hash": nights.hash32("chip-exports")}
    neutral = {"stance": "neutral", "p_favor": 0.1, "p_against": 0.1, "p_neutral": 0.5, "relevance": 0.7}
    (unsure,), (asked,) = rows["stance"].to_pylist(), rows["scored"].to_pylist()
    rows["stance"] = nights.table([unsure, unsure | other | neutral])
    rows["scored"] = nights.table([asked, asked | other])
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", rows)
        writer.publish()
    with connect(tmp_path / "w") as reader:
        shown = view_sql("answers_shown", Filter(sort=sort), article_ids=[unsure["article_id"]])
        assert reader.query(shown)["stance"].to_pylist() == stances
