"""``commentariat sql``: a question to the warehouse, read-only."""

from typing import Annotated

import typer

from flows.cli.app import ConfigOption, FormatOption, OutputOption, WarehouseOption, app, warehouse_path


@app.command()
def sql(
    query: Annotated[
        str,
        typer.Argument(metavar="QUERY", help="SQL, or the name of a saved query; `-` reads SQL from a pipe."),
    ] = "",
    output_format: FormatOption = "table",
    output: OutputOption = None,
    list_saved: Annotated[
        bool, typer.Option("--list", help="List the saved queries and their questions.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Print the SQL of a saved query, to start from, and do not run it.")
    ] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Ask the published snapshot in SQL; a run that is writing is neither waited for nor disturbed.

    The dialect is DuckDB's. Nothing can be changed, and no file outside the warehouse be read.

    For example:

    `commentariat sql "SELECT outcome, count(*) FROM outcome GROUP BY ALL"`

    `commentariat sql stances_by_outlet --format csv > stances.csv`
    """
    from flows.cli.answers import run_sql, saved_queries, saved_sql, write_answer

    if list_saved or not query:
        width = max(map(len, saved_queries()), default=0)
        for name, question in saved_queries().items():
            typer.echo(f"{name:{width}}  {question}")
    elif show:
        typer.echo(saved_sql(query))
    else:
        text = typer.get_text_stream("stdin").read() if query == "-" else query
        write_answer(run_sql(warehouse_path(warehouse, config), text), output_format, output)
