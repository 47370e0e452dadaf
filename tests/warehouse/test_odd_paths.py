"""A warehouse works in any path that a file system allows, whatever its characters mean in SQL, globs or URLs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.exporting.export import export
from warehouse.spill import _own_folder
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify


@pytest.fixture
def another_place_to_spill() -> Iterator[None]:
    """Let this process choose its folder in the temporary folder again, before the test and after it."""
    _own_folder.cache_clear()
    yield
    _own_folder.cache_clear()


@pytest.mark.parametrize("name", ["a[b]c", "a*"])
@pytest.mark.usefixtures("another_place_to_spill")
def test_a_warehouse_works_in_any_path(one_published_night, tmp_path, monkeypatch, name):
    above = tmp_path / "it's 50% #1 {x} «é»"
    place = above / name
    for folder in (place, above / "abc"):  # a backup, which the patterns "a[b]c" and "a*" would match
        shutil.copytree(one_published_night, folder / "warehouse", symlinks=True)
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    root = place / "warehouse"
    warehouse = Warehouse(root)
    with warehouse.writing(run_id="night-2", flow="nightly") as writer:
        rows = nights.batch(2, 0)
        writer.near_duplicates(rows["minhash_band"].select(["article_id", "algorithm", "band", "hash"]))
        writer.commit("1", rows)
        assert compact(writer, min_files=2).files_after > 0
        writer.update_search()
        writer.publish()
        clean(writer.root, writer.log)
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
    with connect(root, memory_limit="500MB") as reader:
        assert reader.query("SELECT count(text) AS n FROM article_text")["n"].to_pylist() == [15]
        assert reader.query("FROM search('cheap')").num_rows == 15
        assert export(reader, place / "out", tables=["article"], format="csv")[0].rows == 15
    with connect(root, memory_limit="60MB") as reader:
        reader.query("CREATE TEMP TABLE t AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(1500000)")
        assert list(place.glob("commentariat-spill-*/*/*")), "it spills to the temporary folder"
    assert verify(root).findings == ()


@pytest.mark.parametrize("name", ["what?", "back\\slash"])
def test_a_path_that_duckdb_cannot_use_is_refused_before_anything_is_made(tmp_path, name):
    writing = Warehouse(tmp_path / name / "warehouse").writing(flow="nightly")
    with pytest.raises(WarehouseError, match="name another folder"), writing:
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "look",
    [lambda path: Warehouse(path).existing(), connect, verify],
    ids=["write", "read", "verify"],
)
def test_a_name_that_no_folder_can_have_is_reported_as_such(tmp_path: Path, look: Callable[[Path], object]):
    with pytest.raises(WarehouseError, match="File name too long"):
        look(tmp_path / ("a" * 300))
