"""Fitting the calibration of answers again, to people's answers about the texts: one calibration for all targets.

The fitted values are those of :class:`~models.answers.AnswerSettings`: the stance (a temperature, and one bias each for
against and neutral) and the relevance (two weights and a bias). Both are conditional logits, and Newton's method finds
their best parameters. A small penalty on the squared distance from the present parameters (ridge) limits the change
where the answers are few. Then the thresholds are computed: for each share of stated sides that is to be right, the
smallest probability that gives this share, by the new probabilities of everything that was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.answers import AnswerSettings, of_possible_sides, probabilities
from models.calibration import Calibration, Floats, softmax
from models.interface import STANCES, RawScore

#: The class of a text that does not speak about the target.
SILENT = len(STANCES)
#: Shares of right sides among the stated ones for which a threshold is stored.
SHARES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
#: Weight of the penalty: the loss grows by half of this for a squared distance of 1 from the present parameters.
_PENALTY = 2.0
#: Least factor of the logits of the stance, so that a temperature exists (at most 20) even if the answers go against
#: the logits. Such a fit is poor on the answers to which it was not fitted, and is then not written.
_LEAST_SLOPE = 0.05
#: Largest number of Newton steps.
_STEPS = 50


@dataclass(frozen=True, slots=True)
class ProbabilityQuality:
    """The quality of probabilities, measured on known answers.

    Attributes
    ----------
    log_loss, brier
        Means over the answers; smaller is better. The log loss of an answer is minus the logarithm of the probability
        of its class. Its Brier score is the sum of the squared differences over the four classes (Brier 1950,
        "Verification of forecasts expressed in terms of probability").
    stated, right
        Number of sides stated, and the share of them that is right; NaN if none is stated.
    promised
        Mean probability of the stated sides: it equals ``right`` if the probabilities are calibrated. (Files of
        calibrations hold these names.)
    answers
        Number of answers.
    """

    log_loss: float
    brier: float
    stated: int
    right: float
    promised: float
    answers: int


def refitted(
    settings: AnswerSettings,
    raw: Sequence[RawScore],
    answers: Sequence[int],
    everything: Sequence[RawScore],
) -> AnswerSettings:
    """Fit a calibration.

    Parameters
    ----------
    settings
        The present calibration.
    raw, answers
        Raw scores, and people's answers as an index in STANCES, or :data:`SILENT`.
    everything
        Raw scores of a random part of everything that was asked, for the thresholds.
    """
    rows = [
        (
            score.favor,
            score.against,
            score.neutral,
            score.about,
            _turned(right, score.wording.denied),
            1 / len(raw_score.wordings),
        )
        for raw_score, right in zip(raw, answers, strict=True)
        for score in raw_score.wordings
    ]
    table = np.asarray(rows, dtype=np.float64).reshape(-1, 6)
    logits, right, weights = table[:, :4], table[:, 4].astype(np.int64), table[:, 5]
    fitted = replace(
        settings,
        stance=_stance(settings.stance, logits, right, weights),
        relevance_weights=_relevance_weights(settings.relevance_weights, logits, right, weights),
    )
    of_all = np.asarray(
        [probabilities(raw_score, fitted) for raw_score in everything], dtype=np.float32
    ).reshape(-1, SILENT)
    return replace(fitted, points=thresholds(of_all)) if len(of_all) else fitted


def quality(
    settings: AnswerSettings, threshold: float, raw: Sequence[RawScore], answers: Sequence[int]
) -> ProbabilityQuality:
    """Measure how good a calibration is on answers to which it was not fitted."""
    of_three = np.asarray(
        [probabilities(raw_score, settings) for raw_score in raw], dtype=np.float64
    ).reshape(-1, SILENT)
    four = np.column_stack([of_three, np.clip(1 - of_three.sum(axis=1), 0, 1)])
    right = np.asarray(answers, dtype=np.int64)
    given = np.clip(four[np.arange(len(right)), right], 1e-6, 1)
    brier = ((four - np.eye(SILENT + 1)[right]) ** 2).sum(axis=1)
    side = four[:, :2].argmax(axis=1)
    likely = of_possible_sides(of_three.astype(np.float32))
    stated = likely >= threshold
    count = int(stated.sum())
    return ProbabilityQuality(
        log_loss=float(-np.log(given).mean()),
        brier=float(brier.mean()),
        stated=count,
        right=float((side == right)[stated].mean()) if count else float("nan"),
        promised=float(likely[stated].mean()) if count else float("nan"),
        answers=len(right),
    )


def thresholds(of_all: Floats) -> tuple[tuple[float, float], ...]:
    """For each share of stated sides that is to be right, find the smallest probability that gives this share.

    The expected share of right sides is the mean of their probabilities, which varies less than a count of few answers.
    A side that is less likely than taking no side is never stated, and is left out.

    Parameters
    ----------
    of_all
        Probabilities [n, 3] of everything that was asked.
    """
    side = np.sort(of_possible_sides(of_all))[::-1]
    side = side[side >= 0]
    mean = np.cumsum(side) / np.arange(1, len(side) + 1)
    points: list[tuple[float, float]] = []
    for share in SHARES:
        enough = np.flatnonzero(mean >= share)
        least = float(side[enough[-1]]) if len(enough) else 1.0
        points.append((share, max(least, points[-1][1] if points else 0.0)))
    return tuple(points)


def as_config(settings: AnswerSettings) -> dict[str, Any]:
    """Write a calibration as :meth:`AnswerSettings.from_config` reads it: the key ``answer`` of a ``config.json``."""
    stance = settings.stance
    return {
        "stance": {
            "temperature": round(stance.temperature, 4),
            "bias": [round(bias, 4) for bias in stance.bias],
        },
        "about": [round(number, 4) for number in settings.relevance_weights],
        "several_wordings": round(settings.several_wordings, 3),
        "screened_out": [round(share, 5) for share in settings.screened_out],
        "relevance": round(settings.least_relevance, 3),
        "points": [[right, round(least, 4)] for right, least in settings.points],
    }


def _turned(right: int, denied: bool) -> int:
    """Give the right class for a wording: an author who is for a denied wording is against the target."""
    return 1 - right if denied and right < 2 else right


def _stance(
    given: Calibration, logits: NDArray[np.float64], right: NDArray[np.int64], weights: NDArray[np.float64]
) -> Calibration:
    shown = right != SILENT
    features = np.zeros((int(shown.sum()), 3, 3))
    features[:, :, 0] = logits[shown, :3]
    features[:, 1, 1] = features[:, 2, 2] = 1.0
    bias = given.bias if len(given.bias) == 3 else (0.0, 0.0, 0.0)
    start = np.asarray([1 / given.temperature, bias[1] - bias[0], bias[2] - bias[0]])
    slope, against, neutral = _conditional_logit(features, right[shown], weights[shown], start)
    return Calibration(float(1 / max(slope, _LEAST_SLOPE)), (0.0, float(against), float(neutral)))


def _relevance_weights(
    given: tuple[float, float, float],
    logits: NDArray[np.float64],
    right: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> tuple[float, float, float]:
    features = np.zeros((len(right), 2, 3))
    features[:, 1, 0] = logits[:, 3]
    features[:, 1, 1] = np.abs(logits[:, 0] - logits[:, 1])
    features[:, 1, 2] = 1.0
    fitted = _conditional_logit(features, (right != SILENT).astype(np.int64), weights, np.asarray(given))
    return float(fitted[0]), float(fitted[1]), float(fitted[2])


def _conditional_logit(
    features: NDArray[np.float64],
    right: NDArray[np.int64],
    weights: NDArray[np.float64],
    start: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Find the parameters [p] of a conditional logit by Newton's method, with a penalty on the distance from ``start``.

    Parameters
    ----------
    features
        [n, classes, p].
    right
        [n]: the class that is right.
    weights
        [n].
    """

    def loss(parameters: NDArray[np.float64]) -> float:
        score = features @ parameters
        top = score.max(axis=1, keepdims=True)
        log_sum = top[:, 0] + np.log(np.exp(score - top).sum(axis=1))
        missed = weights @ (log_sum - score[np.arange(len(right)), right])
        return float(missed + _PENALTY / 2 * ((parameters - start) ** 2).sum())

    parameters = start.astype(np.float64)
    for _ in range(_STEPS):
        chance = softmax(features @ parameters)
        mean = (chance[:, :, None] * features).sum(axis=1)
        away = features - mean[:, None, :]
        gradient = weights @ (mean - features[np.arange(len(right)), right]) + _PENALTY * (parameters - start)
        hessian = np.einsum("n,nc,ncp,ncq->pq", weights, chance, away, away) + _PENALTY * np.eye(len(start))
        step, length, before = np.linalg.solve(hessian, gradient), 1.0, loss(parameters)
        while loss(parameters - length * step) > before and length > 1e-4:
            length /= 2
        parameters = parameters - length * step
        if float(np.abs(length * step).max()) < 1e-6:
            break
    return parameters
