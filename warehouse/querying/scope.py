"""A part of the stored data, as SQL: saved queries restricted to a period, some targets or some outlets.

The query itself is not rewritten. Narrower tables of the same names are defined before it and hide the tables that it
reads, so the resulting SQL can be copied, read and run anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from warehouse.definitions.schema import quoted
from warehouse.sql_files import views_sql


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a table that narrow it; a row stays if one of its outlets is named."""

    day: str = "published_at"
    outlets: tuple[str, ...] = ("outlet",)
    target: str | None = None


_OF_ANSWERS = _Columns(target="target")
_NARROWED = {
    "current_stance": _OF_ANSWERS,
    "current_answer": _OF_ANSWERS,
    "article": _Columns(),
    "main_topic": _Columns(),
    # A copy is one of an outlet that prints others' articles and of one whose articles are printed by others. Its
    # published_at is that of the original, which may have been published long before, or on a day that is not known.
    "duplicate": _Columns("found_at", ("outlet", "outlet_of_original")),
}
"""The tables that are narrowed."""

_MADE_ANEW = ("panel",)
"""Views over narrowed tables, which must see the narrower rows."""

UNKNOWN_OUTLET = "(unknown)"
"""The name under which queries list the articles whose outlet is not known."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the stored data that is queried; all of it if nothing is named.

    Attributes
    ----------
    since, until
        Published from ``since`` on, and before ``until``; articles without a date are left out if either is named. For
        copies, the time in which they were found.
    targets, outlets
        Ids of targets and names of outlets; if empty, all of them. The outlet ``(unknown)`` has the articles of which
        none is known. A copy belongs to the outlet that published it and to that of the original.
    """

    since: datetime | None = None
    until: datetime | None = None
    targets: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self == Scope()

    @property
    def narrows_articles(self) -> bool:
        """Whether articles are left out; targets leave out stances only, because an article has no target."""
        return self != Scope(targets=self.targets)

    def narrow(self, sql: str) -> str:
        """Restrict a query to this part; a query over other tables stays unchanged."""
        hidden = list(self._tables(sql))
        if not hidden:
            return sql
        comment, query = _divided(sql)
        tables = ",\n".join(hidden)
        if begins_with := re.match(r"WITH\s+", query, re.IGNORECASE):
            return f"{comment}WITH {tables},\n{query[begins_with.end() :]}"
        return f"{comment}WITH {tables}\n{query}"

    def _tables(self, sql: str) -> Iterator[str]:
        bodies = {view: self._anew(view) for view in _MADE_ANEW if _reads(sql, view)}
        whole = "\n".join([sql, *bodies.values()])
        narrowed = 0
        for table, columns in _NARROWED.items():
            conditions = list(self._conditions(columns))
            if conditions and _reads(whole, table):
                narrowed += 1
                yield f"{table} AS (FROM main.{table} WHERE {' AND '.join(conditions)})"
        if narrowed:
            yield from (f"{view} AS (\n{body}\n)" for view, body in bodies.items())

    def _anew(self, view: str) -> str:
        """Give the query of a view, with the time of this part where the view has none."""
        query = _body(view)
        for name, when in (("since", self.since), ("until", self.until)):
            if when is not None:
                query = query.replace(f"NULL::TIMESTAMPTZ AS {name}", f"{_literal(when)} AS {name}")
        return query

    def _conditions(self, columns: _Columns) -> Iterator[str]:
        if self.since is not None:
            yield f"{columns.day} >= {_literal(self.since)}"
        if self.until is not None:
            yield f"{columns.day} < {_literal(self.until)}"
        if self.outlets:
            names = ", ".join(map(quoted, self.outlets))
            known = f"coalesce({{}}, {quoted(UNKNOWN_OUTLET)})" if UNKNOWN_OUTLET in self.outlets else "{}"
            one_of_them = " OR ".join(f"{known.format(column)} IN ({names})" for column in columns.outlets)
            yield one_of_them if len(columns.outlets) == 1 else f"({one_of_them})"
        if self.targets and columns.target:
            yield f"{columns.target} IN ({', '.join(map(quoted, self.targets))})"


def _literal(when: datetime) -> str:
    return f"TIMESTAMPTZ '{when:%Y-%m-%d %H:%M:%S%z}'"


def _reads(sql: str, name: str) -> bool:
    return re.search(rf"\b(?:FROM|JOIN)\s+{name}\b", sql, re.IGNORECASE) is not None


def _divided(sql: str) -> tuple[str, str]:
    """Separate the comment at the top from the query."""
    lines = list(StringIO(sql, newline=""))  # divided only where DuckDB ends a comment
    head = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return "".join(lines[:head]), "".join(lines[head:])


def _body(view: str) -> str:
    """Extract the query of a view from the script that makes all views."""
    match = re.search(rf"CREATE OR REPLACE VIEW {view} AS\n(.*?);\n", views_sql(), re.DOTALL)
    assert match is not None
    return match.group(1)
