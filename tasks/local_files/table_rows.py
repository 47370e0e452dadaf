"""The rows of a table on disk: CSV, TSV, XLSX, JSON lines or Parquet, one by one, each with its place in the file.

A row that cannot be read is reported by its number, and all other rows are still read. Numbers are those that a
spreadsheet shows: in CSV and XLSX the header is row 1 if no empty row is above it, and empty rows are counted; lines of
JSON and rows of Parquet count from 1.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from commentariat import InputError
from tasks.file_endings import DELIMITED, HAVE_ROWS, JSON_LINES, PARQUET, TABLES
from tasks.local_files.csv_lines import (
    LARGEST_CELL,
    MOST_READ_AGAIN,
    Lines,
    RereadLimit,
    decoded,
    from_next_sound,
)
from tasks.local_files.json_rows import read_json_row
from tasks.local_files.mixed_encodings import count_utf8, ends_inside_a_character, is_line_of_utf8
from tasks.local_files.parquet_values import rows_of
from tasks.local_files.workbooks import read_workbook

_ROWS_AT_A_TIME: Final = 1_024
_CARRIAGE_RETURN_ALONE: Final = re.compile(r"\r(?!\n)")


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
        Its place in the file, for :func:`read_cell`.
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


def open_table(path: Path) -> Sheet:
    """Open a table; the ending of its name determines the format.

    Raises
    ------
    InputError
        When it is not a readable table; the message says what to do.
    OSError
        When the file cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in DELIMITED:
        return _open_csv(path)
    if suffix == ".xlsx":
        return _open_workbook(path)
    if suffix in PARQUET:
        return _open_parquet(path)
    if suffix in JSON_LINES:
        return _open_json_lines(path)
    raise InputError(
        f"{path}: {suffix or 'no ending'} is no table; known are {', '.join((*TABLES, *HAVE_ROWS))}"
    )


def read_cell(path: Path, place: str, column: str) -> object:
    """Read one cell a second time.

    Raises
    ------
    ValueError
        When the row or column no longer exists.
    OSError
        When the file cannot be read.
    """
    try:
        return _cell(path, place, column)
    except (KeyError, IndexError, csv.Error, StopIteration, InputError) as error:
        raise ValueError(f"{column} of {place} is not there any more: {error}") from error


def _cell(path: Path, place: str, column: str) -> object:
    kind, _, value = place.partition("=")
    if kind in ("csv", "json"):
        start, end = (int(number) for number in value.split("-"))
        with path.open("rb") as file:
            file.seek(start)
            content = file.read(end - start)
        if kind == "json":
            record = read_json_row(content)
            return record.get(column) if isinstance(record, dict) else None
        encoding, delimiter, columns, _ = _csv_head(path, path.stat().st_mtime_ns)
        cells = next(csv.reader(decoded(BytesIO(content), encoding), delimiter=delimiter, strict=True))
        return dict(zip(columns, cells, strict=True))[column]
    if kind == "sheet":
        columns, _, rows = _workbook(path, path.stat().st_mtime_ns)
        return dict(zip(columns, rows[int(value)], strict=True))[column]
    raise ValueError(f"{place} names no row")


def _checked(path: Path, columns: list[str]) -> tuple[str, ...]:
    named = [name for name in columns if name]
    if repeated := {name for name in named if named.count(name) > 1}:
        raise InputError(f"{path}: the column {min(repeated)!r} is there more than once: rename one")
    if not named:
        raise InputError(f"{path}: its first row should name the columns")
    return tuple(columns)


# --- CSV and TSV ---


