"""Export of tables or a query to Parquet, CSV or JSON lines, with a manifest that describes the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, get_args

import duckdb
import pyarrow as pa

from commentariat import InputError, WarehouseError
from warehouse.definitions.schema import SCHEMA_VERSION, name_in_sql
from warehouse.definitions.tables import BOOKKEEPING, TABLES
from warehouse.durable import checksum, explained
from warehouse.exporting.forms import Form, exported_file, write
from warehouse.log.commit_log import last_takedown_of
from warehouse.querying.after_takedowns import pinned_after_takedowns
from warehouse.querying.connect import Reader

_TRIES = 3
MANIFEST = "manifest.json"
_Query: TypeAlias = tuple[str, str, Mapping[str, object] | None]
"""Name of the file, SQL, values of its parameters."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One exported file, as the manifest lists it."""

    name: str
    file: str
    rows: int
    bytes: int
    sha256: str
    columns: dict[str, str]


def export(
    reader: Reader,
    folder: Path,
    *,
    tables: Iterable[str] = (),
    queries: Iterable[tuple[str, str]] = (),
    parameters: Mapping[str, object] | None = None,
    format: Form,
) -> list[Exported]:
    """Write tables and query results of one published snapshot to ``folder``, with ``manifest.json`` beside them.

    If something is taken down meanwhile, the export begins again with the snapshot from which it is missing.

    Parameters
    ----------
    tables
        Names of tables and views; include ``article_text`` to export the texts. Without tables and queries, all tables
        are exported, except the bookkeeping tables of the snapshot.
    queries
        Pairs of a name for the file and an SQL query.
    parameters
        Values of the ``$name`` parameters that every query has.

    Raises
    ------
    InputError
        A table or the format is unknown, a query fails, or a table and a query would be written to the same file.
    WarehouseError
        The folder cannot be written, a takedown has not been published, or something was taken down during every
        attempt.
    """
    if format not in get_args(Form):
        raise InputError(f"unknown format {format!r}: use {', '.join(get_args(Form))}")
    chosen, asked = list(tables), list(queries)
    if chosen and (unknown := sorted(set(chosen) - set(names := relations(reader)))):
        raise InputError(f"unknown table or view {', '.join(unknown)}; there are {', '.join(names)}")
    if not chosen and not asked:
        chosen = list(TABLES)
    sql: list[_Query] = [(name, f"SELECT * FROM {name_in_sql(name)}", None) for name in chosen]
    sql += [(name, query, parameters) for name, query in asked]
    _refuse_one_file_twice([exported_file(folder, name, format) for name, *_ in sql])
    with explained("Exporting", folder):
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(_TRIES):
            with pinned_after_takedowns(reader):
                exported = _export(reader, folder, sql, format)
            if exported is not None:
                return exported
    raise WarehouseError(
        f"{_TRIES} times something was taken down while {reader.root} was exported: export again later"
    )


def _refuse_one_file_twice(places: Iterable[Path]) -> None:
    there: set[str] = set()
    for place in places:
        name = place.name.casefold()  # many file systems do not distinguish upper and lower case
        if name in there:
            raise InputError(
                f"two of the tables and queries would be written to {place}: name each one once, and export a table "
                "and a query of the same name to different folders"
            )
        there.add(name)


def relations(reader: Reader) -> list[str]:
    """List the tables and views that can be exported: those of the snapshot, and the reader's own."""
    views = reader.query("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY view_name")
    tables = [*TABLES, *(table.name for table in BOOKKEEPING)]
    return list(dict.fromkeys([*tables, *map(str, views["view_name"].to_pylist()), *reader.own_tables]))


def _export(reader: Reader, folder: Path, sql: Iterable[_Query], format: Form) -> list[Exported] | None:
    """Export the snapshot to which ``reader`` is pinned; None, and no file, if a takedown was made meanwhile."""
    snapshot = reader.query("SELECT sequence, published_at FROM snapshot").to_pylist()[0]
    files: list[Exported] = []
    try:
        files = [_write(reader, folder, query, format) for query in sql]
    except (InputError, duckdb.Error, pa.ArrowException, FileNotFoundError):
        if last_takedown_of(reader.root) <= snapshot["sequence"]:
            raise
    if last_takedown_of(reader.root) > snapshot["sequence"]:
        for place in (folder / MANIFEST, *(exported_file(folder, name, format) for name, *_ in sql)):
            place.unlink(missing_ok=True)
        return None
    manifest = {
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": snapshot["sequence"],
        "published_at": snapshot["published_at"].isoformat(timespec="seconds"),
        "schema_version": SCHEMA_VERSION,
        "format": format,
        "files": [asdict(file) for file in files],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return files


def _write(reader: Reader, folder: Path, query: _Query, format: Form) -> Exported:
    name, sql, parameters = query
    place = exported_file(folder, name, format)
    with reader.stream(sql, parameters) as stream:
        schema = stream.schema
        # One of an earlier export would describe other files if this one fails. A query with a mistake fails before.
        (folder / MANIFEST).unlink(missing_ok=True)
        with place.open("wb") as sink:
            rows = write(schema, stream, format, sink)
    columns = {field.name: str(field.type) for field in schema}
    return Exported(name, place.name, rows, place.stat().st_size, checksum(place), columns)
