"""``commentariat serve``: nights by themselves."""

import os

import typer

from commentariat import ConfigError
from flows.cli.app import ConfigOption, app


@app.command()
def serve(config: ConfigOption = None) -> None:
    """Register the schedules with the Prefect server and run what is due until stopped.

    Needs a server: `prefect server start` in another terminal, and PREFECT_API_URL set to it.

    For example: `PREFECT_API_URL=http://127.0.0.1:4200/api commentariat serve --config commentariat.toml`
    """
    from prefect.settings import PREFECT_API_URL

    if not PREFECT_API_URL.value():
        raise ConfigError(
            "no Prefect server is named: start one with `prefect server start` and set "
            "PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    from flows.serving import serve_deployments

    typer.echo(
        f"Serving; the UI is at {os.environ.get('PREFECT_UI_URL') or PREFECT_API_URL.value().removesuffix('/api')}"
    )
    serve_deployments(config)
