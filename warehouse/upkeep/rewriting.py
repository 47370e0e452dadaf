"""Parquet files written again without the rows of what is taken down."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.definitions.schema import Table
from warehouse.definitions.tables import TABLES
from warehouse.log.entries import DataFile
from warehouse.log.relations import live_relation
from warehouse.writing.parquet import StagedFile, stage_stream
from warehouse.writing.staging import FurtherChanges
from warehouse.writing.writer import Writer

_REPLACED = "'Taken down since.'"


class Rewriting:
    """Writes files again without the rows that are taken down, and checks each file once.

    Parameters
    ----------
    connection
        Has the addresses that are taken down as the table ``gone``.
    folder
        Where the new files are put.

    Attributes
    ----------
    rows
        Rows removed so far, by table.
    files
        Files that were rewritten or removed so far.
    """

    def __init__(self, writer: Writer, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._writer, self._connection, self._folder = writer, connection, folder
        self._checked: set[str] = set()
        self.rows: dict[str, int] = {}
        self.files = 0

    def check_new_files(self) -> FurtherChanges:
        """Check the files added since the last call; return the new files, and the paths of those that they replace."""
        staged: list[StagedFile] = []
        removed: list[str] = []
        for file in self._writer.log.live_files():
            if file.path in self._checked:
                continue
            self._checked.add(file.path)
            for rewritten in _rewrite(self._writer, self._connection, file, self._folder):
                removed.append(file.path)
                if rewritten is not None:
                    staged.append(rewritten)
                left = rewritten.file.rows if rewritten is not None else 0
                self.rows[file.table] = self.rows.get(file.table, 0) + file.rows - left
        self.files += len(removed)
        return FurtherChanges(staged, tuple(removed))


def _rewrite(
    writer: Writer, connection: duckdb.DuckDBPyConnection, file: DataFile, folder: Path
) -> Iterable[StagedFile | None]:
    """Yield the replacement of ``file``: nothing if no row is concerned, None if no row is left, else a new file."""
    table = TABLES[file.table]
    hit = _concerned(table)
    if hit is None:
        return
    if table.name == "outcome":
        hit = f"({hit}) AND outcome <> 'taken_down' AND reason <> {_REPLACED}"
    rows = live_relation(writer.root, table.name, [file])
    ((hits,),) = connection.execute(f"SELECT count(*) FROM ({rows}) WHERE {hit}").fetchall()
    if not hits:
        return
    if table.name == "outcome":
        kept = f"SELECT * REPLACE (if({hit}, {_REPLACED}, reason) AS reason) FROM ({rows})"
    else:
        kept = f"SELECT * FROM ({rows}) WHERE NOT coalesce({hit}, false)"
        if hits == file.rows:
            yield None
            return
    month = file.path.split("month=")[1][:7] if "month=" in file.path else ""
    stream = pa.RecordBatchReader.from_stream(connection.sql(kept))
    yield stage_stream(table, stream, month=month, run_id=writer.run_id, folder=folder)


def _concerned(table: Table) -> str | None:
    """Write the condition that a row of ``table`` is about an address that is taken down; None if none can be."""
    if table.name == "tombstone":
        return None
    ids = [name for name in ("article_id", "duplicate_of") if name in table.names]
    by_id = [f"{name} IN (SELECT article_id FROM gone)" for name in ids]
    urls = [name for name in ("url", "final_url") if name in table.names]
    by_url = [f"{name} IN (SELECT url FROM gone WHERE url IS NOT NULL)" for name in urls]
    return " OR ".join(by_id + by_url) or None
