"""Passages become one answer: stands count more than silence, and contradiction is neutral."""

import numpy as np
import pytest

from models.aggregate import Votes, document_stance

FAVOR, AGAINST, NEUTRAL = (0.9, 0.04, 0.06), (0.04, 0.9, 0.06), (0.05, 0.05, 0.9)


def answer(stances, *, relevance=None, quoted=None, place=None):
    number = len(stances)
    return document_stance(
        Votes(
            stance=np.asarray(stances, dtype=np.float32),
            relevance=np.asarray(relevance or [1.0] * number, dtype=np.float32),
            quoted=np.asarray(quoted or [0.0] * number, dtype=np.float32),
            place=np.asarray(place or [0.5] * number, dtype=np.float32),
        )
    )


def test_probabilities_sum_to_one() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        number = int(rng.integers(1, 12))
        drawn = answer(
            rng.dirichlet([1, 1, 1], number),
            relevance=list(rng.random(number)),
            quoted=list(rng.random(number)),
        )
        assert drawn.sum() == pytest.approx(1.0, abs=1e-5)
        assert (drawn >= 0).all()


@pytest.mark.parametrize("stance", [FAVOR, AGAINST, NEUTRAL])
def test_a_single_passage_keeps_its_own_probabilities(stance) -> None:
    assert answer([stance]) == pytest.approx(stance, abs=1e-5)


def test_one_stand_among_neutral_passages_decides() -> None:
    assert answer([NEUTRAL, NEUTRAL, FAVOR, NEUTRAL]).argmax() == 0


def test_both_sides_come_out_neutral() -> None:
    assert answer([FAVOR, AGAINST, FAVOR, AGAINST]).argmax() == 2


def test_quoted_opponents_do_not_outvote_the_author() -> None:
    assert answer([AGAINST, AGAINST, FAVOR], quoted=[0.95, 0.9, 0.0]).argmax() == 0


def test_what_is_hardly_relevant_hardly_counts() -> None:
    assert answer([AGAINST, AGAINST, FAVOR], relevance=[0.05, 0.05, 0.95]).argmax() == 0


def test_an_unsure_passage_is_not_two_sided() -> None:
    unsure = (0.48, 0.42, 0.10)
    assert answer([unsure, unsure]) == pytest.approx(unsure, abs=1e-5)


def test_mirrored_votes_give_mirrored_answers() -> None:
    some = [(0.7, 0.1, 0.2), (0.2, 0.5, 0.3), (0.1, 0.1, 0.8)]
    mirrored = [(against, favor, neutral) for favor, against, neutral in some]
    assert answer(some)[[1, 0, 2]] == pytest.approx(answer(mirrored), abs=1e-6)
