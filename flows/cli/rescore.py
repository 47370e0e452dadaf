"""``commentariat rescore``: ask a new model or a new target of what is stored already."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import DATES, ConfigOption, WarehouseOption, app

if TYPE_CHECKING:
    from flows.rescore import RescoreRequest


@app.command()
def rescore(
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            metavar="DAY", formats=DATES, help="Only articles published on or after this day (UTC)."
        ),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option("--target", "-t", metavar="ID", help="Only these targets; may be repeated."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Another model than the configured one.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much there is to do.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show Prefect's own log lines too.")
    ] = False,
) -> None:
    """Score what is missing: new targets, changed wordings, a new model; answers that are there stay.

    For example:

    `commentariat rescore --dry-run`

    `commentariat rescore --target nuclear-power --since 2026-09-01`
    """
    from flows.console import narrated

    with narrated(verbose=verbose):
        from flows.rescore import RescoreRequest, count_missing

        request = RescoreRequest(
            config=config, warehouse=warehouse, since=since, only_targets=target or [], model=model
        )
        if dry_run:
            missing = asyncio.run(count_missing(request))
            typer.echo(f"{missing.articles} articles to read, {missing.questions} answers missing")
            return
        typer.echo(asyncio.run(_rescore(request)))


async def _rescore(request: "RescoreRequest") -> str:
    from flows.rescore import rescore_flow
    from flows.result import result_of

    return await result_of(rescore_flow(request, return_state=True))
