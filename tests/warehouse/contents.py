"""What a warehouse holds: every published row, and the files in which a word stands, however they are packed."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse import TABLES, connect


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every published row, in a fixed order."""
    with connect(path) as reader:
        return {
            name: [
                tuple(row.values()) for row in reader.query(f"SELECT * FROM {name} ORDER BY ALL").to_pylist()
            ]
            for name in TABLES
        }


def files_with(root: Path, *words: str) -> list[str]:
    """Return the names of the files that hold one of the words, or of which nobody can say what they hold."""
    return [name for name, held in held_by_files(root).items() if holds(held, *words)]


def holds(held: bytes | None, *words: str) -> bool:
    """Whether one of the words is in what a file holds; a file that cannot be read may hold every word."""
    return held is None or any(word.encode() in held for word in words)


def held_by_files(root: Path) -> dict[str, bytes | None]:
    """Read every file: its name, its bytes, and what it holds in a packed form; None for one that cannot be read.

    Files of one content and one place on the disk, under several names, are read once.
    """
    found: dict[str, bytes | None] = {}
    read: dict[tuple[int, int], bytes | None] = {}
    for path in sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        status = path.stat()
        place = (status.st_dev, status.st_ino)
        if place not in read:
            read[place] = _read(path)
        held, name = read[place], str(path.relative_to(root))
        found[name] = None if held is None else name.encode() + b"\n" + held
    return found


def _read(path: Path) -> bytes | None:
    raw = path.read_bytes()
    try:
        return raw + _unpacked(path, raw).encode()
    except (duckdb.Error, sqlite3.DatabaseError, pa.ArrowException, EOFError, OSError):
        return None


def _unpacked(path: Path, raw: bytes) -> str:
    """Write out what a file packs. Its first bytes say how, because its name may be that of an unfinished file."""
    if raw[8:12] == b"DUCK":
        return _rows_of_duckdb(path)
    if raw.startswith(b"SQLite format 3\0"):
        return _rows_of_sqlite(path)
    if raw.startswith(b"PAR1"):
        return str(pq.ParquetFile(io.BytesIO(raw)).read().to_pylist())
    if raw.startswith(b"\x1f\x8b"):
        inner = gzip.decompress(raw)
        return inner.decode(errors="replace") + _values_of_json(inner)
    return _values_of_json(raw)


def _values_of_json(raw: bytes) -> str:
    """Decode JSON and JSON lines, which may write a character as its number; empty for other files."""
    values: list[object] = []
    if raw.lstrip()[:1] in (b"{", b"[", b'"'):
        try:
            values.append(json.loads(raw))
        except ValueError:
            for line in raw.splitlines():
                with suppress(ValueError):
                    values.append(json.loads(line))
    return "\n".join(map(str, values))


@contextmanager
def _copy(path: Path, journal: str) -> Iterator[Path]:
    """Give a copy of a database with its journal: the database itself may be open, or would be changed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, path.name)
        for suffix in ("", journal):
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
        yield copy


def _rows_of_duckdb(path: Path) -> str:
    listed = "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal"
    with _copy(path, ".wal") as copy, duckdb.connect(str(copy), read_only=True) as database:
        return "\n".join(
            str(
                database.execute(
                    f"SELECT COLUMNS(*)::VARCHAR FROM {_quoted(schema)}.{_quoted(name)}"
                ).fetchall()
            )
            for schema, name in database.execute(listed).fetchall()
        )


def _rows_of_sqlite(path: Path) -> str:
    """Read every table, and of a search index its words: it stores only how a word differs from the one before it."""
    rows: list[object] = []
    with _copy(path, "-wal") as copy, closing(sqlite3.connect(copy)) as database:
        tables = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        for name, made_as in tables:
            rows += database.execute(f"SELECT * FROM {_quoted(name)}").fetchall()
            if "using fts5" in made_as.lower():
                words = f"CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, {_quoted(name)}, row)"
                database.execute(words)
                rows += database.execute("SELECT term FROM temp.word").fetchall()
                database.execute("DROP TABLE temp.word")
    return "\n".join(map(str, rows))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
