"""Attempts one after the other, further apart each time, for what may succeed later.

Nothing is logged here and nothing is set for the whole process: what came of the attempts stands in the outcome of a
piece.
"""

from collections.abc import Callable

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

# Half a second, then twice as long each time up to ten; up to a second more, so that not all come again at once.
_BACKOFF = wait_exponential(multiplier=0.5, max=10) + wait_random(0, 1)

WaitBeforeRetry = Callable[[BaseException], bool | float]
"""Says of an error whether to try again: False is never, True after the usual wait, a number after so many seconds."""


def attempts(number: int, wait_before_retry: WaitBeforeRetry) -> AsyncRetrying:
    """Give so many attempts for ``async for attempt in ...`` with ``with attempt:``; the last error is raised.

    Examples
    --------
    >>> async for attempt in attempts(3, wait_before_retry):
    ...     with attempt:
    ...         return await ask()
    """

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        seconds = error is not None and wait_before_retry(error)
        return _BACKOFF(state) if isinstance(seconds, bool) else seconds

    return AsyncRetrying(
        retry=retry_if_exception(lambda error: bool(wait_before_retry(error))),
        stop=stop_after_attempt(number),
        wait=wait,
        reraise=True,
    )
