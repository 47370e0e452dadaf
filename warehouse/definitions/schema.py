"""The definition of a table: its columns, its key, its layout in Parquet and its comments in DuckDB.

The tables themselves are declared in :mod:`warehouse.definitions.tables`; everything else (Parquet files, DuckDB tables
with their comments, audits of uniqueness, the data dictionary) is generated from these declarations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

SCHEMA_VERSION = 10
"""Increased with every new table or column. Older warehouses are read, newer ones are refused."""

TIMESTAMP = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())
INTEGERS, FLOATS, FLAGS = pa.list_(pa.int32()), pa.list_(pa.float32()), pa.list_(pa.bool_())
SUM = pa.decimal128(18, 4)
"""Sums of probabilities: exact, so that years of adding and subtracting cause no error."""

_DUCKDB_TYPES: dict[pa.DataType, str] = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.int16(): "SMALLINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.uint64(): "UBIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    TIMESTAMP: "TIMESTAMP WITH TIME ZONE",
    STRINGS: "VARCHAR[]",
    INTEGERS: "INTEGER[]",
    FLOATS: "FLOAT[]",
    FLAGS: "BOOLEAN[]",
    SUM: "DECIMAL(18,4)",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    name, type, comment
        As they appear in Parquet and DuckDB. The comment is also part of the data dictionary.
    required
        False if the column may be empty.
    since
        The schema version that introduced the column. Files of an earlier version lack it; its values read as NULL.
    exact
        True for numbers that are stored unchanged; other numbers of type FLOAT are rounded to four digits.
    """

    name: str
    type: pa.DataType
    comment: str
    required: bool = True
    since: int = 1
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes
    ----------
    key
        The columns that no two rows may share.
    sort
        The order of rows inside a file. With it, a scan for one target reads one contiguous part of the file.
    month_from
        Columns that give a row's month: the first of these timestamps that is not empty. No columns for tables that
        follow their article (they take its month) and for small tables that have no month.
    follows_article
        Rows belong to an ``(article_id, revision)`` and lie in the month of that article.
    derived
        Columns that exist only in the published DuckDB table. They are filled from other tables, so that common
        questions need no join.
    published
        False for texts and raw scores, which are stored only in Parquet and are views in DuckDB.
    row_group
        Rows in a Parquet row group; small for wide rows.
    """

    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sort: tuple[str, ...] = ()
    month_from: tuple[str, ...] = ()
    follows_article: bool = False
    derived: tuple[Column, ...] = ()
    published: bool = True
    row_group: int = 122_880

    @property
    def by_month(self) -> bool:
        """Whether the table's files lie in one folder per month."""
        return bool(self.month_from) or self.follows_article

    @property
    def arrow(self) -> pa.Schema:
        """The Parquet schema, comments included."""
        return pa.schema(
            [
                pa.field(c.name, c.type, nullable=not c.required, metadata={"comment": c.comment})
                for c in self.columns
            ],
            metadata={"comment": self.comment, "schema_version": str(SCHEMA_VERSION)},
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the stored columns, in order."""
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """Return the stored or derived column called ``name``; raise :class:`KeyError` if there is none."""
        for column in (*self.columns, *self.derived):
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


def duckdb_type(data_type: pa.DataType) -> str:
    """Name the DuckDB type that holds ``data_type``."""
    return _DUCKDB_TYPES[data_type]


def quoted(text: str) -> str:
    """Write ``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name_in_sql(name: str) -> str:
    """Write ``name`` as an SQL identifier; columns such as ``end`` are reserved words."""
    return '"' + name.replace('"', '""') + '"'


def create_table(table: Table) -> str:
    """Write the DuckDB statements that create ``table`` with its derived columns and all comments."""
    columns = (*table.columns, *table.derived)
    lines = [
        f"    {name_in_sql(c.name)} {duckdb_type(c.type)}{' NOT NULL' if c.required else ''}" for c in columns
    ]
    create = f"CREATE TABLE {table.name} (\n" + ",\n".join(lines) + "\n)"
    return ";\n".join([create, *_comments("TABLE", table, columns)]) + ";\n"


def create_view(table: Table, rows: str) -> str:
    """Write the DuckDB statements that show the query ``rows`` as ``table``, with all comments."""
    create = f"CREATE OR REPLACE VIEW {table.name} AS {rows}"
    return ";\n".join([create, *_comments("VIEW", table, table.columns)]) + ";\n"


def _comments(kind: str, table: Table, columns: Iterable[Column]) -> list[str]:
    return [f"COMMENT ON {kind} {table.name} IS {quoted(table.comment)}"] + [
        f"COMMENT ON COLUMN {table.name}.{name_in_sql(c.name)} IS {quoted(c.comment)}" for c in columns
    ]


def create_tables(tables: Iterable[Table]) -> str:
    """Write the DuckDB script that creates every published table."""
    return "\n".join(create_table(table) for table in tables if table.published)
