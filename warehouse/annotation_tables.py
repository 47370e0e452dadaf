"""Table of what people say of articles: the answers that models are measured by and calibrated on."""

from __future__ import annotations

from warehouse.columns import (
    ARTICLE_ID,
    COUNT,
    FLAG,
    MONTH,
    REVISION,
    RUN,
    SHARE,
    STATEMENT_HASH,
    TARGET_ID,
    TEXT,
)
from warehouse.schema import INTEGERS, TIMESTAMP, Column, Table

ANNOTATION = Table(
    "annotation",
    "What a person said of an article and a target: one row for each answer. Of the answers of one person to one "
    "question the latest counts; see the view current_annotation.",
    (
        Column(
            "annotation_id", TEXT, "32 hex digits, made when the answer was given: it can be kept only once."
        ),
        ARTICLE_ID,
        REVISION,
        MONTH,
        TARGET_ID,
        STATEMENT_HASH,
        Column("statement", TEXT, "The target's statement, as it was put to the person."),
        Column("annotator", TEXT, "Who answered: a name, an initial or a number, as the person gave it."),
        Column(
            "answer",
            TEXT,
            "favor, against, neutral (the author takes no side), not_about (the article does not speak about it), or "
            "skip (the person gave no answer).",
        ),
        Column("sentence_start", INTEGERS, "Offsets of the first characters of the sentences that say it."),
        Column("sentence_end", INTEGERS, "Offsets just after their last characters, in the same order."),
        Column("note", TEXT, "What the person wrote beside it.", required=False),
        Column(
            "is_blind",
            FLAG,
            "Whether the person answered before seeing a model's answer; empty where that is not known.",
            required=False,
        ),
        Column(
            "sampled_by",
            TEXT,
            "Why the question was asked: random, least_certain, models_differ, wordings_differ, most_copied, or "
            "chosen (by a person, or not known).",
        ),
        Column("sample", TEXT, "The sample the question was drawn in; empty where chosen.", required=False),
        Column(
            "stratum",
            TEXT,
            "The part of the sample's frame that it was drawn from, where it was drawn by chance.",
            required=False,
        ),
        Column(
            "stratum_size", COUNT, "How many questions there were to draw from in that part.", required=False
        ),
        Column(
            "sampling_weight",
            SHARE,
            "1 / the probability with which it was drawn; empty where it was not drawn by chance.",
            required=False,
            exact=True,
        ),
        Column("answered_at", TIMESTAMP, "When the person answered."),
        RUN,
    ),
    key=("annotation_id",),
    sort=("target", "article_id", "answered_at"),
    follows_article=True,
)
