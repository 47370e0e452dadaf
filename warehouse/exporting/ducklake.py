"""The warehouse shown as a DuckLake, without copying a file.

A DuckLake is a catalog of Parquet files in a database (PostgreSQL, or a DuckDB file). The files of the warehouse are
entered in their present places. Every commit becomes visible in all tables at one instant, and many machines can read,
each with its own DuckDB. The commit log remains authoritative. A snapshot of the lake records the sequence that it
shows, so that a second call for the same log changes nothing.

The catalog holds the absolute paths of the files: after moving the warehouse, make a new catalog. DuckLake treats files
entered this way as its own: do not call ``ducklake_cleanup_old_files`` or ``ducklake_merge_adjacent_files`` and do not
write to the lake, because compaction, retention and takedown of the warehouse manage the files.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

import duckdb

from commentariat import ConfigError, WarehouseError
from warehouse.definitions.schema import Column, Table, duckdb_type, name_in_sql, quoted
from warehouse.definitions.tables import TABLES
from warehouse.engine import SPILL, engine
from warehouse.log.commit_log import CommitLog
from warehouse.sql_files import load_sql

AUTHOR = "commentariat"
"""The author under whom snapshots of the lake are made."""


def follow(root: Path, log: CommitLog, catalog: str) -> int:
    """Update a DuckLake to the log, in one transaction; return the sequence that it shows.

    Only the holder of the writer's lock may call this.

    Parameters
    ----------
    catalog
        A DuckDB file, such as ``lake.ducklake``, or a PostgreSQL database: ``postgres:dbname=lake host=...``.

    Raises
    ------
    ConfigError
        DuckDB's extensions ``ducklake`` and, for PostgreSQL, ``postgres_scanner`` are not installed.
    WarehouseError
        The lake shows commits that the log does not have, or cannot be written.
    """
    with _attached(root, catalog) as lake:
        shown = _shown(lake)
        last = next(iter(shown), 0)
        if last > log.head:
            raise WarehouseError(f"{catalog} shows commit {last}, the log ends at {log.head}: restore log/")
        if last < log.head:
            _show(lake, root, log)
        # Decided by what is there: a call that was cut short after its commit has left them behind.
        if any(sequence < log.last_takedown for sequence in shown):
            # Older snapshots contain the smallest and largest values of deleted files.
            lake.execute("CALL ducklake_expire_snapshots('lake', older_than => now())")
        # The warehouse itself deletes its files, and some of them are in the lake again.
        lake.execute("DELETE FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion")
    return log.head


def _show(lake: duckdb.DuckDBPyConnection, root: Path, log: CommitLog) -> None:
    """Make a snapshot of the lake that shows what the log shows."""
    lake.execute("BEGIN")
    for table in TABLES.values():
        _follow_table(lake, table, {str(root.resolve() / f.path) for f in log.live_files(table.name)})
    extra_info = json.dumps({"sequence": log.head})
    lake.execute(
        f"CALL lake.set_commit_message({quoted(AUTHOR)}, 'commit {log.head}', extra_info => {quoted(extra_info)})"
    )
    lake.execute("COMMIT")


@contextlib.contextmanager
def _attached(root: Path, catalog: str) -> Iterator[duckdb.DuckDBPyConnection]:
    needed = ("ducklake", "postgres_scanner") if catalog.startswith("postgres:") else ("ducklake",)
    with engine(spill=root / SPILL) as connection:
        for name in needed:
            _load(connection, name)
        try:
            options = f"DATA_PATH {quoted(str(root.resolve() / 'data'))}"
            connection.execute(f"ATTACH {quoted(f'ducklake:{catalog}')} AS lake ({options})")
            yield connection
        except duckdb.Error as error:
            raise WarehouseError(
                f"showing the warehouse as the DuckLake {catalog} failed: {error}"
            ) from error


def _load(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension of DuckDB from an installed package, or else the one that DuckDB itself has installed."""
    version = duckdb.__version__
    try:
        file = (
            resources.files(f"duckdb_extension_{name}")
            / "extensions"
            / f"v{version}"
            / f"{name}.duckdb_extension"
        )
        connection.execute(f"LOAD {quoted(str(file))}" if file.is_file() else f"LOAD {name}")
    except ModuleNotFoundError:
        with contextlib.suppress(duckdb.Error):
            connection.execute(f"LOAD {name}")
            return
        raise ConfigError(_missing(name)) from None
    except duckdb.Error as error:
        raise ConfigError(_missing(name)) from error


def _missing(name: str) -> str:
    return (
        f"a DuckLake needs DuckDB's extension {name} for DuckDB {duckdb.__version__}: run INSTALL {name} in DuckDB; or "
        "install a DuckDB version for which it exists: in a clone of Commentariat, pip install -e '.[ducklake]' or uv "
        "tool install '.[ducklake]'"
    )


def _shown(lake: duckdb.DuckDBPyConnection) -> list[int]:
    """List the sequences that the snapshots of the lake show, the last one first."""
    messages = lake.execute(load_sql("lake_shows"), {"author": AUTHOR}).fetchall()
    return [int(json.loads(message)["sequence"]) for (message,) in messages]


def _follow_table(lake: duckdb.DuckDBPyConnection, table: Table, live: set[str]) -> None:
    """Make ``live`` the files of ``table``.

    DuckLake can remove a file only by deleting its rows, for which it reads the file; but files that compaction and
    takedown replaced may be deleted already. If a file must go, the table is therefore made again from the live files.
    """
    name = table.name
    known = lake.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = 'lake' AND table_name = ?", [name]
    ).fetchall()
    there: set[str] = set()
    if known:
        listed = lake.execute(f"SELECT data_file FROM ducklake_list_files('lake', '{name}')").fetchall()
        there = {path for (path,) in listed}
    if not known or not there <= live:
        _create(lake, table)
        there = set()
    else:
        for column in table.columns:
            if (column.name,) not in known:
                lake.execute(f"ALTER TABLE lake.{name} ADD COLUMN {_definition(column)}")
    if new := sorted(live - there):
        # Files of an earlier version lack the newer columns, which read as NULL.
        lake.execute(
            f"CALL ducklake_add_data_files('lake', '{name}', [{_list(new)}], "
            "allow_missing => true, hive_partitioning => false)"
        )


def _create(lake: duckdb.DuckDBPyConnection, table: Table) -> None:
    lake.execute(f"DROP TABLE IF EXISTS lake.{table.name}")
    lake.execute(f"CREATE TABLE lake.{table.name} ({', '.join(_definition(c) for c in table.columns)})")
    lake.execute(f"COMMENT ON TABLE lake.{table.name} IS {quoted(table.comment)}")
    for column in table.columns:
        place = f"lake.{table.name}.{name_in_sql(column.name)}"
        lake.execute(f"COMMENT ON COLUMN {place} IS {quoted(column.comment)}")


def _definition(column: Column) -> str:
    return f"{name_in_sql(column.name)} {duckdb_type(column.type)}"


def _list(paths: Iterable[str]) -> str:
    return ", ".join(quoted(path) for path in paths)
