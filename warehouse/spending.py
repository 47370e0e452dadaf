"""The budget of a second model for a night: amounts are reserved before each request, and no kill loses them.

The record is a small SQLite file beside the warehouse. It holds numbers and times, and nothing of any article.
Reservations of a killed process stay counted in full, because its requests may have been answered and paid for.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from warehouse.durable import engine_error
from warehouse.sql_files import load_sql

FILE = "spending.sqlite"
NIGHT_S = 20 * 3600.0
"""Seconds that share one budget, from the first request on: a night, and all runs repeated within it."""


@dataclass(frozen=True, slots=True)
class UsedBudget:
    """The amounts used in the present night, and its start (seconds since 1970); None if it has not started."""

    articles: int
    tokens: int
    since: float | None


class Spending:
    """The record of the budget, only for the holder of the writer's lock. Several threads may call its methods.

    Parameters
    ----------
    root
        The warehouse's folder.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / FILE
        self._turn = threading.Lock()
        with self._engine_errors():
            self._book = self._opened()

    def reserve(self, *, tokens: int, articles: int, most_tokens: int, most_articles: int) -> int | str:
        """Reserve an amount if it is within the budget.

        Returns
        -------
        int or str
            Number of the reservation; or ``"articles"`` or ``"tokens"``, if not enough of these are left.

        Raises
        ------
        WarehouseError
            The record cannot be written. Nothing may be spent then.
        """
        with self._turn, self._engine_errors(), self._book:
            self._begin_anew_after_a_night()
            used = self._used()
            if used.articles + articles > most_articles:
                return "articles"
            if used.tokens + tokens > most_tokens:
                return "tokens"
            sql = "INSERT INTO request (sent_at, pieces, tokens) VALUES (?, ?, ?)"
            return int(self._book.execute(sql, (time.time(), articles, tokens)).lastrowid or 0)

    def settle(self, reservation: int, tokens: int, articles: int) -> None:
        """Record what a request has used in the end.

        Raises
        ------
        WarehouseError
            The record cannot be written; the reservation stays counted.
        """
        with self._turn, self._engine_errors(), self._book:
            sql = "UPDATE request SET tokens = ?, pieces = ? WHERE id = ?"
            self._book.execute(sql, (tokens, articles, reservation))

    def used(self) -> UsedBudget:
        """Return the amounts used in the present night."""
        with self._turn, self._engine_errors(), self._book:
            self._begin_anew_after_a_night()
            return self._used()

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._book.close()

    def _used(self) -> UsedBudget:
        return UsedBudget(*self._book.execute(load_sql("spending_used")).fetchone())

    def _begin_anew_after_a_night(self) -> None:
        since = self._used().since
        if since is not None and not 0 <= time.time() - since < NIGHT_S:
            self._book.execute("DELETE FROM request")

    def _opened(self) -> sqlite3.Connection:
        book = sqlite3.connect(self.path, check_same_thread=False)
        # No write waits for the disk, and a kill loses nothing; a power cut may lose the last few rows.
        book.execute("PRAGMA journal_mode = WAL")
        book.execute("PRAGMA synchronous = NORMAL")
        with book:
            book.execute(load_sql("spending_tables"))
        return book

    @contextmanager
    def _engine_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            remedy = (
                "Give this user write access to it, or delete it: the budget of this night then begins anew"
            )
            raise engine_error(
                "keeping the budget of the second model", self.path, error, remedy=remedy
            ) from error
