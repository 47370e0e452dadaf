"""Local files and folders with pages, texts or rows of articles."""

import asyncio
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from commentariat import InputError
from tasks.addresses.urls import file_url
from tasks.addresses.written import written_address
from tasks.discover.listing import Finding, Findings, Visitor
from tasks.discover.unused_dates import UnusedDates
from tasks.file_endings import HAVE_ROWS, JSON_LINES, MEDIA_TYPES, PARQUET
from tasks.item import LeftOut, Note, WholeFile
from tasks.local_files.article_records import Record, columns_of, content_columns
from tasks.local_files.json_rows import read_json_row
from tasks.local_files.parquet_values import have_text, rows_of
from tasks.local_files.unread_endings import ending_of, reason_for_folder, remedy_for
from tasks.outcome import Outcome, OutcomeName, printable

_AT_A_TIME: Final = 256
_ROWS_AT_A_TIME: Final = 1_024


async def discover_files(visitor: Visitor, location: str) -> Findings:
    """Give the items of a file or folder, without hidden files and without links that lead out of the folder."""
    async for finding in in_thread(_files(visitor, Path(location))):
        yield finding


async def in_thread(findings: Iterator[Finding]) -> Findings:
    """Read from an iterator that reads the disk, a few hundred results at a time, without blocking the event loop."""

    def next_findings() -> list[Finding]:
        return [finding for _, finding in zip(range(_AT_A_TIME), findings, strict=False)]

    while batch := await asyncio.to_thread(next_findings):
        for finding in batch:
            yield finding


def _files(visitor: Visitor, path: Path) -> Iterator[Finding]:
    try:
        if not path.is_dir():
            yield from _named_file(visitor, path)
            return
        inside = path.resolve()
        unread_endings: list[str] = []
        unread: list[OSError] = []  # os.walk passes over a folder that it cannot list
        for folder, folders, names in os.walk(path, onerror=unread.append, followlinks=False):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                for finding in _in_folder(visitor, Path(folder) / name, inside):
                    if isinstance(finding, _UnreadEnding):
                        unread_endings.append(finding.suffix)
                        yield finding.left_out
                    else:
                        yield finding
        if unread_endings:
            yield Note(reason_for_folder(str(path), unread_endings), is_warning=True)
        for error in unread:
            reason = f"the folder cannot be read: {error.strerror or error}"
            yield problem_with(visitor, Path(error.filename or path), "fetch_failed", reason)
    except OSError as error:
        yield problem_with(visitor, path, "fetch_failed", f"cannot be read: {error.strerror or error}")


@dataclass(frozen=True, slots=True)
class _UnreadEnding:
    """A file that is not read because of its ending."""

    suffix: str
    left_out: LeftOut


def _named_file(visitor: Visitor, path: Path) -> Iterator[Finding]:
    """Give what a file holds that is itself the location; it is wanted, so it has an outcome if it is not read."""
    for finding in _file(visitor, path):
        if isinstance(finding, _UnreadEnding):
            reason = f"{finding.left_out.reason}; {remedy_for(finding.suffix)}"
            yield problem_with(visitor, path, "unsupported_type", reason)
        else:
            yield finding


def _in_folder(visitor: Visitor, file: Path, inside: Path) -> Iterator[Finding | _UnreadEnding]:
    try:
        reason = _why_passed_over(file, inside)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead to each other
        yield problem_with(visitor, file, "fetch_failed", f"cannot be read: {error}")
        return
    if reason:
        yield visitor.left_out(file_url(file), reason)
    else:
        yield from _file(visitor, file)


def _why_passed_over(file: Path, inside: Path) -> str | None:
    if file.name.startswith("."):
        return "hidden file"
    if file.is_symlink() and not file.resolve().is_relative_to(inside):
        return "a link that leads out of the folder"
    return None


def _file(visitor: Visitor, path: Path) -> Iterator[Finding | _UnreadEnding]:
    """Give what one file holds; whatever is wrong with it is one problem, and the files after it are still read."""
    try:
        yield from _entries(visitor, path)
    except OSError as error:
        yield problem_with(visitor, path, "fetch_failed", f"cannot be read: {error.strerror or error}")
    except Exception as error:
        yield problem_with(visitor, path, "extract_failed", why_not_read(error))


def why_not_read(error: Exception) -> str:
    """Give the reason for an error that no function that reads files expects."""
    return f"it was not read to its end: {type(error).__name__}: {error}"[:300]


