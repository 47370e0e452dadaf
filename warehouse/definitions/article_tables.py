"""Tables of articles, their texts and the model's answers: one row per article revision and answer."""

from __future__ import annotations

from warehouse.definitions.columns import (
    ARTICLE_ID,
    COUNT,
    FLAG,
    IS_CURRENT,
    MODEL_VERSION,
    MONTH,
    OUTLET,
    OUTLET_OF_ARTICLE,
    PUBLISHED_AT,
    REVISION,
    RUN,
    SHARE,
    SMALL,
    SOURCE_ID,
    STANCE_OF_AUTHOR,
    STATEMENT_HASH,
    TARGET_ID,
    TEXT,
    TITLE_OF_ARTICLE,
    URL,
)
from warehouse.definitions.schema import STRINGS, TIMESTAMP, Column, Table

ARTICLE = Table(
    "article",
    "One row per article and revision: the metadata, and where the article was found. The text is in "
    "article_text.",
    (
        ARTICLE_ID,
        REVISION,
        Column("text_hash", TEXT, "32 hex digits of the SHA-256 of the normalised text."),
        URL,
        SOURCE_ID,
        OUTLET,
        Column("title", TEXT, "Headline, without the site's name.", required=False),
        Column("authors", STRINGS, "Names of the authors, in the order of the byline."),
        Column("language", TEXT, "ISO 639-1 code of the text's language.", required=False),
        Column("kind", TEXT, "opinion, news or unknown."),
        Column("section", TEXT, "The outlet's own section or category.", required=False),
        Column(
            "published_at",
            TIMESTAMP,
            "When the article was published, as its page, or else its feed, sitemap or row, states; the time of the "
            "listing if the page states only the day, or is uncertain.",
            required=False,
        ),
        Column(
            "modified_at",
            TIMESTAMP,
            "When the article was last changed, as its page, or else its feed or sitemap, stated when this revision "
            "was fetched. Never before published_at. Empty for revisions stored before schema version 8.",
            required=False,
            since=8,
        ),
        Column("fetched_at", TIMESTAMP, "When this revision was fetched."),
        MONTH,
        Column("word_count", COUNT, "Words in the text."),
        Column("char_count", COUNT, "Characters in the text; no evidence ends after this offset."),
        Column(
            "quality",
            SHARE,
            "Confidence in the extraction, 0 to 1; if it is below 0.7, look at the page.",
            required=False,
        ),
        RUN,
    ),
    key=("article_id", "revision"),
    sort=("article_id", "revision"),
    month_from=("published_at", "fetched_at"),
    derived=(Column("is_current", FLAG, "Whether this is the article's latest revision."),),
)

ARTICLE_TEXT = Table(
    "article_text",
    "The text of every article revision. Stored in Parquet; a view in DuckDB.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        Column("text", TEXT, "The body. Evidence offsets count characters of this string."),
        Column(
            "note",
            TEXT,
            "Editor's note or author's biography, stored separately from the body.",
            required=False,
        ),
        Column(
            "caption", TEXT, "Photo captions and credits, stored separately from the body.", required=False
        ),
        RUN,
    ),
    key=("article_id", "revision"),
    sort=("article_id", "revision"),
    follows_article=True,
    published=False,
    row_group=2_048,
)

TOPIC = Table(
    "topic",
    "The topics of an article: one row for each topic and model.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        MODEL_VERSION,
        Column("taxonomy", TEXT, "The taxonomy to which the codes belong, e.g. cap."),
        Column("topic", TEXT, "Code of the topic in that taxonomy; none if no topic of it fits the article."),
        Column("label", TEXT, "Name of the topic; None of these for the code none."),
        Column("rank", SMALL, "1 for the main topic."),
        Column(
            "score",
            SHARE,
            "Calibrated probability that the article is about the topic; for the code none, 1 minus the score of the "
            "best topic.",
        ),
        RUN,
    ),
    key=("article_id", "revision", "model_version", "taxonomy", "topic"),
    sort=("topic", "article_id"),
    follows_article=True,
    derived=(OUTLET_OF_ARTICLE, TITLE_OF_ARTICLE, PUBLISHED_AT, IS_CURRENT),
)

STANCE = Table(
    "stance",
    "The stance of an article on a target: one row per article, target and model, also if the article does "
    "not speak about the target.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        MODEL_VERSION,
        TARGET_ID,
        STATEMENT_HASH,
        STANCE_OF_AUTHOR,
        Column(
            "p_favor",
            SHARE,
            "Calibrated probability that the article speaks about the target and the author is in favor of it. In "
            "rows of a second model this column and the next three are empty, because the certainty that such a "
            "model states is not a probability.",
            required=False,
        ),
        Column(
            "p_against",
            SHARE,
            "Calibrated probability that the article speaks about the target and the author is against it.",
            required=False,
        ),
        Column(
            "p_neutral",
            SHARE,
            "Calibrated probability that the article speaks about the target and the author takes no side. In rows "
            "of models without a weights_version, articles that do not speak about the target count as neutral.",
            required=False,
        ),
        Column(
            "relevance",
            SHARE,
            "Probability that the article speaks about the target: the sum of p_favor, p_against and p_neutral. In "
            "rows of models without a weights_version these three sum to 1 instead.",
            required=False,
        ),
        Column(
            "about",
            FLAG,
            "Whether the answer is that the article speaks about the target: the author takes a side on it, or "
            "discusses it and takes none. An article that only mentions the matter is not about it. If false, the "
            "stance is neutral and has no evidence; never count it as an opinion.",
        ),
        RUN,
    ),
    key=("article_id", "revision", "model_version", "target", "statement_hash"),
    sort=("target", "article_id"),
    follows_article=True,
    derived=(OUTLET_OF_ARTICLE, TITLE_OF_ARTICLE, PUBLISHED_AT, IS_CURRENT),
)

EVIDENCE = Table(
    "evidence",
    "The sentences on which a stance is based, as character offsets into article_text.text.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        MODEL_VERSION,
        TARGET_ID,
        STATEMENT_HASH,
        Column(
            "stance", TEXT, "favor, against, neutral or unsure: the answer for which this sentence is shown."
        ),
        Column("start", COUNT, "Offset of the sentence's first character."),
        Column("end", COUNT, "Offset just after the sentence's last character."),
        Column(
            "score",
            SHARE,
            "The sentence's evidence share: its part of 1 among the sentences read for the target. In rows of models "
            "without a weights_version: the probability of the stance, computed from this passage alone. Empty in "
            "rows of a second model.",
            required=False,
        ),
        Column("quoted", FLAG, "Whether the author quotes the sentence from somebody else."),
        RUN,
    ),
    key=("article_id", "revision", "model_version", "target", "statement_hash", "start", "end"),
    sort=("target", "article_id", "start"),
    follows_article=True,
    derived=(IS_CURRENT,),
)

SCORED = Table(
    "scored",
    "The questions that each article has been asked, also if the answer was empty. A question without a "
    "row is still to be asked.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        Column("task", TEXT, "topic or stance."),
        Column("target", TEXT, "Id of the target for task stance; empty string for task topic."),
        Column(
            "statement_hash",
            TEXT,
            "Hash of the question that was asked: of the target's statement, its other wordings and its aliases; "
            "empty string for task topic.",
        ),
        MODEL_VERSION,
        Column("n_rows", COUNT, "Number of rows of the answer in table topic or stance; may be 0."),
        RUN,
    ),
    key=("article_id", "revision", "task", "target", "statement_hash", "model_version"),
    sort=("task", "target", "article_id"),
    follows_article=True,
    derived=(IS_CURRENT,),
)
