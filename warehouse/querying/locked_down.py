"""Locking a connection down: SQL from unknown people reaches nothing outside the snapshot.

All connections of this process to one file share these settings, and the function with which SQL searches for words.
The first connection sets them; they cannot be changed afterwards.
"""

from __future__ import annotations

import threading
from pathlib import Path

import duckdb

from warehouse.definitions.schema import quoted
from warehouse.engine import without_progress_bar
from warehouse.search.in_sql import search_hits
from warehouse.spill import place_to_spill

_ONE_AT_A_TIME = threading.Lock()
"""Held from the question whether a file is locked down until it is: two threads may open the same file at once."""


def lock_down(connection: duckdb.DuckDBPyConnection, root: Path, memory_limit: str | None) -> None:
    """Switch off, permanently, all access to anything outside the snapshot, unless another connection has done so.

    Parameters
    ----------
    connection
        A connection to a snapshot of the warehouse at ``root``.
    memory_limit
        Memory of DuckDB for this file; None for DuckDB's own limit.
    """
    with _ONE_AT_A_TIME:
        ((locked,),) = connection.execute("SELECT current_setting('lock_configuration')").fetchall()
        if locked:
            return
        search_hits(root).add_to(connection)
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        without_progress_bar(connection)
        connection.execute(f"SET temp_directory = {quoted(str(place_to_spill()))}")
        if memory_limit:
            connection.execute(f"SET memory_limit = {quoted(memory_limit)}")
        connection.execute("SET GLOBAL python_enable_replacements = false")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
