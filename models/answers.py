"""From raw scores to an answer: calibrated probabilities of the whole answer, and what is stated of them.

Nothing is read here. An answer has four classes: the author is in favor, is against, takes no side, or the text does
not speak about the target. Their probabilities come from the network's four outputs by a calibration that was fitted on
whole op-eds and on statements that the network was never trained on, each at the frequency it has there. A side is
stated where its probability reaches the threshold that belongs to the share of stated sides that is to be right;
otherwise a text that seems to show a stance is "unsure" (selective classification: Geifman and El-Yaniv 2017).
"""

from __future__ import annotations

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
        Weights of the logit of `about` and of the distance of the two sides' logits, and a bias.
    screened_out
        Probabilities of favor, against, neutral where the screen left the text out.
    relevance
        Relevance from which a text is taken to speak about a target.
    points
        Pairs (share of stated sides that are right, threshold), both rising.
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
            If a value is of the wrong kind.
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

    def threshold(self, stated_right: float) -> float:
        """Probability that a side must reach, so that this share of all stated sides is right.

        Between two measured shares it is interpolated; above the largest one it is the largest threshold.
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
    return np.asarray(np.mean([_of_wording(one, settings) for one in raw.wordings], axis=0), dtype=np.float32)


def _of_wording(score: WordingScore, settings: AnswerSettings) -> Floats:
    logits = np.asarray([score.favor, score.against, score.neutral], dtype=np.float32)
    by_logit, by_distance, bias = settings.about
    about = by_logit * score.about + by_distance * abs(score.favor - score.against) + bias
    relevance = 1.0 / (1.0 + np.exp(-np.clip(about, -60.0, 60.0)))
    found = settings.stance.softmax(logits) * np.float32(relevance)
    return found[[1, 0, 2]] if score.wording.denied else found


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
    relevance = float(found.sum())
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
    """State a side if it is clear enough; else that no side is taken, that none can be told, or that none is shown."""
    side = int(found[1] > found[0])
    if found[side] >= threshold:
        return STANCES[side], True
    if relevance < least:
        return "neutral", False
    if found[2] > max(found[0], found[1]):
        return "neutral", True
    return UNSURE, True
