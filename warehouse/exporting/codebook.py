"""The codebook of a citable export: its tables, columns, questions and models, and the data that is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from commentariat import __version__
from warehouse.definitions.schema import SCHEMA_VERSION, Column, duckdb_type
from warehouse.definitions.tables import BOOKKEEPING, TABLES
from warehouse.exporting.markdown import in_markdown
from warehouse.exporting.past import Past
from warehouse.querying.plain_values import plain_rows, text_of
from warehouse.sql_files import load_sql


def codebook(
    then: Past, data_sha256: str, names: Sequence[str], about_model: Callable[[str | None], str | None]
) -> Iterator[str]:
    """Yield the lines of the codebook as Markdown; they are equal for the same moment and program."""
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
        "The hash covers all rows but the texts, whatever the format of the files: another export of this commit by a "
        f"program with the same version of the schema ({SCHEMA_VERSION}) has the same hash, with or without the texts, "
        "unless rows of it were taken down. Add the sources of the articles, and who collected them."
    )
    yield from _query("Sources of the articles", "codebook_sources", then)
    yield from _query("Targets and their wordings", "codebook_targets", then)
    yield ""
    yield (
        "`count_now`: answers that count at this moment (`is_current` in `stance`). `about_now`: those of them that "
        "say that the article speaks about the target."
    )
    yield from _models(then, about_model)
    yield from _query("Outcomes of all items", "codebook_outcomes", then)
    yield ""
    yield (
        "Only items with the outcome `loaded` or `revised` are in `article`. Copies are in `duplicate`, and no "
        "questions are asked about them. Texts are exported only on request (`--texts`)."
    )
    if then.taken_down:
        yield ""
        lost = ", ".join(f"{rows:,} of {name}" for name, rows in then.taken_down.items())
        yield f"**Taken down since**, and therefore missing here: rows {lost}."
    for name in names:
        yield from _table(then, name)


def _models(then: Past, about_model: Callable[[str | None], str | None]) -> Iterator[str]:
    yield from _query("Models that answered", "codebook_models", then)
    yield ""
    yield "Answers about the topics of an article are counted here too, one for each article, revision and model."
    rows = then.connection.execute("SELECT DISTINCT weights_version FROM model ORDER BY 1").fetchall()
    for (weights,) in rows:
        yield ""
        limits = about_model(weights)
        yield f"**Error rates of weights {in_markdown(weights or '(older than weights_version)')}.** " + (
            limits
            or "This program does not contain these weights: see the model card of the release that contained them."
        )


def _query(title: str, name: str, then: Past) -> Iterator[str]:
    answer = then.connection.sql(load_sql(name)).to_arrow_table()
    yield from ("", f"## {title}", "")
    yield f"| {' | '.join(answer.column_names)} |"
    yield f"|{'---|' * answer.num_columns}"
    for row in plain_rows(answer):
        yield "| " + " | ".join(in_markdown(text_of(value)) for value in row) + " |"


def _table(then: Past, name: str) -> Iterator[str]:
    table = TABLES.get(name) or next(candidate for candidate in BOOKKEEPING if candidate.name == name)
    yield from ("", f"## Table {name}", "", f"{table.comment} {then.count(name):,} rows.", "")
    yield f"Key: {', '.join(f'`{column}`' for column in table.key)}."
    yield from ("", "| Column | Type | Meaning |", "|---|---|---|")
    for column in (*table.columns, *(table.derived if table.published else ())):
        yield _column(column)


def _column(column: Column) -> str:
    return f"| `{column.name}` | {duckdb_type(column.type)} | {in_markdown(column.comment)} |"
