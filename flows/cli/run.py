"""``commentariat run``: runs one night now."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import DATES, ConfigOption, VerboseOption, WarehouseOption, app, in_utf8
from flows.cli.running import run_flow

if TYPE_CHECKING:
    from flows.monitoring.summary import Summary


@app.command()
def run(
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            "-i",
            metavar="URL-OR-PATH",
            callback=in_utf8,
            help="Take in this address, file or folder instead of the sources; may be repeated.",
        ),
    ] = None,
    targets: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            "-t",
            metavar="TEXT",
            callback=in_utf8,
            help="A further statement one can be for or against, to ask about; may be repeated.",
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            metavar="DAY",
            formats=DATES,
            help="Of what is listed, only articles published on or after this day (UTC), or a time such as "
            "2026-11-01T06:00:00; what is due from earlier runs is taken in too.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            metavar="DAY",
            formats=DATES,
            help="Of what is listed, only articles published before this day (UTC), or a time.",
        ),
    ] = None,
    verbose: VerboseOption = False,
) -> None:
    """Fetch, classify and store the articles of the sources; what is stored already is not fetched or scored again.

    If PREFECT_API_URL is not set, the command starts a Prefect server on this machine, and stops it at the end.

    For example:

    `commentariat run` (without a commentariat.toml: the bundled sample, on loopback)

    `commentariat run --input article.html --target "Cities should charge for driving"`

    Exit code 0: done; 1: done, but something went wrong that people must know; 2: a mistake in the configuration.
    """

    def prepare() -> Callable[[], object]:
        from flows.night.classifier.classifier_pool import load_ahead
        from flows.night.opening import NightRequest
        from flows.nightly import nightly
        from tasks.extract.workers import start_ahead

        request = NightRequest(
            config=config,
            warehouse=warehouse,
            inputs=inputs or [],
            targets=targets or [],
            since=since,
            until=until,
        )
        config_of_run = request.resolve_config()
        load_ahead(config_of_run)
        start_ahead(config_of_run.extract)
        return lambda: nightly(request, return_state=True)

    def show(summary: "Summary") -> int:
        from flows.monitoring.terminal import print_summary

        print_summary(summary)
        return 1 if summary.warnings else 0

    run_flow("nightly", config, prepare, show, verbose=verbose)
