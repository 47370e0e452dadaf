"""Runs queries and searches on the published snapshot, and prints or writes their results."""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Literal

import pyarrow as pa
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from commentariat import InputError
from flows.cli.empty import why_empty
from flows.cli.outputs import output_explained
from flows.cli.standard_output import standard_output
from flows.monitoring.tidy import print_tidy
from tasks.outcome import printable
from warehouse import Reader, connect
from warehouse.querying.own_queries import own_queries, saved_sql
from warehouse.querying.plain_values import BETWEEN_MEMBERS, plain_rows, text_of, with_intervals_as_text
from warehouse.sql_files import QUERIES, load_sql, names, purpose_in, purpose_of, without_comments

ResultFormat = Literal["table", "csv", "json", "parquet"]
_ENDINGS: dict[str, ResultFormat] = {
    ".txt": "table", ".csv": "csv", ".json": "json", ".jsonl": "json", ".parquet": "parquet",
}  # fmt: skip
ROWS_SHOWN = 200
_WHOLE_FROM = 9_999.5  # with four digits it would be written 1e+04
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")
_NO_TABLES: Mapping[str, Path] = MappingProxyType({})

__all__ = [
    "ResultFormat",
    "format_of",
    "run_sql",
    "saved_queries",
    "search_articles",
    "write_result",
]


def saved_queries(warehouse: Path | None = None) -> dict[str, str]:
    """List the saved queries and the user's own ones in a warehouse, each name with its purpose."""
    listed = {name: purpose_of(name) for name in names(QUERIES)}
    if warehouse is None:
        return listed
    own = own_queries(warehouse).items()
    return listed | {name: _purpose_of_own(name, file, warehouse) for name, file in own}


def _purpose_of_own(name: str, file: Path, warehouse: Path) -> str:
    """Give the purpose of a query of the user; if its file cannot be read, the reason."""
    try:
        return purpose_in(saved_sql(name, warehouse)) or "(your own)"
    except InputError as error:
        return f"({str(error).removeprefix(f'{file} ')})"


def run_sql(
    warehouse: Path, query: str, tables: Mapping[str, Path] = _NO_TABLES
) -> tuple[pa.Table, str | None]:
    """Run a query, or a saved query that is given by its name.

    Parameters
    ----------
    tables
        The user's own files that the query can use as tables, by the name of the table.

    Returns
    -------
    tuple of pa.Table, str or None
        The result. If it has no row and the reason is known, also the reason.

    Raises
    ------
    InputError
        When the SQL is wrong, with DuckDB's own message, or when a file cannot be read.
    """
    with connect(warehouse, tables=tables) as reader:
        result = _run(reader, query)
        if result.num_rows or not result.num_columns:
            return result, None
        is_own = query in own_queries(reader.root)
        return result, why_empty(reader, without_comments(saved_sql(query, reader.root)) if is_own else query)


def _run(reader: Reader, query: str) -> pa.Table:
    if query in names(QUERIES) or query in own_queries(reader.root):
        return reader.query(saved_sql(query, reader.root))
    try:
        return reader.query(query)
    except InputError as error:
        if query.isidentifier():  # a single word is not SQL, so a saved query was meant
            raise InputError(
                f"there is no saved query {query!r}; `commentariat sql --list` lists the saved queries"
            ) from error
        raise


def search_articles(warehouse: Path, words: str, how_many: int) -> pa.Table:
    """Find the articles that contain the given words, best match first.

    Raises
    ------
    InputError
        When no word is given, or when there is no index yet.
    """
    from warehouse.search.index import refuse_unsearchable

    sql = load_sql("search", Path(__file__).parent)
    with connect(warehouse) as reader:
        # Inside SQL, DuckDB would wrap the errors of the search in errors of its own.
        refuse_unsearchable(warehouse, words)
        return reader.query(sql, {"words": words, "how_many": how_many})


def format_of(chosen: ResultFormat | None, output: Path | None) -> ResultFormat:
    """Choose the format of a result: the given format, or else that of the file's ending, or else a table.

    Raises
    ------
    InputError
        When no format is given and the ending names none.
    """
    if chosen is not None or output is None:
        return chosen or "table"
    suffix = output.suffix.lower()
    if suffix and suffix not in _ENDINGS:
        raise InputError(
            f"{output}: {suffix} is not a known ending; use {', '.join(_ENDINGS)}, or name the format with --format"
        )
    return _ENDINGS.get(suffix, "table")


def write_result(result: pa.Table, result_format: ResultFormat | None, output: Path | None) -> None:
    """Print a result, or write it to a file; without a format, the file's ending sets it.

    Raises
    ------
    InputError
        When the file cannot be written, its ending names no format, or Parquet would go to a terminal.
    """
    chosen = format_of(result_format, output)
    if chosen == "table":
        with _stream(output, binary=False) as stream:
            _print_table(with_intervals_as_text(result), stream)
        return
    if chosen == "parquet" and output is None and sys.stdout.isatty():
        raise InputError("Parquet cannot be shown on a terminal; name a file with --output, or use a pipe")
    # A table is printed without the parts of Arrow that this needs.
    from warehouse.exporting.forms import write

    with _stream(output, binary=True) as stream:
        write(result.schema, result.to_batches(), "jsonl" if chosen == "json" else chosen, stream)


def _print_table(result: pa.Table, stream: IO[Any]) -> None:
    # In a pipe or a file, lines are not broken: the program that reads them can break them.
    width = None if stream.isatty() else 100_000
    # Without emoji=False, rich would make an emoji of a part of an address or an id such as ":id:".
    console = Console(file=stream, width=width, no_color=not stream.isatty(), emoji=False)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for field in result.schema:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        table.add_column(escape(field.name), justify="right" if number else "left", overflow="fold")
    for row in plain_rows(result.slice(0, ROWS_SHOWN)):
        table.add_row(*("" if value is None else escape(_shown(value)) for value in row))
    if result.num_columns:
        print_tidy(console, table)
    if result.num_rows > ROWS_SHOWN:
        more = f"... {result.num_rows - ROWS_SHOWN} more rows; --format csv gives them all"
        if stream.isatty():
            console.print(more)
        else:  # a program that reads the rows must not take this for one of them
            print(more, file=sys.stderr)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < _WHOLE_FROM else f"{value:.0f}"
    if isinstance(value, list):
        return BETWEEN_MEMBERS.join(_shown(item) for item in value)
    if isinstance(value, str) and _TIME.fullmatch(value):
        value = value.replace("T", " ").removesuffix("Z").partition(".")[0].removesuffix(" 00:00:00")
    return printable(text_of(value))


@contextmanager
def _stream(output: Path | None, *, binary: bool) -> Iterator[IO[Any]]:
    if output is None:
        with standard_output() as stream:
            yield stream.buffer if binary else stream
        return
    mode, encoding = ("wb", None) if binary else ("w", "utf-8")
    with output_explained(output), output.open(mode, encoding=encoding) as file:
        yield file
