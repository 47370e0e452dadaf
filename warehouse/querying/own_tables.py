"""The user's own tables, for example a file with the owner, leaning or circulation of each outlet.

They are read completely when they are named, and belong to one connection: nothing of them is stored.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

from commentariat import InputError
from warehouse.sql_files import load_sql

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_TEXTS_OF_THE_WAREHOUSE = frozenset(
    {
        "article_id", "duplicate_of", "label", "language", "model_version", "month", "outlet", "run_id", "section",
        "source", "statement_hash", "target", "taxonomy", "title", "topic", "url",
    }
)  # fmt: skip
"""Columns by which a table is joined with those of the warehouse, where they are texts.

A number could not be compared with all of them: of the codes of topics, none is no number.
"""
_HEAD_CHARACTERS = 100_000  # the module csv refuses a cell of more than 131,072


@runtime_checkable
class ArrowLike(Protocol):
    """A data frame of pandas, polars or another library that can show itself as Arrow."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the rows as a stream of Arrow."""
        ...


OwnTable = Path | str | pa.Table | ArrowLike
"""A file, or rows that are in memory."""


def own_tables(tables: Mapping[str, OwnTable], taken: Iterable[str]) -> dict[str, pa.Table]:
    """Read the user's own tables.

    Parameters
    ----------
    tables
        The tables, by the names that they get in SQL.
    taken
        Names that the warehouse uses.

    Raises
    ------
    InputError
        A name cannot be used, or a file cannot be read.
    """
    theirs = {name.lower() for name in taken}
    read: dict[str, pa.Table] = {}
    for name, table in tables.items():
        if not _NAME.fullmatch(name):
            raise InputError(f"{name!r} cannot be the name of a table: use letters, digits and underscores")
        if name.lower() in theirs:
            raise InputError(f"the warehouse already has a table or view {name}: give yours another name")
        read[name] = _read(Path(table)) if isinstance(table, str | Path) else pa.table(table)
    return read


def named_files(texts: Iterable[str]) -> dict[str, Path]:
    """Parse ``name=file`` as given on a command line.

    Raises
    ------
    InputError
        A text has another form, or a name occurs twice.
    """
    files: dict[str, Path] = {}
    for text in texts:
        name, equals, file = text.partition("=")
        if not equals or not name or not file:
            raise InputError(f"{text!r} should be NAME=FILE, like outlets=outlets.csv")
        if name in files:
            raise InputError(f"the table {name} is named twice: give each file a name of its own")
        try:
            files[name] = Path(file).expanduser()
        except RuntimeError as error:
            raise InputError(f"{file}: the home folder is not known: write the whole path") from error
    return files


def _read(path: Path) -> pa.Table:
    suffix = path.suffix.lower()
    if suffix not in ENDINGS:
        raise InputError(f"{path}: a table of your own ends in {', '.join(ENDINGS)}")
    try:
        if suffix == ".parquet":
            import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import, and most questions name no table

            table = pq.read_table(path)
        elif suffix in (".jsonl", ".ndjson"):
            # Not splitlines: a text may contain other characters that end a line for it, such as U+2028.
            lines = path.read_text(encoding="utf-8-sig").split("\n")
            rows = [json.loads(line) for line in lines if line.strip()]
            # Of all rows, because Arrow would take the names of the first one.
            names = dict.fromkeys(name for row in rows for name in row)
            table = pa.table({name: _column(name, rows) for name in names})
        else:
            table = _delimited(path.read_bytes(), "\t" if suffix == ".tsv" else None)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (pa.ArrowException, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise InputError(f"{path}: not a readable table: {str(error)[:300]}") from error
    if not table.num_columns:
        raise InputError(f"{path}: it has no columns")
    if repeated := {name for name in table.column_names if table.column_names.count(name) > 1}:
        raise InputError(f"{path}: the column {min(repeated)} occurs more than once: rename one")
    return table


def _column(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Array[Any]:
    """Make one column; the error names it if its values are of several types."""
    try:
        column: pa.Array[Any] = pa.array([row.get(name) for row in rows])
    except (pa.ArrowException, OverflowError) as error:
        raise ValueError(f"column {name}: {error}") from error
    return column


def _delimited(content: bytes, delimiter: str | None) -> pa.Table:
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import, and most questions name no table
    from pyarrow import csv as arrow_csv  # noqa: PLC0415 - as above

    text = decoded(content)
    parse = arrow_csv.ParseOptions(delimiter=delimiter or likely_delimiter(text), newlines_in_values=True)

    def read(types: dict[str, pa.DataType]) -> pa.Table:
        options = arrow_csv.ConvertOptions(column_types=types)
        return arrow_csv.read_csv(io.BytesIO(text.encode()), parse_options=parse, convert_options=options)

    # NA or null among numbers or dates says that there is no value. Among texts it can be a name, as of a region, and
    # only an empty cell has no value. A column with nothing but such words is one of texts too, unless all are empty.
    table = read({})
    numbers = [field.name for field in table.schema if pa.types.is_integer(field.type)]
    without_values = [field.name for field in table.schema if pa.types.is_null(field.type)]
    named = [name for name in table.column_names if name.lower() in _TEXTS_OF_THE_WAREHOUSE]
    asked: dict[str, pa.DataType] = dict.fromkeys([*numbers, *without_values, *named], pa.string())
    as_texts = read(asked) if asked else table
    for place, field in enumerate(as_texts.schema):
        if not pa.types.is_string(field.type):
            continue
        column: Any = as_texts.column(place)
        if field.name in numbers and field.name not in named and not _has_codes(column):
            continue
        is_empty = pc.match_substring_regex(column, "^$")
        column = pc.if_else(is_empty, pa.scalar(None, pa.string()), column)
        if column.null_count < len(column):
            table = table.set_column(place, field.name, column)
    return table


def _has_codes(column: Any) -> bool:  # noqa: ANN401 - a chunked array
    """Whether a column of whole numbers has one that begins with a zero, as a postal code does, and is no number."""
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import, and most questions name no table

    return bool(pc.any(pc.match_substring_regex(column, r"^\s*0[0-9]")).as_py())


def decoded(content: bytes) -> str:
    """Decode a file of a spreadsheet program: UTF-8, UTF-16 with a byte order mark, or else the Western code page.

    A few wrong bytes do not make another encoding of UTF-8: where more is valid than wrong, each is one U+FFFD.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-8-sig", errors="replace")
        wrong = text.count("\ufffd") - content.count(b"\xef\xbf\xbd")
        if wrong < sum(not character.isascii() for character in text) - wrong:
            return text
        return content.decode("cp1252", errors="replace")


def likely_delimiter(text: str) -> str:
    """Guess the separator of the columns from the first line: comma, semicolon, tab or bar."""
    head = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    head = head[:_HEAD_CHARACTERS]
    counted: dict[str, int] = {mark: len(next(csv.reader([head], delimiter=mark), [])) for mark in ",;\t|"}
    return max(counted, key=lambda mark: counted[mark])


def names_in(connection: Any) -> list[str]:  # noqa: ANN401 - a DuckDB connection of any make
    """List the tables and views of a snapshot, including views on files."""
    return [str(name) for (name,) in connection.execute(load_sql("names_to_read")).fetchall()]
