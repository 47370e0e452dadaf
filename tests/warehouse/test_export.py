"""An export is what the snapshot shows, in the format asked for, with a manifest that describes it."""

from __future__ import annotations

import csv
import hashlib
import json

import pyarrow.parquet as pq
import pytest

from commentariat import InputError
from warehouse import TABLES, connect
from warehouse.export import export


def test_all_tables_come_out_as_parquet_with_a_manifest(filled, tmp_path):
    with connect(filled.root) as reader:
        files = export(reader, tmp_path / "out", format="parquet")
    assert [file.name for file in files] == list(TABLES)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["commit"] == 5
    for entry in manifest["files"]:
        place = tmp_path / "out" / entry["file"]
        assert hashlib.sha256(place.read_bytes()).hexdigest() == entry["sha256"]
        assert pq.read_metadata(place).num_rows == entry["rows"]
    assert {entry["name"]: entry["rows"] for entry in manifest["files"]}["stance"] == 24


def test_csv_and_json_lines_hold_the_same_rows(filled, tmp_path):
    with connect(filled.root) as reader:
        export(reader, tmp_path, tables=["article"], format="csv")
        export(reader, tmp_path, tables=["article"], format="jsonl")
    with (tmp_path / "article.csv").open(newline="") as file:
        from_csv = list(csv.DictReader(file))
    from_json = [json.loads(line) for line in (tmp_path / "article.jsonl").read_text().splitlines()]
    assert [row["article_id"] for row in from_csv] == [row["article_id"] for row in from_json]
    assert from_csv[0]["authors"] == "A. Writer" and from_json[0]["authors"] == ["A. Writer"]


def test_a_query_can_be_exported(filled, tmp_path):
    with connect(filled.root) as reader:
        (file,) = export(
            reader, tmp_path, queries=[("share", "FROM stance_share('carbon-tax')")], format="csv"
        )
    assert file.file == "share.csv" and file.rows == 2


def test_unknown_tables_formats_and_bad_queries_are_named(filled, tmp_path):
    with connect(filled.root) as reader:
        with pytest.raises(InputError, match="unknown table artikle"):
            export(reader, tmp_path, tables=["artikle"], format="csv")
        with pytest.raises(InputError, match="unknown format"):
            export(reader, tmp_path, format="xls")
        with pytest.raises(InputError, match="nowhere"):
            export(reader, tmp_path, queries=[("x", "FROM nowhere")], format="csv")
