"""What a warehouse holds: every published row, and the files in which a word stands."""

from __future__ import annotations

from pathlib import Path

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
    """Return the names of files that hold one of the words, also inside Parquet and DuckDB files."""
    found = []
    for path in root.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        raw = path.read_bytes()
        if path.suffix == ".parquet":
            raw += str(pq.read_table(path).to_pylist()).encode()
        if any(word.encode() in raw for word in words):
            found.append(str(path.relative_to(root)))
    return found
