"""The agreement of people: Krippendorff's alpha for answers without an order.

The formula is from "Computing Krippendorff's Alpha-Reliability" (Krippendorff 2011): 1 is full agreement, 0 is the
agreement expected by chance. Questions with only one person's answer do not count. The interval is a bootstrap over
questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_RESAMPLES = 1_000
_SEED = 25


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha with its 95 % interval, and the number of questions with several answers; None where it is not defined."""

    alpha: float | None
    low: float | None
    high: float | None
    questions: int


def agreement(answers: Iterable[Sequence[str]]) -> Agreement:
    """Measure how much people agree.

    Parameters
    ----------
    answers
        For each question, the answers of all people who gave one.
    """
    counted = [Counter(given) for given in answers if len(given) > 1]
    kinds = sorted({kind for counts in counted for kind in counts})
    if not counted or len(kinds) < 2:
        return Agreement(None, None, None, len(counted))
    table = np.asarray([[counts[kind] for kind in kinds] for counts in counted], dtype=np.float64)
    people = table.sum(axis=1)
    differing = (people**2 - (table**2).sum(axis=1)) / (people - 1)
    chance = np.random.default_rng(_SEED)
    resampled = chance.multinomial(len(counted), np.full(len(counted), 1 / len(counted)), _RESAMPLES)
    alphas = _alpha(resampled @ differing, resampled @ table)
    defined = alphas[~np.isnan(alphas)]
    low, high = np.quantile(defined, [0.025, 0.975]) if len(defined) else (np.nan, np.nan)
    (alpha,) = _alpha(differing.sum(keepdims=True), table.sum(axis=0, keepdims=True))
    return Agreement(float(alpha), float(low), float(high), len(counted))


def _alpha(differing: Floats, totals: Floats) -> Floats:
    """Alpha of each row, from the pairs that differ within questions [n], and the totals of each answer [n, kinds]."""
    n = totals.sum(axis=1)
    expected = n**2 - (totals**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * differing / expected, np.nan)
