"""Showing a snapshot of an earlier version of this program as if the present version had published it.

Between an upgrade and the next publish, people continue to query. The file cannot be changed, so the missing parts are
added to the connection: newer columns, which are empty, and the present views and macros. They hide the parts of the
file that have the same names. A snapshot of the present schema that has all the present views and macros is shown with
those that it was published with.
"""

from __future__ import annotations

import duckdb

from warehouse.definitions.schema import Table, duckdb_type, name_in_sql
from warehouse.definitions.tables import BOOKKEEPING, TABLES
from warehouse.sql_files import load_sql, views_sql

_DATA_FILE_SINCE = 2


def files_listed(connection: duckdb.DuckDBPyConnection, version: int) -> list[tuple[str, str]]:
    """List table and path of the Parquet files of the tables that are views in a snapshot of ``version``."""
    if version < _DATA_FILE_SINCE:  # texts were the only such table
        return connection.execute("SELECT 'article_text', path FROM text_file").fetchall()
    return connection.execute("SELECT table_name, path FROM data_file").fetchall()


def show_as_today(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the parts that a snapshot of an earlier version lacks, for this connection only.

    The tables that are stored only in Parquet must already be registered, because views use them.
    """
    ((file,),) = connection.execute("SELECT current_database()").fetchall()
    for table in (*TABLES.values(), *BOOKKEEPING):
        if table.published:
            _show_later_columns(connection, file, table)
    for script in (load_sql("macros"), views_sql()):
        connection.execute(script.replace("CREATE OR REPLACE", "CREATE OR REPLACE TEMP"))


def _show_later_columns(connection: duckdb.DuckDBPyConnection, file: str, table: Table) -> None:
    listed = "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND table_name = ?"
    there = {name for (name,) in connection.execute(listed, [file, table.name]).fetchall()}
    columns = (*table.columns, *table.derived)
    if there >= {column.name for column in columns}:
        return
    shown = ", ".join(
        name_in_sql(c.name) if c.name in there else f"NULL::{duckdb_type(c.type)} AS {name_in_sql(c.name)}"
        for c in columns
    )
    rows = f"FROM {name_in_sql(file)}.main.{table.name}" if there else "WHERE false"
    connection.execute(f"CREATE TEMP VIEW {table.name} AS SELECT {shown} {rows}")
