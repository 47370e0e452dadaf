"""Updating the search index of :mod:`warehouse.search.index` to the log; only writers need this."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path

import duckdb

from warehouse.durable import MADE_AGAIN, engine_error
from warehouse.engine import MEMORY_BESIDE, SPILL, engine, reading_explained
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import APPEND, DataFile
from warehouse.log.relations import live_relation
from warehouse.search.index import INDEX
from warehouse.sql_files import load_sql

logger = logging.getLogger(__name__)

_CAN_DELETE = (3, 43, 0)
"""The first SQLite that can make an index without texts from which single articles can be deleted.

An index that an older one has made, perhaps before the system was upgraded, is built again to forget an article.
"""

_LONGEST_SEARCH_MS = 10_000
"""How long to wait for searches that are under way when words have to be removed."""


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
        The index cannot be written, or the Parquet files cannot be read.
    """
    with reading_explained("Updating the search index", root):
        try:
            return _update(root, log)
        except sqlite3.DatabaseError as error:
            if isinstance(
                error, sqlite3.OperationalError
            ):  # a full disk or a lock: the index itself is intact
                place = root / INDEX
                raise engine_error("updating the search index", place, error, remedy=MADE_AGAIN) from error
            _discard(root)
            return _update(root, log)


def _update(root: Path, log: CommitLog) -> int:
    taken_down = _taken_down(root, log)
    if _must_be_built_again(root, taken_down) or _is_of_another_log(root, log):
        _discard(root)
    live = {file.path: file for file in log.live_files("article_text")}
    with closing(sqlite3.connect(root / INDEX)) as index:
        _create(index)
        known = {path for (path,) in index.execute("SELECT path FROM indexed_file")}
        added = 0
        for month, new in groupby(sorted(set(live) - known), key=_month):
            files = [live[path] for path in new]
            added += _index_month(root, index, files, _files_with_titles(log, files, month))
        with index:
            gone = ((path,) for path in known - set(live))
            index.executemany("DELETE FROM indexed_file WHERE path = ?", gone)
            forgotten = _forget(index, taken_down)
        _empty_journal(root, index, wait=forgotten > 0)
        return added


def _must_be_built_again(root: Path, taken_down: Iterable[str]) -> bool:
    """Whether the present SQLite cannot open the index, or cannot delete an article from it that was taken down."""
    with closing(sqlite3.connect(root / INDEX)) as index:
        _create(index)
        ((made_as,),) = index.execute("SELECT sql FROM sqlite_master WHERE name = 'words'").fetchall()
        if "contentless_delete" in made_as:
            return sqlite3.sqlite_version_info < _CAN_DELETE
        return any(_documents(index, article_id) for article_id in taken_down)


def _is_of_another_log(root: Path, log: CommitLog) -> bool:
    """Whether the index holds files that the log never had, because an earlier log was restored from a backup."""
    with closing(sqlite3.connect(root / INDEX)) as index:
        _create(index)
        known = {path for (path,) in index.execute("SELECT path FROM indexed_file")}
    gone = known - {file.path for file in log.live_files("article_text")}
    return bool(gone) and not gone <= log.removed(until=log.head)


def _discard(root: Path) -> None:
    """Delete the index and its journal, which a reader may still have open."""
    for suffix in ("", "-wal", "-shm"):
        (root / f"{INDEX}{suffix}").unlink(missing_ok=True)


def _month(path: str) -> str:
    return Path(path).parent.name


def _create(index: sqlite3.Connection) -> None:
    delete = ", contentless_delete = 1" if sqlite3.sqlite_version_info >= _CAN_DELETE else ""
    index.execute("PRAGMA journal_mode = WAL")
    index.execute("PRAGMA secure_delete = ON")
    index.executescript(load_sql("search_tables"))
    index.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5("
        f"title, text, content = ''{delete}, tokenize = 'unicode61 remove_diacritics 2')"
    )


