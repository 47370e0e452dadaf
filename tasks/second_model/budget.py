"""The budget of articles and tokens: they are reserved before a request is sent, and booked when it has ended."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from tasks.second_model.failures import OverBudget
from warehouse.spending import Spending


@dataclass(slots=True)
class BudgetPlace:
    """The place of an article in the budget: the first request that may have cost something takes it."""

    is_taken: bool = False


class TokenBudget(Protocol):
    """The budget from which requests take their tokens."""

    async def reserve(self, tokens: int, articles: int) -> int:
        """Reserve tokens for a request; wait while running requests may still release what they do not need.

        Parameters
        ----------
        articles
            1 for a request about an article that has no place yet, otherwise 0.

        Returns
        -------
        int
            Number of the reservation.

        Raises
        ------
        StopAsking
            When not enough is left.
        """
        ...

    async def settle(self, reservation: int, tokens: int, articles: int) -> None:
        """Book what a request has really used; the rest of its reservation becomes free."""
        ...


class UnlimitedBudget:
    """A budget without a limit, for a few requests that a person starts."""

    async def reserve(self, tokens: int, articles: int) -> int:
        """Give a reservation for any number of tokens."""
        return 0

    async def settle(self, reservation: int, tokens: int, articles: int) -> None:
        """Ignore the use: nothing is limited."""


class NightBudget:
    """A budget with the limits of a night; it is stored in the warehouse's book of spending.

    Parameters
    ----------
    spending
        The book.
    most_articles, most_tokens
        The limits.
    """

    def __init__(self, spending: Spending, *, most_articles: int, most_tokens: int) -> None:
        self._spending, self._most_articles, self._most_tokens = spending, most_articles, most_tokens
        self._changed = asyncio.Condition()
        self._under_way = 0

    async def reserve(self, tokens: int, articles: int) -> int:
        """Reserve tokens; see :class:`TokenBudget`."""
        async with self._changed:
            while True:
                reserved = await asyncio.to_thread(
                    self._spending.reserve,
                    tokens=tokens,
                    articles=articles,
                    most_tokens=self._most_tokens,
                    most_articles=self._most_articles,
                )
                if isinstance(reserved, int):
                    self._under_way += 1
                    return reserved
                if self._under_way:
                    await self._changed.wait()  # running requests have reserved more than they may need
                elif reserved == "articles":
                    raise OverBudget(f"the limit of articles in a night ({self._most_articles:,}) is reached")
                else:
                    raise OverBudget(f"the limit of tokens in a night ({self._most_tokens:,}) is reached")

    async def settle(self, reservation: int, tokens: int, articles: int) -> None:
        """Book what a request has used; see :class:`TokenBudget`."""
        async with self._changed:
            self._under_way -= 1
            try:
                await asyncio.to_thread(self._spending.settle, reservation, tokens, articles)
            finally:
                self._changed.notify_all()
