"""Tables of the classifier's raw outputs, from which stances are decided without reading a text again.

A stance row belongs to a ``model_version``, which covers weights, reading, calibration and operating point. The rows
here belong to a ``weights_version``, which leaves the last two out: if only the calibration changes, new stances are
decided from these rows.
"""

from __future__ import annotations

from warehouse.definitions.columns import (
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
from warehouse.definitions.schema import FLAGS, FLOATS, INTEGERS, Column, Table

_KEY = ("article_id", "revision", "target", "statement_hash", "weights_version")
# Rows are read for a few articles at a time; row groups that hold only other articles are skipped.
_ROW_GROUP = 16_384

RAW_SCORE = Table(
    "raw_score",
    "The classifier's outputs for an article and a target before any calibration. Stored in Parquet; a "
    "view in DuckDB.",
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
            "The screen's score: how near the article's best passages are to the target; any number.",
            exact=True,
        ),
        Column(
            "sentence_start",
            INTEGERS,
            "Offsets of the first characters of the sentences that show the stance best, the largest evidence share "
            "first. In the choice of them, not in their order, the share of a quoted sentence counts half.",
        ),
        Column(
            "sentence_end",
            INTEGERS,
            "Offsets just after the last characters of these sentences, in the same order.",
        ),
        Column("sentence_score", FLOATS, "Evidence shares of these sentences, in the same order."),
        Column(
            "sentence_quoted",
            FLAGS,
            "Whether the author quotes these sentences from somebody else, in the same order.",
        ),
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
    "The network's outputs for each wording of a target: one row for each wording that was read, and none "
    "if the screen left the article out. Stored in Parquet; a view in DuckDB.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        WEIGHTS_VERSION,
        TARGET_ID,
        STATEMENT_HASH,
        Column("wording_number", SMALL, "0 for the target's statement itself, then 1, 2, 3 ..."),
        Column(
            "wording",
            TEXT,
            "The wording, as it was configured. Of a question, the network was given the statement that a yes makes.",
        ),
        Column(
            "denied",
            FLAG,
            "Whether the wording says the opposite: an author who is for the wording is against the target.",
        ),
        Column(
            "favor",
            SHARE,
            "Output (logit) for being in favor of the wording; not reversed if the wording is denied.",
            exact=True,
        ),
        Column("against", SHARE, "Output (logit) for being against the wording.", exact=True),
        Column("neutral", SHARE, "Output (logit) for taking no side.", exact=True),
        Column(
            "about",
            SHARE,
            "Output (logit) for the author taking a side on the wording, or discussing it and taking none.",
            exact=True,
        ),
        RUN,
    ),
    key=(*_KEY, "wording_number"),
    sort=("article_id", "target", "wording_number"),
    follows_article=True,
    published=False,
    row_group=_ROW_GROUP,
)
