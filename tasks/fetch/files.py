"""Content from the disk: a whole file, a line of JSON, a row of Parquet, a cell of a table, a record of a WARC."""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.addresses.urls import file_path
from tasks.fetch.media import media_type_of
from tasks.fetch.warc import read_record
from tasks.file_endings import MEDIA_TYPES
from tasks.local_files.article_records import Record, columns_of
from tasks.local_files.json_rows import read_json_row
from tasks.local_files.parquet_values import rows_of
from tasks.local_files.table_rows import read_cell
from tasks.local_files.unread_endings import ending_of, is_never_a_page, remedy_for
from tasks.page import NotFetchedError


@dataclass(frozen=True, slots=True)
class LocalContent:
    """The content of a local item, with the hash of its bytes in place of an ETag."""

    body: bytes
    media_type: str
    charset: str | None
    http_status: int | None = None
    fetched_at: datetime | None = None

    @property
    def etag(self) -> str:
        """A validator that changes if and only if the content changes; the file's times have no influence."""
        return "sha256:" + hashlib.sha256(self.body).hexdigest()[:32]


_HASH_OF_CONTENT: Final = re.compile(r"sha256:[0-9a-f]{32}")


def is_hash_of_content(etag: str | None) -> bool:
    """Say whether a stored ETag is :attr:`LocalContent.etag`; a server's ETag has quotation marks around it."""
    return etag is not None and _HASH_OF_CONTENT.fullmatch(etag) is not None


def read_local(location: str, max_bytes: int, *, any_type: bool = False) -> LocalContent:
    """Read the content that an item's location names (see :class:`tasks.item.Item`); a listing may be of any type.

    Raises
    ------
    NotFetchedError
        When it is missing, not a regular file, too large, or not a page or a text, as its ending or its bytes show.
    """
    path, part = file_path(location)
    place, _, cell = (part or "").partition(";")
    kind, _, value = place.partition("=")
    try:
        if cell:
            content = _of_cell(path, place, cell)
        elif kind == "bytes":
            start, _, end = value.partition("-")
            line = read_bytes(path, max_bytes, start=int(start), end=int(end))
            content = _of_row(read_json_row(line), path)
        elif kind == "row":
            content = _of_row(_parquet_row(path, int(value)), path)
        elif kind == "warc":
            record = read_record(path, int(value), max_bytes)
            content = LocalContent(
                record.body,
                media_type_of(record.body, record.media_type),
                record.charset,
                record.http_status,
                record.fetched_at,
            )
        else:
            body = read_bytes(path, max_bytes)
            declared = MEDIA_TYPES.get(path.suffix.lower(), "")
            media_type = declared if any_type else _type_of_page(path, body, declared)
            content = LocalContent(body, media_type, None)
    except OSError as error:
        raise NotFetchedError("fetch_failed", f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise NotFetchedError("fetch_failed", f"{path}: {part} is not there any more: {error}") from error
    if not content.body.strip():
        raise NotFetchedError("fetch_failed", f"{path}: empty")
    if len(content.body) > max_bytes:
        raise NotFetchedError("too_large", f"is {len(content.body):,} bytes; the limit is {max_bytes:,}")
    return content


def _type_of_page(path: Path, body: bytes, declared: str) -> str:
    """Find the media type of a file, and refuse a file of another kind, which would otherwise be read as one text."""
    media_type = media_type_of(body, declared)
    suffix = ending_of(path)
    # Servers call their pages .php or .aspx too; what begins like a page is a page.
    is_page = media_type == "text/html" and not is_never_a_page(suffix)
    if declared or not suffix or is_page or not body.strip():
        return media_type
    reason = f"{path}: {suffix} files are not read as a page or a text; {remedy_for(suffix)}"
    raise NotFetchedError("unsupported_type", reason)


def read_bytes(path: Path, max_bytes: int, *, start: int = 0, end: int | None = None) -> bytes:
    """Read a regular file, or a part of it, with a limit on its size.

    Raises
    ------
    NotFetchedError
        ``refused`` for devices, pipes and folders, because reading them could block or never end; ``too_large``.
    OSError
        When it cannot be opened or read.
    """
    # Without O_NONBLOCK, opening a pipe would wait for its writer without end.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise NotFetchedError("refused", f"{path}: not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        size = (status.st_size if end is None else min(end, status.st_size)) - start
        if size > max_bytes:
            raise NotFetchedError("too_large", f"{path}: {size:,} bytes; the limit is {max_bytes:,}")
        file.seek(start)
        # A file under /proc has a stated size of 0 bytes and yet holds more. Therefore the limit applies to the bytes
        # that are read, not to the stated size.
        body = file.read(max_bytes + 1 if end is None else max(size, 0))
    if len(body) > max_bytes:
        raise NotFetchedError("too_large", f"{path}: more than {max_bytes:,} bytes")
    return body


def _of_cell(path: Path, place: str, cell: str) -> LocalContent:
    """Read the text or page in one cell of a table; the cell is named like ``text=Body``."""
    if not path.is_file():
        raise NotFetchedError("refused", f"{path}: not a regular file")
    field, _, column = cell.partition("=")
    name = unquote(column)
    kind, _, number = place.partition("=")
    value = _parquet_row(path, int(number), (name,))[name] if kind == "row" else read_cell(path, place, name)
    return _of_row({field: value}, path)


def _of_row(record: object, path: Path) -> LocalContent:
    if not isinstance(record, dict):
        raise NotFetchedError("unsupported_type", f"{path}: the line is not a JSON object")
    row = Record.of(record)
    if row.text is not None:
        return LocalContent(row.text.encode("utf-8", errors="replace"), "text/plain", "utf-8")
    if row.html is not None:
        return LocalContent(row.html.encode("utf-8", errors="replace"), "text/html", "utf-8")
    raise NotFetchedError("fetch_failed", f"{path}: the row has neither text nor html")


def _parquet_row(path: Path, number: int, columns: tuple[str, ...] = ()) -> dict[str, Any]:
    modified = path.stat().st_mtime_ns
    first = 0
    for group, rows in enumerate(_group_sizes(path, modified)):
        if number < first + rows:
            table = _row_group(path, modified, group, columns)
            return rows_of(table.slice(number - first, 1))[0]
        first += rows
    raise ValueError(f"the file has only {first} rows")


@lru_cache(maxsize=16)
def _group_sizes(path: Path, modified: int) -> tuple[int, ...]:
    with pq.ParquetFile(path) as file:
        return tuple(file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups))


# Rows are read in order, so the next row is usually in the same group.
@lru_cache(maxsize=2)
def _row_group(path: Path, modified: int, group: int, columns: tuple[str, ...]) -> pa.Table:
    with pq.ParquetFile(path) as file:
        return file.read_row_group(
            group, columns=list(columns) or columns_of(file.schema_arrow.names, with_content=True)
        )