def _entries(visitor: Visitor, path: Path) -> Iterator[Finding | _UnreadEnding]:
    status = path.stat()
    suffix = path.suffix.lower()
    if not stat.S_ISREG(status.st_mode):
        yield visitor.left_out(file_url(path), "not a regular file")
    elif suffix in JSON_LINES:
        yield from _json_lines(visitor, path)
    elif suffix in PARQUET:
        yield from _parquet(visitor, path)
    elif suffix in MEDIA_TYPES or not suffix:
        yield visitor.item(file_url(path), location=file_url(path))
    else:
        known = ", ".join(sorted({*MEDIA_TYPES, *HAVE_ROWS}))
        suffix = ending_of(path) or suffix
        reason = printable(f"{suffix} files are not read; known are {known}")
        yield _UnreadEnding(suffix, visitor.left_out(file_url(path), reason))


def _json_lines(visitor: Visitor, path: Path) -> Iterator[Finding]:
    limit = visitor.fetcher.settings.max_bytes
    with path.open("rb") as file:
        start, number = 0, 0
        unused = UnusedDates()
        while line := file.readline(limit + 1):
            number += 1
            place = file_url(path, f"line={number}")
            end = file.tell()
            if len(line) > limit:
                while line and not line.endswith(b"\n"):
                    line = file.readline(limit)
                yield problem_with(
                    visitor, path, "too_large", f"line {number} is more than {limit:,} bytes", place
                )
            elif line.strip():
                yield _json_line(visitor, path, line, number, f"bytes={start}-{end}", unused)
            start = file.tell()
    yield from unused.notes(path)
    yield WholeFile(file_url(path))


def _json_line(
    visitor: Visitor, path: Path, line: bytes, number: int, part: str, unused: UnusedDates
) -> Finding:
    place = file_url(path, f"line={number}")
    try:
        record = read_json_row(line)
    except orjson.JSONDecodeError as error:
        return problem_with(visitor, path, "extract_failed", f"line {number} is not JSON: {error}", place)
    if not isinstance(record, dict):
        return problem_with(visitor, path, "extract_failed", f"line {number} is not a JSON object", place)
    row = Record.of(record)
    return _row_item(visitor, path, row, number, part if row.text or row.html else None, unused)


def _parquet(visitor: Visitor, path: Path) -> Iterator[Finding]:
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            columns = columns_of(names, with_content=True)
            if not columns:
                reason = f"none of its columns holds an article: {', '.join(names)[:200]}"
                yield problem_with(visitor, path, "unsupported_type", reason)
                return
            number = 0
            unused = UnusedDates()
            for batch in file.iter_batches(batch_size=_ROWS_AT_A_TIME, columns=columns):
                table = pa.Table.from_batches([batch])
                # The texts themselves are not needed yet; it is enough to know which rows have one.
                hints = rows_of(table.select(columns_of(columns, with_content=False)), len(table))
                for record, has_content in zip(hints, _rows_with_content(table), strict=True):
                    part = f"row={number}" if has_content else None
                    number += 1
                    yield _row_item(visitor, path, Record.of(record), number, part, unused)
            yield from unused.notes(path)
            yield WholeFile(file_url(path))
    except pa.ArrowException as error:
        yield problem_with(
            visitor, path, "unsupported_type", f"not a readable Parquet file: {str(error)[:200]}"
        )


def _rows_with_content(table: pa.Table) -> list[bool]:
    filled = [have_text(table.column(name)) for name in content_columns(table.column_names)]
    return [any(row) for row in zip(*filled, strict=True)] if filled else [False] * len(table)


def _row_item(
    visitor: Visitor, path: Path, row: Record, number: int, part: str | None, unused: UnusedDates
) -> Finding:
    """Make an item from a row: with the place of its text, or, if it has no text, with the address in the row."""
    place = file_url(path, row.id or f"row={number}")
    if part is None and row.url is None:
        return problem_with(visitor, path, "extract_failed", f"row {number} has no text, html or url", place)
    url = place
    if row.url is not None:
        try:
            url = written_address(row.url)
        except InputError as error:
            if part is None:
                return problem_with(visitor, path, "refused", f"row {number}: {error}", place)
    if reason := visitor.why_repeated(url, path, number):
        return problem_with(visitor, path, "duplicate", reason, file_url(path, f"row={number}"))
    unused.count(row)
    return visitor.item(
        url,
        title=row.title,
        authors=row.authors,
        published=row.published,
        outlet=row.outlet,
        language=row.language,
        location=file_url(path, part) if part else None,
    )


def problem_with(
    visitor: Visitor, path: Path, outcome: OutcomeName, reason: str, url: str | None = None
) -> Outcome:
    """Make the outcome of a file, or of the part of it that `url` names; the reason starts with the file's name."""
    return visitor.problem(url or file_url(path), outcome, f"{path.name}: {reason}")
