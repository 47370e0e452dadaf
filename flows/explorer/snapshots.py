"""The published snapshots, for a server that answers several requests at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any, TypeVar

from commentariat import InputError
from flows.explorer.questions import question
from flows.report.contents import corrected_by_target
from models.reliability import error_rate
from warehouse import Reader, connect
from warehouse.forms import plain_rows
from warehouse.generations import current_generation

Row = dict[str, Any]
Answer = TypeVar("Answer")


class Snapshots:
    """Connections to the newest snapshot, kept open for whoever asks next.

    Raises
    ------
    WarehouseError
        Nothing has been published at ``root``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._idle: LifoQueue[Reader] = LifoQueue()
        self._idle.put(connect(root))
        self._choices: tuple[Path | None, list[Row]] = (None, [])
        self._corrected: tuple[Path | None, dict[str, Row], str | None] = (None, {}, None)

    def ask(self, make: Callable[[Reader], Answer]) -> Answer:
        """Make one answer out of one snapshot; once more if texts of it have been taken down meanwhile.

        Raises
        ------
        CommentariatError
            The warehouse cannot be read, or refuses a question.
        """
        with self._reader() as reader:
            try:
                with reader.pinned():
                    return make(reader)
            except InputError:
                if current_generation(self.root) == reader.generation:
                    raise
            with reader.pinned():
                return make(reader)

    @contextmanager
    def _reader(self) -> Iterator[Reader]:
        try:
            reader = self._idle.get_nowait()
        except Empty:
            reader = connect(self.root)
        try:
            yield reader
        finally:
            self._idle.put(reader)

    def choices(self, reader: Reader) -> list[Row]:
        """List the targets, outlets and topics of a snapshot; they are looked up once for each."""
        generation, found = self._choices
        if generation != reader.generation:
            found = rows_of(reader, question("choices"))
            self._choices = (reader.generation, found)
        return found

    def corrected(self, reader: Reader) -> tuple[dict[str, Row], str | None]:
        """Give, by target, the shares that people's answers make of the model's, and what its card says of its errors.

        They are of a whole snapshot, and looked up once for each.
        """
        generation, found, rate = self._corrected
        if generation != reader.generation:
            found = corrected_by_target(rows_of(reader, question("corrected")))
            weights = [row["weights_version"] for row in rows_of(reader, question("weights"))]
            rate = next(filter(None, map(error_rate, weights)), None)
            self._corrected = (reader.generation, found, rate)
        return found, rate

    def close(self) -> None:
        """Close the connections."""
        while not self._idle.empty():
            self._idle.get_nowait().close()


def rows_of(reader: Reader, sql: str) -> list[Row]:
    """Ask and give plain rows: numbers as short as they are stored, times as ISO 8601."""
    return first_rows_of(reader, sql, None)[0]


def first_rows_of(reader: Reader, sql: str, most: int | None) -> tuple[list[Row], int]:
    """Ask and give the first rows, and how many there are."""
    table = reader.query(sql)
    names = table.column_names
    rows = [dict(zip(names, row, strict=True)) for row in plain_rows(table.slice(0, most))]
    return rows, table.num_rows
