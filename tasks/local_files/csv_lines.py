"""The lines of a CSV file: those after a bad row are read again, in a time in proportion to the file."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from tasks.local_files.mixed_encodings import decoded_line

LARGEST_CELL: Final = 10_000_000
"""Limit on the characters of a cell; without it, a quote that is never closed would make one cell of the rest."""

LARGEST_ROW: Final = 4 * LARGEST_CELL
"""Limit on the bytes of a row; an open quote that closes and opens again would make one row of the rest."""

MOST_READ_AGAIN: Final = 50_000_000
"""Limit on the bytes of a CSV file that are read again because they follow a bad row; a short line counts as 100."""

csv.field_size_limit(LARGEST_CELL)


class RereadLimit:
    """The reading that a file may cost beyond reading it once: without it, a few marks make a file of bad rows only.

    Behind each of them all lines to the end of the file may be read again.
    """

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, lines: Iterable[bytes]) -> None:
        """Count lines that are read again."""
        # A short line costs as much as a hundred characters do.
        self.left -= sum(max(len(line), 100) for line in lines)


def from_next_sound(
    record: list[bytes], encoding: str, delimiter: str, width: int, limit: RereadLimit
) -> list[bytes]:
    """Find where a good row begins inside a bad row: an open quote may have joined several rows into one.

    Nothing is found when the limit is reached by reading lines again, here and where they are given back.
    """
    for start in range(1, len(record)):
        if limit.left < 0:
            break
        taken: list[bytes] = []
        lines = _noted(record, start, taken)
        try:
            cells = next(csv.reader(decoded(lines, encoding), delimiter=delimiter, strict=True), [])
        except csv.Error:
            cells = []
        limit.spend(taken)
        if len(cells) == width:
            sound = record[start:]
            limit.spend(sound)
            return sound
    return []


def _noted(lines: list[bytes], start: int, taken: list[bytes]) -> Iterator[bytes]:
    """Give the lines from an index on, without a copy of them, and note which were taken."""
    for index in range(start, len(lines)):
        taken.append(lines[index])
        yield lines[index]


class Lines:
    """The lines of a file with their positions; lines can be given back and are then read again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._back: deque[bytes] = deque()
        self._row_began = 0
        self.given: list[bytes] = []
        self.offset = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> bytes:
        if self.offset - self._row_began > LARGEST_ROW:
            raise csv.Error(f"it has more than {LARGEST_ROW:,} bytes")
        line: bytes = self._back.popleft() if self._back else self._file.readline(LARGEST_CELL)
        if not line:
            raise StopIteration
        self.offset += len(line)
        self.given.append(line)
        return line

    def begin_row(self) -> None:
        """Forget the lines that were given: a row begins here."""
        self.given.clear()
        self._row_began = self.offset

    def give_back(self, lines: list[bytes]) -> None:
        """Give back the last lines, so that they are read again."""
        self._back.extendleft(reversed(lines))
        self.offset -= sum(map(len, lines))


def decoded(lines: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Decode lines that end where bytes do: decoded first, they would also end at the line separators of Unicode."""
    for line in lines:
        # The byte order mark at the beginning of a file is removed from its first line only.
        yield decoded_line(line, encoding)
