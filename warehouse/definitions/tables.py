"""Every table of the warehouse.

Names must stay the same: tables and columns may be added (raise :data:`warehouse.definitions.schema.SCHEMA_VERSION`
and give the new column its ``since``), but they are never renamed or given another meaning.
"""

from __future__ import annotations

from warehouse.definitions.annotation_tables import ANNOTATION
from warehouse.definitions.article_tables import ARTICLE, ARTICLE_TEXT, EVIDENCE, SCORED, STANCE, TOPIC
from warehouse.definitions.bookkeeping_tables import BOOKKEEPING
from warehouse.definitions.intake_tables import ALSO_LISTED, DUPLICATE, ITEM, MINHASH_BAND, OUTCOME, VISIT
from warehouse.definitions.reference_tables import MODEL, READING, SOURCE, TARGET, TOMBSTONE
from warehouse.definitions.schema import Table
from warehouse.definitions.score_tables import RAW_SCORE, WORDING_SCORE
from warehouse.definitions.second_tables import SECOND_READING

__all__ = ["BOOKKEEPING", "IN_FILES", "TABLES"]

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ARTICLE,
        ARTICLE_TEXT,
        TOPIC,
        STANCE,
        EVIDENCE,
        SCORED,
        RAW_SCORE,
        WORDING_SCORE,
        SECOND_READING,
        ANNOTATION,
        OUTCOME,
        ITEM,
        ALSO_LISTED,
        VISIT,
        MINHASH_BAND,
        DUPLICATE,
        TARGET,
        SOURCE,
        MODEL,
        READING,
        TOMBSTONE,
    )
}
"""All tables by name; a table to which others refer comes before them."""

IN_FILES: tuple[str, ...] = tuple(name for name, table in TABLES.items() if not table.published)
"""Tables that are stored only in Parquet; DuckDB shows them as views."""
