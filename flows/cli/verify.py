"""``commentariat verify``: runs every check on everything that is stored."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app, warehouse_path

if TYPE_CHECKING:
    from warehouse.log.remote import Remote


@app.command()
def verify(config: ConfigOption = None, warehouse: WarehouseOption = None) -> None:
    """Check the whole warehouse: log, checksums of all files, every audit, the published snapshot.

    In a working copy, the shared place is checked too: it must hold all entries of the log and all files.
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
        report = verify_warehouse(path, remote=_shared_place(path, config), on_file=lambda _: advance(1))
    for finding in report.findings:
        typer.echo(f"{finding.check}: {finding.message}")
    checked = (
        f"{report.commits} commits, {report.files} files, {report.rows:,} rows in {report.seconds:.1f} s"
    )
    found = len(report.findings)
    result = "sound" if not found else "1 finding" if found == 1 else f"{found} findings"
    typer.echo(f"{checked}: {result}")
    if report.findings:
        raise typer.Exit(4)


def _shared_place(path: Path, config: Path | None) -> "Remote | None":
    """Open the shared place of a working copy; if the configuration does not name it, say that it is not checked."""
    from flows.settings.config import load_config
    from warehouse.sharing.working_copy import is_working_copy_of, recorded_place

    recorded = recorded_place(path)
    if recorded is None:
        return None
    remote = load_config(config).warehouse.at(path).open().remote
    if remote is not None and is_working_copy_of(path, remote):
        return remote
    typer.echo(
        f'the shared place {recorded} is not checked: pass --config FILE with shared = "{recorded}" under [warehouse]',
        err=True,
    )
    return None
