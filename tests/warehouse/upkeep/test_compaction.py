"""Compaction merges files by an ordinary commit: the rows stay the same, and readers go on reading."""

from __future__ import annotations

import pyarrow.parquet as pq

from tests.warehouse import nights
from tests.warehouse.contents import content
from warehouse import connect
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.verify import verify


def test_compaction_leaves_one_sorted_file_a_month_and_the_same_rows(filled):
    before = content(filled.root)
    with filled.writing(run_id="c", flow="compact") as writer:
        done = compact(writer, min_files=2)
        writer.publish()
    assert done.files_before > done.files_after > 0
    assert [len(filled.live_files(name)) for name in ("article", "stance", "article_text", "target")] == [
        1
    ] * 4
    stance = pq.read_table(filled.root / filled.live_files("stance")[0].path)
    assert stance["target"].to_pylist() == sorted(stance["target"].to_pylist())
    assert content(filled.root) == before
    assert verify(filled.root).findings == ()
    with connect(filled.root) as reader:
        assert reader.query("SELECT sum(article_rows)::INT AS n FROM run")["n"].to_pylist() == [12]


def test_a_base_rebuilt_after_compaction_is_the_base_that_followed_it(filled):
    with filled.writing(run_id="c", flow="compact") as writer:
        compact(writer, min_files=2)
        writer.commit("1", nights.batch(2, 0))
        writer.publish()
    followed = content(filled.root)
    for file in (filled.root / "db").iterdir():
        file.unlink()
    with filled.writing(run_id="d", flow="test") as writer:
        writer.publish()
    assert content(filled.root) == followed


def test_a_reader_keeps_reading_texts_while_files_are_compacted_away(filled):
    texts = "SELECT count(text) AS n FROM article_text"
    with connect(filled.root) as reader:
        assert reader.query(texts)["n"].to_pylist() == [12]
        with filled.writing(run_id="c", flow="compact") as writer:
            compact(writer, min_files=2)
            assert reader.query(texts)["n"].to_pylist() == [12]
            writer.publish()
            clean(writer.root, writer.log)
        assert reader.query(texts)["n"].to_pylist() == [12]
