"""SQL in files: loaded by name, read once, each file with a comment on top that says what it is for.

The files of this package are in four folders. Another package keeps its files beside the modules that use them, and
names its own folder.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from commentariat import InputError

HERE = Path(__file__).parent
_EMPTY = "-- Empty: "
SQL, VIEWS, AUDITS, QUERIES = HERE / "sql", HERE / "views", HERE / "audits", HERE / "queries"
#: The files of the views, in an order in which each uses only earlier ones.
_IN_ORDER = ("shares", "runs", "stances", "models", "wordings", "annotations", "panel")


@cache
def load_sql(name: str, folder: Path = SQL) -> str:
    """Return the text of ``<folder>/<name>.sql``.

    Raises
    ------
    InputError
        There is no such file; the message lists the names that exist.
    """
    path = folder / f"{name}.sql"
    if name not in names(folder):
        raise InputError(f"there is no query {name!r}; there are {', '.join(names(folder))}")
    return path.read_text(encoding="utf-8")


@cache
def names(folder: Path) -> tuple[str, ...]:
    """List the SQL files in ``folder``, without their endings."""
    return tuple(sorted(path.stem for path in folder.glob("*.sql")))


@cache
def views_sql() -> str:
    """Return the script that makes the views and macros which analysts use beside the tables.

    A publish replaces them if they have changed since the last one. They do not use ``if(...)``: clients older than
    DuckDB 2 do not find it in a view that a newer DuckDB has stored.
    """
    return "\n".join(load_sql(name, VIEWS) for name in _IN_ORDER)


def purpose_of(name: str, folder: Path = QUERIES) -> str:
    """Return the comment at the top of an SQL file: the question that a query answers, or what a script does."""
    return purpose_in(load_sql(name, folder))


def purpose_in(sql: str) -> str:
    """Return the comment at the top of some SQL; empty if there is none."""
    lines = []
    for line in sql.split("\n"):  # not splitlines: DuckDB does not end a comment at U+2028
        if not line.startswith("--") or line.startswith(_EMPTY):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def without_comments(sql: str) -> str:
    """Return some SQL without its comments, from ``--`` to the end of each line."""
    return re.sub(r"(?m)--.*$", "", sql)


def when_empty(name: str) -> str | None:
    """Return the meaning of an empty answer to a saved query: the comment that begins with ``Empty:``."""
    lines = (line for line in load_sql(name, QUERIES).splitlines() if line.startswith(_EMPTY))
    return next((line.removeprefix(_EMPTY) for line in lines), None)
