"""The rows of a batch that are still to add after another machine has committed rows or taken articles down."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.definitions.schema import name_in_sql
from warehouse.definitions.tables import TABLES
from warehouse.writing.writer import Writer

_GOES_WITH = {"evidence": "stance", "wording_score": "raw_score"}
"""Tables whose rows belong to a row of another table: once that row is committed, all of its rows are."""
_TOPICS_FOUND = "(SELECT article_id, revision, model_version FROM scored WHERE task = 'topic')"
"""Articles whose topics are committed. Another machine rounds differently, and may have found more or fewer of them."""


def still_to_add(writer: Writer, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Remove rows whose key is committed, and rows of articles that are neither in the batch nor committed any more.

    This is for rows that are equally right from every machine: an answer of the same model to the same question about
    the same text, the name of a model, or the visit of a page. Visits of pages that were taken down are removed too,
    and those of addresses that redirect to one.

    Parameters
    ----------
    tables
        Rows by table name, with the columns of their keys.
    """
    left = {}
    for name, rows in tables.items():
        sql = f"SELECT * FROM incoming ANTI JOIN {_committed(name)}"
        if TABLES[name].follows_article and "article" not in tables:
            sql += " SEMI JOIN article USING (article_id, revision)"
        if name == "visit":
            sql += " ANTI JOIN tombstone USING (url)"
            if "final_url" in rows.column_names:
                sql += " ANTI JOIN tombstone gone ON gone.url = incoming.final_url"
        if (remaining := writer.query(sql, tables={"incoming": rows})).num_rows:
            left[name] = remaining
    return left


def _committed(name: str) -> str:
    """Name, for a join, the committed rows beside which a row of this table adds nothing, and their common key."""
    if name == "topic":
        return f"{_TOPICS_FOUND} USING (article_id, revision, model_version)"
    other = TABLES[_GOES_WITH.get(name, name)]
    return f"{other.name} USING ({', '.join(name_in_sql(column) for column in other.key)})"


def ranks_above_others(writer: Writer, reading: pa.Table) -> pa.Table | None:
    """Give newly named models ranks above all others, in the same order, if another machine has given one of the ranks.

    Parameters
    ----------
    reading
        Rows of table ``reading``.

    Returns
    -------
    pa.Table or None
        The rows with their new ranks; None if no other model has one of the ranks.
    """
    (taken,) = writer.query_file("ranks_taken", tables={"incoming": reading}).to_pylist()
    if not taken["is_taken"]:
        return None
    ranks = reading["rank"]
    step = taken["best"] + 1 - pc.min(ranks).as_py()
    raised = pc.cast(pc.add(ranks, step), ranks.type)
    return reading.set_column(reading.column_names.index("rank"), "rank", raised)
