"""Questions to the published snapshot and how their answers are printed."""

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, Literal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from commentariat import InputError
from flows.monitoring.console import print_tidy
from tasks.outcome import printable
from tasks.standard_output import standard_output
from warehouse import connect
from warehouse.search import find
from warehouse.statements import QUERIES, names, question, statement

AnswerFormat = Literal["table", "csv", "json", "parquet"]
ROWS_SHOWN = 200

__all__ = ["AnswerFormat", "run_sql", "saved_queries", "saved_sql", "search_articles", "write_answer"]


def saved_queries() -> dict[str, str]:
    """List the saved queries: name and the question each answers."""
    return {name: question(name) for name in names(QUERIES)}


def saved_sql(name: str) -> str:
    """Give the SQL of a saved query.

    Raises
    ------
    InputError
        When there is none of that name; the message lists those there are.
    """
    return statement(name, QUERIES).rstrip()


def run_sql(warehouse: Path, query: str) -> pa.Table:
    """Answer a query, or a saved one by its name.

    Raises
    ------
    InputError
        With DuckDB's own words where the SQL is wrong.
    """
    with connect(warehouse) as reader:
        if query in names(QUERIES):
            return reader.saved(query)
        try:
            return reader.query(query)
        except InputError as error:
            if query.isidentifier():  # one word is no SQL, so a saved query was meant
                raise InputError(
                    f"there is no saved query {query!r}; `commentariat sql --list` shows those there are"
                ) from error
            raise


def search_articles(warehouse: Path, words: str, how_many: int) -> pa.Table:
    """Find the articles that use some words, best match first.

    Raises
    ------
    InputError
        When there is no word to look for, or no index yet.
    """
    sql = files("flows.cli").joinpath("search.sql").read_text(encoding="utf-8")
    with connect(warehouse) as reader:
        # Not by FROM search(...): in SQL the errors of the search come wrapped in those of DuckDB.
        hits = find(warehouse, words)
        found = {f"{name}s": [hit[name] for hit in hits] for name in ("article_id", "revision", "score")}
        return reader.query(sql, {**found, "how_many": how_many})


def write_answer(answer: pa.Table, answer_format: AnswerFormat, output: Path | None) -> None:
    """Print an answer, or write it to a file.

    Raises
    ------
    InputError
        When the file cannot be written, or Parquet would go to a terminal.
    """
    answer = _with_intervals_as_text(answer)
    if answer_format == "parquet":
        if output is None and sys.stdout.isatty():
            raise InputError("Parquet is not for a terminal; name a file with --output, or pipe it")
        with _stream(output, binary=True) as stream:
            pq.write_table(answer, stream, compression="zstd")
        return
    with _stream(output, binary=False) as stream:
        if answer_format == "csv":
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(answer.column_names)
            writer.writerows(_rows(answer))
        elif answer_format == "json":
            for row in _rows(answer):
                record = dict(zip(answer.column_names, row, strict=True))
                stream.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
        else:
            _print_table(answer, stream)


def _with_intervals_as_text(answer: pa.Table) -> pa.Table:
    # The difference of two times is an interval to DuckDB; Parquet has no such type, and people expect 00:01:19.5.
    for place, field in enumerate(answer.schema):
        if field.type == pa.month_day_nano_interval():
            texts = duckdb.from_arrow(answer.select([place])).project("COLUMNS(*)::VARCHAR").to_arrow_table()
            answer = answer.set_column(place, field.name, texts.column(0))
    return answer


def _rows(answer: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in answer.to_batches(max_chunksize=8192):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _print_table(answer: pa.Table, stream: IO[Any]) -> None:
    # In a pipe or a file lines are as long as they need be: whoever reads them can fold them.
    console = Console(file=stream, width=None if stream.isatty() else 100_000, no_color=not stream.isatty())
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for field in answer.schema:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        table.add_column(escape(field.name), justify="right" if number else "left", overflow="fold")
    for row in _rows(answer.slice(0, ROWS_SHOWN)):
        table.add_row(*("" if value is None else escape(_shown(value)) for value in row))
    if answer.num_columns:
        print_tidy(console, table)
    if answer.num_rows > ROWS_SHOWN:
        console.print(f"... {answer.num_rows - ROWS_SHOWN} more rows; --format csv prints them all")


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
    return printable(str(value))


@contextmanager
def _stream(output: Path | None, *, binary: bool) -> Iterator[IO[Any]]:
    if output is None:
        with standard_output() as stream:
            yield stream.buffer if binary else stream
        return
    try:
        with output.open("wb" if binary else "w", encoding=None if binary else "utf-8") as file:
            yield file
    except OSError as error:
        raise InputError(f"{output}: cannot be written: {error.strerror or error}") from error
