"""Conversion of a batch's rows to the form that the warehouse stores: columns, types, months, order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from commentariat import AuditError, WarehouseError
from warehouse.definitions.article_tables import ARTICLE
from warehouse.definitions.schema import TIMESTAMP, Table
from warehouse.definitions.tables import TABLES

ROUND_TO = 1e4
"""Probabilities are rounded to four digits: further digits are noise, and the files are a third smaller."""

Months = Mapping[tuple[str, int], str]
FindMonths = Callable[[pa.Table], Months]


def conform(tables: Mapping[str, pa.Table], *, run_id: str, find_months: FindMonths) -> dict[str, pa.Table]:
    """Return ``tables`` as they will be stored, in the order of :data:`warehouse.definitions.tables.TABLES`.

    ``run_id``, ``month`` and ``article.char_count`` are filled in if a table lacks them; rows are sorted;
    empty tables are dropped.

    Parameters
    ----------
    find_months
        Called with the columns ``article_id, revision`` of rows whose article is not part of this batch;
        returns the month of each article already committed.

    Raises
    ------
    WarehouseError
        A table or column is unknown, a required column is missing, or a value does not fit the column's type.
    AuditError
        Rows belong to an article that is neither in this batch nor committed.
    """
    if unknown := set(tables) - set(TABLES):
        raise WarehouseError(f"unknown table {', '.join(sorted(unknown))}; known are {', '.join(TABLES)}")
    shaped: dict[str, pa.Table] = {}
    months: dict[tuple[str, int], str] = {}
    if "article" in tables:
        tables = {**tables, "article": _with_char_count(tables["article"], tables.get("article_text"))}
        with_month = _with_own_month(ARTICLE, tables["article"])
        months.update(zip(_keys(with_month), strings(with_month, "month"), strict=True))
    for name, table in TABLES.items():
        data = tables.get(name)
        if data is None or data.num_rows == 0:
            continue
        if table.follows_article:
            data = _with_article_month(table, data, months, find_months)
        elif "month" in table.names:
            data = _with_own_month(table, data)
        if "run_id" not in data.column_names:
            data = data.append_column("run_id", pa.array([run_id] * data.num_rows, pa.string()))
        shaped[name] = _ordered(table, _rounded(table, _typed(table, data)))
    return shaped


def month_of(table: Table, data: pa.Table) -> list[str]:
    """Compute the month of each row: that of the first date that is not empty, or else the present month."""
    months = [datetime.now(UTC).strftime("%Y-%m")] * data.num_rows
    for name in reversed(table.month_from):
        if name in data.column_names:
            dates = data[name].cast(TIMESTAMP).to_pylist()
            months = [f"{date:%Y-%m}" if date else month for date, month in zip(dates, months, strict=True)]
    return months


def _with_own_month(table: Table, data: pa.Table) -> pa.Table:
    if "month" in data.column_names:
        return data
    return data.append_column("month", pa.array(month_of(table, data), pa.string()))


def strings(data: pa.Table, column: str) -> list[str]:
    """Return a column of strings as a list."""
    return cast(list[str], data[column].to_pylist())


def _keys(data: pa.Table) -> list[tuple[str, int]]:
    revisions = cast(list[int], data["revision"].to_pylist())
    return list(zip(strings(data, "article_id"), revisions, strict=True))


def _with_char_count(articles: pa.Table, texts: pa.Table | None) -> pa.Table:
    if "char_count" in articles.column_names or texts is None:
        return articles
    lengths = dict(zip(_keys(texts), pc.utf8_length(texts["text"]).to_pylist(), strict=True))
    counts = [lengths.get(key) for key in _keys(articles)]
    return articles.append_column("char_count", pa.array(counts, pa.int32()))


def _with_article_month(
    table: Table, data: pa.Table, known: dict[tuple[str, int], str], find: FindMonths
) -> pa.Table:
    if "month" in data.column_names:
        return data
    for name in ("article_id", "revision"):
        if name not in data.column_names:
            raise WarehouseError(f"table {table.name} lacks the column {name}")
    keys = _keys(data)
    if missing := sorted(set(keys) - set(known)):
        ids, revisions = zip(*missing, strict=True)
        known.update(
            find(
                pa.table(
                    {"article_id": pa.array(ids, pa.string()), "revision": pa.array(revisions, pa.int32())}
                )
            )
        )
    if lost := [key for key in missing if key not in known]:
        raise AuditError(
            f"table {table.name} has rows of {len(lost)} articles neither in this batch nor committed "
            f"(first: {lost[0][0]} revision {lost[0][1]}): commit the article rows first or together"
        )
    return data.append_column("month", pa.array([known[key] for key in keys], pa.string()))


def _typed(table: Table, data: pa.Table) -> pa.Table:
    if extra := set(data.column_names) - set(table.names):
        raise WarehouseError(
            f"table {table.name} has no column {', '.join(sorted(extra))}; it has {', '.join(table.names)}"
        )
    columns: list[pa.Array[Any]] = []
    for column in table.columns:
        if column.name not in data.column_names:
            if column.required:
                raise WarehouseError(f"table {table.name} lacks the column {column.name}")
            columns.append(pa.array([None] * data.num_rows, column.type))
            continue
        values = data[column.name]
        if column.required and values.null_count:
            raise WarehouseError(
                f"column {table.name}.{column.name} is empty in {values.null_count} rows; it is required"
            )
        try:
            columns.append(values.cast(column.type).combine_chunks())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise WarehouseError(
                f"column {table.name}.{column.name} should hold {column.type}, not {values.type}: {error}"
            ) from error
    return pa.table(columns, schema=table.arrow)


def _rounded(table: Table, data: pa.Table) -> pa.Table:
    for index, (field, column) in enumerate(zip(data.schema, table.columns, strict=True)):
        if pa.types.is_float32(field.type) and not column.exact:
            values = data.column(index)
            rounded = np.round(values.to_numpy(zero_copy_only=False).astype("float64") * ROUND_TO) / ROUND_TO
            shares = pa.array(rounded, pa.float32(), mask=values.is_null().to_numpy())
            data = data.set_column(index, field, shares)
    return data


def _ordered(table: Table, data: pa.Table) -> pa.Table:
    return data.sort_by([(name, "ascending") for name in table.sort]) if table.sort else data
