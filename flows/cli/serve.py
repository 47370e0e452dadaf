"""``commentariat serve``: runs nights on a schedule."""

from typing import Annotated

import typer

from commentariat import ConfigError
from flows.cli.app import ConfigOption, app


@app.command()
def serve(
    config: ConfigOption = None,
    rules_only: Annotated[
        bool,
        typer.Option(
            "--rules-only",
            help="Only activate the rule for runs without heartbeats, for use with a work pool.",
        ),
    ] = False,
) -> None:
    """Register the schedules with the Prefect server and start the runs that are due, until stopped.

    The command needs a server: run `prefect server start` in another terminal, and set PREFECT_API_URL to its address.
    (`prefect` is in the environment in which Commentariat is installed.) `commentariat up` starts its own. Stopping
    (Ctrl-C, SIGTERM) cancels a run in progress, which keeps what it has finished. The schedules stay active.

    For example: `PREFECT_API_URL=http://127.0.0.1:4200/api commentariat serve --config commentariat.toml`
    """
    from flows.settings.server_settings import import_prefect

    import_prefect()
    from prefect.settings import PREFECT_API_URL, PREFECT_UI_URL

    api = PREFECT_API_URL.value()
    if not api:
        raise ConfigError(
            "no Prefect server is named: start one with `prefect server start` and set "
            "PREFECT_API_URL=http://127.0.0.1:4200/api, or use `commentariat up`, which starts its own"
        )
    from flows.monitoring.command_run import refuse_silent_server
    from flows.serving.deployments import deployments, put_rules_in_force, serve_deployments, what_is_served

    if not rules_only:
        deployments(config)  # a mistake in the configuration is reported first
    refuse_silent_server()
    if rules_only:
        put_rules_in_force()
        typer.echo("The rule is active: a run without heartbeats has crashed")
        return

    typer.echo(what_is_served(config))
    typer.echo(f"The UI is at {PREFECT_UI_URL.value() or api.removesuffix('/api')}")
    serve_deployments(config)
