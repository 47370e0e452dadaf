"""Positions of the marks in a chart: plain numbers, which the templates draw as SVG. This module writes no HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from warehouse.querying.plain_values import Row

WIDTH = 360
"""Width of every chart, so that its words are as large on a phone as on a large screen."""

_BAR_HALF = 168.0
_PLOT_LEFT, _PLOT_RIGHT, _PLOT_TOP, _PLOT_BOTTOM = 34.0, 300.0, 10.0, 110.0
_NAME_HEIGHT = 13.0
_LOWEST_NAME = _PLOT_BOTTOM + 5
HEAT_STEPS = 4
"""Number of shades for each side in the heat map, besides that of an even share."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A share as a bar that starts in the middle, with its interval; lengths in units of the chart."""

    side: str
    x: float
    width: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line over time: sequences of connected points, each with the band of its intervals."""

    name: str
    runs: tuple[tuple[tuple[float, float], ...], ...]
    bands: tuple[tuple[tuple[float, float], ...], ...]

    @property
    def end(self) -> tuple[float, float] | None:
        """The last point; the line's name is written beside it."""
        return self.runs[-1][-1] if self.runs else None


@dataclass(frozen=True, slots=True)
class LinesOverTime:
    """Lines over the same periods.

    Attributes
    ----------
    silent
        Periods in which an outlet of the panel was silent: left edges and widths.
    labels
        Positions and names of some periods.
    ends
        Names of the lines and their positions, which do not overlap.
    top
        The share at the upper edge.
    """

    lines: tuple[Line, ...]
    silent: tuple[tuple[float, float], ...]
    labels: tuple[tuple[float, str], ...]
    ends: tuple[tuple[str, float], ...]
    top: float
    heights: tuple[tuple[float, float], ...]


def diverging(row: Row) -> tuple[Bar, ...]:
    """Place the shares against (to the left) and in favor (to the right) of a target; none for few articles."""
    if row["share_favor"] is None:
        return ()
    return (_bar(row, "against", -1), _bar(row, "favor", 1))


def _bar(row: Row, side: str, sign: int) -> Bar:
    middle = WIDTH / 2
    length = row[f"share_{side}"] * _BAR_HALF
    ends = sorted(middle + sign * row[f"{side}_{end}"] * _BAR_HALF for end in ("low", "high"))
    return Bar(
        side,
        _short(middle if sign > 0 else middle - length),
        _short(length),
        _short(ends[0]),
        _short(ends[1]),
    )


def over_time(
    rows: Sequence[Row], columns: Sequence[tuple[str, str, str, str]], name: Callable[[Any], str]
) -> LinesOverTime:
    """Place shares over periods.

    Parameters
    ----------
    rows
        One for each period, in order.
    columns
        For each line its name, the column of the share, and the columns of the ends of its interval.
    name
        Writes the label of a period.
    """
    step = (_PLOT_RIGHT - _PLOT_LEFT) / max(1, len(rows))
    places = [_PLOT_LEFT + step * (n + 0.5) for n in range(len(rows))]
    largest = max((row[high] or 0 for row in rows for *_, high in columns), default=1)
    top = next(limit for limit in (0.25, 0.5, 1.0) if largest <= limit or limit == 1.0)

    def height(share: float) -> float:
        return _short(_PLOT_BOTTOM - (_PLOT_BOTTOM - _PLOT_TOP) * share / top)

    def line(title: str, share: str, low: str, high: str) -> Line:
        runs, bands = [], []
        for there, points in groupby(zip(places, rows, strict=True), lambda pair: pair[1][share] is not None):
            if there:
                run = list(points)
                runs.append(tuple((_short(x), height(row[share])) for x, row in run))
                upper = [(_short(x), height(row[high])) for x, row in run]
                lower = [(_short(x), height(row[low])) for x, row in reversed(run)]
                bands.append((*upper, *lower))
        return Line(title, tuple(runs), tuple(bands))

    lines = tuple(line(*column) for column in columns)
    silent = tuple(
        (_short(x - step / 2), _short(step)) for x, row in zip(places, rows, strict=True) if row["silent"]
    )
    shown = sorted({0, len(rows) // 2, len(rows) - 1}) if len(rows) > 2 else range(len(rows))
    labels = tuple((_short(places[n]), name(rows[n]["period"])) for n in shown)
    grid = tuple((share, height(share)) for share in (0, top / 2, top))
    return LinesOverTime(lines, silent, labels, tuple(_apart(lines)), top, grid)


def _apart(lines: Sequence[Line]) -> Iterator[tuple[str, float]]:
    """Move the names at the ends of lines apart, so that none covers another, or the labels of periods below."""
    ends = sorted((line.end[1], line.name) for line in lines if line.end is not None)
    heights: list[float] = []
    before = -100.0
    for end, _ in ends:
        before = max(end + 4, before + _NAME_HEIGHT)
        heights.append(before)
    lowest = _LOWEST_NAME
    for n in reversed(range(len(heights))):
        heights[n] = min(heights[n], lowest)
        lowest = heights[n] - _NAME_HEIGHT
    for (_, title), height in zip(ends, heights, strict=True):
        yield title, _short(height)


def shade(net: float | None) -> str:
    """Name the shade of a net share, from -1 to 1: a4 to a1 for against, f1 to f4 for in favor, even around 0."""
    if net is None:
        return "few"
    step = min(HEAT_STEPS, int(abs(net) * HEAT_STEPS + 0.5))
    return f"{'f' if net > 0 else 'a'}{step}" if step else "even"


def _short(number: float) -> float:
    return round(number, 1)
