"""Every table of the warehouse, with what its columns mean.

Names are a contract: tables and columns may be added (raise :data:`warehouse.schema.SCHEMA_VERSION` and give the
new column its ``since``), never renamed or given another meaning.
"""

from __future__ import annotations

import pyarrow as pa

from warehouse.schema import STRINGS, TIMESTAMP, Column, Table

TEXT, FLAG = pa.string(), pa.bool_()
SMALL, COUNT, BIG = pa.int16(), pa.int32(), pa.int64()
SHARE = pa.float32()

_RUN = Column("run_id", TEXT, "The run that wrote the row.")
_ARTICLE = Column("article_id", TEXT, "First 32 hex digits of the SHA-256 of the canonical URL.")
_REVISION = Column("revision", COUNT, "1 for the text as first read; one more each time the text changes.")
_MONTH = Column("month", TEXT, "YYYY-MM of publication, or of fetching where the date is unknown (UTC).")
_MODEL = Column("model_version", TEXT, "The model that gave the label; see table model.")
_TARGET = Column("target", TEXT, "Id of the target; see table target for the statement.")
_STATEMENT_HASH = Column(
    "statement_hash", TEXT, "Which wording of the target was asked: hash of the statement."
)
_STANCE = Column(
    "stance", TEXT, "favor, against or neutral: where the author stands on the target's statement."
)
_URL = Column("url", TEXT, "The URL or file path, in canonical form.")
_SOURCE = Column("source", TEXT, "Id of the source it came from; see table source.")
_OUTLET = Column("outlet", TEXT, "Name of the publication.", required=False)

_CURRENT = Column(
    "is_current",
    FLAG,
    "Whether this is the answer as of now: latest revision, best-ranked model that scored it, target as worded today.",
)
_D_OUTLET = Column("outlet", TEXT, "The article's outlet.", required=False)
_D_TITLE = Column("title", TEXT, "The article's title.", required=False)
_D_PUBLISHED = Column("published_at", TIMESTAMP, "When the article was published.", required=False)

ARTICLE = Table(
    "article",
    "One row per article and revision: what it is and where it was found. The text is in article_text.",
    (
        _ARTICLE,
        _REVISION,
        Column("text_hash", TEXT, "32 hex digits of the SHA-256 of the normalised text."),
        _URL,
        _SOURCE,
        _OUTLET,
        Column("title", TEXT, "Headline, without the site's name.", required=False),
        Column("authors", STRINGS, "Names of the authors, in the order of the byline."),
        Column("language", TEXT, "ISO 639-1 code of the text's language.", required=False),
        Column("kind", TEXT, "opinion, news or unknown."),
        Column("section", TEXT, "The outlet's own section or category.", required=False),
        Column("published_at", TIMESTAMP, "When it was published, as the page says.", required=False),
        Column("fetched_at", TIMESTAMP, "When this revision was read."),
        _MONTH,
        Column("word_count", COUNT, "Words in the text."),
        Column("char_count", COUNT, "Characters in the text: evidence ends at or before it."),
        Column(
            "quality",
            SHARE,
            "Confidence in the extraction, 0 to 1; below 0.7 look at the page.",
            required=False,
        ),
        _RUN,
    ),
    key=("article_id", "revision"),
    sort=("article_id", "revision"),
    month_from=("published_at", "fetched_at"),
    derived=(Column("is_current", FLAG, "Whether this is the article's latest revision."),),
)

ARTICLE_TEXT = Table(
    "article_text",
    "The text of every article revision. Kept in Parquet; a view in DuckDB.",
    (
        _ARTICLE,
        _REVISION,
        _MONTH,
        Column("text", TEXT, "The body. Evidence offsets count characters of this string."),
        Column(
            "note", TEXT, "Editor's note or author's biography, kept apart from the body.", required=False
        ),
        Column("caption", TEXT, "Photo captions and credits, kept apart from the body.", required=False),
        _RUN,
    ),
    key=("article_id", "revision"),
    sort=("article_id", "revision"),
    follows_article=True,
    published=False,
    row_group=16_384,
)

TOPIC = Table(
    "topic",
    "What an article is about: one row per topic it was given, by each model.",
    (
        _ARTICLE,
        _REVISION,
        _MONTH,
        _MODEL,
        Column("taxonomy", TEXT, "The scheme the codes belong to, e.g. cap."),
        Column("topic", TEXT, "Code of the topic in that scheme."),
        Column("label", TEXT, "Name of the topic."),
        Column("rank", SMALL, "1 for the main topic."),
        Column("score", SHARE, "Calibrated probability that the article is about the topic."),
        _RUN,
    ),
    key=("article_id", "revision", "model_version", "taxonomy", "topic"),
    sort=("topic", "article_id"),
    follows_article=True,
    derived=(_D_OUTLET, _D_TITLE, _D_PUBLISHED, _CURRENT),
)

