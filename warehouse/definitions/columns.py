"""Columns that several tables share, each with one meaning and one comment."""

from __future__ import annotations

import pyarrow as pa

from warehouse.definitions.schema import TIMESTAMP, Column

TEXT, FLAG = pa.string(), pa.bool_()
SMALL, COUNT, BIG = pa.int16(), pa.int32(), pa.int64()
SHARE = pa.float32()

RUN = Column("run_id", TEXT, "The run that wrote the row.")
ARTICLE_ID = Column("article_id", TEXT, "First 32 hex digits of the SHA-256 of the canonical URL.")
REVISION = Column("revision", COUNT, "1 for the first text; increased by one each time the text changes.")
MONTH = Column("month", TEXT, "YYYY-MM of publication, or of fetching if the date is unknown (UTC).")
MODEL_VERSION = Column("model_version", TEXT, "The model that gave the answer; see table model.")
WEIGHTS_VERSION = Column(
    "weights_version",
    TEXT,
    "Fingerprint of what determines raw scores and topics: the model's weights and how it reads texts, "
    "without its calibration.",
)
TARGET_ID = Column("target", TEXT, "Id of the target; see table target for the statement.")
STATEMENT_HASH = Column(
    "statement_hash",
    TEXT,
    "Hash of the question: of the target's statement, its other wordings and its aliases.",
)
STANCE_OF_AUTHOR = Column(
    "stance",
    TEXT,
    "The author's stance on the target's statement: favor, against, neutral (takes no side), or unsure "
    "(seems to take a side, but no side is clear enough).",
)
URL = Column("url", TEXT, "The URL or file path, in canonical form.")
SOURCE_ID = Column("source", TEXT, "Id of the source from which it came; see table source.")
OUTLET = Column("outlet", TEXT, "Name of the publication.", required=False)

IS_CURRENT = Column(
    "is_current",
    FLAG,
    "Whether this is the answer that counts: about the latest revision, by the model that the "
    "configuration names (see table reading), to the target's present question.",
)
OUTLET_OF_ARTICLE = Column("outlet", TEXT, "The article's outlet.", required=False)
TITLE_OF_ARTICLE = Column("title", TEXT, "The article's title.", required=False)
PUBLISHED_AT = Column("published_at", TIMESTAMP, "When the article was published.", required=False)
