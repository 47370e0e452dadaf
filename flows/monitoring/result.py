"""How a flow ends: an error for people becomes a failed state, and a Python caller gets the same error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

from prefect import Flow, runtime
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext, TagsContext
from prefect.states import Completed, Failed

from commentariat import CommentariatError
from tasks.text.dates import in_utc

NEEDS_ATTENTION = "NeedsAttention"
"""Name of the state of a run that did its work, but at which a person must look; the UI does not show it green."""

P = ParamSpec("P")
Result = TypeVar("Result")
FlowFunction: TypeAlias = "Callable[P, Coroutine[Any, Any, State[Result]]]"


def named_by_time(what: str) -> Callable[[], str]:
    """Name the runs of a flow for the UI, e.g. ``night of 2026-11-24 03:30 UTC``, in any time zone of a schedule."""
    return lambda: f"{what} of {in_utc(runtime.flow_run.scheduled_start_time):%Y-%m-%d %H:%M} UTC"


def errors_to_failed_state(flow_function: FlowFunction[P, Result]) -> FlowFunction[P, Result]:
    """Make an error that is meant for people end a flow in a failed state with its message, without a traceback.

    Any other error is a fault of the program and keeps its traceback. The task runs of the flow get no tags.
    """

    @wraps(flow_function)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> State[Result]:
        try:
            # A command's tag is for the flow run; before each tagged task run Prefect would ask for limits of the tag.
            with TagsContext():
                state = await flow_function(*args, **kwargs)
        except CommentariatError as error:
            state = Failed(message=str(error), data=error)
        _keep(state)
        return state

    return wrapped


def state_of(
    headline: str, result: Result, *, warnings: Sequence[str] = (), stopped: str = ""
) -> State[Result]:
    """Say how a run ended that has done its work: Completed only if no person needs to look at it.

    Parameters
    ----------
    headline
        The result in one line.
    result
        What the caller of the flow gets.
    warnings
        Sentences that people must know.
    stopped
        Why the second model was not asked everything; empty if it was, or was not asked at all.
    """
    if warnings:
        return Failed(name=NEEDS_ATTENTION, message=f"{'; '.join(warnings)} ({headline})", data=result)
    message = f"{headline}; second model {stopped}" if stopped else headline
    return Completed(message=message, data=result)


async def result_of(run: Awaitable[State[Result]] | Any) -> Result:  # noqa: ANN401 - Prefect types a call by its flow
    """Wait for a flow run and give its result; a run that ended in a failed state of ours has a result too.

    Raises
    ------
    Exception
        The error that ended the flow, as it was raised there.
    """
    return await result_in(await run)


@dataclass(slots=True)
class Kept:
    """The state that a flow function has returned, and its run, in case it cannot be reported to the server."""

    state: State[Any] | None = None
    flow: Flow[..., Any] | None = None
    flow_run: FlowRun | None = None


KEPT: ContextVar[Kept | None] = ContextVar("kept", default=None)
"""Where a flow function keeps its state; None if nobody asks for it (see :mod:`flows.monitoring.command_run`)."""


def _keep(state: State[Any]) -> None:
    # A function of its own: Prefect sends a flow to worker processes, so all that it refers to must be picklable.
    if (kept := KEPT.get()) is not None:
        kept.state = state
        if (context := FlowRunContext.get()) is not None:
            kept.flow, kept.flow_run = context.flow, context.flow_run


async def result_in(state: State[Result]) -> Result:
    """Give the result that a flow has put into its state.

    Raises
    ------
    Exception
        The error that ended the flow, as it was raised there.
    """
    result: Result | Exception = await state.aresult(raise_on_failure=False)
    if isinstance(result, Exception):
        raise result
    return result
