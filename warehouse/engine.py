"""DuckDB as this project uses it: times in UTC, no progress bar among the output, nothing looked up in Python."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import duckdb

SPILL = "db/spill"
"""Where the writer's databases spill, in the warehouse's folder: the next run that takes the lock clears it."""

Config = dict[str, str | bool | int | float | list[str]]


def engine(
    path: Path | None = None, *, spill: Path | None = None, config: Config | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file, or without ``path`` a database in memory.

    Parameters
    ----------
    spill
        Folder for what does not fit into memory, made when it is needed in a folder that is there. It holds rows, so it
        must be one that is cleared. Without it nothing is spilled, and what does not fit is an error.
    config
        Further settings of DuckDB.
    """
    settings: Config = {"temp_directory": str(spill or "")} | (config or {})
    connection = duckdb.connect(str(path or ":memory:"), config=settings)
    connection.execute("SET TimeZone = 'UTC'")
    without_progress_bar(connection)
    # A table that is not there must be an error, not a variable of the same name in the calling code.
    connection.execute("SET python_enable_replacements = false")
    return connection


def without_progress_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """Let a connection draw no progress bar."""
    # In a notebook without ipywidgets DuckDB cannot draw one, and refuses every change of the setting.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
