"""``commentariat verify``: runs every check on everything that is stored."""

from contextlib import suppress

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app, warehouse_path


@app.command()
def verify(config: ConfigOption = None, warehouse: WarehouseOption = None) -> None:
    """Check the whole warehouse: log, checksums of all files, every audit, the published snapshot.

    The command changes nothing. It can be used while a run is writing.

    For example: `commentariat verify --warehouse /srv/commentary/commentary`

    Exit code 0: no fault was found; 4: something is wrong, and each finding says what to do.
    """
    from commentariat import WarehouseError
    from flows.monitoring.console import progress
    from warehouse import Warehouse
    from warehouse.upkeep.verify import verify as verify_warehouse

    path = warehouse_path(warehouse, config)
    Warehouse(path).existing()
    total = None
    with suppress(WarehouseError):  # a damaged entry of the log is one of the findings
        total = len(Warehouse(path).live_files())
    with progress("checking files", total=total) as advance:
        report = verify_warehouse(path, on_file=lambda _: advance(1))
    for finding in report.findings:
        typer.echo(f"{finding.check}: {finding.message}")
    checked = (
        f"{report.commits} commits, {report.files} files, {report.rows:,} rows in {report.seconds:.1f} s"
    )
    typer.echo(f"{checked}: {f'{len(report.findings)} findings' if report.findings else 'sound'}")
    if report.findings:
        raise typer.Exit(4)
