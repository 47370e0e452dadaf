"""The table of people's answers about articles; models are measured by them and calibrated on them."""

from __future__ import annotations

from warehouse.definitions.columns import (
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
from warehouse.definitions.schema import INTEGERS, TIMESTAMP, Column, Table

ANNOTATION = Table(
    "annotation",
    "People's answers about an article and a target: one row for each answer. If one person has answered a "
    "question several times, the latest answer counts; see the view current_annotation.",
    (
        Column(
            "annotation_id",
            TEXT,
            "32 hex digits, made when the answer was given; an answer with a known id is not stored again.",
        ),
        ARTICLE_ID,
        REVISION,
        MONTH,
        TARGET_ID,
        STATEMENT_HASH,
        Column("statement", TEXT, "The target's statement, as it was shown to the person."),
        Column(
            "annotator",
            TEXT,
            "The person who answered: a name, an initial or a number, as the person gave it.",
        ),
        Column(
            "answer",
            TEXT,
            "favor, against, neutral (the author takes no side), not_about (the article does not speak about it), or "
            "skip (the person gave no answer).",
        ),
        Column(
            "sentence_start",
            INTEGERS,
            "Offsets of the first characters of the sentences that show the answer.",
        ),
        Column(
            "sentence_end",
            INTEGERS,
            "Offsets just after the last characters of these sentences, in the same order.",
        ),
        Column("note", TEXT, "The person's remark on the answer.", required=False),
        Column(
            "is_blind",
            FLAG,
            "Whether the person answered before seeing a model's answer; empty if that is not known.",
            required=False,
        ),
        Column(
            "sampled_by",
            TEXT,
            "Why the question was asked: random, least_certain, models_differ, wordings_differ, most_copied, or "
            "chosen (by a person, or not known).",
        ),
        Column(
            "sample",
            TEXT,
            "The sample for which the question was drawn; empty if sampled_by is chosen.",
            required=False,
        ),
        Column(
            "stratum",
            TEXT,
            "The part of the sample's frame from which the question was drawn; empty if it was not drawn by "
            "chance.",
            required=False,
        ),
        Column("stratum_size", COUNT, "Number of questions in that part.", required=False),
        Column(
            "sampling_weight",
            SHARE,
            "1 / the probability with which the question was drawn; empty if it was not drawn by chance.",
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
