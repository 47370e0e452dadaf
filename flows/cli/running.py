"""Running a flow from the command line: its steps are printed while it works, and then its result."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import typer

from flows.cli.loading import without_collections

Result = TypeVar("Result")


def run_flow(
    name: str,
    config: Path | None,
    prepare: Callable[[], Callable[[], Any]],
    show: Callable[[Result], int],
    *,
    verbose: bool,
) -> None:
    """Check the configuration and run a flow as :func:`carry_out` does; send alerts if it cannot start.

    Parameters
    ----------
    name
        Name of the flow, for alerts.
    config
        The configuration file. A mistake in it is reported before Prefect is imported.
    prepare, show, verbose
        As in :func:`carry_out`.
    """
    from flows.monitoring.unstarted import alerts_if_it_cannot_start

    def check() -> None:
        from flows.settings.config import load_config

        load_config(config)

    with alerts_if_it_cannot_start(name, config):
        carry_out(prepare, show, verbose=verbose, check=check)


def carry_out(
    prepare: Callable[[], Callable[[], Any]],
    show: Callable[[Result], int],
    *,
    verbose: bool,
    check: Callable[[], None] | None = None,
) -> None:
    """Run a flow, show its result, and end with the exit code that ``show`` gives.

    Parameters
    ----------
    prepare
        Imports the flow, since Prefect must be imported late, and returns a function that calls it with
        ``return_state=True``. If this command starts a Prefect server, all of this happens while the server starts.
    show
        Prints the result.
    verbose
        Whether Prefect's own log lines are wanted.
    check
        Raises an error if the flow must not be run. It is called before Prefect is imported. A server of this command
        only imports its modules then, and has written nothing.
    """
    from flows.cli.command_server import CommandServer
    from flows.settings.server_settings import a_server_may_be_named

    with ExitStack() as loading, ExitStack() as narration:
        loading.enter_context(without_collections())
        server = None if a_server_may_be_named() else CommandServer()
        if check:
            check()

        from flows.monitoring.console import narrated

        narration.enter_context(narrated(verbose=verbose))
        from prefect import tags
        from prefect.settings import PREFECT_API_URL

        from flows.monitoring.automations import TAG
        from flows.monitoring.command_run import run_to_its_end

        if PREFECT_API_URL.value():
            if server:
                server.end()
            start = prepare()
        else:
            server = server or CommandServer()
            server.go_on()
            start = prepare()
            server.use()
        loading.close()
        with tags(TAG):
            code = run_to_its_end(start, show, narration.close)
    if code:
        raise typer.Exit(code)
