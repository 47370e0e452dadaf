"""Tables of items and their outcomes, visits, and copies."""

from __future__ import annotations

import pyarrow as pa

from warehouse.definitions.columns import (
    ARTICLE_ID,
    FLAG,
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
from warehouse.definitions.schema import STRINGS, TIMESTAMP, Column, Table

OUTCOME = Table(
    "outcome",
    "How each item ended: exactly one row per URL in each run that took it in.",
    (
        URL,
        SOURCE_ID,
        Column(
            "outcome",
            TEXT,
            "loaded, unchanged, revised, duplicate, not_commentary, fetch_failed ...; the data dictionary explains all "
            "of them under Outcomes.",
        ),
        Column("reason", TEXT, "The reason, in one sentence."),
        Column(
            "stage",
            TEXT,
            "The station that decided the outcome: discover, fetch, extract, dedupe (also of loaded and revised), or "
            "load (of rejected and taken_down).",
        ),
        Column("http_status", SMALL, "HTTP status, if there was one.", required=False),
        Column("elapsed", SHARE, "Seconds spent on the item.", required=False),
        Column("article_id", TEXT, "The article that the item became or would have become.", required=False),
        Column("decided_at", TIMESTAMP, "When the outcome was decided."),
        RUN,
    ),
    key=("run_id", "url"),
    sort=("url",),
    month_from=("decided_at",),
)

ITEM = Table(
    "item",
    "One row per URL or file ever discovered, with the details that its source gave.",
    (
        URL,
        ARTICLE_ID,
        SOURCE_ID,
        OUTLET,
        Column("kind_hint", TEXT, "Kind, according to the source: opinion, news or unknown.", required=False),
        Column("language_hint", TEXT, "Language, according to the source.", required=False),
        Column("title_hint", TEXT, "Title in the feed or sitemap.", required=False),
        Column(
            "authors_hint",
            STRINGS,
            "Names of the authors in the feed, list or row. Empty for items discovered before schema version 8.",
            required=False,
            since=8,
        ),
        Column("published_hint", TIMESTAMP, "Date in the feed or sitemap.", required=False),
        Column(
            "modified_hint",
            TIMESTAMP,
            "Date of the last change in the feed or sitemap. Empty for items discovered before schema version 8.",
            required=False,
            since=8,
        ),
        Column("discovered_at", TIMESTAMP, "When the item was first discovered."),
        Column(
            "is_local",
            FLAG,
            "Whether its text lay in a file on the disk when it was first discovered, also as a row or as a record of "
            "an archive. Until it is read from the web, such an item is taken in only while a source lists it. Empty "
            "for items discovered before schema version 7.",
            required=False,
            since=7,
        ),
        RUN,
    ),
    key=("url",),
    sort=("url",),
    month_from=("discovered_at",),
)

ALSO_LISTED = Table(
    "also_listed",
    "Sources that list an item which another source brought: one row per URL and source. The source that brought the "
    "item is in table item. Listings read before schema version 6 have no rows.",
    (
        URL,
        ARTICLE_ID,
        Column("source", TEXT, "Id of the source that lists the item too; see table source."),
        Column("listed_at", TIMESTAMP, "When this source was first found to list it."),
        RUN,
    ),
    key=("url", "source"),
    sort=("url",),
    month_from=("listed_at",),
)

VISIT = Table(
    "visit",
    "The data of each fetch of a feed, page or file that conditional requests need. The latest row per URL "
    "counts.",
    (
        URL,
        Column("resource", TEXT, "feed, sitemap, section, page, file ..."),
        Column("fetched_at", TIMESTAMP, "When it was fetched."),
        Column("http_status", SMALL, "HTTP status, if there was one.", required=False),
        Column("etag", TEXT, "ETag header.", required=False),
        Column("last_modified", TEXT, "Last-Modified header, as it was sent.", required=False),
        Column("body_hash", TEXT, "Hash of the bytes.", required=False),
        Column(
            "filters_hash",
            TEXT,
            "For a listing: hash of the name and the filters of the source for which it was read. If a source has "
            "another name or other filters, its next request for the listing is not conditional.",
            required=False,
            since=6,
        ),
        Column(
            "final_url",
            TEXT,
            "The address to which redirects led, if it is another one than url. Empty also for visits before schema "
            "version 9.",
            required=False,
            since=9,
        ),
        RUN,
    ),
    key=("url", "fetched_at"),
    sort=("url", "fetched_at"),
    month_from=("fetched_at",),
)

MINHASH_BAND = Table(
    "minhash_band",
    "Signatures that near-duplicates share: articles with an equal (algorithm, band, hash) are candidates.",
    (
        ARTICLE_ID,
        REVISION,
        MONTH,
        Column("algorithm", TEXT, "Name and version of the signature."),
        Column("band", SMALL, "Number of the band within the signature."),
        Column("hash", pa.uint64(), "Hash of the band."),
        RUN,
    ),
    key=("article_id", "revision", "algorithm", "band"),
    sort=("algorithm", "band", "hash"),
    follows_article=True,
)

DUPLICATE = Table(
    "duplicate",
    "Copies: each article here is a copy of another one, and only that other one is classified.",
    (
        Column("article_id", TEXT, "The copy."),
        Column("duplicate_of", TEXT, "The article of which it is a copy."),
        Column(
            "how", TEXT, "How the copy was recognised: text (the same words) or near (most of the words)."
        ),
        Column(
            "similarity",
            SHARE,
            "Share of the copy's word sequences that the other text contains; 1 for the same text.",
        ),
        Column("url", TEXT, "Where the copy was found.", required=False),
        Column("outlet", TEXT, "The outlet that published the copy.", required=False),
        Column("found_at", TIMESTAMP, "When the copy was recognised.", required=False),
        RUN,
    ),
    key=("article_id",),
    sort=("duplicate_of",),
    month_from=("found_at",),
    derived=(
        Column("outlet_of_original", TEXT, "The outlet that published the original.", required=False),
        Column("title_of_original", TEXT, "Title of the original.", required=False),
        Column("published_at", TIMESTAMP, "When the original was published.", required=False),
    ),
)
