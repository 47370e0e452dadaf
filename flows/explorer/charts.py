"""Positions of the marks in a chart: plain numbers, which the templates draw as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Literal

from models.interface import ALL_STANCES
from warehouse.querying.plain_values import Row

Unit = Literal["day", "week", "month", "year"]

HALF = 100.0
"""Width of each side of a bar from the middle."""

WIDTH, HEIGHT = 360.0, 110.0
_PLOT_LEFT, _PLOT_TOP, _PLOT_BOTTOM = 26.0, 8.0, 90.0
_LABEL_ROOM = 70.0  # the widest label, "20 Nov 2026", takes 64
_MOST_LABELS = 4
_MOST_PERIODS = 60
_MOST_DAYS = 45
_WEEK = 7


def unit_of(oldest: date | None, newest: date | None) -> Unit:
    """Choose the period by which articles are counted over time, so that the number of columns is suitable."""
    if oldest is None or newest is None:
        return "month"
    days = (newest - oldest).days
    if days <= _MOST_DAYS:
        return "day"
    if days <= _MOST_PERIODS * _WEEK:
        return "week"
    return "month" if days <= _MOST_PERIODS * 31 else "year"


def with_bars(rows: Sequence[Row]) -> list[Row]:
    """Add to each row the lengths of its bars to both sides; all bars have the same scale, a number of articles."""
    most = max((row[side] for row in rows for side in ("favor", "against")), default=0)
    scale = HALF / max(1, most)
    return [
        row | {"bar_against": round(row["against"] * scale, 2), "bar_favor": round(row["favor"] * scale, 2)}
        for row in rows
    ]


def with_lengths(rows: Sequence[Row]) -> list[Row]:
    """Add to each row the length of its bar."""
    most = max((row["articles"] for row in rows), default=0)
    return [row | {"bar": round(row["articles"] * 2 * HALF / max(1, most), 2)} for row in rows]


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """A part of a column: the stance that it counts, if any, and its position."""

    stance: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """A period: its first day, its name, its number of articles, and the parts that are drawn."""

    began: date
    name: str
    articles: int
    counts: tuple[tuple[str, int], ...]
    x: float
    parts: tuple[ColumnPart, ...]


@dataclass(frozen=True, slots=True)
class ColumnsOverTime:
    """Columns over time, without a gap between the periods.

    Attributes
    ----------
    top
        The number of articles of the highest column.
    labels
        Positions and names of some periods.
    left_out
        Number of articles in earlier periods, for which there is no room.
    """

    columns: tuple[PeriodColumn, ...]
    width: float
    top: int
    labels: tuple[tuple[float, str], ...]
    left_out: int


def over_time(rows: Sequence[Row], unit: Unit) -> ColumnsOverTime | None:
    """Place a column for every period from the first to the last; of more than sixty periods, the last sixty."""
    if not rows:
        return None
    by_period = {date.fromisoformat(str(row["period"])): row for row in rows}
    periods = list(_periods(min(by_period), max(by_period), unit))
    shown = periods[-_MOST_PERIODS:]
    empty = dict.fromkeys(rows[0], 0)  # the columns of a table have the same names in all periods
    top = max((by_period[period]["articles"] for period in shown if period in by_period), default=0)
    step = (WIDTH - _PLOT_LEFT) / max(8, len(shown))
    columns = tuple(
        _column(by_period.get(period, empty), period, unit, _PLOT_LEFT + n * step, max(1, top))
        for n, period in enumerate(shown)
    )
    # Few columns are no wider than many, so there may be room for fewer labels than columns.
    every = max(ceil(len(columns) / _MOST_LABELS), ceil(_LABEL_ROOM / step))
    labels = tuple((column.x, column.name) for column in columns[::every] if column.x <= WIDTH - _LABEL_ROOM)
    left_out = sum(row["articles"] for period, row in by_period.items() if period < shown[0])
    return ColumnsOverTime(columns, round(step * 0.8, 2), top, labels, left_out)


def _column(row: Row, period: date, unit: Unit, x: float, top: int) -> PeriodColumn:
    articles = row["articles"]
    by_stance = tuple((stance, row[stance]) for stance in ALL_STANCES if stance in row)
    scale, bottom, parts = (_PLOT_BOTTOM - _PLOT_TOP) / top, _PLOT_BOTTOM, []
    for stance, count in by_stance or (("all", articles),):
        height = count * scale
        bottom -= height
        if count:
            parts.append(ColumnPart(stance, round(bottom, 2), round(height, 2)))
    return PeriodColumn(period, _name(period, unit), articles, by_stance, round(x, 2), tuple(parts))


def _periods(first: date, last: date, unit: Unit) -> Iterable[date]:
    while first <= last:
        yield first
        if unit == "day":
            first += timedelta(days=1)
        elif unit == "week":
            first += timedelta(days=_WEEK)
        elif unit == "month":
            first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        else:
            first = date(first.year + 1, 1, 1)


def last_day(began: date, unit: Unit) -> date:
    """Give the last day of a period."""
    after = list(_periods(began, began + timedelta(days=366), unit))[1]
    return after - timedelta(days=1)


def _name(period: date, unit: Unit) -> str:
    if unit == "year":
        return f"{period.year}"
    return f"{period:%b %Y}" if unit == "month" else f"{period.day} {period:%b %Y}"
