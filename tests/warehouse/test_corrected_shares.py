"""Shares corrected by people's answers cover the truth where the model's own shares do not."""

from __future__ import annotations

import re

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from warehouse import connect
from warehouse.scope import Scope
from warehouse.statements import QUERIES, statement

DRAWS, PIECES, LABELLED = 1_000, 600, 240
PEOPLE = np.array(["favor", "against", "neutral", "not_about"])
MODEL = np.array(["favor", "against", "neutral", "unsure", "not_about"])
TRUTH = np.array([0.20, 0.12, 0.08, 0.60])  # of the pieces that speak about the target: .5, .3 and .2
GIVEN_TRUTH = np.array(  # one side is unsure twice as often as the other, and wrong more often
    [
        [0.45, 0.05, 0.05, 0.25, 0.20],
        [0.10, 0.25, 0.05, 0.50, 0.10],
        [0.10, 0.05, 0.40, 0.30, 0.15],
        [0.03, 0.02, 0.01, 0.05, 0.89],
    ]
)


PART = np.array([0.2, 0.8, 0.5, 0.3, 0.1])
"""For each answer of the model, the share of its pieces that are in a part, such as an outlet."""


@pytest.fixture(scope="module")
def corrected() -> list[dict[str, float]]:
    """A thousand draws, each for its own target: the model's answers on all pieces, and people's answers on some."""
    return simulated(DRAWS)


def simulated(draws: int, part: np.ndarray | None = None) -> list[dict[str, float]]:
    """Return the corrected shares of made-up targets, of all pieces or of a part."""
    chance = np.random.default_rng(20_261_128)
    truth = chance.choice(4, size=(draws, PIECES), p=TRUTH)
    model = (chance.random((draws, PIECES, 1)) > GIVEN_TRUTH.cumsum(1)[truth]).sum(2)
    here = np.ones(truth.shape, dtype=bool) if part is None else chance.random(truth.shape) < part[model]
    rows = []
    for draw in range(draws):
        for kind in range(len(MODEL)):
            there = np.flatnonzero(model[draw] == kind)
            share = np.sqrt(len(there)) / np.sqrt(np.bincount(model[draw], minlength=5)).sum()
            drawn = chance.permutation(there)[: max(2, round(LABELLED * share))]
            rows += [(draw, piece, kind, len(there), truth[draw, piece]) for piece in drawn]
    target, piece, stratum, size, answer = np.array(rows).T

    def question(of: np.ndarray, which: np.ndarray) -> dict[str, np.ndarray]:
        ones = np.ones(len(of), dtype=np.int64)
        return {"target": of, "article_id": which, "revision": ones, "statement_hash": ones}

    looked_at = question(*np.nonzero(here))
    how = {"sampled_by": np.full(len(answer), "random"), "sample": np.full(len(answer), "s")}
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    for macro in re.findall(r"CREATE OR REPLACE MACRO share_\w+\(.*?;\n", statement("views"), re.DOTALL):
        connection.execute(macro)
    connection.register("current_answer", pa.table(looked_at | {"answer": MODEL[model[here]]}))
    how |= {"stratum": stratum, "stratum_size": size, "answer": PEOPLE[answer]}
    connection.register("gold_answer", pa.table(question(target, piece) | how))
    return connection.sql(statement("corrected_shares", QUERIES)).to_arrow_table().to_pylist()


def test_intervals_of_a_part_cover_its_true_shares_although_the_draw_was_from_all_pieces():
    """The part has four in five of the pieces with the answer "against", and one in five of those with "favor"."""
    rows = simulated(DRAWS, PART)
    in_part = TRUTH[:3] * (GIVEN_TRUTH[:3] @ PART)
    for true, side in zip(in_part / in_part.sum(), ("favor", "against", "neutral"), strict=True):
        its = [row for row in rows if row["stance"] == side and row["corrected_low"] is not None]
        covered = [row["corrected_low"] <= true <= row["corrected_high"] for row in its]
        assert len(its) > 0.9 * DRAWS
        assert np.mean([row["corrected"] for row in its]) == pytest.approx(true, abs=0.02)
        assert 0.93 <= np.mean(covered) <= 0.99


@pytest.mark.parametrize(("side", "true"), [("favor", 0.5), ("against", 0.3), ("neutral", 0.2)])
def test_95_in_100_intervals_cover_the_truth_although_the_model_errs_and_leaves_one_side_unsure(
    corrected: list[dict[str, float]], side: str, true: float
):
    rows = [row for row in corrected if row["stance"] == side]
    assert len(rows) == DRAWS
    covered = sum(row["corrected_low"] <= true <= row["corrected_high"] for row in rows) / DRAWS
    assert 0.93 <= covered <= 0.97
    assert sum(row["low"] <= true <= row["high"] for row in rows) / DRAWS < 0.6, "the raw shares are off"
    assert np.mean([row["corrected"] for row in rows]) == pytest.approx(true, abs=0.01)


def test_the_share_of_unsure_answers_is_apart_from_the_corrected_shares(corrected: list[dict[str, float]]):
    unsure = [row for row in corrected if row["stance"] == "unsure"]
    assert all(row["corrected"] is None and row["share"] > 0 for row in unsure)


def test_corrected_shares_can_be_computed_for_a_part_of_the_articles(one_published_night):
    everything = statement("corrected_shares", QUERIES)
    with connect(one_published_night) as reader:
        whole = reader.query(everything).to_pylist()
        part = reader.query(Scope(outlets=("Harbor Ledger",)).narrow(everything)).to_pylist()
        stated = reader.query(
            "SELECT count(*) AS n FROM current_stance WHERE outlet = 'Harbor Ledger'"
        ).to_pylist()
    assert 0 < sum(row["articles"] for row in part) == stated[0]["n"] < sum(row["articles"] for row in whole)
