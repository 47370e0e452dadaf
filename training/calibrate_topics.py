"""Fit the calibration of the text graph's outputs, which gives the probabilities of topics and of opinion, on dev.

Each output gets a temperature and a bias (Platt scaling), which are fitted on one half of the dev texts. The figures of
:mod:`training.topic_figures` are of the raw outputs of all dev texts: they depend only on the order of the outputs,
which the calibration does not change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped,unused-ignore]  # no stubs of its own

from models.calibration import Calibration
from training.corpus import Single
from training.figures import Array
from training.topics import CODES

#: A function that returns the outputs of the text graph for texts.
Read: TypeAlias = Callable[[Sequence[str]], Mapping[str, Array]]

#: Share of the texts with a topic for which a topic is to be named, and the highest threshold that is allowed.
ANSWERED, HIGHEST = 0.9, 0.3


def fitting_half(text: str) -> bool:
    """Whether a text belongs to the half on which calibration is fitted."""
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 0


@dataclass(frozen=True, slots=True)
class FittedTopics:
    """The calibration of both outputs, and the probability from which a topic is named."""

    topic: Calibration
    opinion: Calibration
    threshold: float

    def as_config(self) -> dict[str, dict[str, float]]:
        """Contents of the key ``calibration``."""
        heads = {"topic": self.topic, "opinion": self.opinion}
        return {name: {"temperature": head.temperature, "bias": head.bias[0]} for name, head in heads.items()}


def calibrate_topics(read: Read, singles: Sequence[Single]) -> FittedTopics:
    """Fit on the fitting half of `singles`."""
    texts = [single for single in singles if fitting_half(single.text)]
    outputs = read([single.text for single in texts])
    gold = np.full((len(texts), len(CODES)), np.nan, dtype=np.float32)
    for row, single in enumerate(texts):
        if single.topics is not None:
            gold[row] = 0.0
            gold[row, list(single.silent)] = np.nan
            gold[row, list(single.topics)] = 1.0
    flat = outputs["topic_logits"].ravel()
    topic = _platt(flat, gold.ravel(), np.ones_like(flat))
    opinion = np.array([np.nan if s.opinion is None else s.opinion for s in texts], dtype=np.float32)
    # texts marked as opinion are rare, and many are not marked: both classes get the same total weight
    weights = np.where(opinion == 1.0, 1.0 / max(1, (opinion == 1).sum()), 1.0 / max(1, (opinion == 0).sum()))
    return FittedTopics(
        topic,
        _platt(outputs["opinion_logit"][:, 0], opinion, weights),
        _threshold(topic.sigmoid(outputs["topic_logits"]), gold),
    )


def _platt(logits: Array, gold: Array, weights: Array) -> Calibration:
    known = ~np.isnan(gold)
    if not known.any():
        return Calibration()
    x, y, w = logits[known], gold[known], weights[known]

    def loss(parameters: Array) -> float:
        p = Calibration(float(np.exp(parameters[0])), (float(parameters[1]),)).sigmoid(x)
        p = np.clip(p, 1e-6, 1 - 1e-6)
        return float(-(w * (y * np.log(p) + (1 - y) * np.log(1 - p))).sum() / w.sum())

    best = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return Calibration(round(float(np.exp(best[0])), 4), (round(float(best[1]), 4),))


def _threshold(probabilities: Array, gold: Array) -> float:
    best = probabilities[np.nansum(gold, axis=1) > 0].max(axis=1)
    return round(min(HIGHEST, float(np.quantile(best, 1 - ANSWERED))), 2)
