"""The SQL of every view, with its values filled in, so that it can be copied and run unchanged.

The files in ``views/`` are templates. Every value between double braces becomes an SQL literal, so that the quotes
around a text that a person typed cannot be forgotten.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.explorer.filters import Filter
from warehouse.definitions.schema import quoted
from warehouse.sql_files import QUERIES, load_sql

PAGE = 50
"""Number of articles on a page of the list."""


class _Sql(str):
    """SQL of ours, which is written unchanged."""

    __slots__ = ()


def _literal(value: object) -> str:
    """Write a value as an SQL literal; several values with commas between them."""
    if isinstance(value, _Sql):
        return str(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, date):
        return f"TIMESTAMPTZ '{value.isoformat()} 00:00:00+00'"
    if isinstance(value, tuple | list):
        return ", ".join(_literal(element) for element in value)
    if not isinstance(value, str):
        raise TypeError(f"no SQL literal is known for {value!r}")
    return quoted(value)


def _saved_query(name: str) -> _Sql:
    """Give a saved query without the comment on top."""
    lines = load_sql(name, QUERIES).splitlines()
    return _Sql("\n".join(line for line in lines if not line.startswith("--")))


@cache
def _environment() -> Environment:
    environment = Environment(  # noqa: S701 - SQL, not HTML; every value is made a literal by `finalize`
        loader=FileSystemLoader(Path(__file__).parent / "views"),
        finalize=_literal,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"keyword": _Sql, "saved_query": _saved_query}
    return environment


def view_sql(name: str, chosen: Filter = Filter(), **values: object) -> str:  # noqa: B008 - it cannot be changed
    """Write the SQL of ``views/<name>.sql`` for the articles that a filter selects."""
    held = {field: getattr(chosen, field) for field in ("targets", "stances", "outlets", "authors", "topics")}
    held |= {"since": chosen.since, "before": chosen.before, "words": chosen.words, "target": chosen.target}
    held |= {"narrows_answers": chosen.narrows_answers, "narrows_articles": chosen.narrows_articles}
    held |= {"order": chosen.order, "limit": 0, "offset": 0, "held": False}
    return _environment().get_template(f"{name}.sql").render(held | values).strip() + "\n"
