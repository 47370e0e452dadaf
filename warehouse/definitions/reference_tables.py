"""Tables of what people decide: targets, sources, models, and the articles that must not come back."""

from __future__ import annotations

from warehouse.definitions.columns import (
    ARTICLE_ID,
    COUNT,
    FLAG,
    OUTLET,
    RUN,
    SHARE,
    STATEMENT_HASH,
    TEXT,
)
from warehouse.definitions.schema import STRINGS, TIMESTAMP, Column, Table

VERSION = Column(
    "model_version",
    TEXT,
    "Fingerprint of the model, 12 hex digits, as rows with answers have it. For a second model, second- is before "
    "them.",
)

TARGET = Table(
    "target",
    "Statements that one can be for or against. A new wording is a new row; the latest row per id counts.",
    (
        Column("target", TEXT, "Id of the target."),
        Column(
            "statement",
            TEXT,
            "The statement, as it was configured. Of a question, a model is given the statement that a yes makes.",
        ),
        STATEMENT_HASH,
        Column("aliases", STRINGS, "Other names for the subject, used to find passages."),
        Column(
            "also",
            STRINGS,
            "Further wordings of the statement, if it has any; the answers to all wordings are combined.",
            required=False,
            since=2,
        ),
        Column(
            "denied",
            STRINGS,
            "Further wordings that say the opposite; their answers are reversed.",
            required=False,
            since=2,
        ),
        Column("active", FLAG, "False if the target is no longer asked."),
        Column("asked_from", TIMESTAMP, "The time from which the target is asked in this form."),
        RUN,
    ),
    key=("target", "asked_from"),
    derived=(Column("is_current", FLAG, "Whether the target is asked in this form now."),),
)

SOURCE = Table(
    "source",
    "The sources of articles. The latest row per id counts.",
    (
        Column("source", TEXT, "Id of the source."),
        Column(
            "kind",
            TEXT,
            "The key type of the source in the configuration: feed, sitemap, section, urls, files, warc or table. Not "
            "opinion or news, as the column kind of table article and the key kind of a source.",
        ),
        Column("location", TEXT, "URL or path of the source."),
        OUTLET,
        Column("language", TEXT, "Expected language.", required=False),
        Column(
            "second_model",
            FLAG,
            "False if articles of the source are never sent to a second model; empty if they may be sent.",
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
    "Models that gave answers. The table reading determines whose answers count; the rank here follows from it.",
    (
        VERSION,
        Column("name", TEXT, "Name of the model."),
        Column(
            "rank",
            COUNT,
            "Order of preference: of the answers to a question, those with the highest rank count. Answers of rank "
            "0 are only compared and never count. In Parquet this is the first rank of the model.",
        ),
        Column(
            "taxonomy",
            TEXT,
            "Taxonomy of the model: its name and, except for the taxonomy on which the model was trained, a "
            "fingerprint of its topics.",
            required=False,
        ),
        Column(
            "weights_version",
            TEXT,
            "Fingerprint of the model's weights and of how it reads texts, without its calibration: models with "
            "the same value decide from the same raw scores. Empty for models used before raw scores were stored.",
            required=False,
            since=2,
        ),
        Column(
            "asked_with",
            TEXT,
            "For a second model: a fingerprint of the configured name, the prompt and the schema with which it is "
            "asked. Empty for models that read everything.",
            required=False,
            since=4,
        ),
        Column("first_used_at", TIMESTAMP, "When it was first used here."),
        RUN,
    ),
    key=("model_version",),
    derived=(Column("is_current", FLAG, "Whether it is the model that the configuration named last."),),
)

READING = Table(
    "reading",
    "The models that the configuration has named: one row for each change. The answers of the model with "
    "the highest rank count; if it has not answered a question yet, the answer of the model before it "
    "counts. Other models are only compared.",
    (
        VERSION,
        Column("name", TEXT, "Name of the model in the configuration."),
        Column(
            "stated_right", SHARE, "The configured share of stated sides that must be right.", required=False
        ),
        Column("rank", COUNT, "Higher than the rank of every model named before."),
        Column("current_from", TIMESTAMP, "When a run first had this configuration."),
        RUN,
    ),
    key=("model_version", "rank"),
)

TOMBSTONE = Table(
    "tombstone",
    "Articles that were taken down and must not come back.",
    (
        ARTICLE_ID,
        Column("url", TEXT, "URL of the article, so that intake can refuse it.", required=False),
        Column("reason", TEXT, "Why the article was taken down."),
        Column("taken_down_at", TIMESTAMP, "When the article was taken down."),
        RUN,
    ),
    key=("article_id",),
)
