"""DuckDB with this project's settings: times in UTC, no progress bar, no lookup of Python variables."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import duckdb

SPILL = "db/spill"
"""Folder in the warehouse to which the writer's databases spill; the next run that takes the lock clears it."""

Config = dict[str, str | bool | int | float | list[str]]


def engine(
    path: Path | None = None, *, spill: Path | None = None, config: Config | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file, or without ``path`` a database in memory.

    Parameters
    ----------
    spill
        Folder for data that does not fit into memory; it is made when needed, in a folder that must exist. It holds
        rows, so it must be one that is cleared. Without it nothing is spilled, and too much data is an error.
    config
        Further settings of DuckDB.
    """
    settings: Config = {"temp_directory": str(spill or "")} | (config or {})
    connection = duckdb.connect(str(path or ":memory:"), config=settings)
    connection.execute("SET TimeZone = 'UTC'")
    without_progress_bar(connection)
    # A missing table must be an error; a variable of that name in the calling code must not be used.
    connection.execute("SET python_enable_replacements = false")
    return connection


def without_progress_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """Switch off the progress bar of a connection."""
    # In a notebook without ipywidgets DuckDB cannot draw a progress bar, and refuses every change of the setting.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
