"""Updating the search index of :mod:`warehouse.search` to the log; only writers need this."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from warehouse.durable import engine_error
from warehouse.engine import SPILL, engine
from warehouse.log import CommitLog, DataFile
from warehouse.parquet import live_relation
from warehouse.search import INDEX

_CAN_DELETE = (3, 43, 0)
"""The first SQLite that can delete single articles from an index without texts; with an older one it is rebuilt."""

_TABLES = """
CREATE TABLE IF NOT EXISTS indexed_file (path TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS document (
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL, revision INTEGER NOT NULL, UNIQUE (article_id, revision)
);
"""


def update(root: Path, log: CommitLog) -> int:
    """Update the index to the log: index new texts, and remove taken-down articles.

    Only the holder of the writer's lock may call this. Each file is one transaction, so that an interrupted update
    loses little.

    Returns
    -------
    int
        Number of texts indexed.

    Raises
    ------
    WarehouseError
        The index cannot be written.
    """
    try:
        return _update(root, log)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # a full disk or a lock: the index itself is intact
            raise engine_error("updating the search index", root / INDEX, error) from error
        (root / INDEX).unlink(missing_ok=True)
        return _update(root, log)


def _update(root: Path, log: CommitLog) -> int:
    if sqlite3.sqlite_version_info < _CAN_DELETE and any(True for _ in _taken_down(root, log)):
        (root / INDEX).unlink(missing_ok=True)
    live = {file.path: file for file in log.live_files("article_text")}
    with closing(sqlite3.connect(root / INDEX)) as index:
        _create(index)
        known = {path for (path,) in index.execute("SELECT path FROM indexed_file")}
        added = 0
        for path in sorted(set(live) - known):
            with index:
                added += _index_file(root, index, live[path], log.live_files("article"))
                index.execute("INSERT INTO indexed_file VALUES (?)", (path,))
        with index:
            gone = ((path,) for path in known - set(live))
            index.executemany("DELETE FROM indexed_file WHERE path = ?", gone)
            _forget(index, _taken_down(root, log))
        return added


def _create(index: sqlite3.Connection) -> None:
    delete = ", contentless_delete = 1" if sqlite3.sqlite_version_info >= _CAN_DELETE else ""
    index.execute("PRAGMA journal_mode = WAL")
    index.execute("PRAGMA secure_delete = ON")
    index.executescript(_TABLES)
    index.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5("
        f"title, text, content = ''{delete}, tokenize = 'unicode61 remove_diacritics 2')"
    )


def _index_file(root: Path, index: sqlite3.Connection, file: DataFile, articles: Iterable[DataFile]) -> int:
    month = Path(file.path).parent.name
    titles = live_relation(root, "article", [a for a in articles if Path(a.path).parent.name == month])
    texts = live_relation(root, "article_text", [file])
    sql = f"""
        SELECT article_id, revision, title, text
        FROM ({texts}) LEFT JOIN (SELECT article_id, revision, title FROM ({titles})) USING (article_id, revision)
    """  # noqa: S608 - our own files
    added = 0
    with engine(spill=root / SPILL) as connection:
        rows = connection.execute(sql)
        while batch := rows.fetchmany(1_000):
            for article_id, revision, title, text in batch:
                document = index.execute(
                    "INSERT OR IGNORE INTO document (article_id, revision) VALUES (?, ?)",
                    (article_id, revision),
                )
                if document.rowcount:  # compaction puts known texts into a new file
                    words = (document.lastrowid, title or "", text)
                    index.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", words)
                    added += 1
    return added


def _taken_down(root: Path, log: CommitLog) -> Iterator[str]:
    tombstones = live_relation(root, "tombstone", log.live_files("tombstone"))
    with engine(spill=root / SPILL) as connection:
        for (article_id,) in connection.execute(f"SELECT article_id FROM ({tombstones})").fetchall():  # noqa: S608
            yield article_id


def _forget(index: sqlite3.Connection, article_ids: Iterable[str]) -> None:
    forgotten = 0
    for article_id in article_ids:
        found = index.execute("SELECT id FROM document WHERE article_id = ?", (article_id,)).fetchall()
        for (document,) in found:
            index.execute("DELETE FROM words WHERE rowid = ?", (document,))
            index.execute("DELETE FROM document WHERE id = ?", (document,))
            forgotten += 1
    if forgotten:
        # Deleted words remain in the index's segments until these are merged; a takedown must remove them.
        index.execute("INSERT INTO words (words) VALUES ('optimize')")
