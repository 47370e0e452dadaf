"""The codebook of a citable export: what its tables and columns mean, who answered what was asked, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from commentariat import __version__
from warehouse.forms import plain_rows, text_of
from warehouse.past import Past
from warehouse.schema import Column, duckdb_type
from warehouse.statements import statement
from warehouse.tables import BOOKKEEPING, TABLES


def codebook(
    then: Past, data_sha256: str, names: Sequence[str], about_model: Callable[[str | None], str | None]
) -> Iterator[str]:
    """Write the codebook as Markdown, line by line; the same for the same moment and program."""
    day = then.moment.at[:10]
    yield "# Codebook"
    yield ""
    yield (
        f"The tables of a Commentariat warehouse as they were at commit {then.moment.commit} ({day}): "
        f"{then.count('article'):,} revisions of articles, {then.count('stance'):,} answers."
    )
    yield from ("", "## How to cite", "")
    yield (
        f"> Opinion pieces read by Commentariat {__version__}, commit {then.moment.commit} of {day}. "
        f"Data SHA-256 {data_sha256}."
    )
    yield ""
    yield (
        "The hash is that of all rows, whatever the form of the files: who exports this commit again gets the same, "
        "as long as nothing of it was taken down. Add what the articles were taken from, and who did it."
    )
    yield from _query("Where articles come from", "codebook_sources", then)
    yield from _query("What was asked, and in which words", "codebook_targets", then)
    yield from _models(then, about_model)
    yield from _query("What became of everything that was taken in", "codebook_outcomes", then)
    yield ""
    yield (
        "Only what was `loaded` or `revised` is in `article`. Copies are in `duplicate`, and are not asked themselves. "
        "Texts are exported only where they were asked for (`--texts`)."
    )
    if then.taken_down:
        yield ""
        lost = ", ".join(f"{rows:,} of {name}" for name, rows in then.taken_down.items())
        yield f"**Taken down since**, and so missing here: rows {lost}."
    for name in names:
        yield from _table(then, name)


def _models(then: Past, about_model: Callable[[str | None], str | None]) -> Iterator[str]:
    yield from _query("Who answered", "codebook_models", then)
    rows = then.connection.execute("SELECT DISTINCT weights_version FROM model ORDER BY 1").fetchall()
    for (weights,) in rows:
        yield ""
        limits = about_model(weights)
        yield f"**Error rates of weights {weights or '(older than weights_version)'}.** " + (
            limits or "This program does not hold these weights: see the model card of the release that did."
        )


def _query(title: str, name: str, then: Past) -> Iterator[str]:
    answer = then.connection.sql(statement(name)).to_arrow_table()
    yield from ("", f"## {title}", "")
    yield f"| {' | '.join(answer.column_names)} |"
    yield f"|{'---|' * answer.num_columns}"
    for row in plain_rows(answer):
        yield "| " + " | ".join(_cell(text_of(value)) for value in row) + " |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _table(then: Past, name: str) -> Iterator[str]:
    table = TABLES.get(name) or next(one for one in BOOKKEEPING if one.name == name)
    yield from ("", f"## Table {name}", "", f"{table.comment} {then.count(name):,} rows.", "")
    yield f"Key: {', '.join(f'`{column}`' for column in table.key)}."
    yield from ("", "| Column | Type | Meaning |", "|---|---|---|")
    for column in (*table.columns, *(table.derived if table.published else ())):
        yield _column(column)


def _column(column: Column) -> str:
    return f"| `{column.name}` | {duckdb_type(column.type)} | {_cell(column.comment)} |"
