"""Table of what a second model was asked, what it took, and what came of it, failures included."""

from __future__ import annotations

from warehouse.columns import ARTICLE_ID, COUNT, MODEL_VERSION, MONTH, REVISION, RUN, SHARE, TEXT
from warehouse.schema import STRINGS, TIMESTAMP, Column, Table

SECOND_READING = Table(
    "second_reading",
    "What a second model was asked about an article, what it took, and why there is no answer where there is none. Its "
    "answers are in stance, evidence and scored, under its model_version.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        MODEL_VERSION,
        Column(
            "asked_with",
            TEXT,
            "How it was asked; see table model, where a model that has never answered is missing.",
        ),
        Column(
            "why",
            TEXT,
            "Why it was asked: unsure, stated or all, as configured; or random, for comparison with the first model.",
        ),
        Column("targets", STRINGS, "Ids of the targets it was asked about."),
        Column("answered", COUNT, "How many of them have an answer that can be used."),
        Column(
            "outcome",
            TEXT,
            "answered; partly, where some targets have no usable answer; refused, where none has; or failed, where the "
            "server did not answer. What lacks an answer is asked again by the next night.",
        ),
        Column("reason", TEXT, "What was wrong, in words; empty where nothing was.", required=False),
        Column("requests", COUNT, "Answers that the server gave, also unusable ones."),
        Column("tokens_in", COUNT, "Tokens sent, as the server counts them, or estimated where it does not."),
        Column("tokens_out", COUNT, "Tokens answered, likewise."),
        Column("seconds", SHARE, "Seconds from the first request to the last answer, waiting included."),
        Column("asked_at", TIMESTAMP, "When."),
        RUN,
    ),
    key=("article_id", "revision", "asked_with", "run_id"),
    sort=("article_id",),
    follows_article=True,
)
