"""``commentariat sql``: a question to the warehouse, read-only."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app, warehouse_path


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="SQL, or the name of a saved query (see --list).")] = "",
    output_format: Annotated[
        Literal["table", "csv", "json", "parquet"],
        typer.Option("--format", "-f", help="How to print the answer."),
    ] = "table",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to the terminal.")
    ] = None,
    list_saved: Annotated[
        bool, typer.Option("--list", help="List the saved queries and their questions.")
    ] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Ask the published snapshot in SQL; a run that is writing is neither waited for nor disturbed.

    For example:

    `commentariat sql "SELECT outcome, count(*) FROM outcome GROUP BY ALL"`

    `commentariat sql stance_by_outlet --format csv > stance.csv`
    """
    from flows.answers import run_sql, saved_queries, write_answer

    if list_saved or not query:
        for name, question in saved_queries().items():
            typer.echo(f"{name:32} {question}")
        return
    write_answer(run_sql(warehouse_path(warehouse, config), query), output_format, output)
