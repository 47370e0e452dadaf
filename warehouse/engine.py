"""DuckDB as this project uses it: times in UTC, no progress bar among the output, nothing looked up in Python."""

from __future__ import annotations

from pathlib import Path

import duckdb

Config = dict[str, str | bool | int | float | list[str]]


def engine(
    path: Path | None = None, *, read_only: bool = False, config: Config | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file, or without ``path`` a database in memory."""
    connection = duckdb.connect(str(path or ":memory:"), read_only=read_only, config=config or {})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    # A table that is not there must be an error, not a variable of the same name in whoever calls.
    connection.execute("SET python_enable_replacements = false")
    return connection
