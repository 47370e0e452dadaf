"""``commentariat report``: what is stored, as one HTML file."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.app import ConfigOption, SinceOption, UntilOption, WarehouseOption, app, warehouse_path

_OF_A_PART = "commentariat-report.html"


@app.command()
def report(
    since: SinceOption = None,
    until: UntilOption = None,
    targets: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            "-t",
            metavar="TARGET",
            help="Only this target, by its id or statement; may be repeated.",
        ),
    ] = None,
    outlets: Annotated[
        list[str] | None,
        typer.Option("--outlet", metavar="NAME", help="Only this publication; may be repeated."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=f"Write here; without it report.html in the warehouse, or, of a part of it, {_OF_A_PART} here.",
        ),
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write what is stored as one HTML file: charts, tables, evidence, and the SQL behind each.

    It needs neither network nor script and can be passed on as it is. Every night writes one of all that is stored. A
    takedown removes that one and makes it anew; files that were written elsewhere it cannot know.

    For example:

    `commentariat report --open`

    `commentariat report --since 2026-11-01 --target congestion-charge --output november.html`
    """
    import webbrowser

    from commentariat import InputError
    from flows.report.write import write_report
    from flows.settings.request import in_utc
    from warehouse.scope import Scope

    if since and until and since >= until:
        raise InputError("--since must be before --until: nothing was published in between")
    scope = Scope(
        since and in_utc(since), until and in_utc(until), tuple(targets or ()), tuple(outlets or ())
    )
    place = output or (None if scope.is_whole else Path(_OF_A_PART))
    written = write_report(warehouse_path(warehouse, config), place, scope)
    typer.echo(f"{written.path}  {written.bytes / 1e6:.1f} MB, {written.seconds:.1f} s")
    if open_it:
        webbrowser.open(written.path.resolve().as_uri())
