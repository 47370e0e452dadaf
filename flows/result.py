"""What a flow brought, or what went wrong with it, for a caller in the same process."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from prefect.client.schemas.objects import State

Result = TypeVar("Result")


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
