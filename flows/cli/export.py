"""``commentariat export``: data to take elsewhere, with a manifest."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from flows.cli.app import ConfigOption, TablesOption, WarehouseOption, app, tables_of, warehouse_path


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write; it is made if missing.")],
    tables: Annotated[
        list[str] | None,
        typer.Option(
            "--table",
            metavar="NAME",
            help="Only this table or view; may be repeated. Without it, all tables.",
        ),
    ] = None,
    queries: Annotated[
        list[str] | None,
        typer.Option("--query", metavar="NAME", help="The answer of a saved query; may be repeated."),
    ] = None,
    output_format: Annotated[
        Literal["parquet", "csv", "jsonl"], typer.Option("--format", "-f", help="Of the files.")
    ] = "parquet",
    own_tables: TablesOption = None,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write tables, views or saved answers to files, with a manifest of rows, columns and checksums beside them.

    For example:

    `commentariat export handover --table article --table current_stance --format csv`

    `commentariat export handover --query stances_by_outlet`
    """
    from flows.cli.answers import saved_sql
    from warehouse import connect
    from warehouse.export import export as export_files

    asked = [(name, saved_sql(name)) for name in queries or []]
    tables_too = tables_of(own_tables, warehouse, config)
    with connect(warehouse_path(warehouse, config), tables=tables_too) as reader:
        for file in export_files(reader, folder, tables=tables or [], queries=asked, format=output_format):
            typer.echo(f"{folder / file.file}  {file.rows:,} rows")
    typer.echo(f"{folder / 'manifest.json'}")
