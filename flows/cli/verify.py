"""``commentariat verify``: every audit over everything stored."""

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app, warehouse_path


@app.command()
def verify(config: ConfigOption = None, warehouse: WarehouseOption = None) -> None:
    """Check the whole warehouse: checksums against the commit log, and every audit; exit code 4 if one fails.

    For example: `commentariat verify --warehouse commentary`
    """
    from warehouse import verify as verify_warehouse

    report = verify_warehouse(warehouse_path(warehouse, config))
    for line in report.lines:
        typer.echo(line)
    if not report.ok:
        raise typer.Exit(4)
