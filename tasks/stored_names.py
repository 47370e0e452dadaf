"""Targets and outlets that people name: those that are not stored are refused."""

from __future__ import annotations

from commentariat import InputError
from tasks.nearest import nearest
from warehouse import Reader
from warehouse.querying.scope import UNKNOWN_OUTLET
from warehouse.sql_files import load_sql


def stored_names(
    reader: Reader, targets: tuple[str, ...], outlets: tuple[str, ...], *, with_unknown_outlet: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the ids of the targets, and the outlets; a target can also be named by its statement.

    Parameters
    ----------
    with_unknown_outlet
        Whether ``(unknown)`` is the outlet of the articles that have none, if there are some.

    Raises
    ------
    InputError
        When one of them is not stored.
    """
    if not targets and not outlets:
        return targets, outlets
    rows = reader.query(load_sql("known_names")).to_pylist()
    unknown = UNKNOWN_OUTLET if with_unknown_outlet else None
    in_rows = [row["name"] or unknown for row in rows if row["what"] == "outlet"]
    known_outlets = [name for name in in_rows if name]
    statements = {
        row["target"]: row["statement"] for row in reader.saved("wordings").to_pylist() if row["is_current"]
    }
    by_statement = {words: target for target, words in statements.items()}
    chosen = tuple(by_statement.get(name, name) for name in targets)
    for kind, asked, known in (("target", chosen, list(statements)), ("outlet", outlets, known_outlets)):
        for name in asked:
            if name not in known:
                raise InputError(f"there is no {kind} {name!r}; {nearest(name, known)}")
    return chosen, outlets
