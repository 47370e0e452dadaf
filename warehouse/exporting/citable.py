"""An export that can be cited: the tables as of a commit or day, a codebook, and hashes that stay the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from commentariat import InputError, WarehouseError, __version__
from warehouse.definitions.schema import SCHEMA_VERSION, name_in_sql
from warehouse.definitions.tables import BOOKKEEPING, TABLES
from warehouse.durable import checksum, explained
from warehouse.exporting.codebook import codebook
from warehouse.exporting.export import MANIFEST
from warehouse.exporting.forms import Form, csv_lines, exported_file, write
from warehouse.exporting.past import Past, past
from warehouse.log.commit_log import last_takedown_of

WITH_TEXTS = "article_text"
LEFT_OUT = (WITH_TEXTS, "minhash_band", "tombstone", "visit")
"""Tables not exported: those that only the program needs, and, unless requested, the texts, which others own.

The table ``tombstone`` has reasons of takedowns, which may name the people who asked for them.
"""

_TRIES = 3
CODEBOOK = "codebook.md"
_SHOWN_TOO = ("commit_log", "stance_total")


@dataclass(frozen=True, slots=True)
class Citable:
    """One table of a citable export.

    Attributes
    ----------
    rows_sha256
        Hash of the rows as CSV, in the order of the key: the same for every form and version of the file.
    """

    name: str
    file: str
    rows: int
    bytes: int
    sha256: str
    rows_sha256: str
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class Cited:
    """A citable export: its moment, tables, hash of its data, and numbers of rows taken down since.

    Attributes
    ----------
    data_sha256
        Hash of the rows of all tables but the texts, which not everybody who exports the same state may have.
    """

    commit: int
    at: str
    tables: tuple[Citable, ...]
    data_sha256: str
    taken_down: dict[str, int]


def export_at(
    root: Path,
    folder: Path,
    at: int | datetime,
    *,
    form: Form,
    texts: bool = False,
    about_model: Callable[[str | None], str | None] = lambda _: None,
) -> Cited:
    """Write the tables as of a moment, ``manifest.json`` and ``codebook.md``, which says how to cite them.

    If something is taken down meanwhile, the export begins again without it.

    Parameters
    ----------
    at
        A commit, or a time; see :func:`warehouse.exporting.past.moment`.
    texts
        Whether to export the articles' texts too.
    about_model
        Describes a model's error rates, by its ``weights_version``; gives None if they are not known.

    Raises
    ------
    InputError
        There is no such moment, or it is still to come: what is added until then would change the export.
    WarehouseError
        The folder cannot be written, a file of the warehouse cannot be read, or something was taken down during every
        attempt.
    """
    if isinstance(at, datetime) and at > datetime.now(UTC):
        raise InputError(
            f"the time until {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC is not over, so the same export made later could "
            "differ: name an earlier day or time, or a commit (see table commit_log)"
        )
    names = [*(n for n in TABLES if n not in LEFT_OUT), *([WITH_TEXTS] if texts else []), *_SHOWN_TOO]
    with explained("Exporting", folder):
        for _ in range(_TRIES):
            with past(root, at) as then:
                folder.mkdir(parents=True, exist_ok=True)
                cited = _export(then, root, folder, names, form, about_model)
            if cited is not None:
                _write_manifest(folder, cited, form)
                return cited
    raise WarehouseError(
        f"{_TRIES} times something was taken down while {root} was exported: export again later"
    )


def _export(
    then: Past,
    root: Path,
    folder: Path,
    names: Sequence[str],
    form: Form,
    about_model: Callable[[str | None], str | None],
) -> Cited | None:
    """Write the tables and the codebook; None, and no file, if something was taken down meanwhile."""
    failed: Exception | None = None
    # Those of an earlier export would describe other files if this one fails.
    for of_an_earlier_export in (MANIFEST, CODEBOOK):
        (folder / of_an_earlier_export).unlink(missing_ok=True)
    try:
        # Like the table `tombstone`, the note has the reason.
        then.connection.execute("UPDATE commit_log SET note = NULL WHERE kind = 'takedown'")
        tables = tuple(_write(then, folder, name, form) for name in names)
        cited = Cited(then.moment.commit, then.moment.at, tables, _hash_of(tables), then.taken_down)
        (folder / CODEBOOK).write_text(
            "\n".join(codebook(then, cited.data_sha256, names, about_model)) + "\n", encoding="utf-8"
        )
    except (duckdb.Error, pa.ArrowException, FileNotFoundError) as error:
        failed = error
    if last_takedown_of(root) > then.last_takedown:
        for written in (*(exported_file(folder, name, form) for name in names), folder / CODEBOOK):
            written.unlink(missing_ok=True)
        return None
    if failed:
        raise WarehouseError(
            f"the state at commit {then.moment.commit} could not be read completely: {failed}. "
            "Run `commentariat verify`"
        ) from failed
    return cited


def _write_manifest(folder: Path, cited: Cited, form: Form) -> None:
    manifest = {
        "commit": cited.commit,
        "committed_at": cited.at,
        "program": f"commentariat {__version__}",
        "schema_version": SCHEMA_VERSION,
        "format": form,
        "data_sha256": cited.data_sha256,
        "taken_down_since": cited.taken_down,
        "codebook_sha256": checksum(folder / CODEBOOK),
        "files": [asdict(table) for table in cited.tables],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _write(then: Past, folder: Path, name: str, form: Form) -> Citable:
    table = TABLES.get(name) or next(candidate for candidate in BOOKKEEPING if candidate.name == name)
    order = ", ".join(name_in_sql(column) for column in table.key)
    relation = then.connection.sql(f"SELECT * FROM {name} ORDER BY {order}")
    stream = pa.RecordBatchReader.from_stream(relation)
    digest = hashlib.sha256((",".join(stream.schema.names) + "\n").encode())
    place = exported_file(folder, name, form)
    with place.open("wb") as sink:
        rows = write(stream.schema, _hashed(stream, digest.update), form, sink)
    columns = {field.name: str(field.type) for field in stream.schema}
    return Citable(name, place.name, rows, place.stat().st_size, checksum(place), digest.hexdigest(), columns)


def _hashed(stream: pa.RecordBatchReader, update: Callable[[bytes], None]) -> Iterator[pa.RecordBatch]:
    for batch in stream:
        for line in csv_lines(pa.Table.from_batches([batch])):
            update(line.encode() + b"\n")
        yield batch


def _hash_of(tables: Sequence[Citable]) -> str:
    data = sorted((table for table in tables if table.name != WITH_TEXTS), key=lambda table: table.name)
    lines = "".join(f"{table.name} {table.rows_sha256}\n" for table in data)
    return hashlib.sha256(lines.encode()).hexdigest()
