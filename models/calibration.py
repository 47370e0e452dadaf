"""Calibration: from the logits of a head to probabilities.

It is ``logit / temperature + bias`` before softmax or sigmoid (Guo et al. 2017, "On Calibration of Modern Neural
Networks", with a bias for each class).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns the logits of one head into probabilities."""

    temperature: float = 1.0
    bias: tuple[float, ...] = (0.0,)

    def softmax(self, logits: Floats) -> Floats:
        """Probabilities over the last axis."""
        scaled = logits / self.temperature + np.asarray(self.bias, dtype=np.float32)
        scaled = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        return np.asarray(scaled / scaled.sum(axis=-1, keepdims=True), dtype=np.float32)

    def sigmoid(self, logits: Floats) -> Floats:
        """One independent probability for each logit."""
        scaled = logits / self.temperature + np.asarray(self.bias, dtype=np.float32)
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scaled, -60, 60))), dtype=np.float32)
