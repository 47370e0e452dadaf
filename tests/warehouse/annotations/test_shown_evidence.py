"""Whether the first sentence of a model's evidence is one that people named, with and without scores of sentences."""

from __future__ import annotations

import re

import duckdb
import pytest

from models.evidence import choose_evidence
from models.interface import SentenceScore
from warehouse.sql_files import load_sql

QUESTION = "'a' AS article_id, 1 AS revision, 't' AS target, 'h' AS statement_hash"
ANSWER = f"{QUESTION}, 'favor' AS answer"
DRAW = (
    "'chosen' AS sampled_by, NULL AS sample, NULL AS stratum, NULL AS stratum_size, NULL AS sampling_weight"
)
FIRST, SECOND = (0, 20), (21, 42)


def evidence_order() -> str:
    """Give the SQL of this macro alone; other macros need tables."""
    (macro,) = re.findall(r"CREATE OR REPLACE MACRO evidence_order.*?;", load_sql("macros"), re.DOTALL)
    return macro


@pytest.mark.parametrize(
    ("evidence", "is_shown"),
    [
        ([(*SECOND, 0.9, False), (*FIRST, 0.2, False)], False),
        ([(*SECOND, 0.2, False), (*FIRST, 0.9, False)], True),
        ([(*SECOND, 0.5, False), (*FIRST, 0.5, False)], True),
        ([(*SECOND, 0.5, True), (*FIRST, 0.3, False)], True),
        ([(*SECOND, 0.7, True), (*FIRST, 0.3, False)], False),
        ([(*SECOND, 0.7, True), (*FIRST, 0.5, True)], False),
        ([(*SECOND, None, False), (*FIRST, None, True)], True),
        ([(*SECOND, None, False)], False),
    ],
)
def test_the_first_sentence_is_the_one_with_the_highest_score_or_the_first_in_the_text(
    evidence: list[tuple[int, int, float | None, bool]], is_shown: bool
) -> None:
    """A person named the first sentence of the text; evidence of a second model has no scores."""
    with duckdb.connect() as connection:
        connection.execute(evidence_order())
        connection.execute(
            'CREATE TABLE sentence (start INTEGER, "end" INTEGER, score FLOAT, quoted BOOLEAN)'
        )
        connection.executemany("INSERT INTO sentence VALUES (?, ?, ?, ?)", evidence)
        for name, selected in {
            "current_answer": f"{ANSWER}, 'x' AS outlet, NULL::FLOAT AS p_favor, NULL::FLOAT AS p_against",
            "gold_draw": f"{ANSWER}, 'x' AS outlet, '2026-01' AS month, {DRAW}",
            "current_annotation": f"{ANSWER}, [{FIRST[0]}] AS sentence_start, [{FIRST[1]}] AS sentence_end",
            "evidence": f"{QUESTION}, 'm' AS model_version, true AS is_current, sentence.* FROM sentence",
        }.items():
            connection.execute(f"CREATE VIEW {name} AS SELECT {selected}")
        found = connection.sql(load_sql("review_answers")).to_arrow_table().to_pylist()
    assert [row["is_shown"] for row in found] == [is_shown]


@pytest.mark.parametrize("share", [0.39, 0.4, 0.41, 0.6, 0.79, 0.8, 0.81])
@pytest.mark.parametrize("quoted", [True, False])
def test_sentences_are_ordered_as_the_model_chooses_them(share: float, quoted: bool) -> None:
    """A quoted sentence comes before one of the author's own if it has more than twice the share."""
    sentences = SentenceScore(*FIRST, 0.4, quoted=False), SentenceScore(*SECOND, share, quoted=quoted)
    with duckdb.connect() as connection:
        connection.execute(evidence_order())
        own, other = (
            connection.execute("SELECT evidence_order(?, ?)", [one.score, one.quoted]).fetchall()[0][0]
            for one in sentences
        )
    first = choose_evidence("favor", sentences)[0]
    assert (first.start == SECOND[0]) == (other > own)
