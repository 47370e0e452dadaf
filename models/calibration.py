"""Calibration: from the logits of a head to probabilities.

It is ``logit / temperature + bias`` before softmax or sigmoid (Guo et al. 2017, "On Calibration of Modern Neural
Networks", with a bias for each class).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Number = TypeVar("Number", np.float32, np.float64)

#: Beyond this, exp() of float32 overflows, and the probability is 0 or 1 in any case.
_LARGEST_LOGIT = 60.0


def softmax(logits: NDArray[Number]) -> NDArray[Number]:
    """Turn logits into probabilities over the last axis, computed with the precision of the logits."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=logits.dtype)


def sigmoid(logits: NDArray[Number]) -> NDArray[Number]:
    """Turn each logit into a probability of its own, computed with the precision of the logits."""
    clipped = np.clip(logits, -_LARGEST_LOGIT, _LARGEST_LOGIT)
    return np.asarray(1.0 / (1.0 + np.exp(-clipped)), dtype=logits.dtype)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns the logits of one head into probabilities."""

    temperature: float = 1.0
    bias: tuple[float, ...] = (0.0,)

    def softmax(self, logits: Floats) -> Floats:
        """Probabilities over the last axis."""
        return np.asarray(softmax(self._scaled(logits)), dtype=np.float32)

    def sigmoid(self, logits: Floats) -> Floats:
        """One independent probability for each logit."""
        return np.asarray(sigmoid(self._scaled(logits)), dtype=np.float32)

    def _scaled(self, logits: Floats) -> Floats:
        scaled: Floats = logits / self.temperature + np.asarray(self.bias, dtype=np.float32)
        return scaled
