"""``commentariat report``: writes a report on the stored articles as one HTML file."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.app import (
    ConfigOption,
    SinceOption,
    UntilOption,
    WarehouseOption,
    app,
    in_utf8,
    named_path,
    refuse_empty_period,
    warehouse_path,
)

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
            callback=in_utf8,
            help="Only this target, by its id or statement; may be repeated.",
        ),
    ] = None,
    outlets: Annotated[
        list[str] | None,
        typer.Option(
            "--outlet",
            metavar="NAME",
            callback=in_utf8,
            help="Only this publication; may be repeated. (unknown) has the articles of which none is known.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            parser=named_path,
            help=f"File to write. Without it: report.html in the warehouse, or {_OF_A_PART} in this folder if the "
            "report is about a part of the warehouse.",
        ),
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the report in the browser.")] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write a report on the stored articles as one HTML file: charts, tables, evidence, and the SQL of each.

    The file needs no network and no script, and can be passed on as it is. Every night writes a report on everything
    that is stored. A takedown removes this report and writes it again; it does not find reports in other places.

    For example:

    `commentariat report --open`

    `commentariat report --since 2026-11-01 --target congestion-charge --output november.html`
    """
    import webbrowser

    from flows.cli.outputs import refuse_other_format
    from flows.report.write import write_report
    from flows.settings.request import utc_moment
    from warehouse.querying.scope import Scope

    refuse_empty_period(since, until)
    refuse_other_format(output, "HTML", (".html", ".htm"), "; a browser can print it as PDF")
    scope = Scope(
        since and utc_moment(since), until and utc_moment(until), tuple(targets or ()), tuple(outlets or ())
    )
    place = output or (None if scope.is_whole else Path(_OF_A_PART))
    written = write_report(warehouse_path(warehouse, config), place, scope)
    typer.echo(f"{written.path}  {written.bytes / 1e6:.1f} MB, {written.seconds:.1f} s")
    if open_it:
        webbrowser.open(written.path.resolve().as_uri())
