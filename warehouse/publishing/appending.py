"""The rows of commits that a database lacks: the files that hold them, their insertion, and the check of the counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from commentariat import WarehouseError
from warehouse.definitions.bookkeeping_tables import COMMIT_LOG
from warehouse.definitions.tables import TABLES
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import APPEND, COMPACTION, Commit, DataFile
from warehouse.log.relations import live_relation
from warehouse.sql_files import load_sql

APPEND_SCRIPTS = ("append_answers", "append")
"""The scripts that insert new rows, in their order."""


def append(connection: duckdb.DuckDBPyConnection, root: Path, log: CommitLog, *, after: int) -> None:
    """Append the rows of all commits that a database lacks; the caller has begun a transaction.

    Parameters
    ----------
    connection
        The database, with the published tables.
    root
        The warehouse's folder, which holds the files of these commits.
    log
        The commit log, up to date.
    after
        Sequence of the last commit whose rows the database has, 0 if it has none.
    """
    commits = log.after(after)
    files = _files_to_append(log, commits, after=after)
    connection.register("new_commit_log", commit_rows(commits))
    views = set()
    for script in APPEND_SCRIPTS:
        sql = load_sql(script)
        tables = [name for name in TABLES if re.search(rf"\bnew_{name}\b", sql)]
        if script == "append_answers" and not any(file.table in tables for file in files):
            continue  # forty statements, which would change nothing
        for name in tables:
            rows = live_relation(root, name, files)
            connection.execute(f"CREATE OR REPLACE TEMP VIEW new_{name} AS {rows}")
            views.add(f"new_{name}")
        connection.execute(sql)
    connection.execute(
        "UPDATE snapshot SET sequence = ?, checksum = ?, published_at = now()",
        [log.head, log.head_checksum],
    )
    for view in views:
        connection.execute(f"DROP VIEW {view}")
    connection.unregister("new_commit_log")


def _files_to_append(log: CommitLog, commits: Sequence[Commit], *, after: int) -> list[DataFile]:
    """Choose the files that hold the rows of ``commits``, each row once.

    Compaction moves rows from file to file: a compacted file holds rows that the database already has, or rows of later
    commits. A database that is built from nothing takes the live files. An older one takes the files of the appended
    commits, which stay on disk as long as a reader could need them.
    """
    if after == 0:
        return log.live_files()
    return [file for commit in commits if commit.kind != COMPACTION for file in commit.add]


def check_counts(connection: duckdb.DuckDBPyConnection, log: CommitLog) -> None:
    """Compare the number of rows of every published table with the log.

    Raises
    ------
    WarehouseError
        The numbers differ.
    """
    published = [name for name in TABLES if TABLES[name].published]
    wanted = log.rows(published)
    union = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in published)
    counts = dict(connection.execute(union).fetchall())
    if wrong := {name: (counts[name], wanted[name]) for name in published if counts[name] != wanted[name]}:
        detail = ", ".join(
            f"{name}: {have} rows, the log records {want}" for name, (have, want) in wrong.items()
        )
        raise WarehouseError(f"the numbers of rows differ from the log ({detail})")


def commit_rows(commits: Iterable[Commit]) -> pa.Table:
    """Make the rows of ``commit_log`` that describe commits."""
    rows = [
        {
            "sequence": commit.sequence,
            "run_id": commit.run_id,
            "batch": commit.batch,
            "flow": commit.flow,
            "kind": commit.kind,
            "started_at": commit.started_at,
            "committed_at": commit.committed_at,
            "files": len(commit.add),
            **{
                f"{name}_rows": _new_rows(commit).get(name, 0)
                for name in ("article", "topic", "stance", "outcome")
            },
            "note": commit.note or None,
            "is_of_inputs": commit.is_of_inputs,
        }
        for commit in commits
    ]
    columns: dict[str, list[object]] = {c.name: [row[c.name] for row in rows] for c in COMMIT_LOG.columns}
    arrays = {
        c.name: pa.array(columns[c.name], pa.string()).cast(c.type)
        if c.name.endswith("_at")
        else pa.array(columns[c.name], c.type)
        for c in COMMIT_LOG.columns
    }
    return pa.table(arrays)


def _new_rows(commit: Commit) -> dict[str, int]:
    """Count the rows that a commit added; rows that compaction and takedown write again were counted before."""
    return commit.rows if commit.kind == APPEND else {}
