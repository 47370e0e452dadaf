"""Finds why a result has no row: nothing is stored yet, a name does not exist, or there is too little data."""

import re
from collections.abc import Iterator

from models.interface import ALL_STANCES
from tasks.nearest import nearest
from tasks.outcome import OUTCOMES
from warehouse import Reader
from warehouse.sql_files import QUERIES, load_sql, names, when_empty

_ASKED_BY = ("target", "outlet", "source", "stance", "language", "outcome")
"""Columns whose values people type into queries, sometimes with mistakes."""

_ALWAYS_KNOWN: dict[str, tuple[str, ...]] = {"stance": ALL_STANCES, "outcome": tuple(OUTCOMES)}
"""Values that the program gives a column: they exist also in a warehouse in which no row has them yet."""

_MACROS = (
    "stance_share", "stance_by_outlet", "stance_over_time", "both_sides", "changed_mind", "wording_diff",
    "least_certain",
)  # fmt: skip
"""Macros whose first argument is a target."""

_LITERAL = r"'((?:[^']|'')*)'"


def why_empty(reader: Reader, query: str) -> str | None:
    """Explain why the result of a query has no row; None if the reason cannot be found.

    Parameters
    ----------
    query
        SQL, or the name of one of the program's saved queries. Of a query of the user, its SQL.
    """
    if not reader.query(load_sql("askable"))["articles"][0].as_py():
        return "nothing is stored here yet: `commentariat run` takes in the articles of the sources"
    if query in names(QUERIES):
        return when_empty(query)
    asked = list(_named(query))
    rows = reader.query(load_sql("known_names")).to_pylist() if asked else []
    for column, value in asked:
        stored = [row["name"] for row in rows if row["what"] == column and row["name"]]
        known = dict.fromkeys((*stored, *_ALWAYS_KNOWN.get(column, ())))
        if value not in known:
            return f"there is no {column} {value!r}; {nearest(value, known)}"
    return _too_little(query)


def _too_little(query: str) -> str | None:
    if re.search(r"\bWHERE\b", query, re.IGNORECASE):
        return None  # perhaps no row fulfils this condition
    if "changed_mind" in query:
        return "no author and no outlet has stated one side of the target first and the other one later"
    if "wording_diff" in query:
        return "no article was asked several wordings of the target that lean to different sides"
    return None


def _named(query: str) -> Iterator[tuple[str, str]]:
    """Find the names that a query asks for: ``target = 'x'``, ``outlet IN ('x', 'y')``, ``stance_share('x')``."""
    for column in _ASKED_BY:
        asked = re.findall(rf"\b{column}\s*=\s*{_LITERAL}", query, re.IGNORECASE)
        for several in re.findall(rf"\b{column}\s+IN\s*\(((?:\s*'[^']*'\s*,?)+)\)", query, re.IGNORECASE):
            asked += re.findall(_LITERAL, several)
        yield from ((column, value.replace("''", "'")) for value in asked)
    for macro in _MACROS:
        for value in re.findall(rf"\b{macro}\s*\(\s*{_LITERAL}", query, re.IGNORECASE):
            yield "target", value.replace("''", "'")
