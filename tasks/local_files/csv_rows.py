"""The rows of a CSV or TSV file, whatever its encoding and its delimiter are."""

import codecs
import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Final

from commentariat import InputError
from tasks.local_files.csv_lines import (
    LARGEST_CELL,
    MOST_READ_AGAIN,
    Lines,
    RereadLimit,
    decoded,
    from_next_sound,
)
from tasks.local_files.mixed_encodings import count_utf8, ends_inside_a_character, is_line_of_utf8
from tasks.local_files.sheet import BadRow, Sheet, TableRow, checked_columns

_CARRIAGE_RETURN_ALONE: Final = re.compile(r"\r(?!\n)")


def open_csv(path: Path) -> Sheet:
    """Open a file; the ending ``.tsv`` means that tabs are between its columns.

    Raises
    ------
    InputError
        When its first row does not name columns, or it is in an encoding that is not read.
    OSError
        When the file cannot be read.
    """
    encoding, delimiter, columns, remark = _head(path, path.stat().st_mtime_ns)
    return Sheet(columns, _rows(path, encoding, delimiter, columns), remark)


def read_csv_cell(path: Path, row: bytes, column: str) -> str:
    """Read one cell of a row of a file, given the bytes of the row.

    Raises
    ------
    KeyError, ValueError, csv.Error, StopIteration, InputError
        When the row or the file is not as it was when it was opened.
    OSError
        When the file cannot be read.
    """
    encoding, delimiter, columns, _ = _head(path, path.stat().st_mtime_ns)
    cells = next(csv.reader(decoded(BytesIO(row), encoding), delimiter=delimiter, strict=True))
    return dict(zip(columns, cells, strict=True))[column]


@lru_cache(maxsize=16)
def _head(path: Path, modified: int) -> tuple[str, str, tuple[str, ...], str | None]:
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
    return encoding, delimiter, checked_columns(path, [cell.strip() for cell in cells]), remark


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


def _rows(path: Path, encoding: str, delimiter: str, columns: tuple[str, ...]) -> Iterator[TableRow | BadRow]:
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
