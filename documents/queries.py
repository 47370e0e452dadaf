"""The reference page of the saved queries, written by ``python -m documents``."""

from collections.abc import Iterator

from warehouse.sql_files import QUERIES, load_sql, names, purpose_of, when_empty

_HEAD = """\
# Saved queries

`make reference` writes this page from the files in `warehouse/queries/`. Each query answers one question, which is
written above it. `commentariat sql NAME` runs a query, and `commentariat sql NAME --show` prints its SQL to start from.
A file in the folder `queries` of the warehouse is a query of your own ([how](howto/sql.md)). Tables, columns, views and
macros are in the [data dictionary](data-dictionary.md).
"""


def reference() -> str:
    """Return the reference as Markdown: every saved query with its question and its SQL."""
    return "\n".join((_HEAD, *_lines())).rstrip("\n") + "\n"


def _lines() -> Iterator[str]:
    for name in names(QUERIES):
        yield f"## `{name}`\n"
        yield f"{purpose_of(name)}\n"
        if reason := when_empty(name):
            yield f"If the answer has no row, the reason is: {reason}\n"
        sql = "\n".join(_without_comment(load_sql(name, QUERIES)))
        yield f"```sql\n{sql.strip()}\n```\n"


def _without_comment(sql: str) -> Iterator[str]:
    """Yield the lines of a query without the comment on top, which the page shows as text."""
    on_top = True
    for line in sql.splitlines():
        on_top = on_top and line.startswith("--")
        if not on_top:
            yield line
