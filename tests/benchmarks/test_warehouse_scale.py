"""The warehouses of made-up rows that are measured."""

from pathlib import Path

from benchmarks.warehouse_scale import build
from warehouse import Warehouse, connect


def test_a_warehouse_has_as_many_articles_as_were_asked_for(tmp_path: Path) -> None:
    """Growth is measured with a few thousand stored articles, which are fewer than a batch has."""
    build(Warehouse(tmp_path / "w"), 100)
    with connect(tmp_path / "w") as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [100]
