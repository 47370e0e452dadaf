"""Rows as plain values: numbers as short as they were stored, times in ISO 8601, intervals as text.

The formats of :mod:`warehouse.exporting.forms` are made of them. A table on a terminal and a page need only these, and
neither Arrow's functions nor its Parquet, which take longer to import than most queries take to run.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import duckdb
import numpy as np
import pyarrow as pa

from commentariat import InputError

if TYPE_CHECKING:
    from warehouse.querying.connect import Reader

Row = dict[str, Any]
"""The plain values of a row, by column."""

BETWEEN_MEMBERS = "; "
ROWS_AT_ONCE = 8_192
INFINITE = 2**63 - 1
"""The number that DuckDB uses for an infinite time, in every unit; minus this number is the infinite past."""


def plain_rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Yield rows of plain values: numbers, texts, booleans, None, and lists and dictionaries of these.

    Raises
    ------
    InputError
        A column has a value that Python does not have, such as an infinite time.
    """
    for batch in with_intervals_as_text(table).to_batches(max_chunksize=ROWS_AT_ONCE):
        columns = [_plain_column(f, c) for f, c in zip(batch.schema, batch.columns, strict=True)]
        yield from zip(*columns, strict=True)


def _plain_column(field: pa.Field[Any], column: pa.Array[Any]) -> list[Any]:
    with naming(field.name):
        return [plain(value, field.type) for value in column.to_pylist()]


@contextmanager
def naming(column: str) -> Iterator[None]:
    """Turn an error about a value that cannot be converted into one that names the column and the remedy.

    DuckDB has days before the year 1 and after the year 9999, infinite times, and nanoseconds; Python has none of them.
    """
    try:
        yield
    except (OverflowError, ValueError) as error:
        raise InputError(
            f"the column {column} of the result has a value that cannot be written ({error}): "
            "cast the column to VARCHAR in the query"
        ) from error


def query_rows(reader: Reader, sql: str) -> list[Row]:
    """Run a query and give its rows as plain values by column."""
    table = reader.query(sql)
    return [dict(zip(table.column_names, row, strict=True)) for row in plain_rows(table)]


def text_of(value: object) -> str:
    """Write one plain value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return BETWEEN_MEMBERS.join(text_of(member) for member in value)
    return json_text(value) if isinstance(value, dict) else str(value)


def json_text(value: object) -> str:
    """Write a plain value as JSON, with null for an infinite number and for NaN, which JSON does not have."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:  # hardly ever: to look into every value would take longer than to write it
        return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False)


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {name: _finite(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_finite(member) for member in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def with_intervals_as_text(table: pa.Table) -> pa.Table:
    """Write intervals, for which Parquet has no type, as text such as 00:01:19.5."""
    for place, field in enumerate(table.schema):
        if field.type == pa.month_day_nano_interval():
            texts = duckdb.from_arrow(table.select([place])).project("COLUMNS(*)::VARCHAR").to_arrow_table()
            table = table.set_column(place, field.name, texts.column(0).cast(pa.string()))
    return table


def plain(value: Any, kind: pa.DataType) -> Any:  # noqa: ANN401, PLR0911 - one case for each kind of value
    """Give one value of Arrow as a plain one."""
    if value is None:
        return None
    if pa.types.is_float32(kind):
        return float(str(np.float32(value)))
    if pa.types.is_timestamp(kind):
        if abs(getattr(value, "value", 0)) == INFINITE:  # pandas, if installed, takes nanoseconds as they are
            raise OverflowError("a time is infinite")
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        whole = int(value)  # exact; a remainder would be limited to the 28 digits of decimal's context
        return whole if whole == value else float(value)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [plain(member, cast("Any", kind).value_type) for member in value]
    if pa.types.is_struct(kind):
        return {field.name: plain(value[field.name], field.type) for field in cast("Any", kind)}
    if pa.types.is_map(kind):
        item = cast("Any", kind).item_type
        return {text_of(key): plain(member, item) for key, member in value}
    return value if isinstance(value, int | float | str) else str(value)
