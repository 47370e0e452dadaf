"""The SQL that reads Parquet files of the log as one relation, across schema versions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from warehouse.definitions.schema import Table, duckdb_type, name_in_sql, quoted
from warehouse.definitions.tables import TABLES
from warehouse.log.entries import DataFile


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
        parts.append(f"SELECT {columns} FROM read_parquet([{paths}], hive_partitioning = false)")
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
