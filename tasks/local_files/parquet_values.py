"""Values of Parquet as values of Python: one value that Python cannot hold becomes None and costs no other value."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

_NOT_HELD: Final = (ValueError, OverflowError, LookupError, TypeError, NotImplementedError, pa.ArrowException)
"""What a conversion raises: for nanoseconds, years beyond 9999, bytes that are no UTF-8, or an unknown time zone."""


def values_of(column: pa.ChunkedArray[Any] | pa.Array[Any]) -> list[Any]:
    """Convert a column; a time loses its nanoseconds, a text its wrong bytes, and a value without a form is None."""
    try:
        column = _plain(column)
        return column.to_pylist()
    except _NOT_HELD:
        return [_value(value) for value in column]


def have_text(column: pa.ChunkedArray[Any] | pa.Array[Any]) -> list[bool]:
    """Say for each value whether it is a text, or the bytes of a text, with more than spaces in it."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not any(
        is_kind(kind)
        for is_kind in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_string_view,
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_binary_view,
            pa.types.is_fixed_size_binary,
        )
    ):
        return [False] * len(column)
    try:
        texts: Any = _plain(column).cast(pa.large_string())
        lengths = pc.utf8_length(pc.utf8_trim_whitespace(texts)).to_pylist()
    except _NOT_HELD:  # bytes that are no UTF-8
        return [bool(value and value.strip()) for value in values_of(column)]
    return [bool(length) for length in lengths]


def _plain(column: pa.ChunkedArray[Any] | pa.Array[Any]) -> pa.ChunkedArray[Any] | pa.Array[Any]:
    """Cast a column to a type that Python knows, without a change of its values beyond the nanoseconds."""
    if pa.types.is_dictionary(column.type):
        whole: Any = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        column = whole.dictionary.take(whole.indices)
    if pa.types.is_timestamp(column.type):
        # Arrow counts every time with a zone in UTC, so the zone may be replaced. From other units than nanoseconds, a
        # cast that checks nothing could make another time of one that is out of range.
        unit = "us" if column.type.unit == "ns" else column.type.unit
        in_utc: Any = pa.timestamp(unit, tz="UTC" if column.type.tz else None)
        column = column.cast(in_utc, safe=False)
    return column


def _value(value: pa.Scalar[Any]) -> Any:  # noqa: ANN401 - whatever is in the table
    try:
        return value.as_py()
    except UnicodeDecodeError:
        is_text = pa.types.is_string(value.type) or pa.types.is_large_string(value.type)
        return value.cast(pa.large_binary()).as_py().decode("utf-8", errors="replace") if is_text else None
    except _NOT_HELD:
        return None


def rows_of(table: pa.Table | pa.RecordBatch, length: int | None = None) -> list[dict[str, Any]]:
    """Give the rows of a table, each as a dictionary by column; ``length`` is theirs where there may be no column."""
    columns = [values_of(column) for column in table.columns]
    if not columns:
        return [{} for _ in range(table.num_rows if length is None else length)]
    return [dict(zip(table.schema.names, row, strict=True)) for row in zip(*columns, strict=True)]
