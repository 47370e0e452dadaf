"""Parquet files that are written to staging: durable, and with checksums."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.definitions.schema import Table
from warehouse.durable import checksum, sync_file
from warehouse.log.entries import DataFile
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
    """Choose a name that no other file has; return the path in staging and the path relative to the warehouse.

    Nobody checks that the name is free, so two files of a run must not get the same digits even once in many years.
    """
    place = f"month={month}/" if month else ""
    name = f"{re.sub('[^A-Za-z0-9._-]', '_', run_id)[:80]}-{uuid.uuid4().hex[:16]}.parquet"
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
