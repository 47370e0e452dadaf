"""Audits: queries that must return no row, over staged files before a commit and, on demand, over everything.

An audit in ``warehouse/audits/*.sql`` reads the rows under examination as ``checked.<table>`` and everything
committed before as ``<table>``. The audits that no key occurs twice are generated here from the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb

from commentariat import AuditError
from warehouse.definitions.schema import SCHEMA_VERSION, Table, name_in_sql
from warehouse.definitions.tables import IN_FILES, TABLES
from warehouse.engine import reading_explained
from warehouse.log.relations import relation
from warehouse.publishing.base import Base
from warehouse.sql_files import AUDITS, load_sql, names, purpose_of
from warehouse.writing.parquet import StagedFile

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Violation:
    """An audit that returned rows; ``example`` shows the first ones."""

    audit: str
    meaning: str
    example: str

    def __str__(self) -> str:
        """Describe the violation in one line."""
        return f"{self.audit}: {self.meaning} For example {self.example}"


def refuse_violations(base: Base, staged: Sequence[StagedFile], *, batch: str, run_id: str) -> None:
    """Run every audit that concerns the staged files of a batch, over everything committed.

    Parameters
    ----------
    base
        The writer's private file; it is brought up to date first.
    staged
        The files of the batch, at their present places.
    batch, run_id
        The batch and its run, for the error message.

    Raises
    ------
    AuditError
        An audit has found rows.
    WarehouseError
        The base cannot be brought up to date, or a file cannot be read.
    """
    base.follow()
    relations = {
        name: relation(
            TABLES[name], [(str(s.staged), SCHEMA_VERSION) for s in staged if s.file.table == name]
        )
        for name in {s.file.table for s in staged}
    }
    with reading_explained(f"Auditing batch {batch}", base.root):
        base.show_files(set(IN_FILES) & set(relations))
        # Into memory, because many audits read each of them, and a micro-batch is small.
        with checked(base.connection, relations, in_memory=True):
            failures = violations(base.connection, set(relations), before_commit=True)
    if failures:
        raise AuditError(
            f"batch {batch} of run {run_id} fails its audits and was not committed. "
            + " | ".join(str(violation) for violation in failures)
        )


@contextmanager
def checked(
    connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str], *, in_memory: bool
) -> Iterator[None]:
    """Show the rows of the queries in ``relations`` as ``checked.<table>`` during the block.

    Parameters
    ----------
    relations
        The query for each table; the other tables have no rows.
    in_memory
        Whether the rows are read once and kept in memory during the block, or read by each audit.
    """
    connection.execute("ATTACH OR REPLACE ':memory:' AS checked")
    try:
        for name, table in TABLES.items():
            if name in relations:
                kind, query = ("TABLE" if in_memory else "VIEW"), relations[name]
            else:
                kind, query = "VIEW", relation(table, [])
            connection.execute(f"CREATE {kind} checked.main.{name} AS {query}")
        yield
    finally:
        with suppress(duckdb.Error):  # another error may have ended the connection
            connection.execute("DETACH checked")


def violations(
    connection: duckdb.DuckDBPyConnection, touched: set[str], *, before_commit: bool
) -> list[Violation]:
    """Run every audit that concerns one of the ``touched`` tables; inside a block of :func:`checked`.

    Parameters
    ----------
    before_commit
        Whether the checked rows are not committed yet, so that their keys must be new.
    """
    if before_commit:
        _note_known_articles(connection, touched)
    audits = _audits(touched, before_commit=before_commit)
    # One statement for all audits: a micro-batch is small, and the time depends on the number of statements.
    parts = [
        f"SELECT '{name}' AS audit, row::VARCHAR AS example FROM (\n{sql}\n LIMIT {_SHOWN}) row"
        for name, (_, sql) in audits.items()
    ]
    examples_by_audit: dict[str, list[str]] = {}
    for name, example in connection.execute("\nUNION ALL\n".join(parts)).fetchall() if parts else []:
        examples_by_audit.setdefault(name, []).append(example)
    return [
        Violation(name, audits[name][0], "; ".join(examples)) for name, examples in examples_by_audit.items()
    ]


def _note_known_articles(connection: duckdb.DuckDBPyConnection, touched: set[str]) -> None:
    """Store the ids of known articles, so that the tables that follow articles need one scan of them and not many."""
    ids = [f"SELECT article_id FROM checked.main.{name}" for name in touched if TABLES[name].follows_article]
    sought = " UNION ".join(["SELECT NULL::VARCHAR AS article_id", *ids])
    known = f"SELECT article_id FROM article SEMI JOIN ({sought}) USING (article_id)"
    connection.execute(f"CREATE TABLE checked.main.known AS {known}")


def _audits(touched: set[str], *, before_commit: bool) -> dict[str, tuple[str, str]]:
    """Choose the audits that concern ``touched``: name -> (meaning, SQL)."""
    audits = {}
    for name, table in TABLES.items():
        if name in touched:
            audits[f"unique_{name}"] = ("No key may occur twice.", _key_twice(table))
            if before_commit:
                audits[f"new_{name}"] = ("The key is already committed.", _key_known(table))
    for name in names(AUDITS):
        sql = load_sql(name, AUDITS)
        if touched & set(re.findall(r"checked\.(\w+)", sql)):
            audits[name] = (purpose_of(name, AUDITS), sql)
    return audits


def _key_twice(table: Table) -> str:
    key = ", ".join(name_in_sql(name) for name in table.key)
    return f"SELECT {key}, count(*) AS times FROM checked.{table.name} GROUP BY {key} HAVING count(*) > 1"


def _key_known(table: Table) -> str:
    key = ", ".join(name_in_sql(name) for name in table.key)
    rows = f"FROM checked.{table.name}"
    if table.follows_article:
        # Only articles committed before can have rows already, and these rows are in the same month.
        key += ", month"
        rows += " SEMI JOIN checked.known USING (article_id)"
    return f"SELECT {key} FROM ({rows}) JOIN {table.name} USING ({key})"
