"""Stored articles with shared bands are found through an index that is updated from the log, also after damage."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pyarrow as pa
import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from tests.warehouse.nights import hash32, url
from warehouse import Warehouse
from warehouse.near import MOST_CANDIDATES, MOST_SHARING
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down

INCOMING = pa.schema(
    {"article_id": pa.string(), "algorithm": pa.string(), "band": pa.int16(), "hash": pa.uint64()}
)


def like(*known: str, bands: int = 3, algorithm: str = "minhash-1") -> pa.Table:
    """Make the bands of an incoming article that shares `bands` bands with each of the known articles."""
    rows = [
        {
            "article_id": "f" * 32,
            "algorithm": algorithm,
            "band": band,
            "hash": int(article[:12], 16) + band,
        }
        for article in known
        for band in range(bands)
    ]
    return pa.Table.from_pylist(rows).cast(INCOMING)


def found(place: Warehouse, incoming: pa.Table, *, run: str = "look") -> list[tuple[str, int, int, str]]:
    with place.writing(run_id=run, flow="test") as writer:
        rows = writer.near_duplicates(incoming).to_pylist()
    return [(row["candidate_id"], row["revision"], row["bands_shared"], row["text"]) for row in rows]


@pytest.fixture
def index(filled: Warehouse) -> Path:
    return filled.root / "db" / "near.sqlite"


ONE, TWO = hash32(url(1, 0, 1)), hash32(url(1, 1, 2))


def test_the_most_similar_comes_first(filled):
    incoming = pa.concat_tables([like(ONE, bands=1), like(TWO, bands=3)])
    assert found(filled, incoming) == [(TWO, 1, 3, nights.TEXT), (ONE, 1, 1, nights.TEXT)]


def test_equal_hashes_of_another_band_or_algorithm_are_not_shared(filled):
    moved = like(ONE).set_column(2, "band", pa.array([1, 2, 0], pa.int16()))
    assert found(filled, moved) == []
    assert found(filled, like(ONE, algorithm="minhash-2"), run="again") == []


def test_an_article_is_no_candidate_for_itself(filled):
    own = like(ONE).set_column(0, "article_id", pa.array([ONE] * 3))
    assert found(filled, own) == []


def test_without_incoming_articles_there_are_no_candidates(filled):
    assert found(filled, INCOMING.empty_table()) == []


def test_a_band_that_many_articles_share_finds_nothing_and_the_others_still_do(filled):
    common = {"revision": 1, "algorithm": "minhash-1", "band": 9, "hash": 9}
    for night, count in ((7, MOST_SHARING), (8, 1)):  # first so many that they are found, and then one more
        tables = nights.batch(night, 7, articles=count)
        rows = [{"article_id": article, **common} for article in tables["article"]["article_id"].to_pylist()]
        bands = pa.Table.from_pylist(rows).cast(tables["minhash_band"].schema)
        with filled.writing(run_id=f"{night}", flow="test") as writer:
            writer.commit("1", {**tables, "minhash_band": bands})
        alike = pa.Table.from_pylist(
            [{"article_id": "f" * 32, "algorithm": "minhash-1", "band": 9, "hash": 9}]
        )
        incoming = pa.concat_tables([alike.cast(INCOMING), like(ONE)])
        candidates = [one for one, *_ in found(filled, incoming, run=f"look-{night}")]
        assert candidates[0] == ONE
        assert len(candidates) == (MOST_CANDIDATES if night == 7 else 1)


def test_articles_committed_by_this_run_are_found_without_publishing(filled):
    with filled.writing(run_id="b", flow="test") as writer:
        before = writer.near_duplicates(like(hash32(url(7, 7, 1)))).num_rows
        writer.commit("1", nights.batch(7, 7))
        after = writer.near_duplicates(like(hash32(url(7, 7, 1)))).num_rows
    assert (before, after) == (0, 1)


def test_a_revised_article_is_compared_by_its_new_text(filled):
    with filled.writing(run_id="b", flow="test") as writer:
        writer.near_duplicates(like(ONE))
        writer.commit("1", nights.batch(1, 0, revision=2, text="Another text. We should stop here."))
        (row,) = writer.near_duplicates(like(ONE)).to_pylist()
    assert (row["revision"], row["text"]) == (2, "Another text. We should stop here.")


def test_compaction_moves_texts_and_changes_no_answer(filled, index):
    before = found(filled, like(ONE, TWO))
    made = index.stat().st_ino
    with filled.writing(run_id="b", flow="maintenance") as writer:
        assert compact(writer, min_files=2).rows
    assert found(filled, like(ONE, TWO), run="c") == before
    assert index.stat().st_ino == made, "the index was made anew"


def test_an_article_that_was_taken_down_is_in_no_answer_and_not_in_the_index(filled, index):
    found(filled, like(ONE, TWO))
    with filled.writing(run_id="b", flow="takedown") as writer:
        take_down(writer, reason="asked to", article_ids=[ONE])
    assert not index.exists()
    assert [row[0] for row in found(filled, like(ONE, TWO), run="c")] == [TWO]
    with sqlite3.connect(index) as connection:
        assert connection.execute("SELECT * FROM article WHERE article_id = ?", (ONE,)).fetchall() == []


@pytest.mark.parametrize("content", [b"", b"no database at all" * 300], ids=["empty", "other bytes"])
def test_a_damaged_index_is_built_again_from_the_log(filled, index, content):
    before = found(filled, like(ONE))
    index.write_bytes(content)
    assert found(filled, like(ONE), run="c") == before


def test_an_index_with_damage_inside_is_built_again_from_the_log(filled, index):
    before = found(filled, like(ONE))
    whole = index.read_bytes()
    index.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert found(filled, like(ONE), run="c") == before


def test_an_index_of_another_history_is_built_again_from_the_log(filled, index):
    before = found(filled, like(ONE))
    with sqlite3.connect(index) as connection:
        connection.execute("INSERT INTO file (path) VALUES ('data/minhash_band/of-another-log.parquet')")
    assert found(filled, like(ONE), run="c") == before
    with sqlite3.connect(index) as connection:
        assert connection.execute("SELECT count(*) FROM file WHERE path LIKE '%another%'").fetchone() == (0,)


def test_an_interrupted_build_of_the_index_begins_again(filled, index):
    index.with_suffix(".partial").write_bytes(b"half an index")
    assert len(found(filled, like(ONE))) == 1


def test_a_damaged_text_file_is_named(filled):
    found(filled, like(ONE))
    texts = [filled.root / file.path for file in filled.live_files("article_text")]
    for path in texts:
        path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(WarehouseError, match=r"data/article_text/.*commentariat verify"):
        found(filled, like(ONE), run="c")