@lru_cache(maxsize=16)
def _csv_head(path: Path, modified: int) -> tuple[str, str, tuple[str, ...], str | None]:
    """Find the encoding, delimiter and columns of a file, and a remark if its encoding is in doubt."""
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            raise InputError(f"{path}: it is UTF-16; save it as CSV in UTF-8")
    encoding, remark = _encoding(path)
    with path.open("rb") as file:
        try:
            # As the rows are: the names of the columns may be in another encoding than most of the file.
            lines = decoded(Lines(file), encoding)
            head = next((line for line in lines if line.strip()), "")
            if _CARRIAGE_RETURN_ALONE.search(head):
                raise InputError(f"{path}: its lines end in carriage returns alone; save it as CSV in UTF-8")
            delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(head)
            cells = next(csv.reader(chain([head], lines), delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            raise InputError(
                f"{path}: its first row, which names the columns, is not read: {error}"
            ) from error
    return encoding, delimiter, _checked(path, [cell.strip() for cell in cells]), remark


def _delimiter(head: str) -> str:
    return max(",;\t|", key=lambda mark: len(next(csv.reader([head], delimiter=mark), [])))


def _encoding(path: Path) -> tuple[str, str | None]:
    """Read a file from beginning to end to find whether it is UTF-8, or else the encoding of Western spreadsheets.

    A few wrong bytes do not make a file of another encoding, and a line may be in the other one (see
    :func:`tasks.local_files.mixed_encodings.decoded_line`); the remark says how many there are.
    """
    try:
        with path.open(encoding="utf-8-sig") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return _encoding_of_most(path)
    return "utf-8-sig", None


def _encoding_of_most(path: Path) -> tuple[str, str | None]:
    valid = wrong = of_utf8 = 0
    line = b""
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(LARGEST_CELL), b""):
            unmarked = line.removeprefix(codecs.BOM_UTF8)
            if not unmarked.isascii():
                more_valid, more_wrong = count_utf8([unmarked])
                valid, wrong = valid + more_valid, wrong + more_wrong
                of_utf8 += is_line_of_utf8(unmarked)
    is_cut = ends_inside_a_character(line)
    wrong -= is_cut  # half a character says nothing about the others
    if wrong >= valid and not (is_cut and not wrong):
        lines = "1 line that is" if of_utf8 == 1 else f"{of_utf8:,} lines that are"
        return "cp1252", f"it is read as Windows-1252, except for {lines} in UTF-8" if of_utf8 else None
    remarks = []
    if wrong:
        characters = "1 character is" if wrong == 1 else f"{wrong:,} characters are"
        remarks.append(
            f"{characters} not in UTF-8 like the rest: lines without any UTF-8 are read as Windows-1252, in other "
            "lines only quotation marks and dashes are repaired"
        )
    if is_cut:
        remarks.append(
            "it ends in the middle of a character and was probably cut off: if it has fewer rows than it should, "
            "copy or export it again"
        )
    return "utf-8-sig", "; ".join(remarks)


def _open_csv(path: Path) -> Sheet:
    encoding, delimiter, columns, remark = _csv_head(path, path.stat().st_mtime_ns)
    return Sheet(columns, _csv_rows(path, encoding, delimiter, columns), remark)


def _csv_rows(
    path: Path, encoding: str, delimiter: str, columns: tuple[str, ...]
) -> Iterator[TableRow | BadRow]:
    with path.open("rb") as file:
        lines, limit = Lines(file), RereadLimit(MOST_READ_AGAIN)
        number, is_below_header = 0, False
        while True:
            lines.begin_row()
            start = lines.offset
            try:
                cells = next(csv.reader(decoded(lines, encoding), delimiter=delimiter, strict=True), None)
                why = None
            except csv.Error as error:
                cells, why = [], str(error)
            record = list(lines.given)
            if not record:
                return
            number += 1  # an empty row has a number in a spreadsheet too
            if cells is None or (why is None and not any(cell.strip() for cell in cells)):
                continue
            if not is_below_header:
                is_below_header = True
                continue
            if why is None and len(cells) != len(columns):
                why = f"it has {len(cells)} columns, the header has {len(columns)}"
            if why is None:
                values = dict(zip(columns, cells, strict=True))
                yield TableRow(number, values, f"csv={start}-{lines.offset}")
                continue
            sound = from_next_sound(record, encoding, delimiter, len(columns), limit)
            lost = len(record) - len(sound)
            more = f", nor are the {lost - 1:,} lines after its first" if lost > 1 else ""
            yield BadRow(number, f"row {number} is not read{more}: {why}")
            lines.give_back(sound)


# --- XLSX ---


@lru_cache(maxsize=2)
def _workbook(path: Path, modified: int) -> tuple[tuple[str, ...], int, list[list[object]]]:
    """Read a workbook: its columns, the number of the row that names them, and the rows below, all as wide as it."""
    above, rows = read_workbook(path)
    return _checked(path, [str(cell).strip() for cell in rows[0]]), above + 1, rows[1:]


def _open_workbook(path: Path) -> Sheet:
    columns, header, rows = _workbook(path, path.stat().st_mtime_ns)

    def all_rows() -> Iterator[TableRow]:
        for below, row in enumerate(rows):
            if any(cell not in ("", None) for cell in row):
                values = dict(zip(columns, row, strict=True))
                yield TableRow(header + 1 + below, values, f"sheet={below}")

    return Sheet(columns, all_rows())


# --- JSON lines and Parquet ---


def _open_json_lines(path: Path) -> Sheet:
    columns: dict[str, None] = {}
    for row in _json_rows(path):
        if isinstance(row, TableRow):
            columns |= dict.fromkeys(row.values)
    return Sheet(_checked(path, list(columns)), _json_rows(path))


def _json_rows(path: Path) -> Iterator[TableRow | BadRow]:
    with path.open("rb") as file:
        start = 0
        for number, line in enumerate(iter(file.readline, b""), start=1):
            end = start + len(line)
            if line.strip():
                yield _json_row(number, line, f"json={start}-{end}")
            start = end


def _json_row(number: int, line: bytes, place: str) -> TableRow | BadRow:
    try:
        record = read_json_row(line)
    except orjson.JSONDecodeError as error:
        return BadRow(number, f"line {number} is not JSON: {error}")
    if not isinstance(record, dict):
        return BadRow(number, f"line {number} is not a JSON object")
    return TableRow(number, record, place)


def _open_parquet(path: Path) -> Sheet:
    try:
        file = pq.ParquetFile(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise InputError(f"{path}: not a readable Parquet file: {str(error)[:200]}") from error

    def all_rows() -> Iterator[TableRow]:
        number = 0
        with file:
            for batch in file.iter_batches(batch_size=_ROWS_AT_A_TIME):
                for record in rows_of(batch):
                    yield TableRow(number + 1, record, f"row={number}")
                    number += 1

    return Sheet(_checked(path, list(file.schema_arrow.names)), all_rows())
