"""A calibration fitted to known answers is better on other answers, also with denied wordings, and can be stored."""

from __future__ import annotations

import json

import numpy as np
import pytest

from commentariat import ModelError
from models import STANCES
from models.answers import AnswerSettings
from models.calibration import Calibration
from models.calibration_file import calibration_text, read_calibration
from models.interface import RawScore, Wording, WordingScore
from models.recalibration import SILENT, as_config, quality, refitted, thresholds

OVERSURE = AnswerSettings(Calibration(0.5, (0.0, 0.0, 0.0)), (1.0, 0.0, 1.5), points=((0.5, 0.5), (0.9, 0.8)))


def made_up(count: int, seed: int) -> tuple[list[RawScore], list[int]]:
    """Make answers whose true probabilities are a softmax of the logits at temperature 2, with "against" likelier."""
    chance = np.random.default_rng(seed)
    raw: list[RawScore] = []
    answers: list[int] = []
    for number in range(count):
        logits, about = chance.normal(0, 3, 3), float(chance.normal(0, 2))
        weights = np.exp(logits / 2 + np.array([0, 0.7, 0]))
        speaks = chance.random() < 1 / (1 + np.exp(1 - about))
        answers.append(int(chance.choice(3, p=weights / weights.sum())) if speaks else SILENT)
        favor, against, neutral = (float(one) for one in logits)
        straight = WordingScore(Wording("It is good."), favor, against, neutral, about)
        denied = WordingScore(Wording("It is bad.", denied=True), against, favor, neutral, about)
        raw.append(RawScore(0.5, (denied,) if number % 3 == 0 else (straight,)))
    return raw, answers


def test_a_fitted_calibration_is_better_on_other_answers_and_keeps_its_promised_shares():
    raw, answers = made_up(2_000, 1)
    others, right = made_up(2_000, 2)
    fitted = refitted(OVERSURE, raw, answers, others)
    before = quality(OVERSURE, 0.5, others, right)
    after = quality(fitted, fitted.threshold(0.7), others, right)
    assert after.log_loss < before.log_loss - 0.1 and after.brier < before.brier
    assert before.promised - before.right > 0.1, "what was to be put right"
    assert after.right == pytest.approx(after.promised, abs=0.05)
    assert after.right == pytest.approx(0.7, abs=0.07)
    assert fitted.stance.temperature == pytest.approx(2, abs=0.6)


def test_few_answers_change_the_calibration_little():
    raw, answers = made_up(3, 1)
    fitted = refitted(OVERSURE, raw, answers, raw)
    assert np.abs(np.subtract(fitted.relevance_weights, OVERSURE.relevance_weights)).max() < 1.5


def test_a_text_that_the_screen_left_out_does_not_change_the_calibration():
    raw, answers = made_up(50, 1)
    with_it = refitted(OVERSURE, [*raw, RawScore(0.1)], [*answers, SILENT], raw)
    assert with_it == refitted(OVERSURE, raw, answers, raw)


def test_thresholds_rise_with_the_share_that_is_to_be_right():
    of_all = np.random.default_rng(3).dirichlet([1, 1, 1, 3], 500)[:, : len(STANCES)].astype(np.float32)
    points = thresholds(of_all)
    assert [right for right, _ in points][:3] == [0.5, 0.55, 0.6]
    assert [least for _, least in points] == sorted(least for _, least in points)


def test_sides_that_are_never_stated_do_not_count_for_thresholds_and_quality():
    stated, never = [0.45, 0.1, 0.4], [0.42, 0.0, 0.55]
    assert dict(thresholds(np.asarray([[0.6, 0.0, 0.0], stated, *[never] * 9], dtype=np.float32)))[
        0.5
    ] == pytest.approx(0.45)
    assert thresholds(np.asarray([never], dtype=np.float32))[0][1] == 1.0
    unsure = AnswerSettings()
    raw = [
        RawScore(0.5, (WordingScore(Wording("x"), *map(float, np.log(np.add(one, 1e-6))), 20.0),))
        for one in (stated, never)
    ]
    found = quality(unsure, 0.4, raw, [0, 2])
    assert (found.stated, found.right) == (1, 1.0)


def test_a_calibration_file_is_read_unchanged_and_only_for_its_own_weights():
    raw, answers = made_up(200, 1)
    answer = as_config(refitted(OVERSURE, raw, answers, raw))
    text = calibration_text("abc", answer, {"fitted_on": 200})
    assert as_config(read_calibration(text, "abc").settings) == answer
    remedy = "fitted to the raw scores of the weights abc.* take `calibration` out .* `commentariat rescore`"
    with pytest.raises(ModelError, match=remedy):
        read_calibration(text, "def")


NO_POINTS = json.dumps({"weights_version": "abc", "answer": {"points": []}})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weights_version": "abc", "answer": 5}', NO_POINTS])
def test_a_damaged_file_is_reported(text: str):
    with pytest.raises(ModelError, match="damaged"):
        read_calibration(text, "abc")
