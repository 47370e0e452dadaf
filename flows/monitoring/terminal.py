"""The summary on a terminal, or as plain text in a pipe."""

import os
import shlex
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from rich import box
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from commentariat import ConfigError
from flows.monitoring.summary import FEW_EXPLAINED, Summary
from flows.monitoring.tidy import print_tidy
from flows.settings.config import load_config
from models.interface import ALL_STANCES
from tasks.whole_path import without_links

TOPICS_SHOWN = 10


def print_summary(summary: Summary) -> None:
    """Print the result of a run, the contents of the warehouse, and the commands to type next."""
    width = None if sys.stdout.isatty() else 110
    # Without emoji=False, rich would make an emoji of a part of a statement or a warning such as ":on:".
    console = Console(file=sys.stdout, width=width, highlight=False, emoji=False)
    print_tidy(console, Text(f"Run {summary.run_id}", style="bold"), "")
    parts: list[RenderableType] = [_outcomes(summary)]
    if summary.topics:
        parts.append(_topics(summary))
    if any(target.about for target in summary.stances):
        parts.append(_stances(summary))
        parts += [FEW_EXPLAINED] if summary.has_few else []
    for part in parts:
        print_tidy(console, part, "")
    for sentence in summary.second_model:
        console.print(f"Second model: {sentence}", markup=False, soft_wrap=True)
    if summary.second_model:
        console.print()
    for warning in summary.warnings:
        console.print(f"Attention: {warning}", style="yellow", markup=False)
    if summary.warnings:
        console.print()
    for sentence in summary.other_models:
        console.print(f"Other model: {sentence}", style="yellow", markup=False, soft_wrap=True)
    if summary.other_models:
        console.print()
    console.print(f"Warehouse  {summary.warehouse}", markup=False, soft_wrap=True)
    console.print(f"Database   {summary.snapshot}", markup=False, soft_wrap=True)
    where = "" if _is_found(summary.warehouse) else f" -w {_shown(summary.warehouse)}"
    console.print(f"Next       commentariat sql stances{where}", markup=False, soft_wrap=True)
    console.print(f"           commentariat sql --list{where}", markup=False, soft_wrap=True)
    if summary.report:
        console.print(f"Report     {summary.report}", markup=False, soft_wrap=True)


def _outcomes(summary: Summary) -> Table:
    table = _table("outcome", "items")
    for name, count in summary.outcomes.items():
        table.add_row(name, str(count))
    table.add_section()
    table.add_row("taken in", str(summary.taken_in), style="bold")
    return table


def _topics(summary: Summary) -> Table:
    table = _table("main topic of what is stored", "articles")
    for label, count in summary.topics[:TOPICS_SHOWN]:
        table.add_row(escape(label), str(count))
    rest = sum(count for _, count in summary.topics[TOPICS_SHOWN:])
    if rest:
        others = len(summary.topics) - TOPICS_SHOWN
        table.add_row(f"{others} other topic{'s' if others > 1 else ''}", str(rest))
    return table


def _stances(summary: Summary) -> Table:
    """Make the table of stances by target, of the articles that speak about it."""
    table = _table("stance by target", *ALL_STANCES)
    for target in summary.stances:
        table.add_row(escape(target.marked_statement), *map(str, target.counts.values()))
    return table


def _table(first: str, *numbers: str) -> Table:
    table = Table(box=box.HORIZONTALS, show_edge=False, pad_edge=False)
    table.add_column(first, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right")
    return table


def _is_found(warehouse: Path) -> bool:
    """Say whether a command that is typed in this folder without options uses this warehouse.

    Variables may have been set for this command alone, or for all: it must be found with them and without them.
    """
    environments: tuple[Mapping[str, str], ...] = (os.environ, {})
    try:
        usual = [load_config(None, environment).warehouse.path for environment in environments]
    except ConfigError:
        return False
    return all(without_links(path) == without_links(warehouse) for path in usual)


def _shown(path: Path) -> str:
    """Write a path as one types it: relative if it is below this folder, and quoted if a shell needs quotes."""
    with suppress(OSError):  # this folder may have been deleted meanwhile
        here = Path.cwd()
        path = path.relative_to(here) if path.is_relative_to(here) else path
    return shlex.quote(str(path))
