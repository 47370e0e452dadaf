"""An export has the rows of the snapshot, in the chosen format, with a manifest that describes them."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import warehouse.exporting.export as export_module
from commentariat import InputError, WarehouseError
from tests.warehouse import nights
from warehouse import TABLES, Warehouse, connect
from warehouse.definitions.tables import BOOKKEEPING
from warehouse.exporting.export import export
from warehouse.upkeep.takedown import take_down


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


@pytest.mark.parametrize(
    "sql", ["SELECT title::INTEGER FROM article", "SELECT * FROM artikle", "SELECT error(title) FROM article"]
)
def test_a_query_that_fails_is_a_mistake_in_the_query_also_if_it_fails_while_it_runs(filled, tmp_path, sql):
    with connect(filled.root) as reader, pytest.raises(InputError, match=r"(?i)convert|artikle|Piece"):
        export(reader, tmp_path, queries=[("mine", sql)], format="csv")


def test_an_export_that_fails_leaves_no_manifest_of_the_earlier_files(filled, tmp_path):
    late = "SELECT CASE WHEN i < 190000 THEN i ELSE error('too late') END AS n FROM range(200000) t(i)"
    with connect(filled.root) as reader:
        export(reader, tmp_path / "out", tables=["article"], format="csv")
        with pytest.raises(InputError, match="too late"):
            export(reader, tmp_path / "out", tables=["article"], queries=[("mine", late)], format="csv")
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_a_mistake_that_is_found_before_a_file_is_written_leaves_the_earlier_export(filled, tmp_path):
    with connect(filled.root) as reader:
        export(reader, tmp_path / "out", tables=["article"], format="csv")
        earlier = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
        with pytest.raises(InputError, match="artikle"):
            export(reader, tmp_path / "out", queries=[("article", "FROM artikle")], format="csv")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == earlier


def test_a_query_that_fails_after_its_first_rows_is_a_mistake_in_the_query(filled):
    sql = "SELECT CASE WHEN i < 190000 THEN i ELSE error('too late') END AS n FROM range(200000) t(i)"
    with (
        connect(filled.root) as reader,
        pytest.raises(InputError, match="too late"),
        reader.stream(sql) as rows,
    ):
        for _ in rows:
            pass


def test_a_view_can_be_exported(filled, tmp_path):
    with connect(filled.root) as reader:
        (file,) = export(reader, tmp_path, tables=["current_stance"], format="csv")
    assert (file.name, file.rows) == ("current_stance", 18)


@pytest.mark.parametrize("name", [table.name for table in BOOKKEEPING])
@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_a_bookkeeping_table_can_be_exported_by_its_name(filled, tmp_path, name, form):
    with connect(filled.root) as reader:
        (file,) = export(reader, tmp_path, tables=[name], format=form)
        assert file.rows == reader.query(f"SELECT count(*) AS n FROM {name}")["n"][0].as_py() > 0


def test_unknown_tables_formats_and_bad_queries_are_named(filled, tmp_path):
    with connect(filled.root) as reader:
        with pytest.raises(InputError, match="unknown table or view artikle"):
            export(reader, tmp_path, tables=["artikle"], format="csv")
        with pytest.raises(InputError, match="unknown format"):
            export(reader, tmp_path, format="xls")
        with pytest.raises(InputError, match="nowhere"):
            export(reader, tmp_path, queries=[("x", "FROM nowhere")], format="csv")


def test_a_table_and_a_query_of_one_name_are_not_written_over_each_other(filled, tmp_path):
    with connect(filled.root) as reader:
        for tables, queries in (
            (["panel"], [("panel", "SELECT 1 AS n")]),
            (["article"], [("Article", "SELECT 1 AS n")]),
            (["article", "article"], []),
        ):
            with pytest.raises(InputError, match=r"(?i)(panel|article)\.csv: .* to different folders"):
                export(reader, tmp_path / "out", tables=tables, queries=queries, format="csv")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """Functions that are called, each once, while the first file is written."""
    events: list[Callable[[], None]] = []
    original = export_module.write

    def writing(schema: pa.Schema, *given: Any) -> int:
        if events:
            events.pop()()
        return original(schema, *given)

    monkeypatch.setattr(export_module, "write", writing)
    return events


def rows_exported(folder: Path) -> dict[str, int]:
    manifest = json.loads((folder / "manifest.json").read_text())
    return {entry["name"]: entry["rows"] for entry in manifest["files"]}


def test_an_export_has_one_snapshot_whatever_is_published_meanwhile(filled, tmp_path, meanwhile):
    def publish() -> None:
        with filled.writing(run_id="night-2", flow="nightly") as writer:
            writer.commit("1", nights.batch(2, 0))
            writer.publish()

    meanwhile.append(publish)
    with connect(filled.root) as reader:
        export(reader, tmp_path / "out", format="csv")
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [16], "it follows again"
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["commit"] == 5
    rows = rows_exported(tmp_path / "out")
    assert (rows["article"], rows["article_text"], rows["outcome"], rows["stance"]) == (12, 12, 12, 24)


def test_an_export_begins_again_after_a_takedown_without_the_removed_rows(filled, tmp_path, meanwhile):
    def take(number: int) -> None:
        with filled.writing(run_id=f"t{number}", flow="takedown") as writer:
            take_down(writer, urls=[nights.url(1, 0, number)], reason="Asked for.")

    meanwhile.append(lambda: take(0))
    with connect(filled.root) as reader:
        export(reader, tmp_path / "out", format="csv")
    assert rows_exported(tmp_path / "out")["article"] == rows_exported(tmp_path / "out")["article_text"] == 11
    assert nights.url(1, 0, 0) not in (tmp_path / "out" / "article.csv").read_text()


def test_an_export_stops_if_takedowns_always_happen_meanwhile_and_leaves_no_file(filled, tmp_path, meanwhile):
    def take(number: int) -> None:
        with filled.writing(run_id=f"t{number}", flow="takedown") as writer:
            take_down(writer, urls=[nights.url(1, number // 4, number % 4)], reason="Asked for.")
        if number < 9:
            meanwhile.append(lambda: take(number + 1))

    with connect(filled.root) as reader:
        export(reader, tmp_path / "out", tables=["article"], format="csv")
        meanwhile.append(lambda: take(0))
        with pytest.raises(WarehouseError, match="export again"):
            export(reader, tmp_path / "out", tables=["article"], format="csv")
    assert list((tmp_path / "out").iterdir()) == []


def test_nothing_is_exported_of_a_snapshot_that_shows_what_an_unpublished_takedown_removed(filled, tmp_path):
    def disk_is_full(reached: str) -> None:
        if reached == "base sealed":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(filled.root / "db"))

    with (
        Warehouse(filled.root, on_step=disk_is_full).writing(run_id="t", flow="takedown") as writer,
        pytest.raises(WarehouseError, match="disk is full"),
    ):
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
    with connect(filled.root) as reader, pytest.raises(WarehouseError, match="`commentariat publish` first"):
        export(reader, tmp_path / "out", tables=["article"], format="csv")
    assert list((tmp_path / "out").iterdir()) == []
