"""What may be spent: tokens are set aside before a request goes out, and settled when it has ended."""

import asyncio
from typing import Protocol

from tasks.second.failures import OverBudget
from warehouse.spending import Spending


class Purse(Protocol):
    """Where requests take their tokens from."""

    async def reserve(self, tokens: int, pieces: int) -> int:
        """Set tokens aside for a request; waits while others under way may still give back what they do not need.

        Parameters
        ----------
        pieces
            1 for the first request about a piece, 0 for those that follow.

        Returns
        -------
        int
            Number of the reservation.

        Raises
        ------
        StopAsking
            There is not enough left.
        """
        ...

    async def settle(self, reservation: int, tokens: int) -> None:
        """Say what a request has taken in the end, so that the rest is free again."""
        ...


class OpenPurse:
    """A purse without a limit, for a few requests that a person asks for."""

    async def reserve(self, tokens: int, pieces: int) -> int:
        """Give a reservation for anything."""
        return 0

    async def settle(self, reservation: int, tokens: int) -> None:
        """Forget it."""


class NightPurse:
    """A purse with the limits of a night, kept in the warehouse's book.

    Parameters
    ----------
    spending
        The book.
    most_pieces, most_tokens
        The limits.
    """

    def __init__(self, spending: Spending, *, most_pieces: int, most_tokens: int) -> None:
        self._spending, self._most_pieces, self._most_tokens = spending, most_pieces, most_tokens
        self._changed = asyncio.Condition()
        self._under_way = 0

    async def reserve(self, tokens: int, pieces: int) -> int:
        """Set tokens aside; see :class:`Purse`."""
        async with self._changed:
            while True:
                reserved = await asyncio.to_thread(
                    self._spending.reserve,
                    tokens=tokens,
                    pieces=pieces,
                    most_tokens=self._most_tokens,
                    most_pieces=self._most_pieces,
                )
                if isinstance(reserved, int):
                    self._under_way += 1
                    return reserved
                if reserved == "pieces":
                    raise OverBudget(f"the night's {self._most_pieces:,} pieces have been asked about")
                if not self._under_way:
                    raise OverBudget(f"the night's {self._most_tokens:,} tokens are taken")
                await self._changed.wait()  # those under way have set more aside than they will need

    async def settle(self, reservation: int, tokens: int) -> None:
        """Say what a request has taken; see :class:`Purse`."""
        async with self._changed:
            self._under_way -= 1
            try:
                await asyncio.to_thread(self._spending.settle, reservation, tokens)
            finally:
                self._changed.notify_all()
