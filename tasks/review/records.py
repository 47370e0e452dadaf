"""Files of questions and answers as records: the forms by ending, and the reading of each field."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import isfinite, nan
from pathlib import Path
from typing import Literal

from commentariat import InputError
from tasks.local_files.article_records import column_key
from tasks.local_files.csv_lines import LARGEST_CELL
from tasks.review.label_studio import Record, questions_of, records_of
from tasks.text.characters import json_without_halves
from tasks.text.dates import in_utc
from warehouse.exporting.spreadsheets import unmarked
from warehouse.querying.own_tables import decoded, likely_delimiter

ExchangeForm = Literal["csv", "jsonl", "label-studio"]
FORMS: Mapping[str, ExchangeForm] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "label-studio",
}
"""The form of a file, by its ending."""
_PLACES: Mapping[ExchangeForm, str] = {"csv": "row", "jsonl": "line", "label-studio": "task"}

_PAIR = re.compile(r"(\d{1,9}) ?- ?(\d{1,9})")  # limited, because files come from outside
_WHOLE = re.compile(r"(\d{1,15})(?:[.,]0{1,2})?")


def form_of(path: Path) -> ExchangeForm:
    """Give the form of a file, by its ending.

    Raises
    ------
    InputError
        When it has none of the known endings.
    """
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise InputError(
            f"{path}: a file of answers ends in .csv, .tsv, .jsonl or .ndjson, or in .json for Label Studio"
        )
    return form


def read_records(path: Path, *, questions: bool = False) -> Iterator[tuple[str, Record]]:
    """Read the rows of a file, including rows without an answer, each with its place in the file.

    The place is for people, such as "row 3" of a spreadsheet, whose row 1 has the names of the columns.

    Parameters
    ----------
    questions
        From tasks of Label Studio, give the questions and not the answers.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    form = form_of(path)
    place = _PLACES[form]
    try:
        text = decoded(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    if form != "csv":
        text = json_without_halves(text)  # of a note that was cut in an emoji, only the half of it is lost
    try:
        if form == "label-studio":
            of_tasks = (questions_of if questions else records_of)(json.loads(text))
            yield from ((f"{place} {number}", record) for number, record in of_tasks)
        elif form == "jsonl":
            for number, line in enumerate(text.split("\n"), start=1):
                if line.strip():
                    record = json.loads(line)
                    if not isinstance(record, dict):
                        raise InputError(f"{path}: {place} {number} is not an object: {line[:80]}")
                    yield f"{place} {number}", _by_key(record)
        else:
            csv.field_size_limit(LARGEST_CELL)  # a row has the whole text of its article
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=likely_delimiter(text))
            names = next(rows, [])
            for number, row in enumerate(rows, start=2):
                if row:  # an empty line is a row in a spreadsheet too
                    yield f"{place} {number}", _by_key(dict(zip(names, map(unmarked, row), strict=False)))
    except (TypeError, ValueError, RecursionError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as {form}: {error}") from error


def _by_key(record: Record) -> Record:
    """Name the fields as exports do, also where a person or a program wrote "Answer" or "Article ID"."""
    named: Record = {}
    for name, value in record.items():
        key = column_key(name)
        if name == key or key not in named:  # a field that is named as in exports counts before others
            named[key] = value
    return named


def text_of(record: Record, name: str) -> str | None:
    """Give a field without white space around it; None if it is empty."""
    value = record.get(name)
    return None if value is None or not str(value).strip() else str(value).strip()


def number_of(record: Record, name: str) -> float | None:
    """Give a field that is a number; None if it is empty.

    A spreadsheet program writes 2,5 where people do, and so the comma is that of a decimal.

    Raises
    ------
    InputError
        When it is no finite number.
    """
    text = text_of(record, name)
    if text is None:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = nan
    if not isfinite(number):
        raise InputError(f"{name} is {text!r}: it is a number, like 2.5")
    return number


def whole_number_of(record: Record, name: str) -> int | None:
    """Give a field that is a whole number; None if it is empty.

    Raises
    ------
    InputError
        When it is something else, or could be: 1.000 may be one or a thousand.
    """
    text = text_of(record, name)
    if text is None:
        return None
    whole = _WHOLE.fullmatch(text)
    if whole is None:
        raise InputError(f"{name} is {text!r}: it is a whole number, like 1000")
    return int(whole[1])


def flag_of(record: Record, name: str) -> bool | None:
    """Give a field that is true or false; None if it is empty.

    Raises
    ------
    InputError
        When it is something else.
    """
    text = (text_of(record, name) or "").lower()
    if text and text not in ("true", "false"):
        raise InputError(f"{name} is {text!r}: it is true, false or empty")
    return None if not text else text == "true"


def moment_of(text: str | None) -> datetime | None:
    """Read a time in UTC; one without a zone is in UTC already.

    Raises
    ------
    InputError
        When it is not in the form of ISO 8601, or is before the year 1 or after the year 9999 in UTC.
    """
    if text is None:
        return None
    try:
        return in_utc(datetime.fromisoformat(text))
    except ValueError:
        raise InputError(f"answered_at is {text!r}: it is a time like 2026-11-30T12:00:00Z") from None
    except OverflowError:
        raise InputError(
            f"answered_at is {text!r}: it must be from the year 1 to the year 9999 in UTC"
        ) from None


def sentences_of(value: object) -> Iterator[tuple[int, int]]:
    """Read ``120-188; 301-350``, or a list of pairs or of objects with start and end.

    Raises
    ------
    InputError
        When a part of it is no pair of offsets.
    """
    if isinstance(value, Sequence) and not isinstance(value, str):
        for entry in value:
            try:
                start, end = (entry["start"], entry["end"]) if isinstance(entry, dict) else entry
                yield int(start), int(end)
            except (KeyError, TypeError, ValueError, OverflowError):  # JSON may hold 1e999
                raise InputError(f"{entry!r} names no sentence: give its start and end") from None
        return
    for part in str(value or "").split(";"):
        if part.strip():
            pair = _PAIR.fullmatch(part.strip())
            if pair is None:
                raise InputError(f"{part.strip()!r} names no sentence: write its offsets, like 120-188")
            yield int(pair[1]), int(pair[2])
