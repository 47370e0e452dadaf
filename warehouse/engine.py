"""DuckDB with this project's settings: times in UTC, no progress bar, no lookup of Python variables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.durable import engine_error

SPILL = "db/spill"
"""Folder in the warehouse to which the writer's databases spill; the next run that takes the lock clears it."""

MEMORY_LIMIT = "450MB"
"""Memory of DuckDB for a database that is open while a run, or a report at its end, does other work.

DuckDB keeps what it has read until the limit is reached, and spills beyond it. The model is in the memory of the same
process. How much more a night of 100,000 articles needs than one of 10,000 is measured by ``benchmarks.growth``.
"""

MEMORY_BESIDE = "200MB"
"""Memory of DuckDB where it only reads Parquet files for an index of SQLite, beside the database of the run."""

_MOST_THREADS = 8
"""Threads of a database with a limit. DuckDB takes one for each core, and each needs memory of its own: with 450 MB and
32 threads, a base of 150,000 articles could not be built, with 24 it could."""

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
    if "memory_limit" in settings:
        settings.setdefault("threads", min(_MOST_THREADS, os.cpu_count() or 1))
    connection = duckdb.connect(str(path or ":memory:"), config=settings)
    connection.execute("SET TimeZone = 'UTC'")
    without_progress_bar(connection)
    # A missing table must be an error; a variable of that name in the calling code must not be used.
    connection.execute("SET python_enable_replacements = false")
    return connection


@contextmanager
def reading_explained(doing: str, root: Path) -> Iterator[None]:
    """Turn an error of DuckDB, or of Arrow that reads from it, into one that names the warehouse and the remedy.

    Such an error mostly means that a Parquet file is damaged or missing, or that there is no room to spill.

    Raises
    ------
    WarehouseError
        DuckDB could not read or spill.
    """
    try:
        yield
    except (duckdb.Error, pa.ArrowException) as error:
        raise engine_error(doing, root, error, remedy=_remedy(error)) from error
    except OSError as error:
        if error.errno is not None:  # an error of the system; Arrow's own errors have no number
            raise
        raise engine_error(doing, root, error, remedy=_remedy(error)) from error


def _remedy(error: Exception) -> str:
    return "" if isinstance(error, duckdb.OutOfMemoryException) else "Run `commentariat verify`"


def without_progress_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """Switch off the progress bar of a connection."""
    # In a notebook without ipywidgets DuckDB cannot draw a progress bar, and refuses every change of the setting.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
