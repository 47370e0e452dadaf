"""A part of what is stored, as SQL: the same saved queries answer for a window, some targets or some outlets.

A query is not rewritten. What it reads is hidden by narrower tables of the same names, which stand before it, so what
comes out can be copied, read and run anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from warehouse.schema import quoted
from warehouse.statements import statement

_NARROWED = {
    "current_stance": ("published_at", "outlet", "target"),
    "current_answer": ("published_at", "outlet", "target"),
    "article": ("published_at", "outlet"),
    "main_topic": ("published_at", "outlet"),
    "duplicate": ("published_at", "outlet"),
}
"""What is narrowed, and by which of its columns."""

_MADE_ANEW = ("panel",)
"""Views over what is narrowed, which must see the narrower rows."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of what is stored is asked; with nothing named, all of it.

    Attributes
    ----------
    since, until
        Published from then on, and before then; what has no date is left out where either is named.
    targets, outlets
        Ids of targets, names of outlets; empty: all of them.
    """

    since: datetime | None = None
    until: datetime | None = None
    targets: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self == Scope()

    def narrow(self, sql: str) -> str:
        """Let a query see this part only; a query over anything else stays as it is."""
        hidden = list(self._tables(sql))
        if not hidden:
            return sql
        comment, query = _divided(sql)
        tables = ",\n".join(hidden)
        if begins_with := re.match(r"WITH\s+", query, re.IGNORECASE):
            return f"{comment}WITH {tables},\n{query[begins_with.end() :]}"
        return f"{comment}WITH {tables}\n{query}"

    def _tables(self, sql: str) -> Iterator[str]:
        anew = [view for view in _MADE_ANEW if _reads(sql, view)]
        bodies = {view: _body(view) for view in anew}
        whole = "\n".join([sql, *bodies.values()])
        narrowed = 0
        for table, columns in _NARROWED.items():
            conditions = list(self._conditions(columns))
            if conditions and _reads(whole, table):
                narrowed += 1
                yield f"{table} AS (FROM main.{table} WHERE {' AND '.join(conditions)})"
        if narrowed:
            yield from (f"{view} AS (\n{body}\n)" for view, body in bodies.items())

    def _conditions(self, columns: tuple[str, ...]) -> Iterator[str]:
        if self.since is not None:
            yield f"published_at >= TIMESTAMPTZ '{self.since:%Y-%m-%d %H:%M:%S%z}'"
        if self.until is not None:
            yield f"published_at < TIMESTAMPTZ '{self.until:%Y-%m-%d %H:%M:%S%z}'"
        if self.outlets:
            yield f"outlet IN ({', '.join(map(quoted, self.outlets))})"
        if self.targets and "target" in columns:
            yield f"target IN ({', '.join(map(quoted, self.targets))})"


def _reads(sql: str, name: str) -> bool:
    return re.search(rf"\b(?:FROM|JOIN)\s+{name}\b", sql, re.IGNORECASE) is not None


def _divided(sql: str) -> tuple[str, str]:
    """Part the comment at the top from the query."""
    lines = sql.splitlines(keepends=True)
    head = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return "".join(lines[:head]), "".join(lines[head:])


def _body(view: str) -> str:
    """Cut the query of a view out of the script that makes all of them."""
    found = re.search(rf"CREATE OR REPLACE VIEW {view} AS\n(.*?);\n", statement("views"), re.DOTALL)
    assert found is not None
    return found.group(1)
