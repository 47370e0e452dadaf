"""Compaction: many small files of a month are merged into one sorted file, by an ordinary commit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from commentariat import WarehouseError
from warehouse.annotations.inbox import Inbox
from warehouse.definitions.schema import SCHEMA_VERSION, Table, name_in_sql
from warehouse.definitions.tables import TABLES
from warehouse.durable import explained
from warehouse.engine import engine, reading_explained
from warehouse.log.commit_log import OvertakenError
from warehouse.log.entries import COMPACTION, DataFile
from warehouse.log.relations import live_relation, relation
from warehouse.publishing.generations import is_published
from warehouse.upkeep.stored_passwords import remove_passwords
from warehouse.writing.parquet import StagedFile, stage_stream
from warehouse.writing.writer import Writer

MIN_FILES = 8


@dataclass(frozen=True, slots=True)
class Compacted:
    """The result of a compaction: numbers of files before and after, and of rows in them."""

    files_before: int
    files_after: int
    rows: int


def compact(writer: Writer, *, min_files: int = MIN_FILES) -> Compacted:
    """Merge the files of every table and month that has at least ``min_files``.

    Each table and month has its own commit, so that an interrupted compaction keeps its finished parts. The
    replaced files stay until no kept snapshot refers to them (see :mod:`warehouse.upkeep.retention`).

    Raises
    ------
    WarehouseError
        The merged file does not hold the same rows; nothing is committed then.
    """
    folders: dict[tuple[str, str], list[DataFile]] = {}
    for file in writer.log.live_files():
        folders.setdefault((file.table, str(Path(file.path).parent)), []).append(file)
    before = after = rows = 0
    for (table, _), files in sorted(folders.items()):
        if len(files) >= min_files:
            try:
                with writer.turn():
                    merged = _merge(writer, TABLES[table], files)
            except OvertakenError:  # another machine has merged these files, or taken something down
                continue
            before, after, rows = before + len(files), after + 1, rows + merged.rows
    return Compacted(before, after, rows)


def compact_and_publish(writer: Writer, *, min_files: int = MIN_FILES) -> Compacted:
    """Merge as :func:`compact` does, and publish if this or another machine has committed something meanwhile.

    People's answers that wait in the inbox are committed first, because every run does this: if another machine has
    taken an article down, answers about it must not wait here. Then passwords that an earlier version stored are
    removed.

    If another machine has merged the same files first, there is nothing of this one to publish. But its entries are in
    the log then, and publishing fetches the files that they name.
    """
    if not Inbox(writer.root).is_empty:
        writer.finish("answers of people")
    _fetch_files(writer)
    remove_passwords(writer)
    _fetch_files(writer)
    done = compact(writer, min_files=min_files)
    if not is_published(writer.root, head=writer.log.head):
        writer.update_search()
        writer.publish()
    return done


def _fetch_files(writer: Writer) -> None:
    """Fetch the files of other machines' commits, and those that were lost here, since they are read."""
    if writer.log.remote:
        writer.fetch()


def _merge(writer: Writer, table: Table, files: list[DataFile]) -> DataFile:
    month = re.search(r"month=(\d{4}-\d{2})", files[0].path)
    batch = f"compact-{table.name}-{month[1] if month else 'all'}-{writer.log.head}"
    with (
        writer.staging(batch) as folder,
        explained(f"Compacting {table.name}", writer.root),
        reading_explained(f"Compacting {table.name}", writer.root),
        engine(spill=folder / "spill", config={"memory_limit": "1GB"}) as connection,
    ):
        rows = live_relation(writer.root, table.name, files)
        order = ", ".join(name_in_sql(name) for name in table.sort or table.key)
        stream = pa.RecordBatchReader.from_stream(connection.sql(f"FROM ({rows}) ORDER BY {order}"))
        staged = stage_stream(
            table, stream, month=month[1] if month else "", run_id=writer.run_id, folder=folder
        )
        if _content(connection, rows) != _content(connection, _staged_rows(table, staged)):
            raise WarehouseError(
                f"compacting {table.name} would have changed its rows; nothing was committed"
            )
        writer.commit_staged(batch, COMPACTION, [staged], folder=folder, remove=tuple(f.path for f in files))
    return staged.file


def _staged_rows(table: Table, staged: StagedFile) -> str:
    return relation(table, [(str(staged.staged), SCHEMA_VERSION)])


def _content(connection: duckdb.DuckDBPyConnection, rows: str) -> list[tuple[int, int]]:
    """Compute the number of rows and a hash that does not depend on their order."""
    return connection.execute(f"SELECT count(*), sum(hash(r)) FROM ({rows}) r").fetchall()
