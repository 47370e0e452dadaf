"""The summary on a terminal, or as plain text in a pipe."""

import sys

from rich.console import Console
from rich.table import Table

from flows.report.summary import Summary

TOPICS_SHOWN = 10


def print_summary(summary: Summary) -> None:
    """Print what a run brought, what is stored now, and what to type next."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 110, highlight=False)
    console.print(f"\nRun {summary.run_id}", style="bold")
    outcomes = _table("outcome", "items")
    for name, count in summary.outcomes.items():
        outcomes.add_row(name, str(count))
    outcomes.add_section()
    outcomes.add_row("taken in", str(summary.taken_in), style="bold")
    console.print(outcomes)
    if summary.topics:
        topics = _table("main topic", "articles")
        for label, count in summary.topics[:TOPICS_SHOWN]:
            topics.add_row(label, str(count))
        rest = sum(count for _, count in summary.topics[TOPICS_SHOWN:])
        if rest:
            topics.add_row(f"{len(summary.topics) - TOPICS_SHOWN} other topics", str(rest))
        console.print(topics)
    if summary.stands:
        stands = _table("target", "favor", "against", "neutral")
        for stand in summary.stands:
            stands.add_row(stand.statement, str(stand.favor), str(stand.against), str(stand.neutral))
        console.print(stands)
    for warning in summary.warnings:
        console.print(f"Attention: {warning}", style="yellow")
    console.print(f"Warehouse  {summary.warehouse}")
    console.print(f"Database   {summary.warehouse / 'warehouse.duckdb'}")
    console.print('Next       commentariat sql "SELECT outcome, count(*) FROM outcome GROUP BY ALL"')
    console.print("           commentariat sql --list        commentariat status")


def _table(first: str, *numbers: str) -> Table:
    table = Table(show_edge=False, pad_edge=False, title_justify="left")
    table.add_column(first, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right")
    return table
