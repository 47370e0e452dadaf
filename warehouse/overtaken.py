"""The rows of a batch that are still to add after another machine has committed rows or taken articles down."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from warehouse.schema import name_in_sql
from warehouse.tables import TABLES
from warehouse.writer import Writer

_GOES_WITH = {"evidence": "stance", "wording_score": "raw_score"}
"""Tables whose rows belong to a row of another table: once that row is committed, all of its rows are."""


def still_to_add(writer: Writer, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Remove rows whose key is committed, and rows of articles that are neither in the batch nor committed any more.

    This is for rows that are equally right from every machine: an answer of the same model to the same question about
    the same text, or the name of a model.

    Parameters
    ----------
    tables
        Rows by table name, with the columns of their keys.
    """
    left = {}
    for name, rows in tables.items():
        other = TABLES[_GOES_WITH.get(name, name)]
        key = ", ".join(name_in_sql(column) for column in other.key)
        sql = f"SELECT * FROM incoming ANTI JOIN {other.name} USING ({key})"  # noqa: S608 - names of the schema
        if TABLES[name].follows_article and "article" not in tables:
            sql += " SEMI JOIN article USING (article_id, revision)"
        if (some := writer.select(sql, tables={"incoming": rows})).num_rows:
            left[name] = some
    return left
