"""The removal of user names and passwords that an earlier version stored with the addresses of sources.

This version removes them when it reads the configuration, so that no new row of table ``source`` has any.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

import duckdb
import pyarrow as pa

from warehouse.definitions.tables import TABLES
from warehouse.durable import explained
from warehouse.engine import MEMORY_LIMIT, engine, reading_explained
from warehouse.log.commit_log import OvertakenError
from warehouse.log.entries import TAKEDOWN
from warehouse.log.relations import live_relation
from warehouse.sql_files import load_sql
from warehouse.writing.parquet import stage_stream
from warehouse.writing.writer import Writer

_SOURCE = TABLES["source"]
_DOING = "Removing passwords of sources"


def sources_with_password(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, datetime]]:
    """Give the name and the first day of each row of view ``source`` whose location has a user name or a password."""
    yield from connection.execute(load_sql("sources_with_password")).fetchall()


def remove_passwords(writer: Writer) -> int:
    """Write the rows of table ``source`` again without user names and passwords; return how many had one.

    The commit is a takedown: when it is published, the replaced files and all older snapshots are deleted, not kept.
    Nothing is committed if no row has one, or if another machine has replaced the files meanwhile.
    """
    with writer.turn(), suppress(OvertakenError):
        return _write_without_passwords(writer)
    return 0


def _write_without_passwords(writer: Writer) -> int:
    files = [file for file in writer.log.live_files() if file.table == _SOURCE.name]
    batch = f"passwords-{writer.log.head}"
    with (
        writer.staging(batch) as folder,
        explained(_DOING, writer.root),
        reading_explained(_DOING, writer.root),
        engine(spill=folder / "spill", config={"memory_limit": MEMORY_LIMIT}) as connection,
    ):
        connection.execute(f"CREATE VIEW source AS {live_relation(writer.root, _SOURCE.name, files)}")
        found = len(list(sources_with_password(connection)))
        if found:
            stream = pa.RecordBatchReader.from_stream(connection.sql(load_sql("sources_without_password")))
            staged = stage_stream(_SOURCE, stream, month="", run_id=writer.run_id, folder=folder)
            writer.commit_staged(
                batch,
                TAKEDOWN,
                [staged],
                folder=folder,
                remove=tuple(file.path for file in files),
                note=f"user names and passwords in {found} addresses of sources",
            )
    return found
