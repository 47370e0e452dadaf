"""The limits of a bundled model as its model card states them, for people who publish its answers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from models.loading import bundled_models
from models.version import fingerprint

_MODELS = Path(__file__).parent
_SECTION = "## Intended use and limits"


def stated_limits(weights_version: str | None) -> str | None:
    """Give the section on limits from the card of the bundled model with these weights; None for other weights."""
    limits = _limits(weights_version)
    return f"Of {limits[0]}, as its model card says:\n\n{limits[1]}" if limits else None


def error_rates(weights_version: str | None) -> str | None:
    """Give the card's text on wrong answers among the stated ones, without its markup; None for other weights."""
    passage = _wrong_answers(weights_version)
    return re.sub(r"[*`]", "", passage) if passage else None


def error_rate(weights_version: str | None) -> str | None:
    """Give the first sentence of :func:`error_rates`, which is printed beside shares; None for other weights."""
    sentence = re.match(r"\*\*(.+?)\*\*", _wrong_answers(weights_version) or "")
    return re.sub(r"[*`]", "", sentence[1]) if sentence else None


def _wrong_answers(weights_version: str | None) -> str | None:
    limits = _limits(weights_version)
    points = re.split(r"^- ", limits[1], flags=re.MULTILINE) if limits else []
    return next((" ".join(point.split()) for point in points if point.startswith("**")), None)


@cache
def _limits(weights_version: str | None) -> tuple[str, str] | None:
    """Find the bundled model with these weights; give its name, and the section of its card on limits."""
    for name in bundled_models() if weights_version else ():
        folder = _MODELS / name
        if fingerprint(folder) == weights_version:
            card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
            if _SECTION in card:
                return name, card.split(_SECTION, 1)[1].split("\n## ", 1)[0].strip()
    return None
