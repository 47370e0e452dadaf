"""The interval of a share that is known from a sample."""

from __future__ import annotations

from math import sqrt

_Z = 1.959964
"""z of a 95 % interval: the distance from the mean in standard deviations."""


def wilson(share: float, of: float) -> tuple[float, float]:
    """Give the 95 % interval of a share (Wilson 1927) that is known from ``of`` answers; from 0 to 1 if of none."""
    middle = (share * of + _Z**2 / 2) / (of + _Z**2)
    half = _Z / (of + _Z**2) * sqrt(max(0.0, share * (1 - share) * of) + _Z**2 / 4)
    return max(0.0, middle - half), min(1.0, middle + half)
