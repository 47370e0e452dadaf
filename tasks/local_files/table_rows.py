"""The rows of a table on disk: CSV, TSV, XLSX, JSON lines or Parquet, one by one, each with its place in the file.

A row that cannot be read is reported by its number, and all other rows are still read. Numbers are those that a
spreadsheet shows: in CSV and XLSX the header is row 1 if no empty row is above it, and empty rows are counted; lines of
JSON and rows of Parquet count from 1.
"""

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from commentariat import InputError
from tasks.file_endings import DELIMITED, HAVE_ROWS, JSON_LINES, PARQUET, TABLES
from tasks.local_files.csv_rows import open_csv, read_csv_cell
from tasks.local_files.json_rows import read_json_row
from tasks.local_files.parquet_values import rows_of
from tasks.local_files.sheet import BadRow, Sheet, TableRow, checked_columns
from tasks.local_files.workbooks import read_workbook

_ROWS_AT_A_TIME: Final = 1_024


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
        return open_csv(path)
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
        return read_csv_cell(path, content, column)
    if kind == "sheet":
        columns, _, rows = _workbook(path, path.stat().st_mtime_ns)
        return dict(zip(columns, rows[int(value)], strict=True))[column]
    raise ValueError(f"{place} names no row")


# --- XLSX ---


@lru_cache(maxsize=2)
def _workbook(path: Path, modified: int) -> tuple[tuple[str, ...], int, list[list[object]]]:
    """Read a workbook: its columns, the number of the row that names them, and the rows below, all as wide as it."""
    above, rows = read_workbook(path)
    return checked_columns(path, [str(cell).strip() for cell in rows[0]]), above + 1, rows[1:]


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
    return Sheet(checked_columns(path, list(columns)), _json_rows(path))


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

    return Sheet(checked_columns(path, list(file.schema_arrow.names)), all_rows())
