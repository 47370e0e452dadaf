"""Tables of what was taken in, what became of it, and what copies what."""

from __future__ import annotations

import pyarrow as pa

from warehouse.columns import (
    ARTICLE_ID,
    MONTH,
    OUTLET,
    REVISION,
    RUN,
    SHARE,
    SMALL,
    SOURCE_ID,
    TEXT,
    URL,
)
from warehouse.schema import TIMESTAMP, Column, Table

OUTCOME = Table(
    "outcome",
    "What became of everything taken in: exactly one row per run and URL.",
    (
        URL,
        SOURCE_ID,
        Column("outcome", TEXT, "loaded, unchanged, revised, duplicate, not_commentary, fetch_failed ..."),
        Column("reason", TEXT, "Why, in one sentence."),
        Column(
            "stage",
            TEXT,
            "The station where it was decided: discover, fetch, extract, dedupe, classify, load.",
        ),
        Column("http_status", SMALL, "HTTP status, where there was one.", required=False),
        Column("elapsed", SHARE, "Seconds spent on it.", required=False),
        Column("article_id", TEXT, "The article it became or would have become.", required=False),
        Column("decided_at", TIMESTAMP, "When it was decided."),
        RUN,
    ),
    key=("run_id", "url"),
    sort=("url",),
    month_from=("decided_at",),
)

ITEM = Table(
    "item",
    "One row per URL or file ever discovered, with what its source said about it.",
    (
        URL,
        ARTICLE_ID,
        SOURCE_ID,
        OUTLET,
        Column("kind_hint", TEXT, "Kind, as the source has it.", required=False),
        Column("language_hint", TEXT, "Language, as the source has it.", required=False),
        Column("title_hint", TEXT, "Title, as the feed or sitemap has it.", required=False),
        Column("published_hint", TIMESTAMP, "Date, as the feed or sitemap has it.", required=False),
        Column("discovered_at", TIMESTAMP, "When it was first seen."),
        RUN,
    ),
    key=("url",),
    sort=("url",),
    month_from=("discovered_at",),
)

VISIT = Table(
    "visit",
    "What each fetch of a feed, page or file learnt, for conditional requests. The latest per URL counts.",
    (
        URL,
        Column("resource", TEXT, "feed, sitemap, section, page, file ..."),
        Column("fetched_at", TIMESTAMP, "When."),
        Column("http_status", SMALL, "HTTP status, where there was one.", required=False),
        Column("etag", TEXT, "ETag header.", required=False),
        Column("last_modified", TEXT, "Last-Modified header as sent.", required=False),
        Column("body_hash", TEXT, "Hash of the bytes.", required=False),
        RUN,
    ),
    key=("url", "fetched_at"),
    sort=("url", "fetched_at"),
    month_from=("fetched_at",),
)

MINHASH_BAND = Table(
    "minhash_band",
    "Signatures that near-copies share: articles with an equal (algorithm, band, hash) are candidates.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        Column("algorithm", TEXT, "Name and version of the signature."),
        Column("band", SMALL, "Which band of the signature."),
        Column("hash", pa.uint64(), "Hash of the band."),
        RUN,
    ),
    key=("article_id", "revision", "algorithm", "band"),
    sort=("algorithm", "band", "hash"),
    follows_article=True,
)

DUPLICATE = Table(
    "duplicate",
    "Copies: the article is the same piece as another one, which alone is classified.",
    (
        Column("article_id", TEXT, "The copy."),
        Column("duplicate_of", TEXT, "The article it is a copy of."),
        Column("how", TEXT, "url, text or near."),
        Column("similarity", SHARE, "Share of word shingles contained, 1 for the same text."),
        Column("url", TEXT, "Where the copy was found.", required=False),
        Column("outlet", TEXT, "Who published the copy.", required=False),
        Column("found_at", TIMESTAMP, "When it was recognised.", required=False),
        RUN,
    ),
    key=("article_id",),
    sort=("duplicate_of",),
    month_from=("found_at",),
    derived=(
        Column("outlet_of_original", TEXT, "Who published the original.", required=False),
        Column("title_of_original", TEXT, "Title of the original.", required=False),
        Column("published_at", TIMESTAMP, "When the original was published.", required=False),
    ),
)
