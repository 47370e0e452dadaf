"""What a second model has taken of a night's budget: set aside before a request goes out, durable against any kill.

A small SQLite file beside the warehouse. It holds numbers and times, nothing of any article. What was set aside by a
process that was killed stays counted in full: its requests may have been answered, and paid for.
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

FILE = "spending.sqlite"
NIGHT_S = 20 * 3600.0
"""Seconds that share one budget, from the first request on: a night, and whatever is run again within it."""

_CREATE = """
CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY, sent_at REAL NOT NULL, pieces INTEGER NOT NULL, tokens INTEGER NOT NULL
)
"""
_TAKEN = "SELECT coalesce(sum(pieces), 0), coalesce(sum(tokens), 0), min(sent_at) FROM request"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the night at hand has taken, and when it began (seconds since 1970); None where it has not."""

    pieces: int
    tokens: int
    since: float | None


class Spending:
    """The budget's book; for the holder of the writer's lock. Methods may be called from several threads.

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

    def reserve(self, *, tokens: int, pieces: int, most_tokens: int, most_pieces: int) -> int | str:
        """Set something aside if it is within the budget.

        Returns
        -------
        int or str
            Number of the reservation; or ``"pieces"`` or ``"tokens"``, whichever there is not enough of.

        Raises
        ------
        WarehouseError
            The book cannot be written: nothing may be spent then.
        """
        with self._turn, self._engine_errors(), self._book:
            self._begin_anew_after_a_night()
            taken = self._taken()
            if taken.pieces + pieces > most_pieces:
                return "pieces"
            if taken.tokens + tokens > most_tokens:
                return "tokens"
            sql = "INSERT INTO request (sent_at, pieces, tokens) VALUES (?, ?, ?)"
            return int(self._book.execute(sql, (time.time(), pieces, tokens)).lastrowid or 0)

    def settle(self, reservation: int, tokens: int) -> None:
        """Write down what a request has taken in the end.

        Raises
        ------
        WarehouseError
            The book cannot be written; what was set aside stays counted.
        """
        with self._turn, self._engine_errors(), self._book:
            self._book.execute("UPDATE request SET tokens = ? WHERE id = ?", (tokens, reservation))

    def taken(self) -> Taken:
        """Say what the night at hand has taken."""
        with self._turn, self._engine_errors(), self._book:
            self._begin_anew_after_a_night()
            return self._taken()

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._book.close()

    def _taken(self) -> Taken:
        return Taken(*self._book.execute(_TAKEN).fetchone())

    def _begin_anew_after_a_night(self) -> None:
        since = self._taken().since
        if since is not None and not 0 <= time.time() - since < NIGHT_S:
            self._book.execute("DELETE FROM request")

    def _opened(self) -> sqlite3.Connection:
        book = sqlite3.connect(self.path, check_same_thread=False)
        # Nothing waits for the disk, and a kill loses nothing; a power cut may lose the last few lines.
        book.execute("PRAGMA journal_mode = WAL")
        book.execute("PRAGMA synchronous = NORMAL")
        with book:
            book.execute(_CREATE)
        return book

    @contextmanager
    def _engine_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise engine_error("keeping the budget of the second model", self.path, error) from error
