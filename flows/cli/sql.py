"""``commentariat sql``: runs a query on the warehouse, read-only."""

from typing import Annotated

import typer

from flows.cli.app import (
    ConfigOption,
    FormatOption,
    ResultOption,
    TablesOption,
    WarehouseOption,
    app,
    in_utf8,
    tables_of,
    warehouse_path,
)
from flows.cli.loading import without_collections


# A query may begin with a comment: -- like this.
@app.command(context_settings={"ignore_unknown_options": True})
def sql(
    query: Annotated[
        str | None,
        typer.Argument(
            metavar="QUERY",
            callback=in_utf8,
            help="SQL, or the name of a saved query; `-` reads SQL from standard input.",
        ),
    ] = None,
    output_format: FormatOption = None,
    output: ResultOption = None,
    own_tables: TablesOption = None,
    list_saved: Annotated[
        bool, typer.Option("--list", help="List the saved queries, each with its purpose.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Print the SQL of a saved query and do not run it.")
    ] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Query the published snapshot in SQL. The query does not wait for a run that is writing, and does not disturb it.

    The dialect is DuckDB's. A query cannot change anything. It can read no file except the warehouse and the tables of
    your own that are named with `--with` or in `[tables]`.

    For example:

    `commentariat sql "SELECT outcome, count(*) FROM outcome GROUP BY ALL"`

    `commentariat sql stances_by_outlet --output stances.csv`

    `commentariat sql "FROM outlet_balance JOIN outlets USING (outlet)" --with outlets=outlets.csv`
    """
    if query is not None and query.startswith("-") and query != "-" and not query[2:3].isspace():
        raise typer.BadParameter(f"there is no option {query.partition('=')[0]}")
    if query is not None and not query.strip():
        raise typer.BadParameter("the query is empty: write SQL, or the name of a saved query")
    if (list_saved or show or query is None) and (output or output_format or own_tables):
        raise typer.BadParameter("--output, --format and --with belong to a query that is run: name one")
    if list_saved and (query is not None or show):
        raise typer.BadParameter("--list lists all saved queries: leave out the query and --show, or --list")
    if show and query is None:
        raise typer.BadParameter("--show prints the SQL of one saved query: name it; --list lists them")
    with without_collections():
        from flows.cli.outputs import refuse_input_as_output
        from flows.cli.query_results import format_of, run_sql, saved_queries, write_result
        from flows.cli.remarks import print_remark
        from warehouse.querying.own_queries import remarks_on_unused, saved_sql

    asked = None if query is None else [query.strip()]
    for remark in remarks_on_unused(warehouse_path(warehouse, config), asked):
        print_remark(remark)
    if list_saved or query is None:
        listed = saved_queries(warehouse_path(warehouse, config))
        width = max(map(len, listed), default=0)
        for name, purpose in listed.items():
            typer.echo(f"{name:{width}}  {purpose}")
    elif show:
        typer.echo(saved_sql(query, warehouse_path(warehouse, config)).rstrip())
    else:
        text = (_standard_input() if query == "-" else query).strip()
        if not text:
            raise typer.BadParameter("standard input is empty: write SQL into it")
        # An ending that names no format is reported before anything is asked.
        format_of(output_format, output)
        tables = tables_of(own_tables, warehouse, config)
        refuse_input_as_output(output, tables.values())
        result, why_empty = run_sql(warehouse_path(warehouse, config), text, tables)
        write_result(result, output_format, output)
        if why_empty:
            typer.echo(f"No row: {why_empty}", err=True)


def _standard_input() -> str:
    """Read SQL from standard input.

    Raises
    ------
    InputError
        When it is in another encoding, as a file of Latin-1 is.
    """
    from commentariat import InputError

    stream = typer.get_text_stream("stdin")
    try:
        text = stream.read()
        text.encode()  # in the locale C, Python reads other bytes as halves of surrogate pairs
    except UnicodeError:
        raise InputError(f"standard input is not in {stream.encoding}: write the SQL in UTF-8") from None
    return text
