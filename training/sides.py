"""The two sides of a statement: which one is the other, and which one an answer leans to."""

from __future__ import annotations

from collections.abc import Mapping

from models import Stance, TargetStance

OTHER_SIDE: Mapping[Stance, Stance] = {"favor": "against", "against": "favor"}


def likelier_side(answer: TargetStance) -> Stance:
    """Return the side that is likelier, whatever is stated."""
    return "favor" if answer.p_favor > answer.p_against else "against"
