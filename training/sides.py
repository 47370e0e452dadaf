"""The two sides of a statement: the opposite of a side, and the likelier side of an answer."""

from __future__ import annotations

from collections.abc import Mapping

from models import Stance, TargetStance

OTHER_SIDE: Mapping[Stance, Stance] = {"favor": "against", "against": "favor"}


def likelier_side(answer: TargetStance) -> Stance:
    """Return the likelier of the two sides, also of an answer that states no side."""
    return "favor" if answer.p_favor > answer.p_against else "against"
