"""The dates of the rows of a file that are not used: the rows are taken, but they would count as published today."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks.item import Note
from tasks.local_files.article_records import Record
from tasks.outcome import printable

__all__ = ["UnusedDates"]


@dataclass(slots=True)
class UnusedDates:
    """Counts the dates of a file that are not used, and keeps the first of each kind for a note.

    Attributes
    ----------
    unread, first_unread
        Number of the dates that are written in no known form, and the first of them.
    impossible, first_impossible
        Number of the dates in a known form that no article can have, and the first of them.
    """

    unread: int = 0
    first_unread: str = ""
    impossible: int = 0
    first_impossible: str = ""

    def count(self, row: Record) -> None:
        """Take note of a row."""
        if row.unread_date is not None:
            self.first_unread = self.first_unread or row.unread_date
            self.unread += 1
        if row.impossible_date is not None:
            self.count_impossible(row.impossible_date)

    def count_impossible(self, written: str) -> None:
        """Take note of a date in a known form that no article can have."""
        self.first_impossible = self.first_impossible or written
        self.impossible += 1

    def notes(self, path: Path) -> Iterator[Note]:
        """Say which dates of a file are not used, and what helps: for each kind something else."""
        if self.unread:
            yield _note(
                path,
                self.unread,
                self.first_unread,
                "not read",
                'give the file as a source of type = "table" and say how they are written, like dates = ["%d/%m/%Y"]',
            )
        if self.impossible:
            yield _note(
                path,
                self.impossible,
                self.first_impossible,
                "not used",
                "no article can have such a date, so that it counts as missing; if the right dates are known, write "
                "them into the file",
            )


def _note(path: Path, count: int, first: str, state: str, remedy: str) -> Note:
    subject = "the date of 1 row is" if count == 1 else f"the dates of {count:,} rows are"
    return Note(printable(f"{path.name}: {subject} {state}, like {first[:40]!r}; {remedy}"))
