"""The table of questions to a second model: what they cost and how they ended, including failures."""

from __future__ import annotations

from warehouse.definitions.columns import ARTICLE_ID, COUNT, MODEL_VERSION, MONTH, REVISION, RUN, SHARE, TEXT
from warehouse.definitions.schema import STRINGS, TIMESTAMP, Column, Table

SECOND_READING = Table(
    "second_reading",
    "The questions to a second model about an article, what they cost, and the reason if there is no "
    "answer. The answers are in stance, evidence and scored, under the model_version of the second model.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        MODEL_VERSION,
        Column(
            "asked_with",
            TEXT,
            "How the model was asked; see table model, which lacks models that have never answered.",
        ),
        Column(
            "why",
            TEXT,
            "Why the model was asked: unsure, stated or all, as configured; or random, for comparison with the "
            "first model.",
        ),
        Column("targets", STRINGS, "Ids of the targets about which it was asked."),
        Column("answered", COUNT, "Number of these targets that have a usable answer."),
        Column(
            "outcome",
            TEXT,
            "answered; partly, if some targets have no usable answer; refused, if none has one; or failed, if the "
            "server did not answer, or the run ended between the parts of the article. "
            "The next nights ask again about targets without an answer; if the answers could not be used, "
            "[run] max_attempts times in all.",
        ),
        Column("reason", TEXT, "The problem, in words; empty if there was none.", required=False),
        Column("requests", COUNT, "Number of answers of the server, including unusable ones."),
        Column(
            "tokens_in",
            COUNT,
            "Tokens sent, as counted by the server, or estimated if it does not count them.",
        ),
        Column("tokens_out", COUNT, "Tokens received, counted or estimated in the same way."),
        Column(
            "seconds",
            SHARE,
            "Seconds from the article's turn to its last answer, with waits for tokens and further attempts.",
        ),
        Column("asked_at", TIMESTAMP, "When the model was asked."),
        RUN,
    ),
    key=("article_id", "revision", "asked_with", "run_id"),
    sort=("article_id",),
    follows_article=True,
)
