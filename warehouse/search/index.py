"""Full-text search over titles and texts: an SQLite FTS5 index beside the warehouse, which grows with the articles.

DuckDB's own full-text index must be rebuilt as a whole and needs an extension to be downloaded; SQLite's is part of
Python, grows by the new articles and answers in milliseconds. It holds only words, not the texts. Readers use it from
SQL: ``FROM search('carbon NEAR tax')`` (see :mod:`warehouse.search.in_sql`). :mod:`warehouse.search.update` writes it.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from commentariat import InputError
from warehouse.sql_files import load_sql

INDEX = "search.sqlite"


def find(root: Path, words: str) -> list[dict[str, object]]:
    """Look up the articles whose texts match ``words``, best first; the caller keeps the revisions it has published.

    The index keeps earlier texts of an article, and has the next one shortly before it is published. Therefore all hits
    are given, and the caller limits them only when it has left those out.

    Parameters
    ----------
    words
        FTS5 syntax: several words must all occur; ``"a phrase"``, ``OR``, ``NOT``, ``NEAR(a b)``, ``pre*``,
        ``title: word``. An invalid expression is taken as plain words.

    Returns
    -------
    list of dict
        ``article_id``, ``revision`` and ``score`` (higher is better; BM25, titles count five times).

    Raises
    ------
    InputError
        There is no index yet, or ``words`` holds no word.
    """
    refuse_unsearchable(root, words)
    with _reading(root) as index:
        try:
            return _matches(index, words)
        except sqlite3.OperationalError:
            plain = " ".join(f'"{word}"' for word in re.findall(r"\w+", words))
            return _matches(index, plain)


def refuse_unsearchable(root: Path, words: str) -> None:
    """Raise an error at once if a search is impossible; inside SQL, DuckDB would wrap the error in its own.

    Raises
    ------
    InputError
        There is no index yet, or ``words`` holds no word.
    """
    if not (root / INDEX).exists():
        raise InputError(f"there is no search index in {root} yet: the next run makes it")
    if not re.search(r"\w", words):
        raise InputError(f"{words!r} holds no word to search for")


def index_state(root: Path) -> tuple[tuple[int, int], ...]:
    """Give the state of the index; as long as it is the same, a search has the same results."""
    found = []
    for path in (root / INDEX, root / f"{INDEX}-wal"):
        with suppress(FileNotFoundError):
            state = path.stat()
            found.append((state.st_mtime_ns, state.st_size))
    return tuple(found)


def _matches(index: sqlite3.Connection, expression: str) -> list[dict[str, object]]:
    rows = index.execute(load_sql("search_hits"), {"expression": expression})
    return [
        {"article_id": article_id, "revision": revision, "score": score}
        for article_id, revision, score in rows
    ]


@contextmanager
def _reading(root: Path) -> Iterator[sqlite3.Connection]:
    path = root / INDEX
    # In a folder that this user cannot write, SQLite cannot make the shared-memory file that it needs to read.
    mode = "mode=ro" if os.access(root, os.W_OK) else "immutable=1"
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True)) as index:
        yield index
