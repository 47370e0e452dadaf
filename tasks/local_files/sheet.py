"""A table on disk as it is read: its columns, and its rows one by one, each with its place in the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from commentariat import InputError


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row.

    Attributes
    ----------
    number
        The row number as people count it.
    values
        Its cells by column.
    place
        Its place in the file, for :func:`tasks.local_files.table_rows.read_cell`.
    """

    number: int
    values: Mapping[str, object]
    place: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read, and the reason."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its columns, an iterator over its rows, and a remark about its characters if they are in doubt."""

    columns: tuple[str, ...]
    rows: Iterator[TableRow | BadRow]
    remark: str | None = None


def checked_columns(path: Path, columns: list[str]) -> tuple[str, ...]:
    """Give the columns of a table.

    Raises
    ------
    InputError
        When a name is there more than once, or none has a name.
    """
    named = [name for name in columns if name]
    if repeated := {name for name in named if named.count(name) > 1}:
        raise InputError(f"{path}: the column {min(repeated)!r} is there more than once: rename one")
    if not named:
        raise InputError(f"{path}: its first row should name the columns")
    return tuple(columns)
