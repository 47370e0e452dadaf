"""``commentariat maintain``: runs the weekly maintenance now."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import (
    MIN_FILES,
    TRASH_DAYS,
    ConfigOption,
    MinFilesOption,
    VerboseOption,
    WarehouseOption,
    app,
)
from flows.cli.running import run_flow

if TYPE_CHECKING:
    from flows.maintenance import Maintained


@app.command()
def maintain(
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
    min_files: MinFilesOption = MIN_FILES,
    trash_days: Annotated[
        float,
        typer.Option(min=0, max=36_500, help="Days for which replaced files can still be restored by hand."),
    ] = TRASH_DAYS,
    check: Annotated[bool, typer.Option(help="Afterwards check everything that is stored.")] = True,
    verbose: VerboseOption = False,
) -> None:
    """Merge small files, remove old snapshots and replaced files, and check everything that is stored.

    `commentariat serve` does the same every week. Readers are not disturbed.

    For example: `commentariat maintain --warehouse /srv/commentary/commentary`

    Exit code 0: done, and the check found no fault; 1: the check found a fault.
    """

    def prepare() -> Callable[[], object]:
        from flows.maintenance import MaintenanceRequest, maintenance

        request = MaintenanceRequest(
            config=config, warehouse=warehouse, min_files=min_files, trash_days=trash_days, check=check
        )
        return lambda: maintenance(request, return_state=True)

    def show(done: "Maintained") -> int:
        typer.echo(done.headline)
        return 1 if done.findings else 0

    run_flow("maintenance", config, prepare, show, verbose=verbose)
