"""``commentariat rescore``: scores the stored articles on new targets or with a new model."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import (
    DATES,
    STATED_RIGHT_OPTION,
    ConfigOption,
    VerboseOption,
    WarehouseOption,
    app,
    in_utf8,
    not_empty_name_in_utf8,
    same_options,
)
from flows.cli.running import run_flow

if TYPE_CHECKING:
    from flows.rescore import Rescored, RescoreRequest


@app.command()
def rescore(
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            metavar="DAY",
            formats=DATES,
            help="Only articles published on or after this day (UTC), or a time such as 2026-11-01T06:00:00; an "
            "article without a date counts by the time when it was fetched.",
        ),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target", "-t", metavar="ID", callback=in_utf8, help="Only these targets; may be repeated."
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            callback=not_empty_name_in_utf8,
            help="Try this model instead of the configured one.",
        ),
    ] = None,
    stated_right: Annotated[float | None, STATED_RIGHT_OPTION] = None,
    second_model: Annotated[
        bool,
        typer.Option(
            "--second-model",
            help="Also ask the second model, within the budget that all runs of twenty hours share.",
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print how much there is to do.")] = False,
    verbose: VerboseOption = False,
) -> None:
    """Score what is missing after a change of targets, wordings or model; stored answers stay.

    Texts that the same weights have read are not read again: with another calibration or another share of right sides,
    the answers come from the stored raw scores.

    The answers of the configured model count. `--model` or `--stated-right` makes a trial: its answers are stored
    beside those that count, and compared with them. After a change of the configuration, the answers of the new model
    count from the next run or rescore on. The same holds if an earlier configuration is put back. In both cases, a
    model does not read texts again that it has read.

    For example:

    `commentariat rescore --dry-run`

    `commentariat rescore --target nuclear-power --since 2026-09-01`

    `commentariat rescore --stated-right 0.75`

    `commentariat rescore --second-model --since 2026-09-01 --dry-run`

    Exit code 0: done; 1: done, but some articles could not be scored; 2: a mistake in the configuration.
    """

    def request() -> "RescoreRequest":
        from flows.rescore import RescoreRequest

        return RescoreRequest(
            config=config,
            warehouse=warehouse,
            since=since,
            only_targets=target or [],
            model=model,
            stated_right=stated_right,
            second_model=second_model,
        )

    def prepare() -> Callable[[], object]:
        from flows.rescore import rescore_flow

        asked = request()
        asked.resolve_config()  # a mistake in the options is reported before the run begins
        return lambda: rescore_flow(asked, return_state=True)

    def show(done: "Rescored") -> int:
        typer.echo(done.headline)
        for line in done.lines(f"commentariat rescore{same_options(config, warehouse)}"):
            typer.echo(line)
        return 1 if done.warnings else 0

    if not dry_run:
        run_flow("rescore", config, prepare, show, verbose=verbose)
        return
    import asyncio

    from flows.monitoring.console import narrated
    from flows.settings.config import load_config

    load_config(config)
    with narrated(verbose=verbose):
        from flows.rescore import count_missing

        missing = asyncio.run(count_missing(request()))
    typer.echo(missing.backlog.in_short)
    if missing.second_articles is not None:
        typer.echo(
            f"Second model: {missing.second_articles} articles to ask about, {missing.second_answers} answers missing, "
            "by what the first model has answered so far"
        )
