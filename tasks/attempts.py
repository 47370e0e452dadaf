"""Repeated attempts, with growing pauses, at requests that may succeed later.

This module logs nothing and changes nothing for the whole process: the result of the attempts is in the outcome of the
article.
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

# Half a second, then twice as long each time, up to ten seconds; plus up to a second at random, so that requests
# spread.
_BACKOFF = wait_exponential(multiplier=0.5, max=10) + wait_random(0, 1)

WaitBeforeRetry = Callable[[BaseException], bool | float]
"""Decides for an error: False means no further attempt, True the usual wait, a number a wait of so many seconds."""


def attempts(number: int, wait_before_retry: WaitBeforeRetry) -> AsyncRetrying:
    """Give ``number`` attempts for ``async for attempt in ...`` with ``with attempt:``; the last error is raised.

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