STANCE = Table(
    "stance",
    "Where an article stands on a target: one row per article, target and model, also where it says nothing about it.",
    (
        _ARTICLE,
        _REVISION,
        _MONTH,
        _MODEL,
        _TARGET,
        _STATEMENT_HASH,
        _STANCE,
        Column("p_favor", SHARE, "Calibrated probability that the author is in favor of the statement."),
        Column("p_against", SHARE, "Calibrated probability that the author is against it."),
        Column(
            "p_neutral",
            SHARE,
            "Calibrated probability that the author takes no side, or says nothing about it.",
        ),
        Column("relevance", SHARE, "Probability that the article speaks about the target at all."),
        Column("about", FLAG, "Whether it speaks about the target; where false the stance is neutral."),
        _RUN,
    ),
    key=("article_id", "revision", "model_version", "target", "statement_hash"),
    sort=("target", "article_id"),
    follows_article=True,
    derived=(_D_OUTLET, _D_TITLE, _D_PUBLISHED, _CURRENT),
)

EVIDENCE = Table(
    "evidence",
    "The sentences a stance rests on, as character offsets into article_text.text.",
    (
        _ARTICLE,
        _REVISION,
        _MONTH,
        _MODEL,
        _TARGET,
        _STATEMENT_HASH,
        Column("stance", TEXT, "favor, against or neutral: what this sentence says."),
        Column("start", COUNT, "Offset of the sentence's first character."),
        Column("end", COUNT, "Offset just after its last character."),
        Column("score", SHARE, "Probability of that stance, from this passage alone."),
        Column("quoted", FLAG, "Whether the sentence is somebody else's, quoted by the author."),
        _RUN,
    ),
    key=("article_id", "revision", "model_version", "target", "statement_hash", "start", "end"),
    sort=("target", "article_id", "start"),
    follows_article=True,
    derived=(_CURRENT,),
)

SCORED = Table(
    "scored",
    "What has been asked of which article, also where the answer was empty: what is missing here is still to do.",
    (
        _ARTICLE,
        _REVISION,
        _MONTH,
        Column("task", TEXT, "topic or stance."),
        Column("target", TEXT, "Id of the target for task stance; empty string for task topic."),
        Column("statement_hash", TEXT, "Hash of the statement asked; empty string for task topic."),
        _MODEL,
        Column("n_rows", COUNT, "Rows the answer has in table topic or stance; may be 0."),
        _RUN,
    ),
    key=("article_id", "revision", "task", "target", "statement_hash", "model_version"),
    sort=("task", "target", "article_id"),
    follows_article=True,
    derived=(_CURRENT,),
)

OUTCOME = Table(
    "outcome",
    "What became of everything taken in: exactly one row per run and URL.",
    (
        _URL,
        _SOURCE,
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
        _RUN,
    ),
    key=("run_id", "url"),
    sort=("url",),
    month_from=("decided_at",),
)

ITEM = Table(
    "item",
    "One row per URL or file ever discovered, with what its source said about it.",
    (
        _URL,
        _ARTICLE,
        _SOURCE,
        _OUTLET,
        Column("kind_hint", TEXT, "Kind, as the source has it.", required=False),
        Column("language_hint", TEXT, "Language, as the source has it.", required=False),
        Column("title_hint", TEXT, "Title, as the feed or sitemap has it.", required=False),
        Column("published_hint", TIMESTAMP, "Date, as the feed or sitemap has it.", required=False),
        Column("discovered_at", TIMESTAMP, "When it was first seen."),
        _RUN,
    ),
    key=("url",),
    sort=("url",),
    month_from=("discovered_at",),
)

VISIT = Table(
    "visit",
    "What each fetch of a feed, a page or a file learnt, for conditional requests. The latest row per URL counts.",
    (
        _URL,
        Column("resource", TEXT, "feed, sitemap, section, page, file ..."),
        Column("fetched_at", TIMESTAMP, "When."),
        Column("http_status", SMALL, "HTTP status, where there was one.", required=False),
        Column("etag", TEXT, "ETag header.", required=False),
        Column("last_modified", TEXT, "Last-Modified header as sent.", required=False),
        Column("body_hash", TEXT, "Hash of the bytes.", required=False),
        _RUN,
    ),
    key=("url", "fetched_at"),
    sort=("url", "fetched_at"),
    month_from=("fetched_at",),
)

