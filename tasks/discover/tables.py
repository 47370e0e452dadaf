"""A table of articles: one row for each article, with columns of any name."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Final
from urllib.parse import quote

from commentariat import InputError
from tasks.addresses.urls import file_url
from tasks.addresses.written import written_address
from tasks.discover.files import in_thread, problem_with, why_not_read
from tasks.discover.listing import Finding, Findings, Visitor
from tasks.discover.unused_dates import UnusedDates
from tasks.item import Note, WholeFile
from tasks.local_files.article_records import FIELDS, Record, column_key, whole_number
from tasks.local_files.sheet import BadRow, Sheet, TableRow
from tasks.local_files.table_rows import open_table
from tasks.outcome import Outcome, OutcomeName, printable
from tasks.sources import ColumnField
from tasks.text.dates import in_utc, parse_time, plausible_if_listed, stands_for_no_date

_BETWEEN_NAMES: Final = re.compile(r"[;|\n]")


@dataclass(frozen=True, slots=True)
class Mapped:
    """The columns of a table that are used, by the name of the field."""

    columns: Mapping[str, str]
    unused: tuple[str, ...]

    @property
    def in_short(self) -> str:
        """The columns as text for people."""
        used = ", ".join(f"{field} = {column!r}" for field, column in self.columns.items())
        return f"{used}; not used: {', '.join(self.unused)}" if self.unused else used


def mapped(columns: tuple[str, ...], stated: Mapping[ColumnField, str], place: str) -> Mapped:
    """Assign the columns of a table to fields: as the configuration states, otherwise by their names.

    Raises
    ------
    InputError
        When a stated column is missing, or when no column holds a text or an address.
    """
    there = ", ".join(name for name in columns if name)[:300]
    if missing := [name for name in stated.values() if name not in columns]:
        raise InputError(f"{place}: there is no column {missing[0]!r}; there are {there}")
    by_name = {column_key(name): name for name in reversed(columns)}
    taken = set(stated.values())
    column_of: dict[str, str] = {}
    for field, known in FIELDS.items():
        guesses = (by_name[name] for name in known if name in by_name)
        column = stated.get(field) or next((name for name in guesses if name not in taken), None)
        if column is not None:
            column_of[field] = column
            taken.add(column)
    if not {"text", "html", "url"} & set(column_of):
        remedy = 'name it in the configuration, like columns = { text = "Volltext" }'
        if any(name.lower().startswith(("http://", "https://")) for name in columns):
            remedy = (
                "its first line has no names of columns but an address. Write names such as url and title above it; "
                "or, if each line is one address, give the file a name that ends in .txt"
            )
        raise InputError(f"{place}: none of its columns holds a text or an address: {there}; {remedy}")
    return Mapped(column_of, tuple(name for name in columns if name and name not in taken))


async def discover_table(visitor: Visitor, location: str) -> Findings:
    """Give the articles of a table, after a note on how its columns are understood."""
    async for finding in in_thread(_findings(visitor, Path(location))):
        yield finding


def _findings(visitor: Visitor, path: Path) -> Iterator[Finding]:
    try:
        if path.exists() and not path.is_file():
            yield problem_with(visitor, path, "unsupported_type", "not a file; name a table")
            return
        sheet = open_table(path)
        mapping = mapped(sheet.columns, visitor.source.columns, path.name)
        first = next(sheet.rows, None)
        yield Note(printable(f"{path.name}: {mapping.in_short}"))
        if sheet.remark:
            yield Note(printable(f"{path.name}: {sheet.remark}"))
        if first is not None:
            yield from _Rows(visitor, path, mapping).findings(
                Sheet(sheet.columns, chain([first], sheet.rows))
            )
        yield WholeFile(file_url(path))
    except InputError as error:
        reason = str(error).removeprefix(f"{path}: ").removeprefix(f"{path.name}: ")
        yield problem_with(visitor, path, "unsupported_type", reason)
    except OSError as error:
        yield problem_with(visitor, path, "fetch_failed", f"cannot be read: {error.strerror or error}")
    except Exception as error:
        yield problem_with(visitor, path, "extract_failed", why_not_read(error))


class _Rows:
    """Makes items from rows, and remembers the rows before them."""

    def __init__(self, visitor: Visitor, path: Path, mapping: Mapped) -> None:
        self._visitor, self._path, self._columns = visitor, path, mapping.columns
        self._texts: dict[str, int] = {}
        self._unused_dates = UnusedDates()

    def findings(self, sheet: Sheet) -> Iterator[Finding]:
        for row in sheet.rows:
            if isinstance(row, BadRow):
                yield self._bad(row.number, row.reason)
            else:
                yield self._finding(row)
        yield from self._unused_dates.notes(self._path)

    def _bad(self, number: int, reason: str, outcome: OutcomeName = "extract_failed") -> Outcome:
        return problem_with(self._visitor, self._path, outcome, reason, file_url(self._path, f"row={number}"))

    def _finding(self, row: TableRow) -> Finding:
        number = row.number
        record = Record.of({field: row.values.get(column) for field, column in self._columns.items()})
        content = next((field for field in ("text", "html") if getattr(record, field) is not None), None)
        if content is None and record.url is None:
            return self._bad(number, f"row {number} has neither a text nor an address")
        try:
            published, impossible = self._published(row)
            url = self._address(record, has_content=content is not None)
        except InputError as error:
            return self._bad(number, f"row {number}: {error}")
        if reason := self._visitor.why_repeated(url, self._path, number):
            return self._bad(number, reason, "duplicate")
        if impossible:
            self._unused_dates.count_impossible(impossible)
        location = None
        if content is not None:
            column = quote(self._columns[content], safe="")
            location = file_url(self._path, f"{row.place};{content}={column}")
        return self._visitor.item(
            url,
            title=record.title,
            authors=(
                name.strip() for text in record.authors for name in _BETWEEN_NAMES.split(text) if name.strip()
            ),
            published=published,
            outlet=record.outlet,
            language=record.language,
            location=location,
            row=number,
        )

    def _address(self, record: Record, *, has_content: bool) -> str:
        """Give the address of a row. One that leads to no page ("n/a", "print only") costs no text of its own."""
        if record.url is None:
            return self._own_address(record)
        try:
            return written_address(record.url)
        except InputError:
            if not has_content:
                raise
            return self._own_address(record)

    def _own_address(self, record: Record) -> str:
        """Make an address for a row that has none: from its id or else its text, so that it stays if rows move."""
        if record.id is not None:
            return file_url(self._path, record.id)
        text = " ".join((record.text or record.html or "").split())
        name = "text-" + hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
        self._texts[name] = self._texts.get(name, 0) + 1
        return file_url(self._path, name if self._texts[name] == 1 else f"{name}-{self._texts[name]}")

    def _published(self, row: TableRow) -> tuple[datetime | None, str | None]:
        """Give the date of a row, or else the text of a date in the right form that no article can have."""
        value = row.values.get(self._columns.get("published_at", ""))
        if isinstance(value, date):
            record = Record.of({"published_at": value})
            return record.published, record.impossible_date
        text = _as_people_see_it(value)
        if not text:
            return None, None
        forms = self._visitor.source.dates
        when = _time_in_forms(text, forms) if forms else parse_time(text)
        if when is None and not stands_for_no_date(text):
            known = ", ".join(forms) or "2026-11-24 and other ISO 8601"
            raise InputError(
                f"the date {text[:40]!r} is not of the form {known}; say in the configuration how dates "
                'are written, like dates = ["%d/%m/%Y"]'
                + ("" if isinstance(value, str | bytes) else ", or give the cells the type of a date")
            )
        published = plausible_if_listed(when, datetime.now(UTC))
        return published, text if published is None else None


def _as_people_see_it(value: object) -> str:
    """Write what stands in the cell of a date; "" for an empty cell, and for a value that can be no date.

    Programs write false or an empty list where they have no date.
    """
    if value is None or isinstance(value, bool | list | dict):
        return ""
    if isinstance(value, float) and not isfinite(value):
        return ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    return whole_number(value) or str(value).strip()


def _time_in_forms(text: str, forms: Iterable[str]) -> datetime | None:
    for form in forms:
        try:
            return in_utc(datetime.strptime(text, form))
        except (ValueError, OverflowError):
            continue
    return None
