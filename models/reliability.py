"""How far a bundled model is to be trusted, as its card says it: for those who pass its answers on."""

from __future__ import annotations

from pathlib import Path

from models.loading import bundled_models, load_classifier

_SECTION = "## Intended use and limits"


def told_reliability(weights_version: str | None) -> str | None:
    """Give what the card of the bundled model with these weights says of its limits; None for other weights."""
    for name in bundled_models():
        if load_classifier(name).weights_version == weights_version:
            card = (Path(__file__).parent / name / "MODEL_CARD.md").read_text(encoding="utf-8")
            if _SECTION in card:
                section = card.split(_SECTION, 1)[1].split("\n## ", 1)[0].strip()
                return f"Of {name}, as its model card says:\n\n{section}"
    return None