MINHASH_BAND = Table(
    "minhash_band",
    "Signatures that near-copies share: articles with an equal (algorithm, band, hash) are candidates.",
    (
        _ARTICLE,
        _REVISION,
        _MONTH,
        Column("algorithm", TEXT, "Name and version of the signature."),
        Column("band", SMALL, "Which band of the signature."),
        Column("hash", pa.uint64(), "Hash of the band."),
        _RUN,
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
        _RUN,
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

TARGET = Table(
    "target",
    "The questions: statements one can be for or against. A new wording is a new row; the latest row per id counts.",
    (
        Column("target", TEXT, "Id of the target."),
        Column("statement", TEXT, "The statement, as it was put to the model."),
        _STATEMENT_HASH,
        Column("aliases", STRINGS, "Other names for the subject, used to find passages."),
        Column("active", FLAG, "False once the target is no longer asked."),
        Column("asked_from", TIMESTAMP, "From when on."),
        _RUN,
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
        _OUTLET,
        Column("language", TEXT, "Language expected.", required=False),
        Column("since", TIMESTAMP, "When this entry was first used."),
        _RUN,
    ),
    key=("source", "since"),
)

MODEL = Table(
    "model",
    "Models that gave labels. A higher rank replaces a lower one, whatever the version strings look like.",
    (
        Column("model_version", TEXT, "Name and version, as label rows carry it."),
        Column("name", TEXT, "Name of the model."),
        Column("rank", COUNT, "Order of preference: the highest rank that scored an article is current."),
        Column("taxonomy", TEXT, "Topic scheme of the model.", required=False),
        Column("first_used_at", TIMESTAMP, "When it was first used here."),
        _RUN,
    ),
    key=("model_version",),
)

TOMBSTONE = Table(
    "tombstone",
    "What was taken down and must not come back.",
    (
        _ARTICLE,
        Column("url", TEXT, "Its URL, so that intake can refuse it.", required=False),
        Column("reason", TEXT, "Why it was taken down."),
        Column("taken_down_at", TIMESTAMP, "When."),
        _RUN,
    ),
    key=("article_id",),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ARTICLE,
        ARTICLE_TEXT,
        TOPIC,
        STANCE,
        EVIDENCE,
        SCORED,
        OUTCOME,
        ITEM,
        VISIT,
        MINHASH_BAND,
        DUPLICATE,
        TARGET,
        SOURCE,
        MODEL,
        TOMBSTONE,
    )
}
"""All tables by name, in the order in which one commit's rows are appended: what others refer to comes first."""

COMMIT_LOG = Table(
    "commit_log",
    "The commit log: one row per commit, in order. Only in DuckDB; the truth is log/*.json.",
    (
        Column("sequence", BIG, "1, 2, 3 ..."),
        Column("run_id", TEXT, "The run."),
        Column("batch", TEXT, "The batch within the run."),
        Column("flow", TEXT, "The flow the run belongs to."),
        Column("kind", TEXT, "append, finish, compaction or takedown."),
        Column("started_at", TIMESTAMP, "When the run started."),
        Column("committed_at", TIMESTAMP, "When the commit was made."),
        Column("files", COUNT, "Files added."),
        Column("article_rows", BIG, "Article revisions added."),
        Column("topic_rows", BIG, "Topic rows added."),
        Column("stance_rows", BIG, "Stance rows added."),
        Column("outcome_rows", BIG, "Outcomes recorded."),
        Column("note", TEXT, "How the run ended, what was taken down.", required=False),
    ),
    key=("sequence",),
)

SNAPSHOT = Table(
    "snapshot",
    "One row: which commit this file shows. Only in DuckDB.",
    (
        Column("sequence", BIG, "The last commit contained."),
        Column("checksum", TEXT, "Checksum of that commit's log entry."),
        Column("published_at", TIMESTAMP, "When this file was made."),
        Column("schema_version", COUNT, "Version of the schema."),
        Column("definition", TEXT, "Hash of the tables' definition."),
    ),
    key=("sequence",),
)

TEXT_FILE = Table(
    "text_file",
    "The Parquet files that hold the article texts of this snapshot, relative to the warehouse. Only in DuckDB.",
    (
        Column("path", TEXT, "Path of the file."),
        Column("schema_version", COUNT, "Version of the schema it was written with."),
    ),
    key=("path",),
)

BOOKKEEPING = (COMMIT_LOG, SNAPSHOT, TEXT_FILE)
"""Tables that exist only in the published DuckDB file."""
