"""How a flow ends: an error of ours is a failed state with one clear message, and a caller gets it back as raised."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

from prefect import runtime
from prefect.client.schemas.objects import State
from prefect.states import Failed

from commentariat import CommentariatError

NEEDS_ATTENTION = "NeedsAttention"
"""Name of the state of a run that did its work, but after which somebody has to look; it is not drawn green."""

P = ParamSpec("P")
Result = TypeVar("Result")
FlowFunction: TypeAlias = "Callable[P, Coroutine[Any, Any, State[Result]]]"


def named_by_time(what: str) -> Callable[[], str]:
    """Name the runs of a flow for the UI, e.g. ``night of 2026-11-24 03:30`` (UTC)."""
    return lambda: f"{what} of {runtime.flow_run.scheduled_start_time:%Y-%m-%d %H:%M}"


def told_plainly(flow_function: FlowFunction[P, Result]) -> FlowFunction[P, Result]:
    """End a flow that meets an error meant for people in a failed state with its message, without a traceback.

    Any other error is a fault of the program and keeps its traceback.
    """

    @wraps(flow_function)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> State[Result]:
        try:
            return await flow_function(*args, **kwargs)
        except CommentariatError as error:
            return Failed(message=str(error), data=error)

    return wrapped


async def result_of(run: Awaitable[State[Result]] | Any) -> Result:  # noqa: ANN401 - Prefect types a call by its flow
    """Wait for a flow run and give its result; a run that ended in a failed state of ours has one too.

    Raises
    ------
    Exception
        What ended the flow, as it was raised there.
    """
    state: State[Result] = await run
    result: Result | Exception = await state.aresult(raise_on_failure=False)
    if isinstance(result, Exception):
        raise result
    return result
