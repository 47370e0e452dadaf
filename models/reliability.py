"""How far a bundled model is to be trusted, as its card says it: for those who pass its answers on."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from models.loading import bundled_models
from models.version import fingerprint

_MODELS = Path(__file__).parent
_SECTION = "## Intended use and limits"


def stated_limits(weights_version: str | None) -> str | None:
    """Give what the card of the bundled model with these weights says of its limits; None for other weights."""
    found = _limits(weights_version)
    return f"Of {found[0]}, as its model card says:\n\n{found[1]}" if found else None


def error_rates(weights_version: str | None) -> str | None:
    """Give what the card says of the wrong answers among those stated, without its markup; None for other weights."""
    passage = _wrong_answers(weights_version)
    return re.sub(r"[*`]", "", passage) if passage else None


def error_rate(weights_version: str | None) -> str | None:
    """Give the first sentence of :func:`error_rates`, which stands beside shares; None for other weights."""
    sentence = re.match(r"\*\*(.+?)\*\*", _wrong_answers(weights_version) or "")
    return re.sub(r"[*`]", "", sentence[1]) if sentence else None


def _wrong_answers(weights_version: str | None) -> str | None:
    found = _limits(weights_version)
    points = re.split(r"^- ", found[1], flags=re.MULTILINE) if found else []
    return next((" ".join(point.split()) for point in points if point.startswith("**")), None)


@cache
def _limits(weights_version: str | None) -> tuple[str, str] | None:
    """Find the bundled model with these weights; its name, and what its card says of its limits."""
    for name in bundled_models() if weights_version else ():
        folder = _MODELS / name
        if fingerprint(folder) == weights_version:
            card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
            if _SECTION in card:
                return name, card.split(_SECTION, 1)[1].split("\n## ", 1)[0].strip()
    return None
