"""Whether the first sentence of a model's evidence is one that people named, with and without scores of sentences."""

from __future__ import annotations

import duckdb
import pytest

from warehouse.sql_files import load_sql

QUESTION = "'a' AS article_id, 1 AS revision, 't' AS target, 'h' AS statement_hash"
ANSWER = f"{QUESTION}, 'favor' AS answer"
DRAW = (
    "'chosen' AS sampled_by, NULL AS sample, NULL AS stratum, NULL AS stratum_size, NULL AS sampling_weight"
)
FIRST, SECOND = (0, 20), (21, 42)


@pytest.mark.parametrize(
    ("evidence", "is_shown"),
    [
        ([(*SECOND, 0.9), (*FIRST, 0.2)], False),
        ([(*SECOND, 0.2), (*FIRST, 0.9)], True),
        ([(*SECOND, 0.5), (*FIRST, 0.5)], True),
        ([(*SECOND, None), (*FIRST, None)], True),
        ([(*SECOND, None)], False),
    ],
)
def test_the_first_sentence_is_the_one_with_the_highest_score_or_the_first_in_the_text(
    evidence: list[tuple[int, int, float | None]], is_shown: bool
) -> None:
    """A person named the first sentence of the text; evidence of a second model has no scores."""
    with duckdb.connect() as connection:
        connection.execute('CREATE TABLE sentence (start INTEGER, "end" INTEGER, score FLOAT)')
        connection.executemany("INSERT INTO sentence VALUES (?, ?, ?)", evidence)
        for name, selected in {
            "current_answer": f"{ANSWER}, NULL::FLOAT AS p_favor, NULL::FLOAT AS p_against",
            "gold_answer": f"{ANSWER}, 'x' AS outlet, '2026-01' AS month, {DRAW}",
            "current_annotation": f"{ANSWER}, [{FIRST[0]}] AS sentence_start, [{FIRST[1]}] AS sentence_end",
            "evidence": f"{QUESTION}, 'm' AS model_version, true AS is_current, sentence.* FROM sentence",
        }.items():
            connection.execute(f"CREATE VIEW {name} AS SELECT {selected}")
        found = connection.sql(load_sql("review_answers")).to_arrow_table().to_pylist()
    assert [row["is_shown"] for row in found] == [is_shown]
