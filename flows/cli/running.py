"""Running a flow from the command line: its steps are printed while it works, and then its result."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

import typer

Result = TypeVar("Result")


def carry_out(start: Callable[[], Any], show: Callable[[Result], int], *, verbose: bool) -> None:
    """Run a flow, show its result, and end with the exit code that ``show`` gives.

    Parameters
    ----------
    start
        Imports the flow, since Prefect must be imported late, and calls it with ``return_state=True``.
    show
        Prints the result.
    verbose
        Whether Prefect's own log lines are wanted.
    """
    from flows.monitoring.console import narrated

    with ExitStack() as narration:
        narration.enter_context(narrated(verbose=verbose))
        from prefect.settings import PREFECT_API_URL

        from flows.monitoring.result import run_to_its_end

        if not PREFECT_API_URL.value():
            from flows.serving.server_end import end_temporary_servers_too

            end_temporary_servers_too()
        code = run_to_its_end(start, show, narration.close)
    if code:
        raise typer.Exit(code)
