"""The rows of an XLSX workbook, after a check that they fit into memory.

The library that reads workbooks makes a cell of every place between the first and the last filled cell. One value far
away, in the last column and row of a sheet, would be 17 thousand million cells. If the library gets no memory for
them, it aborts the whole process. Therefore the places of the cells are read first, as a stream.
"""

import re
import zipfile
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any, Final

import python_calamine as calamine

from commentariat import InputError

LARGEST_EXTENT: Final = 30_000_000
"""Limit on the rows times the columns of a sheet; the last row that there can be, with 28 columns, is within it."""

_LARGEST_WORKBOOK: Final = 1 << 30
_BEYOND: Final = 10**12
_READ_AT_A_TIME: Final = 1 << 20
_LONGEST_TAG: Final = 1 << 16
_PARTS: Final = "xl/_rels/workbook.xml.rels"
_TARGET: Final = re.compile(r"\sTarget\s*=\s*[\"']([^\"']*)")
# Every alternative ends at the next angle bracket, so the time is in proportion to the length.
_TAG: Final = re.compile(rb"<(?:[^\s<>/:]{1,64}:)?(row|c)(?=[\s/>])([^<>]*)(>?)")
_PLACE: Final = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]*)([0-9]*)[\"']")


def read_workbook(path: Path) -> tuple[int, list[list[Any]]]:
    """Read the first sheet that is not empty: the number of empty rows at its top, and the other rows, equally wide.

    Raises
    ------
    InputError
        When it is not a readable workbook, or too large; the message says what to do.
    OSError
        When the file cannot be read.
    """
    try:
        _check_size(path)
        book = calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if rows := [list(row) for row in sheet.to_python()]:
                above, _ = sheet.start or (0, 0)
                return above, rows
    except (calamine.CalamineError, zipfile.BadZipFile, RuntimeError, EOFError) as error:
        # RuntimeError is an encrypted or otherwise unknown form of ZIP.
        raise InputError(f"{path}: not a readable workbook: {str(error)[:200]}") from error
    except BaseException as error:
        # The library's own name for a mistake of its own; it is no Exception, so nothing else would catch it.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(f"{path}: not a readable workbook: {str(error)[:200]}") from error
    raise InputError(f"{path}: there is nothing in it")


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        size = sum(entry.file_size for entry in packed.infolist())
        if size > _LARGEST_WORKBOOK:
            raise InputError(f"{path}: it unpacks to {size:,} bytes; save it as CSV")
        for entry in _sheets(packed):
            with packed.open(entry) as file:
                blocks = iter(partial(file.read, _READ_AT_A_TIME), b"")
                rows, columns = extent(blocks, path)
            if rows * columns > LARGEST_EXTENT:
                raise InputError(
                    f"{path}: the filled cells of a sheet lie {rows:,} rows and {columns:,} columns apart, more than "
                    f"{LARGEST_EXTENT:,} cells; delete what is far from the table, or save it as CSV"
                )


def _sheets(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Choose the parts that a workbook can name as its sheets: by the last part of the name, in upper or lower case."""
    named: set[str] = set()
    for entry in packed.infolist():
        if _last(entry.filename) == _last(_PARTS):
            text = packed.read(entry).decode("utf-8", errors="replace")
            named |= {_last(unescape(target)) for target in _TARGET.findall(text)}
    return [entry for entry in packed.infolist() if _last(entry.filename) in named]


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].lower()


def extent(blocks: Iterator[bytes], path: Path) -> tuple[int, int]:
    """Give the number of rows and of columns between the filled cells of a sheet that are farthest apart."""
    row = column = 0
    first_row = first_column = _BEYOND
    last_row = last_column = -1
    for name, attributes in _tags(blocks, path):
        place = _PLACE.search(attributes)
        if name == b"row":
            row, column = _number(place[2]) if place else row + 1, 0
            continue
        column += 1
        if place is not None:
            column, row = _column(place[1]), _number(place[2])
        if attributes.endswith(b"/"):
            continue  # a cell that has a format and no value takes no place
        first_row, last_row = min(first_row, row), max(last_row, row)
        first_column, last_column = min(first_column, column), max(last_column, column)
    return max(0, last_row - first_row + 1), max(0, last_column - first_column + 1)


def _tags(blocks: Iterator[bytes], path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Give the name and the attributes of each tag of a row or a cell."""
    rest = b""
    for block in blocks:
        text = rest + block
        # The last tag may go on in the next block.
        end = text.rfind(b"<")
        end, rest = (len(text), b"") if end < 0 else (end, text[end:])
        yield from _whole_tags(text[:end], path)
        if len(rest) > _LONGEST_TAG:
            yield from _whole_tags(rest, path)
            rest = b""
    yield from _whole_tags(rest, path)


def _whole_tags(text: bytes, path: Path) -> Iterator[tuple[bytes, bytes]]:
    for name, attributes, closed in _TAG.findall(text):
        # A bracket within quotes hides the attributes after it; programs write it as an entity.
        if not closed or attributes.count(b'"') % 2 or attributes.count(b"'") % 2:
            raise InputError(f"{path}: not a readable workbook: a tag of a sheet does not end")
        yield name, attributes


def _number(digits: bytes) -> int:
    return min(int(digits.lstrip(b"0")[:12] or b"0"), _BEYOND)


def _column(letters: bytes) -> int:
    """Give the number of a column: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper()[:8]:
        number = number * 26 + letter - ord("A") + 1
    return number
