"""From raw scores to an answer: calibrated probabilities of the whole answer, and what is stated of them.

Nothing is read here. An answer has four classes: the author is in favor, is against, takes no side, or the text does
not speak about the target. Their probabilities come from the network's four outputs by a calibration that was fitted on
whole op-eds and on statements that the network was never trained on, each at the frequency it has there. A side is
stated where its probability reaches the threshold that belongs to the share of stated sides that is to be right;
otherwise a text that seems to show a stance is "unsure" (selective classification: Geifman and El-Yaniv 2017).
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.calibration import Calibration, Floats
from models.evidence import choose_evidence
from models.vocabulary import STANCES, UNSURE, RawScore, Stance, Target, TargetStance, WordingScore


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How raw scores become an answer: the key ``answer`` of a model's ``config.json``.

    Attributes
    ----------
    stance
        Calibration of the logits of favor, against, neutral, given that the text shows a stance.
    about
        Two weights and a bias, whose sum goes through a sigmoid and gives the relevance: a weight for the logit of
        :attr:`~models.vocabulary.WordingScore.about`, and one for the distance of the logits of favor and against.
    screened_out
        Probabilities of favor, against, neutral where the screen left the text out.
    relevance
        Relevance from which a text is taken to speak about a target, where no side is stated.
    points
        Pairs (share of the stated sides that is right, threshold), the shares rising and no threshold falling.
    """

    stance: Calibration = field(default_factory=Calibration)
    about: tuple[float, float, float] = (1.0, 0.0, 0.0)
    screened_out: tuple[float, float, float] = (0.0, 0.0, 0.0)
    relevance: float = 0.5
    points: tuple[tuple[float, float], ...] = ((0.5, 0.5),)

    @classmethod
    def from_config(cls, raw: dict[str, Any]) -> AnswerSettings:
        """Read the key ``answer``; what it does not name has a default.

        Raises
        ------
        ValueError, TypeError, KeyError
            If a value is of the wrong kind or out of its range.
        """
        given: dict[str, Any] = {}
        if "stance" in raw:
            given["stance"] = Calibration(
                float(raw["stance"]["temperature"]), tuple(float(one) for one in raw["stance"]["bias"])
            )
        for name in ("about", "screened_out"):
            if name in raw:
                first, second, third = (float(one) for one in raw[name])
                given[name] = (first, second, third)
        if "relevance" in raw:
            given["relevance"] = float(raw["relevance"])
        if "points" in raw:
            given["points"] = tuple((float(right), float(least)) for right, least in raw["points"])
        return cls(**given)

    def __post_init__(self) -> None:
        """Raise ValueError where a number is out of its range."""
        if not self.stance.temperature > 0:
            raise ValueError(f"the temperature of the stance is {self.stance.temperature}, not positive")
        if len(self.stance.bias) not in {1, len(STANCES)}:
            raise ValueError(f"the stance has {len(self.stance.bias)} biases, not one or {len(STANCES)}")
        if min(self.screened_out) < 0 or sum(self.screened_out) > 1:
            raise ValueError(f"screened_out is {self.screened_out}: no probabilities that sum to 1 at most")
        if not self.points:
            raise ValueError("points has no threshold")
        if any(
            low >= high or below > above for (low, below), (high, above) in itertools.pairwise(self.points)
        ):
            raise ValueError("points do not rise, so that a larger share could state more sides")

    def threshold(self, stated_right: float) -> float:
        """Probability that a side must reach, so that this share of all stated sides is right.

        Between two measured shares it is interpolated; below the smallest and above the largest one it is theirs.
        """
        shares = [right for right, _ in self.points]
        at = bisect_left(shares, stated_right)
        if at == 0:
            return self.points[0][1]
        if at == len(shares):
            return self.points[-1][1]
        (low, below), (high, above) = self.points[at - 1], self.points[at]
        return below + (above - below) * (stated_right - low) / (high - low)


def probabilities(raw: RawScore, settings: AnswerSettings) -> Floats:
    """Probabilities [3] of favor, against and neutral, of the whole answer; the rest to 1 is "does not speak about it".

    The wordings' probabilities are averaged, those of a denied one with its sides exchanged.
    """
    if not raw.wordings:
        return np.asarray(settings.screened_out, dtype=np.float32)
    mean: Floats = np.mean([_of_wording(one, settings) for one in raw.wordings], axis=0, dtype=np.float32)
    return mean


def _of_wording(score: WordingScore, settings: AnswerSettings) -> Floats:
    logits = np.asarray([[score.favor, score.against, score.neutral, score.about]], dtype=np.float32)
    found = calibrated(logits, settings)[0]
    turned: Floats = found[[1, 0, 2]] if score.wording.denied else found
    return turned


def calibrated(logits: Floats, settings: AnswerSettings) -> Floats:
    """Probabilities [n, 3] of the whole answer from the network's outputs, each row by itself.

    Parameters
    ----------
    logits
        [n, 4]: favor, against, neutral, about.
    settings
        The model's calibration.
    """
    exact = logits.astype(np.float64)
    by_logit, by_distance, bias = settings.about
    about = by_logit * exact[:, 3] + by_distance * np.abs(exact[:, 0] - exact[:, 1]) + bias
    relevance = 1.0 / (1.0 + np.exp(-np.clip(about, -60.0, 60.0)))
    return settings.stance.softmax(logits[:, :3]) * relevance[:, None].astype(np.float32)


def decide(target: Target, raw: RawScore, settings: AnswerSettings, threshold: float) -> TargetStance:
    """Answer from raw scores.

    Parameters
    ----------
    target
        What was asked.
    raw
        What the network gave.
    settings
        The model's calibration.
    threshold
        Probability from which a side is stated (:meth:`AnswerSettings.threshold`).
    """
    found = probabilities(raw, settings)
    relevance = min(1.0, float(found.sum()))  # rounding can put the sum a little above
    stance, about = _state(found, relevance, settings.relevance, threshold)
    favor, against, neutral = (float(one) for one in found)
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


def _state(
    found: Sequence[float] | Floats, relevance: float, least: float, threshold: float
) -> tuple[Stance, bool]:
    """State a stance, and whether the text speaks about the target.

    It is a side if one is likely enough, and likelier than the other. Else it is "neutral": without being about the
    target where the relevance is under `least`, and as the author's stance where that is likelier than both sides. Else
    it is "unsure".
    """
    side = int(found[1] > found[0])
    if found[side] >= threshold and found[0] != found[1]:
        return STANCES[side], True
    if relevance < least:
        return "neutral", False
    if found[2] > max(found[0], found[1]):
        return "neutral", True
    return UNSURE, True
