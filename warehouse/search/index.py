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
from warehouse.search.expression import as_words, has_operator, with_words_quoted
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
        ``title: word``. Words may have signs in them, such as ``pro-life``. An invalid expression without an operator
        is taken as plain words.

    Returns
    -------
    list of dict
        ``article_id``, ``revision`` and ``score`` (higher is better; BM25, titles count five times).

    Raises
    ------
    InputError
        There is no index yet, ``words`` holds no word, or an operator has no word beside it.
    """
    _refuse_without_words(root, words)
    with _reading(root) as index:
        rows = index.execute(load_sql("search_hits"), {"expression": _accepted(index, words)})
        return [
            {"article_id": article_id, "revision": revision, "score": score}
            for article_id, revision, score in rows
        ]


def refuse_unsearchable(root: Path, words: str) -> None:
    """Raise an error at once if a search is impossible; inside SQL, DuckDB would wrap the error in its own.

    Raises
    ------
    InputError
        There is no index yet, ``words`` holds no word, or an operator has no word beside it.
    """
    _refuse_without_words(root, words)
    # A damaged index is no fault of the words: the search itself says what is wrong with it.
    with suppress(sqlite3.DatabaseError), _reading(root) as index:
        _accepted(index, words)


def _refuse_without_words(root: Path, words: str) -> None:
    if not (root / INDEX).exists():
        raise InputError(f"there is no search index in {root} yet: the next run makes it")
    if not re.search(r"\w", words):
        raise InputError(f"{words!r} holds no word to search for")


def _accepted(index: sqlite3.Connection, words: str) -> str:
    """Give the expression that FTS5 accepts: the words as they are, or each of them quoted, or without brackets."""
    if _refusal(index, words) is None:
        return words
    quoted = with_words_quoted(words)
    refusal = _refusal(index, quoted)
    if refusal is None:
        return quoted
    if not str(refusal).startswith("fts5"):  # the index cannot be read: no other expression helps
        raise refusal
    if (
        has_operator(words) and not words.isupper()
    ):  # in a headline in capitals, they are words like the others
        raise InputError(
            f"{words!r} cannot be searched for: AND, OR and NOT stand between two words, phrases or pairs of brackets, "
            "and AND must be written beside brackets. In small letters they are words to search for"
        )
    return as_words(words)


def _refusal(index: sqlite3.Connection, expression: str) -> sqlite3.OperationalError | None:
    """Give the error with which FTS5 refuses an expression; None if it accepts the expression."""
    try:
        index.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT 1", (expression,)).fetchone()
    except sqlite3.OperationalError as error:
        return error
    return None


def index_state(root: Path) -> tuple[tuple[int, int], ...]:
    """Give the state of the index; as long as it is the same, a search has the same results."""
    states = []
    for path in (root / INDEX, root / f"{INDEX}-wal"):
        with suppress(FileNotFoundError):
            state = path.stat()
            states.append((state.st_mtime_ns, state.st_size))
    return tuple(states)


@contextmanager
def _reading(root: Path) -> Iterator[sqlite3.Connection]:
    path = root / INDEX
    # In a folder that this user cannot write, SQLite cannot make the shared-memory file that it needs to read. While a
    # run updates the index, this file is there, and only with it is what the run writes left out.
    has_memory = os.access(root, os.W_OK) or path.with_name(f"{INDEX}-shm").exists()
    mode = "mode=ro" if has_memory else "immutable=1"
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True)) as index:
        yield index
