"""How a flow ends: an error of ours is a failed state with one clear message, and a caller gets it back as raised.

A run that has done its work ends with its result also when the Prefect server has gone meanwhile. Prefect itself would
try for more than a minute to report to the server how the run ended, report the lost connection in place of the result,
and then try for some seconds more for each event that has not been delivered.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeAlias, TypeVar

from prefect import runtime
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import PrefectHTTPStatusError
from prefect.settings import PREFECT_API_URL
from prefect.states import Failed

from commentariat import CommentariatError, ConfigError

NEEDS_ATTENTION = "NeedsAttention"
"""Name of the state of a run that did its work, but after which somebody has to look; it is not drawn green."""

SERVER_PATIENCE_SECONDS = 20.0
"""How long a finished run waits for a server that does not answer, so that a restart does not cost it its state."""

_LOOK_EVERY_SECONDS = 2.0
_OWN_SERVER_LATE = "connect to ephemeral Prefect API server"
"""What Prefect's error says where the server of a run without one did not start; it has no class of its own."""

P = ParamSpec("P")
Result = TypeVar("Result")
FlowFunction: TypeAlias = "Callable[P, Coroutine[Any, Any, State[Result]]]"


def named_by_time(what: str) -> Callable[[], str]:
    """Name the runs of a flow for the UI, e.g. ``night of 2026-11-24 03:30`` (UTC)."""
    return lambda: f"{what} of {runtime.flow_run.scheduled_start_time:%Y-%m-%d %H:%M}"


def errors_to_failed_state(flow_function: FlowFunction[P, Result]) -> FlowFunction[P, Result]:
    """End a flow that meets an error meant for people in a failed state with its message, without a traceback.

    Any other error is a fault of the program and keeps its traceback.
    """

    @wraps(flow_function)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> State[Result]:
        try:
            state = await flow_function(*args, **kwargs)
        except CommentariatError as error:
            state = Failed(message=str(error), data=error)
        _keep(state)
        return state

    return wrapped


async def result_of(run: Awaitable[State[Result]] | Any) -> Result:  # noqa: ANN401 - Prefect types a call by its flow
    """Wait for a flow run and give its result; a run that ended in a failed state of ours has one too.

    Raises
    ------
    Exception
        What ended the flow, as it was raised there.
    """
    return await _result_in(await run)


def run_to_its_end(
    start: Callable[[], Any], show: Callable[[Result], int], fall_silent: Callable[[], None]
) -> int:
    """Run a flow in this process, show its result, and say with which exit code to end.

    When the Prefect server is lost, the process ends here and at once: what the server missed cannot be reported to it,
    and everything else is done.

    Parameters
    ----------
    start
        Calls the flow with ``return_state=True``.
    show
        Prints the result and gives the exit code.
    fall_silent
        Ends what is shown of the run while it works; called before ``show``.

    Raises
    ------
    Exception
        What ended the flow, as it was raised there.
    """
    refuse_silent_server()
    return asyncio.run(_run_to_its_end(start, show, fall_silent))


@dataclass(slots=True)
class _Kept:
    """The state that a flow function has returned, kept here in case that it cannot be reported to the server."""

    state: State[Any] | None = None


_KEPT: ContextVar[_Kept | None] = ContextVar("kept", default=None)


def _keep(state: State[Any]) -> None:
    # A function of its own: Prefect sends a flow to worker processes, and what it refers to itself must be picklable.
    if (kept := _KEPT.get()) is not None:
        kept.state = state


async def _run_to_its_end(
    start: Callable[[], Any], show: Callable[[Result], int], fall_silent: Callable[[], None]
) -> int:
    kept = _Kept()
    _KEPT.set(kept)
    engine = asyncio.ensure_future(result_of(start()))
    heard = time.monotonic()
    while not engine.done():
        await asyncio.wait([engine], timeout=_LOOK_EVERY_SECONDS)
        if kept.state is None or await _server_answers():
            heard = time.monotonic()
        elif time.monotonic() - heard > SERVER_PATIENCE_SECONDS:
            break
    fall_silent()
    if engine.done():
        error = engine.exception()
        if error is None:
            return show(engine.result())
        if _OWN_SERVER_LATE in str(error):
            raise CommentariatError(
                "the Prefect server that a run brings along did not come up in time, so nothing was started; try again "
                "when the machine is less busy, or give it longer with PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"
            ) from None
        if isinstance(error, PrefectHTTPStatusError) and kept.state is None:
            raise CommentariatError(
                f"the Prefect server at {PREFECT_API_URL.value()} does not take the run: it answers "
                f"{error.response.status_code}; see its log, or try again in a minute"
            ) from None
        if isinstance(error, CommentariatError) or kept.state is None or await _server_answers():
            raise error
    assert kept.state is not None
    return await _leave(kept.state, show)


async def _result_in(state: State[Result]) -> Result:
    result: Result | Exception = await state.aresult(raise_on_failure=False)
    if isinstance(result, Exception):
        raise result
    return result


def refuse_silent_server() -> None:
    """Say that the Prefect server named does not answer, before anything is tried with it.

    Raises
    ------
    ConfigError
        When it does not.
    """
    api = PREFECT_API_URL.value()
    if api and not asyncio.run(_answers_in_time()):
        raise ConfigError(
            f"the Prefect server at {api} (PREFECT_API_URL) does not answer: start it with `prefect server start`, "
            "or unset PREFECT_API_URL and do without"
        )


async def _answers_in_time() -> bool:
    heard = time.monotonic()
    while not await _server_answers():
        if time.monotonic() - heard > SERVER_PATIENCE_SECONDS:
            return False
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    return True


async def _server_answers() -> bool:
    if not PREFECT_API_URL.value():
        return True  # the run brought its own, which ends with it
    try:
        async with asyncio.timeout(_LOOK_EVERY_SECONDS), get_client() as client:
            return await client.api_healthcheck() is None
    except Exception:
        return False


async def _leave(state: State[Result], show: Callable[[Result], int]) -> NoReturn:
    """Show what the flow came to and end the process at once, since the server is gone.

    An ordinary exit waits until Prefect gives up: one minute for the state of the run, and then seven seconds for each
    event that could not be delivered, so that a long night takes long to end.
    """
    logging.disable()  # what Prefect still has to say is about the server, and would run into the summary
    silent = f"the Prefect server at {PREFECT_API_URL.value()} does not answer"
    warning = f"{silent}: its UI will not show how this run ended"
    try:
        result = await _result_in(state)
        sys.stderr.write(f"commentariat: {warning}; all of its work is done and kept\n")
        code = show(result)
    except CommentariatError as error:
        sys.stderr.write(f"commentariat: {error}\ncommentariat: {warning}\n")
        code = error.exit_code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
