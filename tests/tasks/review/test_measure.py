"""Measures of the model take account of how its answers were drawn: 95 in 100 intervals cover the true value."""

from __future__ import annotations

import numpy as np

from tasks.review.measure import Judged, scores
from tasks.review.sample import allocate

KINDS = np.array(["favor", "against", "neutral", "unsure", "not_about"])
ANSWERS = np.array(["favor", "against", "neutral", "not_about"])
TRUTH = np.array([0.10, 0.06, 0.04, 0.80])
GIVEN_TRUTH = np.array(
    [
        [0.45, 0.05, 0.05, 0.25, 0.20],
        [0.10, 0.30, 0.05, 0.45, 0.10],
        [0.10, 0.05, 0.40, 0.30, 0.15],
        [0.02, 0.02, 0.01, 0.05, 0.90],
    ]
)
PIECES, DRAWN, DRAWS = 1_500, 300, 300


def judged(chance: np.random.Generator, answer: np.ndarray, predicted: np.ndarray) -> Judged:
    """Draw a sample of all pieces as `review sample` does, with people's answers."""
    sizes = {kind: int((predicted == kind).sum()) for kind in KINDS}
    drawn = allocate(sizes, DRAWN)
    rows = np.concatenate(
        [chance.choice(np.flatnonzero(predicted == k), n, replace=False) for k, n in drawn.items()]
    )
    blank = np.full(len(rows), "")
    return Judged(
        answer=answer[rows],
        predicted=predicted[rows],
        p_side=np.full(len(rows), 0.7),
        is_shown=np.full(len(rows), np.nan),
        target=blank,
        outlet=blank,
        month=blank,
        stratum=predicted[rows],
        stratum_size=np.array([float(sizes[kind]) for kind in predicted[rows]]),
        sample=np.full(len(rows), "s"),
    )


def test_intervals_cover_the_true_shares_of_all_pieces_and_simple_shares_do_not():
    chance = np.random.default_rng(25)
    covered = {"precision of sides": 0, "recall of sides": 0}
    plain = 0
    for _ in range(DRAWS):
        truth = chance.choice(4, size=PIECES, p=TRUTH)
        answer = ANSWERS[truth]
        predicted = KINDS[(chance.random(PIECES)[:, None] > GIVEN_TRUTH.cumsum(1)[truth]).sum(1)]
        sample = judged(chance, answer, predicted)
        right, sided = answer == predicted, np.isin(answer, KINDS[:2])
        of_all = {
            "precision of sides": right[np.isin(predicted, KINDS[:2])].mean(),
            "recall of sides": right[sided].mean(),
        }
        found = dict(scores(sample, np.ones(len(sample.answer), dtype=np.bool_)))
        for measure, true in of_all.items():
            share = found[measure]
            assert share is not None
            covered[measure] += share.low <= true <= share.high
        seen = np.isin(sample.answer, KINDS[:2])
        plain += abs((sample.answer == sample.predicted)[seen].mean() - of_all["recall of sides"]) < 0.1
    assert all(0.92 <= n / DRAWS <= 0.98 for n in covered.values()), covered
    assert plain / DRAWS < 0.9, "without the weights the recall is off"


def test_large_parts_are_not_left_out_and_small_ones_not_lost():
    drawn = allocate({"favor": 50, "against": 10, "rare": 1, "not_about": 9_000}, 100)
    assert sum(drawn.values()) == 100
    assert drawn["rare"] == 1 and 2 <= drawn["against"] <= 10
    assert drawn["favor"] >= 5 and drawn["not_about"] > 70
    assert allocate({"favor": 3, "against": 1}, 100) == {"favor": 3, "against": 1}
