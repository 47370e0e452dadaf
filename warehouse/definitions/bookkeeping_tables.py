"""Tables that exist only in the published DuckDB file: its commits, its Parquet files, totals of its stances."""

from __future__ import annotations

from warehouse.definitions.columns import BIG, COUNT, FLAG, MONTH, STANCE_OF_AUTHOR, TARGET_ID, TEXT
from warehouse.definitions.schema import SUM, TIMESTAMP, Column, Table

COMMIT_LOG = Table(
    "commit_log",
    "The commit log: one row per commit, in order. Only in DuckDB; the log itself is log/*.json.",
    (
        Column("sequence", BIG, "1, 2, 3 ..."),
        Column("run_id", TEXT, "The run that made the commit."),
        Column("batch", TEXT, "The batch within the run."),
        Column("flow", TEXT, "The flow to which the run belongs."),
        Column("kind", TEXT, "append, finish, compaction or takedown."),
        Column("started_at", TIMESTAMP, "When the run started."),
        Column("committed_at", TIMESTAMP, "When the commit was made."),
        Column("files", COUNT, "Files added."),
        Column("article_rows", BIG, "Article revisions added."),
        Column("topic_rows", BIG, "Topic rows added."),
        Column("stance_rows", BIG, "Stance rows added."),
        Column("outcome_rows", BIG, "Outcomes recorded."),
        Column(
            "note", TEXT, "How the run ended and what it warned of, or what was taken down.", required=False
        ),
        Column(
            "is_of_inputs",
            FLAG,
            "Whether the run takes in only what was named with --input, and is no night. Empty for flows that take in "
            "nothing, and for commits before schema version 10.",
            required=False,
            since=10,
        ),
    ),
    key=("sequence",),
)

SNAPSHOT = Table(
    "snapshot",
    "One row: the commit that this file shows. Only in DuckDB.",
    (
        Column("sequence", BIG, "The last commit that the file contains."),
        Column("checksum", TEXT, "Checksum of that commit's log entry."),
        Column("published_at", TIMESTAMP, "When this file was made."),
        Column("schema_version", COUNT, "Version of the schema."),
        Column("definition", TEXT, "Hash of the tables' definition, and after it that of the views'."),
    ),
    key=("sequence",),
)

DATA_FILE = Table(
    "data_file",
    "The Parquet files behind the tables that are views here: texts and raw scores. Only in DuckDB.",
    (
        Column("table_name", TEXT, "The table whose rows the file holds."),
        Column("path", TEXT, "Path of the file, relative to the warehouse."),
        Column("schema_version", COUNT, "Version of the schema with which the file was written."),
    ),
    key=("path",),
)

STANCE_TOTAL = Table(
    "stance_total",
    "Totals of the stances that count now: a few thousand rows that give numbers of articles and mean "
    "probabilities. Only in DuckDB.",
    (
        TARGET_ID,
        Column("outlet", TEXT, "Name of the publication.", required=False),
        MONTH,
        Column("about", FLAG, "Whether the articles speak about the target."),
        STANCE_OF_AUTHOR,
        Column("articles", BIG, "Number of articles."),
        Column(
            "with_probability",
            BIG,
            "Number of these articles that have probabilities: all except those that a second model answered.",
        ),
        Column("sum_p_favor", SUM, "Sum of their p_favor; divided by with_probability, it is the mean."),
        Column("sum_p_against", SUM, "Sum of their p_against."),
        Column("sum_p_neutral", SUM, "Sum of their p_neutral."),
        Column("sum_certainty", SUM, "Sum of their certainty; see the macro of that name."),
    ),
    key=("target", "outlet", "month", "about", "stance"),
)

BOOKKEEPING = (STANCE_TOTAL, COMMIT_LOG, SNAPSHOT, DATA_FILE)
"""Tables that exist only in the published DuckDB file."""
