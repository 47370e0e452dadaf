"""Write figures down: a JSON file to compare with, and a Markdown table to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from training.measure import Figure


def markdown(figures: Mapping[str, Figure]) -> str:
    """Render a table: figure, value, 95% interval, rows."""
    lines = ["| figure | value | 95% interval | rows |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {f.value:.3f} | {f.low:.3f} to {f.high:.3f} | {f.n} |" for name, f in figures.items()
    ]
    return "\n".join(lines)


def write_json(figures: Mapping[str, Figure], path: Path) -> None:
    """Write figures as JSON, rounded to four places."""
    plain = {
        name: {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(figure).items()}
        for name, figure in figures.items()
    }
    path.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
