"""Further attempts come after pauses that grow, and only as often as allowed."""

from __future__ import annotations

import pytest

from tasks.attempts import attempts


class BusyError(Exception):
    """An attempt that may succeed later."""


async def pauses_of(number: int, wait_before_retry: bool | float) -> list[float]:
    """Fail at every attempt; return the seconds that would be waited before each further one."""
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    retrying = attempts(number, lambda _: wait_before_retry)
    retrying.sleep = note
    with pytest.raises(BusyError):
        async for attempt in retrying:
            with attempt:
                raise BusyError
    return pauses


async def test_the_pause_doubles_up_to_ten_seconds_with_up_to_a_second_more_at_random() -> None:
    pauses = await pauses_of(8, wait_before_retry=True)
    assert len(pauses) == 7
    for pause, least in zip(pauses, (0.5, 1, 2, 4, 8, 10, 10), strict=True):
        assert least <= pause <= least + 1


async def test_a_number_is_waited_for_as_it_is_and_false_is_no_further_attempt() -> None:
    assert await pauses_of(3, wait_before_retry=7.5) == [7.5, 7.5]
    assert await pauses_of(3, wait_before_retry=False) == []
