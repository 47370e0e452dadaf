"""The search for a word finds it in every kind of file that a warehouse may have, however it is packed."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warehouse.contents import files_with

WORD = "zeppelin\u00e9"
ROWS = [
    f"over the harbor a {WORD if number == 1_500 else 'balloon'} flies, {number}" for number in range(3_000)
]


def duckdb_file(path: Path) -> None:
    with duckdb.connect(str(path), config={"storage_compatibility_version": "latest"}) as database:
        database.execute("PRAGMA force_compression = 'zstd'")
        database.execute("CREATE SCHEMA other")
        database.execute('CREATE TABLE other."a ""table" AS SELECT unnest($rows) AS text', {"rows": ROWS})


def duckdb_with_a_list(path: Path) -> None:
    with duckdb.connect(str(path)) as database:
        database.execute(
            "CREATE TABLE authors AS SELECT [$word, 'A. Writer'] AS names, now() AS at", {"word": WORD}
        )


def unfinished_duckdb(path: Path) -> None:
    duckdb_file(path.with_suffix(".duckdb"))
    path.with_suffix(".duckdb").rename(path)


def sqlite_file(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA encoding = 'UTF-16'")
        database.execute('CREATE TABLE "a table" (text)')
        database.execute('INSERT INTO "a table" VALUES (?)', (WORD,))


def search_index(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE VIRTUAL TABLE words USING fts5(text, content = '', tokenize = 'unicode61 remove_diacritics 0')"
        )
        for number, word in enumerate((WORD[:-3], WORD[:-1], WORD)):
            database.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number + 1, word))
        database.execute("INSERT INTO words (words) VALUES ('optimize')")


def parquet_file(path: Path) -> None:
    pq.write_table(pa.table({"text": ROWS}), path, compression="zstd", write_statistics=False)


def json_file(path: Path) -> None:
    path.write_text(json.dumps({"paths": [{"name": WORD}]}, indent=1))


def json_lines(path: Path) -> None:
    path.write_text("".join(json.dumps({"note": note}) + "\n" for note in ("first", WORD)) + '{"torn')


def packed_json(path: Path) -> None:
    path.write_bytes(gzip.compress(json.dumps([WORD]).encode()))


def packed_text(path: Path) -> None:
    path.write_bytes(gzip.compress(b"the first member\n") + gzip.compress(f"the second: {WORD}".encode()))


def spilled(path: Path) -> None:
    path.write_bytes(bytes(range(256)) + WORD.encode() + bytes(100))


@pytest.mark.parametrize(
    ("name", "write", "is_packed"),
    [
        ("warehouse-00000001.duckdb", duckdb_file, True),
        ("base.duckdb", duckdb_with_a_list, False),
        ("base.partial", unfinished_duckdb, True),
        ("near.sqlite", sqlite_file, True),
        ("search.sqlite", search_index, True),
        ("month=2026-01.parquet", parquet_file, True),
        ("intent.json", json_file, True),
        ("annotations.jsonl", json_lines, True),
        ("log.json.gz", packed_json, True),
        ("archive.warc.gz", packed_text, True),
        ("duckdb_temp_storage.tmp", spilled, False),
        (f"{WORD}.json", lambda path: path.write_text("{}"), True),
    ],
)
def test_a_word_is_found_in_each_kind_of_file(
    tmp_path: Path, name: str, write: Callable[[Path], object], is_packed: bool
):
    path = tmp_path / "db" / name
    path.parent.mkdir()
    write(path)
    assert (WORD.encode() not in path.read_bytes()) == is_packed
    assert files_with(tmp_path, "airship", WORD) == [f"db/{name}"]
    assert files_with(tmp_path, "airship") == []
    assert [place.name for place in path.parent.iterdir()] == [name], "the search leaves nothing"


def test_a_word_is_found_in_the_journal_of_an_open_database(tmp_path: Path):
    with (
        duckdb.connect(str(tmp_path / "base.duckdb")) as database,
        closing(sqlite3.connect(tmp_path / "near.sqlite")) as index,
    ):
        database.execute("CREATE TABLE article (title VARCHAR)")
        database.execute("CHECKPOINT")
        database.execute("INSERT INTO article VALUES (?)", [WORD])
        index.execute("PRAGMA journal_mode = WAL")
        index.execute("CREATE TABLE article (title)")
        index.execute("INSERT INTO article VALUES (?)", (WORD,))
        index.commit()
        assert {"base.duckdb", "near.sqlite"} <= set(files_with(tmp_path, WORD))
        database.execute("INSERT INTO article VALUES ('later')")


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("base.partial", duckdb_file),
        ("near.sqlite", sqlite_file),
        ("a.parquet", parquet_file),
        ("a.gz", packed_json),
    ],
)
def test_a_file_that_nobody_can_read_may_hold_every_word(
    tmp_path: Path, name: str, write: Callable[[Path], object]
):
    write(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    assert files_with(tmp_path, "airship") == [name]
