"""Makes one HTML file from the contents. Texts from outside are data: each is escaped, and nothing in them can run."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from commentariat import __version__
from flows.monitoring.summary import FEW_ARTICLES
from flows.report import charts, words
from flows.report.contents import MOST_NEW_ARTICLES, Contents
from warehouse.querying.plain_values import Row

MOST_TARGETS = 40
"""Largest number of targets with a bar and a line of their own; the tables have all targets."""
MOST_OUTLETS, MOST_COLUMNS = 40, 20
_OUTLETS_NAMED = 12

_SECTIONS = (
    ("new", "New"),
    ("stances", "Stance by target"),
    ("over-time", "Over time"),
    ("outlets", "Outlets and targets"),
    ("topics", "Topics"),
    ("evidence", "Evidence"),
    ("changed", "Who changed"),
    ("copies", "Copies"),
    ("trust", "How far to trust it"),
    ("left-out", "Left out"),
    ("sources", "Sources"),
)
_LINES_OF_SIDES = (
    ("favor", "share_favor", "favor_low", "favor_high"),
    ("against", "share_against", "against_low", "against_high"),
)


def as_html(contents: Contents) -> str:
    """Write a report as HTML."""
    style = files("flows.report").joinpath("page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    stances = contents.rows("stances")
    unsure = contents.rows("unsure_shares")
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            c=contents,
            stored=contents.stored,
            scope=words.scope_in_words(contents),
            sections=_SECTIONS,
            few=FEW_ARTICLES,
            most_targets=MOST_TARGETS,
            most_new=MOST_NEW_ARTICLES,
            news=list(words.news(contents)),
            sides=words.SIDES,
            bars=[(row, charts.diverging(row), _corrected(contents, row)) for row in stances[:MOST_TARGETS]],
            targets_left_out=max(0, len(stances) - MOST_TARGETS),
            panel=_panel(contents),
            stance_lines=list(_stance_lines(contents)),
            topic_lines=list(_topic_lines(contents)),
            heat=_heat(contents),
            evidence=_by_target(contents.rows("strongest_evidence"), list(contents.statements)),
            copies=sum(row["copies"] for row in contents.rows("who_reprints_whom")),
            unsure_answers=sum(row["unsure"] for row in unsure),
            all_answers=sum(row["articles"] for row in unsure),
            version=__version__,
            style=style,
            style_hash=f"sha256-{digest}",
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "counts": words.counts,
        "day": words.day,
        "link": words.link,
        "news_of_target": words.news_of_target,
        "percent": words.percent,
        "plain": words.plain,
        "shade": charts.shade,
        "bar_in_words": words.bar_in_words,
    }
    return environment


def _corrected(contents: Contents, row: Row) -> dict[str, Any] | None:
    """Draw and state the shares of a target corrected by people's answers; None if there are too few answers."""
    corrected = contents.corrected.get(row["target"])
    if corrected is None:
        return None
    sentence = words.corrected(corrected)
    return {
        "bars": charts.diverging(corrected),
        "sentence": sentence,
        "drawn": f"{words.plain(row['statement'])}: {sentence}",
    }


def _panel(contents: Contents) -> dict[str, Any]:
    """Name the outlets of the lines, and the periods in which an outlet was silent."""
    rows = contents.answers["panel"].rows
    outlets = sorted({row["outlet"] for row in rows})
    unit = str(rows[0]["unit"]) if rows else ""
    silent = [f"{row['outlet']} ({_period(unit, row['period'])})" for row in rows if row["is_silent"]]
    return {
        "unit": unit,
        "n": len(outlets),
        "names": _some(outlets),
        "silent": _some(silent),
    }


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _OUTLETS_NAMED} more" if len(names) > _OUTLETS_NAMED else ""
    return ", ".join(names[:_OUTLETS_NAMED]) + more


def _period(unit: str, period: object) -> str:
    return words.month(period) if unit == "month" else words.short_day(period)


def _stance_lines(contents: Contents) -> Iterator[tuple[Row, charts.LinesOverTime, str]]:
    """Place the lines of each target that has lines; targets with most articles come first."""
    for target, rows in _by_target(contents.rows("panel_stances"), list(contents.statements)):
        if not _has_a_line(rows, "share_favor"):
            continue
        unit = rows[0]["unit"]
        chart = charts.over_time(rows, _LINES_OF_SIDES, partial(_period, unit))
        title = {"statement": contents.statements.get(target, target), "n": _range_of(rows, "articles", unit)}
        shares = (("share_favor", "in favor"), ("share_against", "against"))
        yield title, chart, f"Shares over time. {words.ends_in_words(rows, shares, 'articles')}"


def _topic_lines(contents: Contents) -> Iterator[tuple[Row, charts.LinesOverTime, str]]:
    for topic, group in groupby(contents.rows("panel_topics"), lambda row: row["topic"]):
        rows = list(group)
        if not _has_a_line(rows, "share"):
            continue
        unit = rows[0]["unit"]
        chart = charts.over_time(rows, (("topic", "share", "low", "high"),), partial(_period, unit))
        title = {"topic": topic, "n": _range_of(rows, "of_all", unit)}
        yield (
            title,
            chart,
            f"Share over time. {words.ends_in_words(rows, (('share', str(topic)),), 'of_all')}",
        )


def _has_a_line(rows: list[Row], share: str) -> bool:
    return len(rows) > 1 and any(row[share] is not None for row in rows)


def _range_of(rows: list[Row], column: str, unit: str) -> str:
    numbers = [row[column] for row in rows]
    least, most = min(numbers), max(numbers)
    return f"n = {least:,} a {unit}" if least == most else f"n = {least:,} to {most:,} a {unit}"


def _heat(contents: Contents) -> dict[str, Any]:
    """Lay out the outlets with most answers (an article has one on each target) and the targets with most articles."""
    rows = contents.rows("stances_by_outlet")
    of_outlet: Counter[str] = Counter()
    for row in rows:
        of_outlet[row["outlet"]] += row["articles"]
    cells = {(row["outlet"], row["target"]): row for row in rows}
    targets = list(contents.statements)[:MOST_COLUMNS]
    outlets = [outlet for outlet, _ in of_outlet.most_common(MOST_OUTLETS)]
    return {
        "targets": targets,
        "rows": [(outlet, [cells.get((outlet, target)) for target in targets]) for outlet in outlets],
        "left_out": len(of_outlet) - len(outlets),
    }


def _by_target(rows: list[Row], order: list[str]) -> list[tuple[str, list[Row]]]:
    """Group rows by target, in the order of the targets."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["target"], []).append(row)
    place = {target: n for n, target in enumerate(order)}
    return sorted(grouped.items(), key=lambda pair: place.get(pair[0], len(place)))[:MOST_TARGETS]
