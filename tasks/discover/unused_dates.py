"""The dates of the rows of a file that are not used: the rows are taken, but they would count as published today."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tasks.item import Note
from tasks.outcome import printable
from tasks.records import Record

__all__ = ["UnusedDates"]


@dataclass(slots=True)
class UnusedDates:
    """Counts the dates of a file that are not used, and keeps the first of each kind for a note.

    Attributes
    ----------
    unread
        Dates that are written in no known form.
    impossible
        Dates in a known form that no article can have.
    """

    unread: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)

    def count(self, row: Record) -> None:
        """Take note of a row."""
        if row.unread_date is not None:
            self.unread.append(row.unread_date)
        if row.impossible_date is not None:
            self.impossible.append(row.impossible_date)

    def notes(self, path: Path) -> Iterator[Note]:
        """Say which dates of a file are not used, and what helps: for each kind something else."""
        if self.unread:
            yield _note(
                path,
                self.unread,
                "not read",
                'give the file as a source of type = "table" and say how they are written, like dates = ["%d/%m/%Y"]',
            )
        if self.impossible:
            yield _note(
                path,
                self.impossible,
                "not used",
                "no article can have such a date, so that it counts as missing; if the right dates are known, write "
                "them into the file",
            )


def _note(path: Path, dates: list[str], what: str, remedy: str) -> Note:
    which = "the date of 1 row is" if len(dates) == 1 else f"the dates of {len(dates):,} rows are"
    return Note(printable(f"{path.name}: {which} {what}, like {dates[0][:40]!r}; {remedy}"))
