"""Full-text search in titles and texts: it is used from SQL, updated in steps, and forgets texts taken down."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from commentariat import InputError, WarehouseError
from tests.warehouse import nights
from tests.warehouse.copies import copied
from warehouse import Warehouse, connect
from warehouse.search import update
from warehouse.search.index import INDEX, refuse_unsearchable
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down


@pytest.fixture(scope="module")
def zeppelins(one_published_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with an index, for all tests that only read."""
    warehouse = copied(one_published_night, tmp_path_factory.mktemp("zeppelins"))
    with warehouse.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0, text=f"Zeppelins over the café. {nights.SENTENCE}"))
        writer.publish()
        assert writer.update_search() == 16
    return warehouse


@pytest.fixture(scope="module")
def with_signs(zeppelins: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The same with an article whose words have signs, for all tests that only read."""
    warehouse = copied(zeppelins.root, tmp_path_factory.mktemp("signs"))
    signs = "A pro-life piece on COVID-19 and the U.S. economy."
    with warehouse.writing(run_id="night-3", flow="nightly") as writer:
        writer.commit("1", nights.batch(3, 0, articles=1, text=f"{signs} {nights.TEXT}"))
        writer.publish()
        writer.update_search()
    return warehouse


@pytest.fixture
def indexed(zeppelins: Warehouse, tmp_path: Path) -> Warehouse:
    """A copy for one test of the warehouse with an index."""
    return copied(zeppelins.root, tmp_path)


def titles(warehouse: Warehouse, words: str) -> set[str]:
    with connect(warehouse.root) as reader:
        return set(reader.query("SELECT title FROM search($words)", {"words": words})["title"].to_pylist())


COUNTS = Path("/proc/self/io")
ZEPPELINS = {f"Piece 2/0/{n}" for n in range(4)}


@pytest.mark.parametrize(
    "words",
    [
        "zeppelins",
        "ZEPPELINS cafe",
        '"over the café"',
        "zepp*",
        "zeppelins OR airships",
        "zeppelins NOT workers",
    ],
)
def test_texts_are_found_by_words_phrases_and_beginnings(zeppelins, words):
    assert titles(zeppelins, words) == ZEPPELINS


def test_titles_are_found_and_count_more(zeppelins):
    assert "Piece 1/2/3" in titles(zeppelins, 'title: "1/2/3"')


def test_text_that_is_no_search_expression_is_searched_as_words(zeppelins):
    assert titles(zeppelins, "zeppelins (over?") == ZEPPELINS
    with pytest.raises(InputError, match="no word"):
        titles(zeppelins, "?!")


SIGNED = {"Piece 3/0/0"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("zeppelins NOT pro-life", ZEPPELINS),
        ("zeppelins OR pro-life", ZEPPELINS | SIGNED),
        ("Biden's OR U.S.", SIGNED),
        ("pro-lif*", SIGNED),
        ('pro-life NOT "workers the"', SIGNED),
        ('pro-life NOT "the workers"', set()),
        ('(pro-life OR COVID-20) AND "on covid"', SIGNED),
        ("(pro-life OR 1,000) AND covid", SIGNED),
        ("text: pro-life", SIGNED),
        ("NEAR(pro-life covid, 5)", SIGNED),
        ("NEAR(pro-life covid, 1)", set()),
        ("COVID-19, (pro-life", SIGNED),
        ("text: (", set()),
    ],
)
def test_operators_phrases_and_beginnings_work_beside_words_with_signs(with_signs, words, found):
    assert titles(with_signs, words) == found


@pytest.mark.parametrize("words", ["NOT pro-life", "u.s. OR", "zeppelins AND OR cafe", "(zeppelins OR cafe"])
def test_an_operator_in_a_place_where_it_cannot_be_is_no_word(zeppelins, words):
    with pytest.raises(InputError, match="cannot be searched for"):
        refuse_unsearchable(zeppelins.root, words)
    refuse_unsearchable(zeppelins.root, words.lower())


def test_in_a_headline_in_capitals_operators_are_words(zeppelins):
    assert titles(zeppelins, "NOT ZEPPELINS IN MY BACK YARD") == set()
    refuse_unsearchable(zeppelins.root, "TO BE OR NOT TO BE")


def test_hits_can_be_joined_with_stances(zeppelins):
    with connect(zeppelins.root) as reader:
        sql = "SELECT count(*) AS n FROM search('zeppelins') JOIN current_stance USING (article_id, revision)"
        assert reader.query(sql)["n"].to_pylist() == [6]


def test_only_new_texts_are_indexed_and_compaction_brings_none(indexed):
    with indexed.writing(run_id="night-3", flow="nightly") as writer:
        assert writer.update_search() == 0
        writer.commit("1", nights.batch(3, 0))
        compact(writer, min_files=2)
        assert writer.update_search() == 4
        writer.publish()
    assert titles(indexed, "zeppelins") == ZEPPELINS
    # Their titles are found too, though they were in files of compaction when they were indexed.
    assert "Piece 3/0/2" in titles(indexed, 'title: "3/0/2"')


def test_an_older_revision_is_not_found_any_more(indexed):
    with indexed.writing(run_id="night-3", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0, revision=2, text=f"Nothing of the kind. {nights.SENTENCE}"))
        writer.publish()
        writer.update_search()
    assert titles(indexed, "zeppelins") == set()
    assert titles(indexed, '"of the kind"') == ZEPPELINS


def test_earlier_texts_of_an_article_take_no_places_of_other_articles(indexed):
    with indexed.writing(run_id="night-3", flow="nightly") as writer:
        for revision in range(2, 5):
            text = f"{'Zeppelins. ' * revision} {nights.SENTENCE}"
            rows = nights.batch(2, 0, articles=1, revision=revision, text=text)
            writer.commit(f"{revision}", {name: rows[name] for name in ("article", "article_text")})
        writer.publish()
        writer.update_search()
    with connect(indexed.root) as reader:
        found = reader.query("SELECT title, revision FROM search('zeppelins', most := 4)").to_pylist()
        assert {row["title"] for row in found} == ZEPPELINS
        assert sorted(row["revision"] for row in found) == [1, 1, 1, 4]
        assert reader.query("FROM search('zeppelins', most := 2)").num_rows == 2
        assert reader.query("FROM search(NULL)").num_rows == 0


def test_texts_that_an_article_no_longer_has_take_no_places_of_other_articles(indexed):
    """The text that had the word most often is an earlier one, which is not published any more."""
    with indexed.writing(run_id="night-3", flow="nightly") as writer:
        for revision, text in ((2, "Zeppelins. " * 20), (3, "Nothing of the kind.")):
            rows = nights.batch(2, 0, articles=1, revision=revision, text=text)
            writer.commit(f"{revision}", {name: rows[name] for name in ("article", "article_text")})
        writer.publish()
        writer.update_search()
    with connect(indexed.root) as reader:
        for most in (1, 3):
            found = reader.query(f"SELECT title FROM search('zeppelins', most := {most})")
            assert found.num_rows == most and "Piece 2/0/0" not in found["title"].to_pylist()


def test_every_article_that_has_the_words_is_found(warehouse):
    with warehouse.writing(run_id="night-1", flow="nightly") as writer:
        rows = nights.batch(1, 0, articles=1_200)
        writer.commit("1", {name: rows[name] for name in ("article", "article_text")})
        writer.publish()
        writer.update_search()
    with connect(warehouse.root) as reader:
        assert reader.query("SELECT count(*) AS n FROM search('workers')")["n"].to_pylist() == [1_200]


def is_in_the_index(warehouse: Warehouse, word: bytes) -> bool:
    files = list(warehouse.root.glob(f"{INDEX}*"))
    assert files
    return any(word in file.read_bytes() for file in files)


def test_an_article_that_was_taken_down_and_its_words_are_not_in_the_index(indexed):
    assert is_in_the_index(indexed, b"zeppelins")
    with indexed.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=[nights.url(2, 0, n) for n in range(4)], reason="Asked for.")
    assert titles(indexed, "zeppelins") == set()
    assert not is_in_the_index(indexed, b"zeppelins")


def test_an_index_that_an_older_sqlite_has_made_forgets_an_article_too(indexed, monkeypatch):
    """Python or the system was upgraded since: the present SQLite cannot delete from such an index."""
    update._discard(indexed.root)
    with monkeypatch.context() as older, indexed.writing(run_id="older", flow="test") as writer:
        older.setattr(update, "_CAN_DELETE", (99, 0, 0))
        assert writer.update_search() == 16
    with indexed.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=[nights.url(2, 0, n) for n in range(4)], reason="Asked for.")
    assert not is_in_the_index(indexed, b"zeppelins")
    assert len(titles(indexed, "workers")) == 12


def test_an_older_sqlite_builds_the_index_again_once_after_a_takedown_and_not_every_night(
    indexed, monkeypatch
):
    monkeypatch.setattr(update, "_CAN_DELETE", (99, 0, 0))
    with indexed.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=[nights.url(2, 0, n) for n in range(4)], reason="Asked for.")
        assert not is_in_the_index(indexed, b"zeppelins")
        assert writer.update_search() == 0


def open_for_reading(warehouse: Warehouse) -> sqlite3.Connection:
    index = sqlite3.connect(warehouse.root / INDEX, check_same_thread=False)
    index.execute("SELECT count(*) FROM document").fetchone()
    return index


def test_no_words_of_an_article_that_was_taken_down_stay_in_an_index_that_a_reader_has_open(indexed):
    """As long as somebody has the index open, closing it does not move changes from its journal into its file."""
    with (
        closing(open_for_reading(indexed)),
        indexed.writing(run_id="t", flow="takedown") as writer,
    ):
        take_down(writer, urls=[nights.url(2, 0, n) for n in range(4)], reason="Asked for.")
        assert not is_in_the_index(indexed, b"zeppelins")


def waits_for_readers(index: sqlite3.Connection) -> bool:
    """Whether a takedown has committed its changes and still keeps other writers out: it waits for those who read."""
    if index.execute("SELECT count(*) FROM document").fetchone() == (16,):
        return False
    try:
        index.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    index.rollback()
    return False


def test_a_takedown_waits_for_a_search_that_is_under_way(indexed):
    ended, waited_for = threading.Event(), threading.Event()
    with closing(open_for_reading(indexed)) as search, closing(open_for_reading(indexed)) as other:
        search.execute("BEGIN")
        search.execute("SELECT count(*) FROM document").fetchone()
        other.execute("PRAGMA busy_timeout = 0")

        def end_the_search_that_is_waited_for() -> None:
            while not ended.wait(0.01):
                if waits_for_readers(other):
                    waited_for.set()
                    break
            search.rollback()

        watcher = threading.Thread(target=end_the_search_that_is_waited_for)
        watcher.start()
        try:
            with indexed.writing(run_id="t", flow="takedown") as writer:
                take_down(writer, urls=[nights.url(2, 0, n) for n in range(4)], reason="Asked for.")
        finally:
            ended.set()
            watcher.join()
        assert waited_for.is_set()
        assert not is_in_the_index(indexed, b"zeppelins")


@pytest.mark.skipif(not COUNTS.exists(), reason="only Linux counts what a process reads")
def test_the_files_of_a_month_are_read_about_once_to_index_its_texts(warehouse):
    """Otherwise the time grows with the square of the number of micro-batches of a night."""
    with warehouse.writing(run_id="night-1", flow="nightly") as writer:
        for number in range(16):
            rows = nights.batch(1, number)
            writer.commit(f"{number}", {name: rows[name] for name in ("article", "article_text")})
        files = [*warehouse.live_files("article"), *warehouse.live_files("article_text")]
        before = bytes_read()
        assert writer.update_search() == 64
        assert bytes_read() - before < 4 * sum(file.bytes for file in files)
        writer.publish()
    assert len(titles(warehouse, 'title: "piece"')) == 64


def test_the_titles_of_earlier_commits_of_the_month_are_not_read_again(warehouse):
    """Otherwise the time grows with the square of the number of articles of a night that publishes several times."""
    with warehouse.writing(run_id="night-1", flow="nightly") as writer:
        for number in range(2):
            rows = nights.batch(1, number)
            writer.commit(f"{number}", {name: rows[name] for name in ("article", "article_text")})
            if number == 0:
                assert writer.update_search() == 4
        (warehouse.root / warehouse.live_files("article")[0].path).unlink()
        assert writer.update_search() == 4
    found = sqlite3.connect(warehouse.root / INDEX).execute(
        "SELECT count(*) FROM words WHERE title MATCH 'piece'"
    )
    assert found.fetchone() == (8,)


def bytes_read() -> int:
    """Count the bytes that this process has read from files so far."""
    counts = dict(line.split(": ") for line in COUNTS.read_text().splitlines())
    return int(counts["rchar"])


def test_a_damaged_text_file_is_named_with_the_remedy(filled):
    for file in filled.live_files("article_text"):
        (filled.root / file.path).write_bytes(b"PAR1 and nothing else")
    with (
        filled.writing(run_id="x", flow="test") as writer,
        pytest.raises(WarehouseError, match=r"(?s)article_text.*Run `commentariat verify`"),
    ):
        writer.update_search()


def test_a_damaged_index_is_built_again(indexed):
    (indexed.root / INDEX).write_bytes(b"not a database, but long enough to be looked at as one" * 100)
    with indexed.writing(run_id="x", flow="test") as writer:
        assert writer.update_search() == 16
    assert titles(indexed, "zeppelins") == ZEPPELINS


def test_the_run_that_publishes_the_articles_of_a_killed_night_indexes_them_too(indexed):
    with indexed.writing(run_id="killed", flow="nightly") as writer:
        writer.commit("1", nights.batch(3, 0, text=f"Airships over the café. {nights.SENTENCE}"))
    with indexed.writing(run_id="next", flow="maintenance"):
        pass
    assert titles(indexed, "airships") == {f"Piece 3/0/{n}" for n in range(4)}


def test_an_index_of_a_log_that_was_replaced_by_a_backup_is_built_again(indexed, tmp_path):
    (tmp_path / "backup").mkdir()
    backup = copied(indexed.root, tmp_path / "backup")
    for warehouse, words in ((indexed, "Airships"), (backup, "Balloons")):
        with warehouse.writing(run_id="night-3", flow="nightly") as writer:
            writer.commit("1", nights.batch(3, 0, text=f"{words} over the café. {nights.SENTENCE}"))
            writer.update_search()
            writer.publish()
    shutil.copy(indexed.root / INDEX, backup.root / INDEX)
    with backup.writing(run_id="night-4", flow="nightly") as writer:
        writer.update_search()
    assert titles(backup, "airships") == set()
    assert titles(backup, "balloons") == {f"Piece 3/0/{n}" for n in range(4)}


def test_without_an_index_the_search_says_so(filled):
    with connect(filled.root) as reader, pytest.raises(InputError, match="no search index"):
        reader.query("FROM search('x')")


def test_the_same_words_find_what_has_been_indexed_meanwhile(indexed):
    with connect(indexed.root) as reader:
        sql = "SELECT count(*) AS n FROM search('airships')"
        assert reader.query(sql)["n"].to_pylist() == [0]
        with indexed.writing(run_id="night-3", flow="nightly") as writer:
            writer.commit("1", nights.batch(3, 0, text=f"Airships over the café. {nights.SENTENCE}"))
            writer.publish()
            assert reader.query(sql)["n"].to_pylist() == [0]
            assert writer.update_search() == 4
            assert reader.query(sql)["n"].to_pylist() == [4]
