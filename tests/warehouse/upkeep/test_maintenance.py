"""Compaction and retention change files and not rows; a takedown removes rows for ever. All are ordinary commits."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from commentariat import InputError, WarehouseError
from tests.warehouse import nights
from tests.warehouse.contents import content, files_with
from tests.warehouse.copies import copied
from tests.warehouse.forked import started
from warehouse import Warehouse, connect
from warehouse.engine import SPILL
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify

SECRET = "An unmistakable sentence about zeppelins."


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


def test_replaced_files_go_to_trash_once_no_kept_snapshot_needs_them_and_are_deleted_later(filled):
    with filled.writing(run_id="c", flow="compact") as writer:
        done = compact(writer, min_files=2)
        for _ in range(3):
            writer.publish()
        assert clean(writer.root, writer.log).moved_to_trash == done.files_before
        assert clean(writer.root, writer.log).deleted == 0
        for file in (writer.root / "trash").iterdir():
            os.utime(file, (time.time() - 31 * 86_400,) * 2)
        assert clean(writer.root, writer.log).deleted == done.files_before
    assert verify(filled.root).findings == ()


def test_a_file_that_was_being_moved_to_trash_when_the_kill_came_stays_there_as_long_as_the_others(
    filled, monkeypatch
):
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with filled.writing(run_id="c", flow="compact") as writer:
        done = compact(writer, min_files=2)
        for _ in range(3):
            writer.publish()
        for path in writer.log.replaced():
            os.utime(writer.root / path, (time.time() - 40 * 86_400,) * 2)
        with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
            killed.setattr(os, "utime", die)
            clean(writer.root, writer.log)
        again = clean(writer.root, writer.log)
        assert (again.moved_to_trash, again.deleted) == (done.files_before, 0)


@pytest.fixture(scope="module")
def second_night(one_published_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = copied(one_published_night, tmp_path_factory.mktemp("second-night"))
    with warehouse.writing(run_id="night-2", flow="nightly") as writer:
        rows = nights.batch(2, 0, text=f"{SECRET} {nights.SENTENCE}")
        titles = [f"Zeppelins {n}" for n in range(4)]
        article = rows["article"]
        index = article.column_names.index("title")
        writer.commit("1", {**rows, "article": article.set_column(index, "title", [titles])})
        compact(writer, min_files=2)
        writer.publish()
    return warehouse.root


@pytest.fixture
def with_secret(second_night: Path, tmp_path: Path) -> Warehouse:
    """A warehouse with a second night, whose four texts hold a sentence that can be searched for in raw bytes."""
    return copied(second_night, tmp_path)


def test_a_takedown_removes_an_article_from_every_file_and_prevents_its_return(with_secret):
    root = with_secret.root
    urls = [nights.url(2, 0, n) for n in range(4)]
    assert files_with(root, "zeppelins", "Zeppelins")
    with with_secret.writing(run_id="t", flow="takedown") as writer:
        receipt = take_down(writer, urls=urls, reason="The author asked for it.")
    assert receipt.rows["article"] == receipt.rows["article_text"] == receipt.rows["item"] == 4
    assert receipt.rows["stance"] == 8
    assert set(receipt.urls) == set(urls)
    assert files_with(root, "zeppelins", "Zeppelins") == []
    with connect(root) as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [12]
        assert reader.query("SELECT count(*) AS n FROM outcome")["n"].to_pylist() == [16]
        assert reader.query("SELECT DISTINCT reason FROM tombstone")["reason"].to_pylist() == [
            "The author asked for it."
        ]
    assert verify(root).findings == ()
    again = {name: rows for name, rows in nights.batch(2, 0).items() if name in ("article", "article_text")}
    with (
        with_secret.writing(run_id="back", flow="nightly") as writer,
        pytest.raises(WarehouseError, match="not_taken_down"),
    ):
        writer.commit("1", again)


def test_a_takedown_of_an_outlet_takes_all_its_articles_and_reports_copies_elsewhere(filled):
    original = nights.hash32(nights.url(1, 0, 0))
    copy = {
        "article_id": "c" * 32,
        "duplicate_of": original,
        "how": "near",
        "similarity": 0.9,
        "outlet": "Echo",
    }
    with filled.writing(run_id="t", flow="takedown") as writer:
        writer.commit("1", {"duplicate": nights.table([copy])})
        receipt = take_down(writer, outlets=["Harbor Ledger"], reason="The licence ended.")
    assert receipt.rows["article"] == 6
    assert receipt.copies == ("c" * 32,)
    with connect(filled.root) as reader:
        assert reader.query("SELECT DISTINCT outlet FROM article ORDER BY 1")["outlet"].to_pylist() == [
            "Northern Review",
            "Plain Speaker",
        ]


def test_a_takedown_that_finds_nothing_is_reported(filled):
    writing = filled.writing(run_id="t", flow="takedown")
    with writing as writer, pytest.raises(InputError, match="nothing was taken down"):
        take_down(writer, urls=["https://elsewhere.example/"], reason="x")


def be_killed_while_taking_down(root: Path, at: str, urls: list[str]) -> None:
    def on_step(step: str) -> None:
        if step == at:
            os.kill(os.getpid(), signal.SIGKILL)

    with Warehouse(root, on_step=on_step).writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=urls, reason="Asked for.")


@pytest.mark.parametrize("step", ["logged", "base sealed", "generation named", "link swapped"])
def test_a_takedown_cut_short_is_finished_by_the_next_run(with_secret, step):
    urls = [nights.url(2, 0, n) for n in range(4)]
    process = started(be_killed_while_taking_down, with_secret.root, step, urls)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with with_secret.writing(run_id="next", flow="nightly"):
        pass
    assert files_with(with_secret.root, "zeppelins", "Zeppelins") == []
    assert verify(with_secret.root).findings == ()


def be_killed_while_deleting(root: Path, below: str, nth: int) -> None:
    """Start a run, which is killed just before it deletes the n-th file below a folder."""
    left = [nth]

    def on_event(event: str, details: tuple[object, ...]) -> None:
        if event == "os.remove" and str(details[0]).startswith(str(root / below)):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(on_event)
    with Warehouse(root).writing(run_id="killed", flow="nightly"):
        pass


@pytest.mark.parametrize(("below", "nth"), [("data", 1), ("data", 2), ("data", 9), ("db/near", 1)])
def test_nothing_is_left_of_an_article_whose_files_were_being_deleted_when_the_kill_came(
    with_secret, below, nth
):
    root, urls = with_secret.root, [nights.url(2, 0, n) for n in range(4)]
    ids = [nights.hash32(url) for url in urls]
    with with_secret.writing(run_id="n", flow="nightly") as writer:
        bands = nights.batch(2, 0)["minhash_band"].select(["article_id", "algorithm", "band", "hash"])
        writer.near_duplicates(bands)
        writer.update_search()
    near, index = root / "db" / "near.sqlite", root / "search.sqlite"
    assert ids[0].encode() in near.read_bytes() and b"zeppelins" in index.read_bytes()
    killed = started(be_killed_while_taking_down, root, "logged", urls)
    killed.join()
    killed_again = started(be_killed_while_deleting, root, below, nth)
    killed_again.join()
    assert killed.exitcode == killed_again.exitcode == -signal.SIGKILL
    with with_secret.writing(run_id="next", flow="nightly"):
        pass
    made_of_files = [*root.glob("search.sqlite*"), *root.glob("db/near.*")]
    for path in made_of_files:
        assert not [word for word in ("zeppelins", *ids) if word.encode() in path.read_bytes()], path
    assert not (root / SPILL).exists()
    assert files_with(root, "zeppelins", "Zeppelins") == []
    assert verify(root).findings == ()


def test_verify_finds_nothing_in_a_sound_warehouse(filled):
    report = verify(filled.root)
    assert report.findings == ()
    assert report.commits == 5 and report.rows > 100


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        (lambda w: (w.root / w.live_files("stance")[0].path).unlink(), "files"),
        (lambda w: (w.root / w.live_files("stance")[0].path).open("ab").write(b"x"), "files"),
        (lambda w: (w.root / "data" / "stance" / "note.txt").write_text("hello"), "stray"),
        (lambda w: (w.root / "log" / "00000003.json").unlink(), "log"),
        (lambda w: (w.root / "warehouse.duckdb").unlink(), "snapshot"),
    ],
)
def test_verify_names_what_is_wrong(filled, spoil, check):
    spoil(filled)
    findings = verify(filled.root).findings
    assert check in {finding.check for finding in findings}