def _files_with_titles(log: CommitLog, texts: Sequence[DataFile], month: str) -> Sequence[DataFile]:
    """Choose the files with the titles of new texts: those of the same commits, or all of the month.

    A commit of a micro-batch has the titles of its texts. After compaction and takedown, any file may have them.
    """
    every = [file for file in log.live_files("article") if _month(file.path) == month]
    left, chosen = {file.path for file in texts}, list[DataFile]()
    for sequence in range(log.head, 0, -1):
        if not left:
            break
        commit = log.at(sequence)
        if commit is not None and not left.isdisjoint(file.path for file in commit.add):
            if commit.kind != APPEND:
                return every
            chosen += [file for file in commit.add if file.table == "article" and _month(file.path) == month]
            left -= {file.path for file in commit.add}
    return chosen if not left and set(chosen) <= set(every) else every


def _index_month(
    root: Path, index: sqlite3.Connection, files: Sequence[DataFile], articles: Sequence[DataFile]
) -> int:
    """Index the texts of new files of one month, whose titles are in the files ``articles``."""
    # They are searched for the titles once, and not again for each file of texts.
    titles = live_relation(root, "article", articles)
    texts = live_relation(root, "article_text", files)
    added = 0
    with engine(spill=root / SPILL, config={"memory_limit": MEMORY_BESIDE}) as connection:
        connection.execute(f"""
            CREATE TEMP TABLE title AS SELECT article_id, revision, title
            FROM ({titles}) SEMI JOIN ({texts}) USING (article_id, revision)
        """)
        for file in files:
            with index:
                added += _index_file(root, index, file, connection)
                index.execute("INSERT INTO indexed_file VALUES (?)", (file.path,))
    return added


def _index_file(
    root: Path, index: sqlite3.Connection, file: DataFile, connection: duckdb.DuckDBPyConnection
) -> int:
    texts = live_relation(root, "article_text", [file])
    rows = connection.execute(
        f"SELECT article_id, revision, title, text FROM ({texts}) LEFT JOIN title USING (article_id, revision)"
    )
    added = 0
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


def _taken_down(root: Path, log: CommitLog) -> list[str]:
    files = log.live_files("tombstone")
    if not files:
        return []
    with engine(spill=root / SPILL, config={"memory_limit": MEMORY_BESIDE}) as connection:
        rows = connection.execute(f"SELECT article_id FROM ({live_relation(root, 'tombstone', files)})")
        return [str(article_id) for (article_id,) in rows.fetchall()]


def _forget(index: sqlite3.Connection, article_ids: Iterable[str]) -> int:
    """Remove all revisions of these articles; return how many were there."""
    forgotten = 0
    for article_id in article_ids:
        for document in _documents(index, article_id):
            index.execute("DELETE FROM words WHERE rowid = ?", (document,))
            index.execute("DELETE FROM document WHERE id = ?", (document,))
            forgotten += 1
    if forgotten:
        # Deleted words remain in the index's segments until these are merged; a takedown must remove them.
        index.execute("INSERT INTO words (words) VALUES ('optimize')")
    return forgotten


def _documents(index: sqlite3.Connection, article_id: str) -> list[int]:
    rows = index.execute("SELECT id FROM document WHERE article_id = ?", (article_id,)).fetchall()
    return [int(document) for (document,) in rows]


def _empty_journal(root: Path, index: sqlite3.Connection, *, wait: bool) -> None:
    """Move all changes from the journal (``-wal``) into the file of the index.

    The last program that closes the index does this too. A reader that has it open would keep what was forgotten: its
    words in the file, and what replaces them in the journal. A search takes milliseconds, so waiting for it is enough.

    Parameters
    ----------
    wait
        Whether something was forgotten, so that a search that is under way must be waited for.
    """
    index.execute(f"PRAGMA busy_timeout = {_LONGEST_SEARCH_MS if wait else 0}")
    ((busy, *_),) = index.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if busy and wait:
        logger.warning(
            "a program has been reading %s for more than %d seconds: words of articles that were taken down stay in "
            "it until the end of the next run. End that program",
            root / INDEX,
            _LONGEST_SEARCH_MS // 1_000,
        )
