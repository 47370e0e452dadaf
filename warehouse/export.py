"""Taking data out: tables or a query to Parquet, CSV or JSON lines, with a manifest that says what they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from commentariat import InputError, WarehouseError
from warehouse.connect import Reader
from warehouse.durable import explained
from warehouse.log import CommitLog
from warehouse.parquet import checksum
from warehouse.schema import SCHEMA_VERSION, name_in_sql
from warehouse.tables import TABLES

Format = Literal["parquet", "csv", "jsonl"]

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Exported:
    """One exported file, as the manifest lists it."""

    name: str
    file: str
    rows: int
    bytes: int
    sha256: str
    columns: dict[str, str]


def export(
    reader: Reader,
    folder: Path,
    *,
    tables: Iterable[str] = (),
    queries: Iterable[tuple[str, str]] = (),
    format: Format,
) -> list[Exported]:
    """Write tables and query results of one published snapshot to ``folder``, with ``manifest.json`` beside them.

    Should something be taken down meanwhile, the export begins again with the snapshot that lacks it.

    Parameters
    ----------
    tables
        Names of tables; ``article_text`` among them if the texts are wanted. Without tables and queries, all tables.
    queries
        Pairs of a name for the file and an SQL query.

    Raises
    ------
    InputError
        A table or the format is unknown, or a query fails.
    WarehouseError
        The folder cannot be written, or something was taken down during every attempt.
    """
    if format not in get_args(Format):
        raise InputError(f"unknown format {format!r}: use {', '.join(get_args(Format))}")
    chosen, asked = list(tables), list(queries)
    if unknown := set(chosen) - set(TABLES):
        raise InputError(f"unknown table {', '.join(sorted(unknown))}; there are {', '.join(TABLES)}")
    if not chosen and not asked:
        chosen = list(TABLES)
    sql = [(name, f"SELECT * FROM {name_in_sql(name)}") for name in chosen] + asked  # noqa: S608 - known names
    with explained("Exporting", folder):
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(_TRIES):
            with reader.pinned():
                exported = _export(reader, folder, sql, format)
            if exported is not None:
                return exported
    raise WarehouseError(
        f"something was taken down while {reader.root} was exported, {_TRIES} times: export again when that is over"
    )


def _export(
    reader: Reader, folder: Path, sql: Iterable[tuple[str, str]], format: Format
) -> list[Exported] | None:
    """Export the snapshot that ``reader`` is pinned to; None, and no file, where a takedown has overtaken it."""
    snapshot = reader.query("SELECT sequence, published_at FROM snapshot").to_pylist()[0]
    files: list[Exported] = []
    try:
        files = [_write(reader, folder, name, query, format) for name, query in sql]
    except (InputError, duckdb.Error, pa.ArrowException, FileNotFoundError):
        if _last_takedown(reader.root) <= snapshot["sequence"]:
            raise
    if _last_takedown(reader.root) > snapshot["sequence"]:
        for name, _ in sql:
            _place(folder, name, format).unlink(missing_ok=True)
        return None
    manifest = {
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": snapshot["sequence"],
        "published_at": snapshot["published_at"].isoformat(timespec="seconds"),
        "schema_version": SCHEMA_VERSION,
        "format": format,
        "files": [asdict(file) for file in files],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return files


def _last_takedown(root: Path) -> int:
    log = CommitLog(root / "log")
    log.refresh()
    return log.last_takedown


def _place(folder: Path, name: str, format: Format) -> Path:
    return folder / f"{name}.{format}"


def _write(reader: Reader, folder: Path, name: str, query: str, format: Format) -> Exported:
    place = _place(folder, name, format)
    rows, schema = 0, None
    with reader.stream(query) as stream:
        schema = stream.schema
        if format == "parquet":
            with pq.ParquetWriter(place, schema, compression="zstd") as parquet:
                for batch in stream:
                    parquet.write_batch(batch)
                    rows += batch.num_rows
        elif format == "csv":
            with csv.CSVWriter(place, _flat_schema(schema)) as writer:
                for batch in stream:
                    writer.write_batch(_flat(batch))
                    rows += batch.num_rows
        else:
            with place.open("w", encoding="utf-8") as lines:
                for batch in stream:
                    lines.writelines(
                        json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in batch.to_pylist()
                    )
                    rows += batch.num_rows
    columns = {field.name: str(field.type) for field in schema}
    return Exported(name, place.name, rows, place.stat().st_size, checksum(place), columns)


def _is_nested(field: pa.Field[pa.DataType]) -> bool:
    return pa.types.is_nested(field.type)


def _flat_schema(schema: pa.Schema) -> pa.Schema:
    return pa.schema([pa.field(f.name, pa.string()) if _is_nested(f) else f for f in schema])


def _flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Write lists as text joined by ``; ``, which is what CSV can hold."""
    columns = [
        pa.array([_joined(value) for value in column.to_pylist()], pa.string())
        if _is_nested(field)
        else column
        for field, column in zip(batch.schema, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=_flat_schema(batch.schema))


def _joined(value: object) -> str | None:
    if value is None:
        return None
    return "; ".join(str(item) for item in value) if isinstance(value, list) else str(value)
