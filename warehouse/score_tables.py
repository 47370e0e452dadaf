"""Tables of what stances are decided from: the classifier's raw outputs, kept so that no text need be read again.

A stance row belongs to a ``model_version``, which is weights, reading, calibration and operating point together. These
rows belong to a ``weights_version``, which leaves the last two out: after a change of calibration alone new stances are
decided from them.
"""

from __future__ import annotations

from warehouse.columns import (
    ARTICLE_ID,
    FLAG,
    MONTH,
    REVISION,
    RUN,
    SHARE,
    SMALL,
    STATEMENT_HASH,
    TARGET_ID,
    TEXT,
    WEIGHTS_VERSION,
)
from warehouse.schema import FLAGS, FLOATS, INTEGERS, Column, Table

_KEY = ("article_id", "revision", "target", "statement_hash", "weights_version")
_ROW_GROUP = (
    16_384  # rows are fetched for a few articles at a time: those of other articles are then passed over
)

RAW_SCORE = Table(
    "raw_score",
    "What the classifier gave for an article and target before any calibration. Kept in Parquet; a view in DuckDB.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        WEIGHTS_VERSION,
        TARGET_ID,
        STATEMENT_HASH,
        Column(
            "screen",
            SHARE,
            "The screen's score: how near the article's nearest passage is to the target; any number.",
            exact=True,
        ),
        Column(
            "sentence_start",
            INTEGERS,
            "Offsets of the first characters of the sentences with the largest shares of attention, largest first.",
        ),
        Column("sentence_end", INTEGERS, "Offsets just after their last characters, in the same order."),
        Column("sentence_score", FLOATS, "Their shares of the attention, in the same order."),
        Column("sentence_quoted", FLAGS, "Whether they are somebody else's, in the same order."),
        RUN,
    ),
    key=_KEY,
    sort=("article_id", "target"),
    follows_article=True,
    published=False,
    row_group=_ROW_GROUP,
)

WORDING_SCORE = Table(
    "wording_score",
    "What the network gave for each wording of a target: one row for each that was read, none where the screen left "
    "the article out. Kept in Parquet; a view in DuckDB.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        WEIGHTS_VERSION,
        TARGET_ID,
        STATEMENT_HASH,
        Column("wording_number", SMALL, "0 for the target's statement itself, then 1, 2, 3 ..."),
        Column("wording", TEXT, "The wording, as it was put to the network."),
        Column("denied", FLAG, "Whether it says the opposite: who is for it is against the target."),
        Column("favor", SHARE, "Output (logit) for the wording, not turned where it is denied.", exact=True),
        Column("against", SHARE, "Output (logit) against the wording.", exact=True),
        Column("neutral", SHARE, "Output (logit) for taking no side.", exact=True),
        Column("about", SHARE, "Output (logit) for the article showing a stance on the wording.", exact=True),
        RUN,
    ),
    key=(*_KEY, "wording_number"),
    sort=("article_id", "target", "wording_number"),
    follows_article=True,
    published=False,
    row_group=_ROW_GROUP,
)
