"""Parquet files: written to staging, durable, with checksums; read as one relation across schema versions."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.definitions.schema import Table, duckdb_type, name_in_sql, quoted
from warehouse.definitions.tables import TABLES
from warehouse.durable import sync_file
from warehouse.log.commit_log import DataFile
from warehouse.writing.conform import month_of, strings

COMPRESSION: Literal["zstd"] = "zstd"
LEVEL = 3


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A complete file in staging, and the path that it will have."""

    staged: Path
    file: DataFile


def stage(table: Table, data: pa.Table, *, run_id: str, folder: Path) -> Iterator[StagedFile]:
    """Write ``data`` to ``folder``, one file per month; each is durable before it is yielded."""
    for month, part in _by_month(table, data):
        staged, file_path = _places(table, month, run_id, folder)
        pq.write_table(
            part, staged, compression=COMPRESSION, compression_level=LEVEL, row_group_size=table.row_group
        )
        yield _staged(table, staged, file_path, part.num_rows)


def stage_stream(
    table: Table, rows: pa.RecordBatchReader, *, month: str, run_id: str, folder: Path
) -> StagedFile:
    """Write a stream of rows of one month, already sorted, to one file; memory does not grow with its length."""
    staged, file_path = _places(table, month, run_id, folder)
    count = 0
    writer = pq.ParquetWriter(staged, table.arrow, compression=COMPRESSION, compression_level=LEVEL)
    with writer:
        for batches in _row_groups(rows, table.row_group):
            part = pa.Table.from_batches(batches).select(list(table.names)).cast(table.arrow)
            writer.write_table(part, row_group_size=table.row_group)
            count += part.num_rows
    return _staged(table, staged, file_path, count)


def _row_groups(rows: pa.RecordBatchReader, size: int) -> Iterator[list[pa.RecordBatch]]:
    """Collect small batches into lists of about ``size`` rows."""
    pending: list[pa.RecordBatch] = []
    for batch in rows:
        pending.append(batch)
        if sum(b.num_rows for b in pending) >= size:
            yield pending
            pending = []
    if pending:
        yield pending


def _places(table: Table, month: str, run_id: str, folder: Path) -> tuple[Path, str]:
    """Choose a name that no other file has; return the path in staging and the path relative to the warehouse."""
    place = f"month={month}/" if month else ""
    name = f"{re.sub('[^A-Za-z0-9._-]', '_', run_id)[:80]}-{uuid.uuid4().hex[:8]}.parquet"
    return folder / f"{table.name}.{month or 'all'}.{name}", f"data/{table.name}/{place}{name}"


def _staged(table: Table, staged: Path, file_path: str, rows: int) -> StagedFile:
    sync_file(staged)
    size, digest = staged.stat().st_size, checksum(staged)
    return StagedFile(
        staged, DataFile(path=file_path, table=table.name, rows=rows, bytes=size, sha256=digest)
    )


def _by_month(table: Table, data: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    if not table.by_month:
        yield "", data
        return
    months = strings(data, "month") if "month" in data.column_names else month_of(table, data)
    column = pa.array(months, pa.string())
    for month in sorted(set(months)):
        yield month, data.filter(pc.equal(column, pa.scalar(month)))


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def relation(table: Table, files: Iterable[tuple[str, int]]) -> str:
    """Write the SQL query that reads ``files`` (absolute path, schema version) with today's columns.

    Columns that are newer than a file's schema version are NULL. Without files the query has no rows.
    """
    parts = []
    for version, group in groupby(
        sorted(files, key=lambda file: (file[1], file[0])), key=lambda file: file[1]
    ):
        columns = ", ".join(
            name_in_sql(c.name)
            if c.since <= version
            else f"NULL::{duckdb_type(c.type)} AS {name_in_sql(c.name)}"
            for c in table.columns
        )
        paths = ", ".join(quoted(_taken_literally(path)) for path, _ in group)
        parts.append(f"SELECT {columns} FROM read_parquet([{paths}], hive_partitioning = false)")  # noqa: S608 - paths come from the log
    if parts:
        return "\nUNION ALL\n".join(parts)
    columns = ", ".join(f"NULL::{duckdb_type(c.type)} AS {name_in_sql(c.name)}" for c in table.columns)
    return f"SELECT {columns} WHERE false"


def _taken_literally(path: str) -> str:
    """Write a path so that DuckDB, which reads it as a pattern, matches only this file."""
    return re.sub(r"[*\[]", r"[\g<0>]", path)


def live_relation(root: Path, table: str, files: Iterable[DataFile]) -> str:
    """Write the SQL query over those of ``files`` that belong to ``table``."""
    chosen = [(str(root / file.path), file.schema_version) for file in files if file.table == table]
    return relation(TABLES[table], chosen)
