"""Back-pressure: a limited number of steps runs ahead of the consumer, and no step is left running."""

import asyncio
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.night.prefetch import prefetch


class Watched:
    """Steps that count how many of them are under way."""

    def __init__(self) -> None:
        self.made = 0
        self.running = 0
        self.most = 0

    async def step(self, number: int) -> int:
        self.made += 1
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(0.001 * (number % 3))
        finally:
            self.running -= 1
        return number


@given(count=st.integers(0, 12), limit=st.integers(1, 5))
def test_results_come_in_order_whatever_time_the_steps_take(count: int, limit: int):
    async def consume() -> list[int]:
        watched = Watched()
        got = [result async for result in prefetch(map(watched.step, range(count)), limit)]
        assert watched.most <= limit
        return got

    assert asyncio.run(consume()) == list(range(count))


async def test_a_slow_consumer_makes_the_producer_wait():
    made: list[int] = []

    async def step(number: int) -> int:
        return number

    def steps():
        for number in range(100):
            made.append(number)
            yield step(number)

    async with aclosing(prefetch(steps(), 3)) as results:
        async for result in results:
            assert len(made) - result <= 3
            if result == 10:
                break
    assert len(made) <= 13


async def test_running_steps_are_cancelled_when_the_consumer_stops():
    watched = Watched()

    async def forever(number: int) -> int:
        watched.running += 1
        try:
            if number:
                await asyncio.sleep(3600)
        finally:
            watched.running -= 1
        return number

    async with aclosing(prefetch(map(forever, range(10)), 3)) as results:
        async for _ in results:
            break
    assert watched.running == 0


async def test_an_error_reaches_the_consumer_in_its_place():
    async def step(number: int) -> int:
        if number == 2:
            raise ValueError("the third")
        return number

    got = []
    with pytest.raises(ValueError, match="the third"):
        async for result in prefetch(map(step, range(5)), 2):
            got.append(result)  # noqa: PERF401 - results before the error must be kept
    assert got == [0, 1]
