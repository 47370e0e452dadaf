"""Running a flow from the command line: its steps are printed while it works, and then its result."""

import atexit
import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, TypeVar

import typer

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
        The configuration file. A mistake in it is reported before anything starts.
    prepare, show, verbose
        As in :func:`carry_out`.
    """
    from flows.monitoring.unstarted import alerts_if_it_cannot_start
    from flows.settings.config import load_config

    with alerts_if_it_cannot_start(name, config):
        load_config(config)
        carry_out(prepare, show, verbose=verbose)


def carry_out(
    prepare: Callable[[], Callable[[], Any]], show: Callable[[Result], int], *, verbose: bool
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
    """
    from flows.monitoring.console import narrated

    with ExitStack() as narration:
        narration.enter_context(narrated(verbose=verbose))
        from prefect import tags
        from prefect.settings import PREFECT_API_URL

        from flows.monitoring.command_run import run_to_its_end

        start = prepare() if PREFECT_API_URL.value() else _prepare_with_server(prepare)
        from flows.monitoring.automations import TAG

        with tags(TAG):
            code = run_to_its_end(start, show, narration.close)
    if code:
        raise typer.Exit(code)


def _prepare_with_server(prepare: Callable[[], Callable[[], Any]]) -> Callable[[], Any]:
    """Start a Prefect server of this command, and prepare meanwhile; the server ends with this process.

    Prefect would start such a server itself, but only when the flow is called, and after it has imported all of the
    server's code into this process. Its database is the one that `prefect server start` uses, so the runs can be seen
    in the UI afterwards.
    """
    from prefect.context import refresh_global_settings_context
    from prefect.settings import PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS as START_SECONDS

    from flows.serving.local_server import LateServerError, TakenPortError, free_port, starting_server
    from flows.settings.server_settings import folder_of_database

    server = ExitStack()
    # What Prefect has not sent yet when the command ends is sent in exit handlers that are registered later than this
    # one, and so run before it.
    atexit.register(_end, server)

    def begin() -> Callable[[], str]:
        starting = starting_server(
            free_port(), seconds=START_SECONDS.value(), temporary=True, writes_to=folder_of_database()
        )
        return server.enter_context(starting)

    answering = begin()
    start = prepare()
    try:
        try:
            api = answering()
        except TakenPortError:  # by another program, before the server could take it
            api = begin()()
    except LateServerError as error:
        raise LateServerError(
            f"{error}. Nothing was done; try again when the machine is less busy, or allow more time with "
            f"{START_SECONDS.name}"
        ) from None
    os.environ["PREFECT_API_URL"] = api
    # Prefect would derive this address from the other one, and alerts would link to pages that end with the command.
    os.environ.setdefault("PREFECT_UI_URL", "")
    refresh_global_settings_context()
    return start


def _end(server: ExitStack) -> None:
    # A second Ctrl-C ends only the waiting: the server was asked to end, and a process beside it sees to it.
    with suppress(KeyboardInterrupt):
        server.close()
