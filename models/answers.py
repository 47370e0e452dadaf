"""From raw scores to an answer: the calibrated probabilities, and the stance that is stated.

No text is read here. An answer has four classes: the author is in favor, the author is against, the author takes no
side, or the text does not speak about the target. A calibration gives their probabilities from the network's four
outputs. It was fitted on whole op-eds that were left out of training and on general statements that training never
asks, each class at its natural frequency there. A side is stated if its probability reaches a threshold. The threshold
follows from the share of stated sides that is to be right. Otherwise a text that seems to show a stance is "unsure"
(selective classification: Geifman and El-Yaniv 2017).
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.calibration import Calibration, Floats, sigmoid
from models.evidence import choose_evidence
from models.interface import STANCES, UNSURE, RawScore, Stance, Target, TargetStance

#: Probabilities below this count as this, so that each has a logarithm.
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """Settings by which raw scores become an answer: the key ``answer`` of a model's ``config.json``.

    Attributes
    ----------
    stance
        Calibration of the logits of favor, against and neutral, for a text that shows a stance.
    relevance_weights
        Two weights and a bias (key ``about``). Their sum, after a sigmoid, is the relevance. One weight is for the
        logit of :attr:`~models.interface.WordingScore.about`, the other for the distance between the logits of favor
        and against.
    screened_out
        Probabilities of favor, against and neutral for a text that did not pass the screen.
    least_relevance
        The relevance (key ``relevance``) from which a text counts as speaking about a target when no side is stated.
    points
        Pairs (share of the stated sides that is right, threshold). The shares increase, and the thresholds never
        decrease.
    several_wordings
        The mean of the log-probabilities of several wordings is multiplied by this number, because wordings that agree
        make a side more certain than each of them does. 1 for a model that was not measured with several wordings.
    """

    stance: Calibration = field(default_factory=Calibration)
    relevance_weights: tuple[float, float, float] = (1.0, 0.0, 0.0)
    screened_out: tuple[float, float, float] = (0.0, 0.0, 0.0)
    least_relevance: float = 0.5
    points: tuple[tuple[float, float], ...] = ((0.5, 0.5),)
    several_wordings: float = 1.0

    @classmethod
    def from_config(cls, raw: dict[str, Any]) -> AnswerSettings:
        """Read the key ``answer``; a setting that it does not name has a default.

        Raises
        ------
        ValueError, TypeError, KeyError
            If a value is of the wrong kind or out of its range.
        """
        given: dict[str, Any] = {}
        if "stance" in raw:
            given["stance"] = Calibration(
                float(raw["stance"]["temperature"]), tuple(float(number) for number in raw["stance"]["bias"])
            )
        # Files of models and calibrations keep the short keys; in this module these words have other meanings too.
        for key, name in (("about", "relevance_weights"), ("screened_out", "screened_out")):
            if key in raw:
                first, second, third = (float(number) for number in raw[key])
                given[name] = (first, second, third)
        for key, name in (("several_wordings", "several_wordings"), ("relevance", "least_relevance")):
            if key in raw:
                given[name] = float(raw[key])
        if "points" in raw:
            given["points"] = tuple((float(right), float(least)) for right, least in raw["points"])
        return cls(**given)

    def __post_init__(self) -> None:
        """Raise ValueError if a number is out of its range."""
        if not self.stance.temperature > 0:
            raise ValueError(f"the temperature of the stance is {self.stance.temperature}, not positive")
        if len(self.stance.bias) not in {1, len(STANCES)}:
            raise ValueError(f"the stance has {len(self.stance.bias)} biases, not one or {len(STANCES)}")
        if not self.several_wordings > 0:
            raise ValueError(f"several_wordings is {self.several_wordings}, not positive")
        if min(self.screened_out) < 0 or sum(self.screened_out) > 1:
            raise ValueError(f"screened_out is {self.screened_out}: no probabilities that sum to 1 at most")
        if not self.points:
            raise ValueError("points has no threshold")
        if self.points[-1][0] > 1.0:
            raise ValueError(f"the last of the points is for a share of {self.points[-1][0]}, above 1")
        if any(
            low >= high or below > above for (low, below), (high, above) in itertools.pairwise(self.points)
        ):
            raise ValueError("points do not rise, so that a larger share could state more sides")

    def threshold(self, stated_right: float) -> float:
        """Give the probability that a side must reach so that this share of all stated sides is right.

        Between two measured shares the threshold is interpolated; the share 1 has the threshold 1. Below the smallest
        measured share, the threshold of that share is used.
        """
        shares = [right for right, _ in self.points]
        index = bisect_left(shares, stated_right)
        if index == 0:
            return self.points[0][1]
        (low, below) = self.points[index - 1]
        (high, above) = self.points[index] if index < len(shares) else (1.0, 1.0)
        return below + (above - below) * (stated_right - low) / (high - low)


def probabilities(raw: RawScore, settings: AnswerSettings) -> Floats:
    """Give the probabilities [3] of favor, against and neutral; the rest to 1 is the class "does not speak about it".

    Of several wordings, the mean of the relevance is taken, and of the stance the mean of the logarithms, in which each
    wording has the weight of its relevance. It is multiplied by `several_wordings` (a logarithmic opinion pool: Genest
    and Zidek 1986). For a denied wording, favor and against are exchanged first.
    """
    if not raw.wordings:
        return np.asarray(settings.screened_out, dtype=np.float32)
    logits = np.asarray(
        [[score.favor, score.against, score.neutral, score.about] for score in raw.wordings], dtype=np.float32
    )
    if len(logits) == 1:
        (chances,) = calibrated(logits, settings)
        return _turned(chances) if raw.wordings[0].wording.denied else chances
    stance, relevance = settings.stance.softmax(logits[:, :3]), _relevance(logits, settings)
    stance = np.stack(
        [
            _turned(row) if score.wording.denied else row
            for row, score in zip(stance, raw.wordings, strict=True)
        ]
    )
    mean = np.average(np.log(np.maximum(stance, _LEAST)), axis=0, weights=np.maximum(relevance, _LEAST))
    pooled = np.exp(settings.several_wordings * mean)
    return np.asarray(pooled / pooled.sum() * relevance.mean(), dtype=np.float32)


def _turned(chances: Floats) -> Floats:
    turned: Floats = chances[[1, 0, 2]]
    return turned


def calibrated(logits: Floats, settings: AnswerSettings) -> Floats:
    """Give the probabilities [n, 3] of favor, against and neutral from the network's outputs, for each row separately.

    Parameters
    ----------
    logits
        [n, 4]: favor, against, neutral, about.
    settings
        The model's calibration.
    """
    chances: Floats = settings.stance.softmax(logits[:, :3]) * _relevance(logits, settings)[:, None]
    return chances


def _relevance(logits: Floats, settings: AnswerSettings) -> Floats:
    exact = logits.astype(np.float64)
    by_logit, by_distance, bias = settings.relevance_weights
    about = by_logit * exact[:, 3] + by_distance * np.abs(exact[:, 0] - exact[:, 1]) + bias
    return sigmoid(about).astype(np.float32)


def of_possible_sides(of_all: Floats) -> Floats:
    """Give the probability [n] of the likelier side; -1, below every threshold, where taking no side is likelier.

    Parameters
    ----------
    of_all
        Probabilities [n, 3] of favor, against and neutral.
    """
    likelier: Floats = of_all[:, :2].max(axis=1)
    likelier[likelier < of_all[:, 2]] = -1.0
    return likelier


def decide(target: Target, raw: RawScore, settings: AnswerSettings, threshold: float) -> TargetStance:
    """Decide an answer from raw scores.

    Parameters
    ----------
    target
        The target that was asked.
    raw
        The network's outputs.
    settings
        The model's calibration.
    threshold
        The probability from which a side is stated (:meth:`AnswerSettings.threshold`).
    """
    chances = probabilities(raw, settings)
    relevance = min(1.0, float(chances.sum()))  # because of rounding, the sum can be slightly above 1
    favor, against, neutral = (float(chance) for chance in chances)
    stance, about = _state((favor, against, neutral), relevance, settings.least_relevance, threshold)
    return TargetStance(
        target=target,
        stance=stance,
        p_favor=favor,
        p_against=against,
        p_neutral=neutral,
        relevance=relevance,
        about=about,
        evidence=choose_evidence(stance, raw.sentences) if about else (),
        raw=raw,
    )


def _state(chances: Sequence[float], relevance: float, least: float, threshold: float) -> tuple[Stance, bool]:
    """Give the stance, and whether the text speaks about the target.

    The stance is a side if that side is likely enough, likelier than the other side, and at least as likely as taking
    no side. Otherwise it is "neutral" in two cases: the relevance is below `least` (then the text is not about the
    target), or taking no side is likelier than either side (then the author's stance is neutral). In all other cases it
    is "unsure".
    """
    side = int(chances[1] > chances[0])
    if chances[side] >= max(threshold, chances[2]) and chances[0] != chances[1]:
        return STANCES[side], True
    if relevance < least:
        return "neutral", False
    if chances[2] > max(chances[0], chances[1]):
        return "neutral", True
    return UNSURE, True
