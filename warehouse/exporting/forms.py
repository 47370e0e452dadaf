"""The formats of all query results and exports: CSV, JSON lines, Parquet.

Numbers are as short as they were stored (0.9218, not 0.9218000173568726), times are ISO 8601 in UTC, members of a list
are joined by ``; `` if a cell can hold only text, and empty values stay empty.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Literal, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from commentariat import InputError
from warehouse.exporting.spreadsheets import holds_text, marked
from warehouse.querying.plain_values import (
    BETWEEN_MEMBERS,
    INFINITE,
    ROWS_AT_ONCE,
    json_text,
    naming,
    plain,
    plain_rows,
    text_of,
    with_intervals_as_text,
)

Form = Literal["csv", "jsonl", "parquet"]

_MOST_SECONDS = 971_890_963_199
"""Seconds from 1970 until the end of the year 32767."""

_NEED_QUOTES = '"\r\n'


def exported_file(folder: Path, name: str, form: Form) -> Path:
    """Name the file of an exported table or query."""
    return folder / f"{name}.{form}"


def write(
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    form: Form,
    sink: IO[bytes],
    *,
    between: str = ",",
    for_spreadsheet: bool = False,
) -> int:
    """Write rows and return their number; memory does not grow with it.

    Parameters
    ----------
    between
        The character between the columns of CSV: a comma or a tab.
    for_spreadsheet
        Whether a person will open the file in a spreadsheet program. Then CSV begins with a byte order mark, without
        which such a program does not know UTF-8, and no text can be run as a formula;
        see :mod:`warehouse.exporting.spreadsheets`. The other forms stay the same.

    Raises
    ------
    InputError
        A column has values that this form cannot hold, such as an infinite time in CSV, or a union in Parquet. Or
        columns have the same name, and the form is JSON, whose objects cannot hold both.
    """
    rows = 0
    if form == "jsonl":
        _refuse_repeated(schema.names)
    if form == "parquet":
        parquet: pq.ParquetWriter | None = None
        for batch in batches:
            parquet = parquet or _parquet_writer(schema, sink)
            table = with_intervals_as_text(pa.Table.from_batches([batch], schema))
            try:
                parquet.write_table(table)
            except pa.ArrowInvalid as error:  # an infinite time in seconds, a unit that it lacks
                raise InputError(
                    f"Parquet cannot hold a value of the result ({error}): cast its column to VARCHAR in the query, or "
                    "choose another format"
                ) from error
            rows += batch.num_rows
        parquet = parquet or _parquet_writer(schema, sink)
        parquet.close()
        return rows
    if form == "csv":
        if for_spreadsheet:
            sink.write(codecs.BOM_UTF8)
        sink.write((between.join(_quoted_name(name, between) for name in schema.names) + "\n").encode())
    for batch in batches:
        table = pa.Table.from_batches([batch], schema)
        lines = (
            csv_lines(table, between=between, for_spreadsheet=for_spreadsheet)
            if form == "csv"
            else json_lines(table)
        )
        for line in lines:
            sink.write(line.encode() + b"\n")
        rows += batch.num_rows
    return rows


def _refuse_repeated(names: list[str]) -> None:
    if repeated := next((name for name in names if names.count(name) > 1), None):
        raise InputError(
            f"the result has several columns {repeated}, and JSON can hold only one of them: rename them with AS in "
            "the query, or choose another format"
        )


def _parquet_writer(schema: pa.Schema, sink: IO[bytes]) -> pq.ParquetWriter:
    """Begin a file for rows that come from :func:`with_intervals_as_text`."""
    for place, field in enumerate(schema):
        if field.type == pa.month_day_nano_interval():
            schema = schema.set(place, pa.field(field.name, pa.string()))
    try:
        return pq.ParquetWriter(sink, schema, compression="zstd")
    except pa.ArrowNotImplementedError as error:  # a union, or intervals in a list: it names the type only
        columns = ", ".join(field.name for field in schema if not _has_form_in_parquet(field))
        raise InputError(
            f"Parquet has no type for the values of {columns} ({error}): cast them to VARCHAR in the query, or choose "
            "another format"
        ) from error


def _has_form_in_parquet(field: pa.Field[Any]) -> bool:
    try:
        pq.ParquetWriter(io.BytesIO(), pa.schema([field])).close()
    except pa.ArrowNotImplementedError:
        return False
    return True


def csv_lines(table: pa.Table, *, between: str = ",", for_spreadsheet: bool = False) -> Iterator[str]:
    """Yield each row as a line of CSV without a line end; values are quoted only if necessary."""
    for batch in table.to_batches(max_chunksize=ROWS_AT_ONCE):
        texts = _as_texts(batch)
        if for_spreadsheet:
            texts = [
                marked(column) if holds_text(field.type) else column
                for column, field in zip(texts, batch.schema, strict=True)
            ]
        cells = [_csv_cells(column, between) for column in texts]
        if not cells:
            return
        if len(cells) == 1:
            cells = [_never_empty(*cells)]
        joined: Any = pc.binary_join_element_wise(
            *cells, between, null_handling="replace", null_replacement=""
        )
        yield from joined.to_pylist()


def json_lines(table: pa.Table) -> Iterator[str]:
    """Yield each row as a JSON object."""
    for row in plain_rows(table):
        yield json_text(dict(zip(table.column_names, row, strict=True)))


def _as_texts(batch: pa.RecordBatch) -> list[pa.Array[Any]]:
    """Write every column as texts; Arrow writes numbers in the shortest form of their width."""
    table = with_intervals_as_text(pa.Table.from_batches([batch]))
    texts: list[pa.Array[Any]] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        with naming(name):
            texts.append(_texts(column.combine_chunks()))
    return texts


def _texts(column: Any) -> pa.Array[Any]:  # noqa: ANN401 - any Arrow array
    kind = column.type
    if pa.types.is_string(kind):
        return cast("pa.Array[Any]", column)
    if pa.types.is_timestamp(kind):
        _refuse_far_times(column)
        zone = "Z" if cast("Any", kind).tz else ""
        digits = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
        short = pc.replace_substring_regex(digits, pattern=r"\.0+$", replacement="")
        short = pc.replace_substring_regex(short, pattern=r"(\.\d*[1-9])0+$", replacement=r"\1")
        texts: Any = pc.binary_join_element_wise(short, zone, "")
        return cast("pa.Array[Any]", texts)
    if kind == pa.list_(pa.string()) and not pc.any(pc.is_null(pc.list_flatten(column))).as_py():
        return cast("pa.Array[Any]", pc.binary_join(column, BETWEEN_MEMBERS))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        return cast("pa.Array[Any]", column.cast(pa.string()))
    values = [None if value is None else text_of(plain(value, kind)) for value in column.to_pylist()]
    return pa.array(values, pa.string())


def _refuse_far_times(times: Any) -> None:  # noqa: ANN401 - any Arrow array of timestamps
    """Raise an OverflowError if Arrow would write another time: its years have 16 bits, and it has no infinite time."""
    a_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[times.type.unit]
    most = min(_MOST_SECONDS * a_second, INFINITE - 1)
    ends: Any = pc.min_max(times.cast(pa.int64()))
    if any(end is not None and abs(end) > most for end in ends.as_py().values()):
        raise OverflowError("a time is infinite or too far away")


def _csv_cells(texts: Any, between: str) -> Any:  # noqa: ANN401 - any Arrow array
    special = pc.match_substring_regex(texts, f"[{_NEED_QUOTES}{between}]")
    if not pc.any(special).as_py():
        return texts
    doubled = pc.replace_substring(texts, '"', '""')
    wrapped: Any = pc.binary_join_element_wise('"', doubled, '"', "")
    return pc.if_else(special, wrapped, texts)


def _never_empty(cells: Any) -> Any:  # noqa: ANN401 - any Arrow array
    """Write the empty cells of an only column as ``""``: programs skip an empty line of CSV, and so lose the row."""
    filled = cells.fill_null("")
    is_empty = pc.match_substring_regex(filled, "^$")
    return pc.if_else(is_empty, '""', filled)


def _quoted_name(name: str, between: str) -> str:
    needs = any(character in name for character in (*_NEED_QUOTES, between))
    return '"' + name.replace('"', '""') + '"' if needs else name
