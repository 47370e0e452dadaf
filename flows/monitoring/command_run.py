"""A flow that a command runs in its own process, with a Prefect server that may not answer.

A run that has done its work ends with its result even if the Prefect server has been lost meanwhile. Prefect itself
would try for more than a minute to report the end of the run to the server, then raise the lost connection instead of
giving the result, and then try for some more seconds for each event that has not been delivered.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import TerminationSignal
from prefect.settings import PREFECT_API_URL

from commentariat import CommentariatError, ConfigError
from flows.monitoring.alerts import send_alerts_once
from flows.monitoring.refusals import refusal_of
from flows.monitoring.result import KEPT, Kept, Result, result_in, result_of
from flows.monitoring.unstarted import ALERT_SECONDS, log_on_stderr

SERVER_PATIENCE_SECONDS = 20.0
"""How long a finished run waits for a server that does not answer, so that its state is not lost in a restart."""

_LOOK_EVERY_SECONDS = 2.0


def run_to_its_end(
    start: Callable[[], Any], show: Callable[[Result], int], stop_progress: Callable[[], None]
) -> int:
    """Run a flow in this process, show its result, and give the exit code.

    If the Prefect server is lost, the process ends here at once: nothing more can be reported to the server, and all
    other work is done.

    Parameters
    ----------
    start
        Calls the flow with ``return_state=True``.
    show
        Prints the result and gives the exit code.
    stop_progress
        Ends the display of progress; called before ``show``.

    Raises
    ------
    Exception
        The error that ended the flow, as it was raised there.
    SystemExit
        When SIGTERM ended the flow; with the exit code that a shell gives for it.
    KeyboardInterrupt
        When Ctrl-C ended the flow.
    """
    refuse_silent_server()
    try:
        return asyncio.run(_run_to_its_end(start, show, stop_progress))
    except KeyboardInterrupt:
        stop_progress()
        sys.stderr.write("commentariat: stopped with Ctrl-C; what was finished is kept\n")
        raise
    except TerminationSignal:
        stop_progress()
        sys.stderr.write("commentariat: stopped by SIGTERM; what was finished is kept\n")
        raise SystemExit(128 + signal.SIGTERM) from None


async def _run_to_its_end(
    start: Callable[[], Any], show: Callable[[Result], int], stop_progress: Callable[[], None]
) -> int:
    kept = Kept()
    KEPT.set(kept)
    engine = asyncio.ensure_future(result_of(start()))
    heard = time.monotonic()
    while not engine.done():
        await asyncio.wait([engine], timeout=_LOOK_EVERY_SECONDS)
        if kept.state is None or await _server_answers():
            heard = time.monotonic()
        elif time.monotonic() - heard > SERVER_PATIENCE_SECONDS:
            break
    stop_progress()
    if engine.done():
        error = engine.exception()
        if error is None:
            return show(engine.result())
        if kept.state is None and (refusal := refusal_of(error, "the run")):
            raise refusal from None
        if isinstance(error, CommentariatError) or kept.state is None or await _server_answers():
            raise error
    assert kept.state is not None
    await _alert(kept)
    return await _leave(kept.state, show)


def refuse_silent_server() -> None:
    """Check that the configured Prefect server answers, before it is used.

    Raises
    ------
    ConfigError
        When the server does not answer, asks for a password, or answers something else than that it is well: another
        program may be at the address, or a proxy before a server that does not run.
    """
    api = PREFECT_API_URL.value()
    if api and (trouble := asyncio.run(_trouble_of_server())):
        refusal = refusal_of(trouble, "a question about its health")
        if isinstance(refusal, ConfigError):  # the server asks for a password
            raise refusal
        remedy = (
            "or unset PREFECT_API_URL to run without it"
            if "PREFECT_API_URL" in os.environ
            else "or, to run without it, remove this setting: `prefect config view` shows where it is, and `prefect "
            "config unset PREFECT_API_URL` takes it out of the profile"
        )
        if refusal:
            raise ConfigError(
                f"{refusal}. If no Prefect server runs there, start one with `prefect server start`, {remedy}"
            )
        raise ConfigError(
            f"the Prefect server at {api} (PREFECT_API_URL) does not answer: start it with `prefect server start`, "
            f"{remedy}"
        )


async def _trouble_of_server() -> Exception | None:
    """Wait until the server answers; give what is wrong if it does not, at once if waiting cannot change it."""
    heard = time.monotonic()
    while trouble := await _health_trouble():
        asks_for_password = isinstance(refusal_of(trouble, ""), ConfigError)
        if asks_for_password or time.monotonic() - heard > SERVER_PATIENCE_SECONDS:
            return trouble
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    return None


async def _server_answers() -> bool:
    if not PREFECT_API_URL.value():
        return True  # Prefect started a server for the run, which ends with it
    return await _health_trouble() is None


async def _health_trouble() -> Exception | None:
    """Ask the server about its health; give the error if it does not answer that it is well."""
    try:
        async with asyncio.timeout(_LOOK_EVERY_SECONDS), get_client() as client:
            return await client.api_healthcheck()
    except Exception as error:
        return error


async def _alert(kept: Kept) -> None:
    """Send the alerts about a run that failed: Prefect calls its hooks only if the server accepts the state."""
    if kept.state is None or not kept.state.is_failed() or kept.flow is None or kept.flow_run is None:
        return
    with log_on_stderr() as log:
        try:
            async with asyncio.timeout(ALERT_SECONDS):
                await send_alerts_once(kept.flow, kept.flow_run, kept.state, log)
        except TimeoutError:
            log.warning("not all alerts could be sent within %.0f seconds", ALERT_SECONDS)


async def _leave(state: State[Result], show: Callable[[Result], int]) -> NoReturn:
    """Show the result of the flow and end the process at once, because the server is lost.

    An ordinary exit waits until Prefect gives up: one minute for the state of the run, and then seven seconds for each
    event that could not be delivered. After a long night this would take long.
    """
    logging.disable()  # Prefect's later messages are about the server, and would be mixed with the summary
    silent = f"the Prefect server at {PREFECT_API_URL.value()} does not answer"
    warning = f"{silent}: its UI will not show how this run ended"
    try:
        result = await result_in(state)
        sys.stderr.write(f"commentariat: {warning}; all of its work is done and kept\n")
        code = show(result)
    except CommentariatError as error:
        sys.stderr.write(f"commentariat: {error}\ncommentariat: {warning}\n")
        code = error.exit_code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
