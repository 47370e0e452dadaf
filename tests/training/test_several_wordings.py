"""Answers to several wordings are as certain as they are right."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from models import RawScore, Wording, WordingScore
from models.answers import AnswerSettings, probabilities
from training.several_wordings import fit_several_wordings


def pairs(seed: int, count: int, shared: float) -> tuple[list[RawScore], list[int]]:
    """Make answers to two wordings whose errors are the same to the share `shared`, and the right sides."""
    rng = np.random.default_rng(seed)
    right = rng.integers(0, 2, count)
    raw = []
    for side in right:
        common = rng.normal()
        lean = [
            (1 - 2 * side) + np.sqrt(shared) * common + np.sqrt(1 - shared) * rng.normal() for _ in range(2)
        ]
        wordings = tuple(
            WordingScore(Wording(name), float(one), float(-one), -30.0, 5.0)
            for name, one in zip("ab", lean, strict=True)
        )
        raw.append(RawScore(0.8, wordings))
    return raw, right.tolist()


def test_wordings_whose_errors_are_independent_count_twice() -> None:
    raw, gold = pairs(1, 1000, shared=0.0)
    assert fit_several_wordings(raw, gold, AnswerSettings()) == pytest.approx(2.0, abs=0.3)


def test_wordings_that_say_the_same_count_once() -> None:
    raw, gold = pairs(2, 1000, shared=1.0)
    assert fit_several_wordings(raw, gold, AnswerSettings()) == pytest.approx(1.0, abs=0.15)


def test_fitted_answers_are_as_certain_as_they_are_right() -> None:
    settings = AnswerSettings(several_wordings=fit_several_wordings(*pairs(3, 1000, 0.2), AnswerSettings()))
    raw, gold = pairs(4, 1000, 0.2)
    found = np.stack([probabilities(one, settings) for one in raw])[:, :2]
    assert found.max(axis=1).mean() == pytest.approx((found.argmax(axis=1) == gold).mean(), abs=0.03)


def test_without_answers_several_wordings_count_as_one() -> None:
    assert fit_several_wordings([], [], AnswerSettings()) == 1.0
