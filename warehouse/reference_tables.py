"""Tables of what people declare: the questions, the sources, the models, what must not come back."""

from __future__ import annotations

from warehouse.columns import (
    ARTICLE_ID,
    COUNT,
    FLAG,
    OUTLET,
    RUN,
    SHARE,
    STATEMENT_HASH,
    TEXT,
)
from warehouse.schema import STRINGS, TIMESTAMP, Column, Table

TARGET = Table(
    "target",
    "Statements one can be for or against. A new wording is a new row; the latest row per id counts.",
    (
        Column("target", TEXT, "Id of the target."),
        Column("statement", TEXT, "The statement, as it was put to the model."),
        STATEMENT_HASH,
        Column("aliases", STRINGS, "Other names for the subject, used to find passages."),
        Column(
            "also",
            STRINGS,
            "The statement in further wordings, where it has some; the answers to all are averaged.",
            required=False,
            since=2,
        ),
        Column(
            "denied",
            STRINGS,
            "Further wordings that say the opposite; their answers are turned round.",
            required=False,
            since=2,
        ),
        Column("active", FLAG, "False once the target is no longer asked."),
        Column("asked_from", TIMESTAMP, "From when on."),
        RUN,
    ),
    key=("target", "asked_from"),
    derived=(Column("is_current", FLAG, "Whether this is how the target is asked now."),),
)

SOURCE = Table(
    "source",
    "Where articles come from. The latest row per id counts.",
    (
        Column("source", TEXT, "Id of the source."),
        Column("kind", TEXT, "feed, sitemap, section, urls, folder ..."),
        Column("location", TEXT, "Its URL or path."),
        OUTLET,
        Column("language", TEXT, "Language expected.", required=False),
        Column(
            "second_model",
            FLAG,
            "False where its pieces are never sent to a second model; empty where they may be.",
            required=False,
            since=4,
        ),
        Column("since", TIMESTAMP, "When this entry was first used."),
        RUN,
    ),
    key=("source", "since"),
)

MODEL = Table(
    "model",
    "Models that gave labels. Whose answers count says the table reading; the rank here is what comes of it.",
    (
        Column("model_version", TEXT, "Name and version, as label rows carry it."),
        Column("name", TEXT, "Name of the model."),
        Column(
            "rank",
            COUNT,
            "Order of preference: of the answers to a question those of the highest rank count. 0: stored to be "
            "compared, and never counted. In Parquet it is the rank the model began with.",
        ),
        Column("taxonomy", TEXT, "Topic scheme of the model.", required=False),
        Column(
            "weights_version",
            TEXT,
            "Its weights and reading, without its calibration: models that share it decide from the same raw scores. "
            "Empty for models used before raw scores were stored.",
            required=False,
            since=2,
        ),
        Column(
            "asked_with",
            TEXT,
            "Of a second model: how it is asked, as a fingerprint of the configured name, the prompt and the schema. "
            "Empty for the models that read everything.",
            required=False,
            since=4,
        ),
        Column("first_used_at", TIMESTAMP, "When it was first used here."),
        RUN,
    ),
    key=("model_version",),
    derived=(Column("is_current", FLAG, "Whether it is the one that the configuration has named last."),),
)

READING = Table(
    "reading",
    "Which model the configuration names: one row for each time that this changed. The answers of the model with the "
    "highest rank count, and where it has none yet, those of the one before it. Other models are only compared.",
    (
        Column("model_version", TEXT, "Name and version, as label rows carry it."),
        Column("name", TEXT, "Name of the model, as the configuration has it."),
        Column("stated_right", SHARE, "The share of right sides it was set to.", required=False),
        Column("rank", COUNT, "Higher than that of every model named before."),
        Column("current_from", TIMESTAMP, "When a run was first configured so."),
        RUN,
    ),
    key=("model_version", "rank"),
)

TOMBSTONE = Table(
    "tombstone",
    "What was taken down and must not come back.",
    (
        ARTICLE_ID,
        Column("url", TEXT, "Its URL, so that intake can refuse it.", required=False),
        Column("reason", TEXT, "Why it was taken down."),
        Column("taken_down_at", TIMESTAMP, "When."),
        RUN,
    ),
    key=("article_id",),
)
