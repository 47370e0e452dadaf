"""The published snapshots, for a server that answers several requests at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TypeVar

from commentariat import InputError
from flows.explorer.view_sql import view_sql
from flows.report.contents import corrected_by_target
from models.reliability import error_rate
from warehouse import Reader, connect
from warehouse.publishing.generations import current_generation
from warehouse.querying.plain_values import Row, plain_rows, query_rows

Result = TypeVar("Result")


class Snapshots:
    """Connections to the newest snapshot, kept open for the next requests.

    Raises
    ------
    WarehouseError
        When nothing has been published at ``root``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._idle, self._lock = [connect(root)], Lock()
        self._choices: tuple[Path | None, list[Row]] = (None, [])
        self._corrected: tuple[Path | None, dict[str, Row], str | None] = (None, {}, None)

    def ask(self, make: Callable[[Reader], Result]) -> Result:
        """Make one answer from one snapshot; make it again if texts of the snapshot have been taken down meanwhile.

        Raises
        ------
        CommentariatError
            When the warehouse cannot be read, or refuses a query.
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
        with self._lock:
            reader = self._idle.pop() if self._idle else None
        reader = reader or connect(self.root)
        try:
            yield reader
        finally:
            self._put_back(reader)

    def _put_back(self, reader: Reader) -> None:
        """Keep a connection for the next requests, and close those to earlier snapshots.

        The connection that was used last is used again first. The others would stay as they are, and a deleted snapshot
        would stay on the disk as long as the server runs.
        """
        newest = current_generation(self.root)
        with self._lock:
            idle = [*self._idle, reader]
            self._idle = [idle_reader for idle_reader in idle if idle_reader.generation == newest]
        for idle_reader in idle:
            if idle_reader.generation != newest:
                idle_reader.close()

    def choices(self, reader: Reader) -> list[Row]:
        """List the targets, outlets and topics of a snapshot; they are read once for each snapshot."""
        generation, choices = self._choices
        if generation != reader.generation:
            choices = query_rows(reader, view_sql("choices"))
            self._choices = (reader.generation, choices)
        return choices

    def corrected(self, reader: Reader) -> tuple[dict[str, Row], str | None]:
        """Give, by target, the model's shares corrected by people's answers, and the error rate on the model's card.

        They are of a whole snapshot, and are read once for each snapshot.
        """
        generation, corrected, rate = self._corrected
        if generation != reader.generation:
            corrected = corrected_by_target(query_rows(reader, view_sql("corrected")))
            weights = [row["weights_version"] for row in query_rows(reader, view_sql("weights"))]
            rate = next(filter(None, map(error_rate, weights)), None)
            self._corrected = (reader.generation, corrected, rate)
        return corrected, rate

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()


def first_rows_of(reader: Reader, sql: str, most: int) -> tuple[list[Row], int]:
    """Run a query and give the first rows as plain values, and the number of all rows."""
    table = reader.query(sql)
    names = table.column_names
    rows = [dict(zip(names, row, strict=True)) for row in plain_rows(table.slice(0, most))]
    return rows, table.num_rows
