"""The user's own saved queries: SQL files in the folder ``queries`` of a warehouse.

They are available by name, like the saved queries of the program; runs and takedowns do not change them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from commentariat import InputError
from warehouse.durable import create_if_absent
from warehouse.sql_files import QUERIES, load_sql, names

FOLDER = "queries"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


def own_queries(root: Path) -> dict[str, Path]:
    """List the user's own queries, by name. A query that has the name of one of the program's is ignored."""
    taken = names(QUERIES)
    return {path.stem: path for path in _files(root) if path.stem not in taken}


def remarks_on_unused(root: Path, asked: Iterable[str] | None = None) -> list[str]:
    """Say which files of the user are ignored, because the program has queries of their names.

    Parameters
    ----------
    asked
        Only the files of these names; without it, all.
    """
    taken = set(names(QUERIES)) & set(names(QUERIES) if asked is None else asked)
    return [
        f"{path} is not used, because the program has a query {path.stem} itself: give the file another name"
        for path in _files(root)
        if path.stem in taken
    ]


def _files(root: Path) -> list[Path]:
    return sorted((root / FOLDER).glob("*.sql"))


def saved_sql(name: str, root: Path | None = None) -> str:
    """Give the SQL of a saved query, of the program or of the user.

    Raises
    ------
    InputError
        There is no query of that name (the message lists the names), or its file cannot be read.
    """
    own = own_queries(root) if root is not None else {}
    if name not in own:
        return load_sql(name, QUERIES)
    try:
        return own[name].read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{own[name]} cannot be read: save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"{own[name]} cannot be read: {error.strerror or error}") from error


def keep_query(root: Path, name: str, sql: str) -> Path:
    """Save a query of the user, whole or not at all; an existing file is not replaced.

    Raises
    ------
    InputError
        The name cannot be used or is taken, or the file cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name[:80]!r} cannot be the name of a query: use small letters, digits and _, a letter first"
        )
    if name in names(QUERIES):
        raise InputError(f"the program already has a query {name}: give yours another name")
    path = root / FOLDER / f"{name}.sql"
    try:
        path.parent.mkdir(exist_ok=True)
        create_if_absent(path, sql.encode())
    except FileExistsError:
        raise InputError(f"{path} is there already: give yours another name, or remove that file") from None
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from error
    return path
