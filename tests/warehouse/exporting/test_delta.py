"""The Parquet files of a warehouse can be read as Delta tables, without a copy."""

from __future__ import annotations

import shutil

import pyarrow.parquet as pq
import pytest

from tests.warehouse import nights
from tests.warehouse.build_old_warehouse import HERE
from warehouse import Warehouse
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify

deltalake = pytest.importorskip("deltalake", reason="needs the package deltalake")
from warehouse.exporting import delta  # noqa: E402 - it cannot be imported without the package

TABLES_COMPARED = (
    "article",
    "article_text",
    "stance",
    "evidence",
    "raw_score",
    "wording_score",
    "outcome",
    "tombstone",
)


def test_existing_files_become_delta_tables_and_follow_every_kind_of_commit(filled):
    def rows(table: str) -> list[dict[str, object]]:
        read = deltalake.DeltaTable(filled.root / "data" / table).to_pyarrow_table()
        return sorted(read.to_pylist(), key=repr)

    def stored(writer, table: str) -> list[dict[str, object]]:
        names = ", ".join(f'"{name}"' for name in delta.TABLES[table].names)
        return sorted(writer.query(f"SELECT {names} FROM {table}").to_pylist(), key=repr)

    before = set(filled.root.rglob("*.parquet"))
    with filled.writing(run_id="d", flow="delta") as writer:
        shown = delta.follow(writer.root, writer.log)
        assert shown["stance"] == 5 and "minhash_band" not in shown
        assert set(filled.root.rglob("*.parquet")) == before
        assert rows("stance") == stored(writer, "stance")
        version = deltalake.DeltaTable(filled.root / "data" / "stance").version()
        delta.follow(writer.root, writer.log)
        assert deltalake.DeltaTable(filled.root / "data" / "stance").version() == version

        writer.commit("1", nights.batch(2, 0))
        compact(writer, min_files=2)
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
        delta.follow(writer.root, writer.log)
        for table in TABLES_COMPARED:
            assert rows(table) == stored(writer, table), table
    assert verify(filled.root).findings == ()


def test_a_delta_table_of_an_earlier_version_gets_the_columns_that_came_later(tmp_path):
    root = tmp_path / "warehouse"
    shutil.copytree(HERE / "version-1", root)
    warehouse = Warehouse(root)
    (file,) = warehouse.live_files("model")
    folder = root / "data" / "model"
    deltalake.DeltaTable.create(folder, pq.read_schema(root / file.path), name="model")
    with warehouse.writing(run_id="d", flow="delta") as writer:
        delta.follow(writer.root, writer.log)
        assert deltalake.DeltaTable(folder).to_pyarrow_table()["model_version"].to_pylist() == [nights.MODEL]
        writer.commit("1", nights.model_row("fast-2", 2))
        delta.follow(writer.root, writer.log)
        delta.follow(writer.root, writer.log)
    found = deltalake.DeltaTable(folder).to_pyarrow_table().select(["model_version", "weights_version"])
    assert sorted(found.to_pylist(), key=repr) == [
        {"model_version": "fast-1", "weights_version": None},
        {"model_version": "fast-2", "weights_version": nights.WEIGHTS},
    ]
