"""``commentariat up``: starts a Prefect server and the schedules in one command."""

import os
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from flows.cli.app import ConfigOption, app


@app.command()
def up(
    config: ConfigOption = None,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the Prefect server on this machine.")
    ] = 4200,
) -> None:
    """Start a Prefect server on this machine, register the schedules, and start the runs that are due, until Ctrl-C.

    The server listens on 127.0.0.1 only and keeps its database in PREFECT_HOME (without it `~/.prefect`). A Prefect
    server that already listens on the port is used and left running.

    For example: `commentariat up --config commentariat.toml`, then open http://127.0.0.1:4200
    """
    from flows.serving.local_server import local_server
    from flows.settings.config import load_config
    from flows.settings.server_settings import folder_of_database, import_prefect

    load_config(config)  # a mistake in the configuration is reported before anything starts
    signal.signal(signal.SIGTERM, _leave)
    import_prefect()
    typer.echo("Starting a Prefect server ...")
    with local_server(port, writes_to=folder_of_database()) as api:
        from prefect.context import refresh_global_settings_context

        os.environ["PREFECT_API_URL"] = api
        refresh_global_settings_context()
        from flows.serving.deployments import serve_deployments, what_is_served

        typer.echo(what_is_served(config))
        typer.echo(f"The UI is at {api.removesuffix('/api')} (Ctrl-C ends everything)")
        sys.stdout.flush()
        serve_deployments(config)


def _leave(_number: int, _frame: FrameType | None) -> None:
    # Serving the schedules handles SIGTERM later. Until then, SIGTERM must not leave a running server behind.
    raise SystemExit(0)
