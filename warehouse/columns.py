"""Columns that several tables share: one meaning, one comment."""

from __future__ import annotations

import pyarrow as pa

from warehouse.schema import TIMESTAMP, Column

TEXT, FLAG = pa.string(), pa.bool_()
SMALL, COUNT, BIG = pa.int16(), pa.int32(), pa.int64()
SHARE = pa.float32()

RUN = Column("run_id", TEXT, "The run that wrote the row.")
ARTICLE_ID = Column("article_id", TEXT, "First 32 hex digits of the SHA-256 of the canonical URL.")
REVISION = Column("revision", COUNT, "1 for the text as first read; one more each time the text changes.")
MONTH = Column("month", TEXT, "YYYY-MM of publication, or of fetching where the date is unknown (UTC).")
MODEL_VERSION = Column("model_version", TEXT, "The model that gave the label; see table model.")
WEIGHTS_VERSION = Column(
    "weights_version",
    TEXT,
    "Weights and reading of the model, without its calibration: fingerprint of what decides raw scores and topics.",
)
TARGET_ID = Column("target", TEXT, "Id of the target; see table target for the statement.")
STATEMENT_HASH = Column(
    "statement_hash",
    TEXT,
    "What was asked: hash of the target's statement, or of all its wordings where it has several.",
)
STANCE_OF_AUTHOR = Column(
    "stance",
    TEXT,
    "Where the author stands on the target's statement: favor, against, neutral (takes no side), or unsure (seems to "
    "take a stand, but no side is clear enough).",
)
URL = Column("url", TEXT, "The URL or file path, in canonical form.")
SOURCE_ID = Column("source", TEXT, "Id of the source it came from; see table source.")
OUTLET = Column("outlet", TEXT, "Name of the publication.", required=False)

IS_CURRENT = Column(
    "is_current",
    FLAG,
    "Whether this is the answer that counts: latest revision, the model named (see reading), target as worded today.",
)
OUTLET_OF_ARTICLE = Column("outlet", TEXT, "The article's outlet.", required=False)
TITLE_OF_ARTICLE = Column("title", TEXT, "The article's title.", required=False)
PUBLISHED_AT = Column("published_at", TIMESTAMP, "When the article was published.", required=False)
