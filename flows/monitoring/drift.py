"""How far a night's mix of topics or stances differs from its history, beyond what chance alone explains."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Drift:
    """The difference between a night and its history.

    Attributes
    ----------
    beyond_chance
        Share of the night that would need another answer to be like its history (total variation), minus the average
        difference between two samples of these sizes when nothing has changed.
    answer, tonight, history
        The answer whose share changed most, with its share in the night and in the history.
    """

    beyond_chance: float
    answer: str
    tonight: float
    history: float

    @property
    def in_short(self) -> str:
        """The answer whose share changed most, e.g. ``favor 71% instead of 22%``."""
        return f"{self.answer} {self.tonight:.0%} instead of {self.history:.0%}"


def drift(counts: Sequence[Mapping[str, Any]], at_least: int) -> Drift | None:
    """Compare the counts ``tonight`` and ``history`` of each ``answer``.

    Parameters
    ----------
    counts
        One mapping for each answer, with its name and its two counts.
    at_least
        Articles that both the night and the history must have; with fewer, the result is None.

    Notes
    -----
    The average distance between two samples of one distribution uses the normal approximation of each share:
    E|p - q| = sqrt(2 s (1 - s) (1/n + 1/m) / pi), where s is the share in both together.
    """
    shares = [(c["answer"], c["tonight"], c["history"]) for c in counts]
    night, past = sum(n for _, n, _ in shares), sum(m for _, _, m in shares)
    if night < at_least or past < at_least:
        return None
    distance = sum(abs(n / night - m / past) for _, n, m in shares) / 2
    pooled = ((n + m) / (night + past) for _, n, m in shares)
    chance = sum(math.sqrt(2 * s * (1 - s) * (1 / night + 1 / past) / math.pi) for s in pooled) / 2
    answer, n, m = max(shares, key=lambda share: abs(share[1] / night - share[2] / past))
    return Drift(max(0.0, distance - chance), answer, n / night, m / past)
