"""The data dictionary except for the outcomes, written from the tables by ``python -m documents``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.definitions.schema import Column, Table, create_table, create_tables, duckdb_type
from warehouse.definitions.tables import BOOKKEEPING, IN_FILES, TABLES
from warehouse.sql_files import AUDITS, QUERIES, load_sql, names, purpose_of, views_sql

_HERE = Path(__file__).parent


def dictionary() -> str:
    """Write the tables, views, macros, saved queries and audits as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield "`make reference` writes this page from the code; a test checks that it is up to date."
    yield ""
    yield "Every table except the last four is stored as Parquet in `data/<table>/`. All tables except texts and raw"
    yield "scores are also native tables in the published DuckDB file. Columns marked *published* exist only in that"
    yield "file; they are filled in so that common questions need no join. Times are UTC, probabilities are rounded to"
    yield "four digits."
    for table in (*TABLES.values(), *BOOKKEEPING):
        yield from _table(table)
    yield from _views()
    yield from _sql_files("Saved queries", "Run one with `commentariat sql NAME`.", QUERIES)
    yield from _sql_files(
        "Audits", "Each audit must return no row, before every commit and in `commentariat verify`.", AUDITS
    )


def _table(table: Table) -> Iterator[str]:
    yield from ("", f"## {table.name}", "", table.comment, "")
    yield f"Key: {', '.join(f'`{name}`' for name in table.key)}."
    yield from ("", "| Column | Type | | Meaning |", "|---|---|---|---|")
    for column in table.columns:
        yield _row(column, "" if column.required else "may be empty")
    for column in table.derived:
        yield _row(column, "published" if column.required else "published, may be empty")


def _row(column: Column, remark: str) -> str:
    kind = duckdb_type(column.type).replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
    return f"| `{column.name}` | {kind} | {remark} | {column.comment} |"


def _views() -> Iterator[str]:
    sql = load_sql("macros") + views_sql() + load_sql("search_macro")
    columns = _columns_of_views()
    yield from ("", "## Views", "", "| Name | Result | Columns |", "|---|---|---|")
    # A long comment is written as several literals, one per line, which SQL joins.
    for name, literals in re.findall(r"COMMENT ON VIEW (\w+) IS\s+((?:'(?:[^']|'')*'\s*)+);", sql):
        comment = "".join(re.findall(r"'((?:[^']|'')*)'", literals))
        yield f"| `{name}` | {comment.replace(chr(39) * 2, chr(39))} | {columns[name]} |"
    yield from ("", "## Macros", "", "| Name | Result |", "|---|---|")
    for comment, signature in re.findall(
        r"((?:-- .+\n)+)CREATE (?:OR REPLACE|TEMP) MACRO (\w+\([^)]*\))", sql
    ):
        yield f"| `{signature}` | {comment.replace('-- ', '').replace(chr(10), ' ').strip()} |"


def _columns_of_views() -> dict[str, str]:
    """Give the names of each view's columns, in order, as DuckDB finds them for empty tables."""
    with duckdb.connect() as connection:
        connection.execute(create_tables((*TABLES.values(), *BOOKKEEPING)))
        for name in IN_FILES:
            connection.execute(create_table(TABLES[name]))
        connection.execute(load_sql("macros"))
        connection.execute(views_sql())
        rows = connection.execute(load_sql("columns_of_views", _HERE))
        return {name: ", ".join(f"`{column}`" for column in columns) for name, columns in rows.fetchall()}


def _sql_files(title: str, intro: str, folder: Path) -> Iterator[str]:
    yield from ("", f"## {title}", "", intro, "", "| Name | Question |", "|---|---|")
    for name in names(folder):
        yield f"| `{name}` | {purpose_of(name, folder)} |"
