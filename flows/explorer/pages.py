"""Pages: the templates, and how they write dates, numbers and links. All text that is not our markup is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

import commentariat
from flows.explorer.filters import exactly
from flows.report.words import day, link

HERE = Path(__file__).parent
STATIC = {
    "explorer.css": "text/css",
    "explorer.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "review.js": "text/javascript",
}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": day,
        "number": number,
        "share": share,
        "certain": certain,
        "exactly": exactly,
        "web": link,
    }
    environment.filters["segment"] = lambda text: quote(text, safe="")
    environment.globals["version"] = commentariat.__version__
    return environment


def page(template: str, *, status: int = 200, **content: Any) -> HTMLResponse:  # noqa: ANN401 - what templates take
    """Fill a template and give the page."""
    return HTMLResponse(_environment().get_template(template).render(content), status_code=status)


def number(value: int) -> str:
    """Write a number with narrow spaces between its thousands."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def share(value: float | None) -> str:
    """Write a share of 1 as a percentage."""
    return "" if value is None else f"{value * 100:.0f}\N{NARROW NO-BREAK SPACE}%"


def certain(value: float | None) -> str:
    """Write a probability, or a dash for an answer of a second model, which has none."""
    return "\N{EN DASH}" if value is None else f"{value:.2f}"
