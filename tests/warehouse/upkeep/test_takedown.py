"""A piece is taken down under all its addresses and out of every file, and no later night brings it back."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from commentariat import AuditError, InputError, WarehouseError
from tasks.dedupe.dedupe import dedupe_batch
from tests.tasks.pages import article_of
from tests.warehouse import nights
from tests.warehouse.contents import files_with
from tests.warehouse.copies import copied
from tests.warehouse.forked import started
from tests.warehouse.nights import hash32, table
from warehouse import TABLES, Warehouse, Writer, connect
from warehouse.engine import SPILL
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down, take_down_relisted
from warehouse.upkeep.verify import verify

CANONICAL = nights.url(2, 0, 0)
LISTED = "https://feeds.example/r/1?piece=zeppelins"
LATER = "https://amp.example/zeppelins"
HEADLINE = "Zeppelins over the harbor"
BYLINE = "Zenobia Quill"
LONG_AGO = nights.START.replace(year=2000)
CHANGED_AT = nights.START.replace(year=2001)
THE_YEAR = "datetime(2001, "
SECRET = "An unmistakable sentence about zeppelins."


def item(address: str, **hints: object) -> dict[str, object]:
    found = {"url": address, "article_id": hash32(address), "source": "feeds", "discovered_at": nights.START}
    return found | {"title_hint": HEADLINE, "authors_hint": [BYLINE]} | hints


def outcome(address: str, led_to: str, name: str = "loaded", reason: str = "New.") -> dict[str, object]:
    return {
        "url": address,
        "source": "feeds",
        "outcome": name,
        "reason": reason,
        "stage": "load",
        "article_id": hash32(led_to),
        "decided_at": nights.START,
    }


def with_title(rows: dict[str, pa.Table], title: str) -> dict[str, pa.Table]:
    article = [row | {"title": title, "modified_at": CHANGED_AT} for row in rows["article"].to_pylist()]
    return rows | {"article": table(article)}


@pytest.fixture(scope="module")
def second_night(one_published_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = copied(one_published_night, tmp_path_factory.mktemp("second-night"))
    rows = with_title(
        nights.batch(2, 0, articles=1, text=f"A flight of zeppelins. {nights.SENTENCE}"), HEADLINE
    )
    rows |= {"item": table([item(LISTED)]), "outcome": table([outcome(LISTED, CANONICAL)])}
    with warehouse.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", rows)
        writer.update_search()
        writer.publish()
    return warehouse.root


@pytest.fixture
def listed_elsewhere(second_night: Path, tmp_path: Path) -> Warehouse:
    """A warehouse with a second night of one piece, which a feed lists under another address than its canonical one."""
    return copied(second_night, tmp_path)


def nothing_left(warehouse: Warehouse) -> None:
    assert files_with(warehouse.root, "zeppelins.", HEADLINE, BYLINE) == []
    with connect(warehouse.root) as reader:
        for name in TABLES:
            rows = str(reader.query(f"SELECT * FROM {name}").to_pylist())
            theirs = ("flight of zeppelins", HEADLINE, BYLINE, THE_YEAR)
            assert all(words not in rows for words in theirs), name
        for name in ("article", "topic", "stance", "evidence", "scored", "minhash_band"):
            found = f"SELECT count(*) AS n FROM {name} WHERE article_id = '{hash32(CANONICAL)}'"
            assert reader.query(found)["n"].to_pylist() == [0], name
        assert reader.query("FROM search('zeppelins')").num_rows == 0
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [12]
    assert verify(warehouse.root).findings == ()


@pytest.mark.parametrize(
    "names",
    [
        {"urls": [LISTED]},
        {"urls": [CANONICAL]},
        {"article_ids": [hash32(LISTED)]},
        {"article_ids": [hash32(CANONICAL)]},
    ],
    ids=["listed", "canonical", "id of the listed", "id of the canonical"],
)
def test_a_piece_is_taken_down_whole_by_any_of_its_addresses(listed_elsewhere, names):
    with connect(listed_elsewhere.root) as reader:
        assert THE_YEAR in str(reader.query("FROM article").to_pylist())
    with listed_elsewhere.writing(run_id="t", flow="takedown") as writer:
        receipt = take_down(writer, reason="Asked for.", **names)
    assert set(receipt.urls) == {LISTED, CANONICAL}
    assert receipt.rows["article"] == receipt.rows["article_text"] == receipt.rows["item"] == 1
    nothing_left(listed_elsewhere)
    with connect(listed_elsewhere.root) as reader:
        gone = reader.query("SELECT url, article_id FROM tombstone ORDER BY url").to_pylist()
    assert gone == [{"url": url, "article_id": hash32(url)} for url in sorted((LISTED, CANONICAL))]


def test_the_outlet_of_the_article_counts_where_its_listing_names_none(listed_elsewhere):
    with listed_elsewhere.writing(run_id="t", flow="takedown") as writer:
        receipt = take_down(writer, reason="The licence ended.", outlets=["Harbor Ledger"])
    assert LISTED in receipt.urls
    assert files_with(listed_elsewhere.root, "zeppelins.", HEADLINE) == []


def test_a_piece_that_was_only_listed_can_be_taken_down(listed_elsewhere):
    unread = "https://feeds.example/unread"
    with listed_elsewhere.writing(run_id="n", flow="nightly") as writer:
        hints = {"title_hint": "An unread headline", "authors_hint": ["Xanthe Unread"]}
        writer.commit("1", {"item": table([item(unread, **hints)])})
        writer.publish()
        assert files_with(listed_elsewhere.root, "Xanthe Unread")
        receipt = take_down(writer, reason="Asked for.", urls=[unread])
    assert receipt.rows == {"item": 1}
    assert files_with(listed_elsewhere.root, "An unread headline", "Xanthe Unread") == []


def test_the_sources_that_list_a_piece_too_are_forgotten_with_it(listed_elsewhere):
    def listed(address: str) -> pa.Table:
        found = {"url": address, "article_id": hash32(address), "source": "intranet"}
        return table([found | {"listed_at": nights.START}])

    with listed_elsewhere.writing(run_id="n", flow="nightly") as writer:
        writer.commit("1", {"also_listed": listed(LISTED)})
        receipt = take_down(writer, reason="Asked for.", urls=[CANONICAL])
        assert receipt.rows["also_listed"] == 1
        with pytest.raises(AuditError, match="not_taken_down"):
            writer.commit("2", {"also_listed": listed(LISTED)})
        incoming = {"url": [LISTED], "article_id": [hash32(LISTED)], "source": ["a"], "brought_by": ["b"]}
        assert writer.query_file("also_listed", tables={"incoming": pa.table(incoming)}).num_rows == 0
    nothing_left(listed_elsewhere)


def test_other_pieces_that_one_address_has_led_to_stay(listed_elsewhere):
    """An address such as /opinion/latest leads to another piece every day: a takedown of one keeps the others."""
    with listed_elsewhere.writing(run_id="n", flow="nightly") as writer:
        other = nights.batch(3, 0, articles=1)
        other["outcome"] = table([outcome(LISTED, nights.url(3, 0, 0))])
        writer.commit("1", {name: rows for name, rows in other.items() if name != "item"})
        receipt = take_down(writer, reason="Asked for.", urls=[CANONICAL])
        assert receipt.rows["article"] == 1
        assert take_down_relisted(writer) is None
    with connect(listed_elsewhere.root) as reader:
        urls = reader.query("SELECT url FROM article")["url"].to_pylist()
    assert nights.url(3, 0, 0) in urls and CANONICAL not in urls


@pytest.fixture(scope="module")
def after_a_takedown(second_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = copied(second_night, tmp_path_factory.mktemp("after-a-takedown"))
    with warehouse.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, reason="Asked for.", urls=[LISTED])
    return warehouse.root


@pytest.fixture
def taken_down(after_a_takedown: Path, tmp_path: Path) -> Warehouse:
    return copied(after_a_takedown, tmp_path)


def test_a_feed_that_still_lists_it_brings_no_item_and_no_work(taken_down):
    incoming = pa.table({"url": [LISTED, CANONICAL, LATER]})
    with taken_down.writing(run_id="night-3", flow="nightly") as writer:
        assert writer.query_file("new_items", tables={"incoming": incoming})["url"].to_pylist() == [LATER]
        params = {"run_id": "night-3", "max_attempts": 9, "recheck_since": LONG_AGO}
        due = writer.query_file("work", params, {"at_hand": incoming})["url"].to_pylist()
        assert {LISTED, CANONICAL}.isdisjoint(due)


@pytest.mark.parametrize(
    "row",
    [item(LISTED), item(CANONICAL), item(LISTED, article_id="f" * 32)],
    ids=["listed", "canonical", "url"],
)
def test_an_item_of_a_piece_that_was_taken_down_is_refused(taken_down, row):
    with (
        taken_down.writing(run_id="night-3", flow="nightly") as writer,
        pytest.raises(AuditError, match="not_taken_down"),
    ):
        writer.commit("1", {"item": table([row])})


def test_a_stored_copy_of_a_piece_that_was_taken_down_is_refused(taken_down):
    row = {"article_id": hash32(CANONICAL), "duplicate_of": "c" * 32, "how": "near", "similarity": 0.9}
    with (
        taken_down.writing(run_id="night-3", flow="nightly") as writer,
        pytest.raises(AuditError, match="not_taken_down"),
    ):
        writer.commit("1", {"duplicate": table([row])})


def test_a_takedown_and_a_compaction_are_no_unfinished_runs(taken_down):
    with taken_down.writing(run_id="c", flow="compact") as writer:
        assert compact(writer, min_files=2)
        writer.publish()
    with connect(taken_down.root) as reader:
        unfinished = reader.saved("unfinished_runs")["run_id"].to_pylist()
        ended = reader.query("SELECT run_id FROM run WHERE finished_at = last_commit_at ORDER BY run_id")
    assert unfinished == ["night-2"]
    assert ended["run_id"].to_pylist() == ["c", "night-1", "t"]


def test_a_compaction_that_adds_waiting_answers_first_has_ended_with_its_last_commit(taken_down):
    with taken_down.writing(run_id="c", flow="compaction") as writer:
        writer.finish("answers of people")
        assert compact(writer, min_files=2).files_after
        writer.publish()
    with connect(taken_down.root) as reader:
        (run,) = reader.query("SELECT finished_at, last_commit_at FROM run WHERE run_id = 'c'").to_pylist()
        ended = "SELECT max(committed_at) AS at FROM commit_log WHERE run_id = 'c' AND kind = 'compaction'"
        assert run["finished_at"] == run["last_commit_at"] == reader.query(ended)["at"][0].as_py()


def came_under_another_address(writer: Writer) -> None:
    writer.commit("found", {"item": table([item(LATER)])})
    writer.commit("read", {"outcome": table([outcome(LATER, CANONICAL, "taken_down", "It stays out.")])})


def test_an_address_under_which_it_comes_again_is_taken_down_too(taken_down):
    with taken_down.writing(run_id="night-3", flow="nightly") as writer:
        came_under_another_address(writer)
        assert files_with(taken_down.root, HEADLINE)
        receipt = take_down_relisted(writer)
        assert receipt is not None and receipt.urls == (LATER,) and receipt.rows == {"item": 1}
        incoming = pa.table({"url": [LATER]})
        assert writer.query_file("new_items", tables={"incoming": incoming}).num_rows == 0
        assert take_down_relisted(writer) is None
    nothing_left(taken_down)
    with connect(taken_down.root) as reader:
        reasons = reader.query("SELECT DISTINCT reason FROM tombstone")["reason"].to_pylist()
    assert reasons == ["Asked for."]


def test_a_night_that_takes_down_what_came_again_has_not_ended_before_it_records_its_end(taken_down):
    unfinished = []
    with taken_down.writing(run_id="night-3", flow="nightly") as writer:
        came_under_another_address(writer)
        assert take_down_relisted(writer)
        for step in (writer.publish, lambda: writer.finish("done")):
            step()
            writer.publish()
            with connect(taken_down.root) as reader:
                unfinished.append(reader.saved("unfinished_runs")["run_id"].to_pylist())
    assert unfinished == [["night-2", "night-3"], ["night-2"]]


COPY, COPY_LISTED = "https://mirror.example/zeppelins", "https://feeds.example/copy"


@pytest.fixture(scope="module")
def with_a_copy(second_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = copied(second_night, tmp_path_factory.mktemp("with-a-copy"))
    same = {"article_id": hash32(COPY), "url": COPY, "duplicate_of": hash32(CANONICAL)}
    with warehouse.writing(run_id="n", flow="nightly") as writer:
        rows = {
            "item": table([item(COPY_LISTED)]),
            "duplicate": table([same | {"how": "near", "similarity": 0.9}]),
            "outcome": table([outcome(COPY_LISTED, COPY, "duplicate", "A copy.")]),
        }
        writer.commit("1", rows)
        take_down(writer, reason="Asked for.", urls=[CANONICAL])
    return warehouse.root


@pytest.fixture
def copy_of_a_gone_piece(with_a_copy: Path, tmp_path: Path) -> Warehouse:
    """A copy whose original has been taken down: its canonical address is stored nowhere, only its id in an outcome."""
    return copied(with_a_copy, tmp_path)


@pytest.mark.parametrize(
    "names", [{"urls": [COPY_LISTED]}, {"article_ids": [hash32(COPY)]}], ids=["address", "id"]
)
def test_a_feed_brings_no_item_for_a_tombstone_whose_address_is_not_known(copy_of_a_gone_piece, names):
    """The audit refuses such an item, and with it the commit of everything that the sources of a night list."""
    with copy_of_a_gone_piece.writing(run_id="t", flow="takedown") as writer:
        receipt = take_down(writer, reason="Asked for.", **names)
        assert (set(receipt.article_ids), receipt.urls) == (
            {hash32(COPY_LISTED), hash32(COPY)},
            (COPY_LISTED,),
        )
        incoming = pa.table({"url": [COPY, LATER]})
        assert writer.query_file("new_items", tables={"incoming": incoming})["url"].to_pylist() == [LATER]
        also = {"url": COPY, "article_id": hash32(COPY), "source": "a", "brought_by": "b"}
        assert writer.query_file("also_listed", tables={"incoming": table([also])}).num_rows == 0


def test_a_copy_is_not_taken_in_instead_of_the_piece_that_was_taken_down(copy_of_a_gone_piece):
    copy = article_of(f"A flight of zeppelins. {nights.SENTENCE}", COPY)
    with copy_of_a_gone_piece.writing(run_id="night-3", flow="nightly") as writer:
        compared = dedupe_batch([copy], writer)
    assert (compared.new, compared.unchanged) == ((), (copy,))
    assert compared.outcomes[0].reason == "on record as a copy of an article that was taken down"


def test_a_piece_of_which_only_an_outcome_is_left_is_taken_down_by_its_canonical_address(
    copy_of_a_gone_piece,
):
    with copy_of_a_gone_piece.writing(run_id="t", flow="takedown") as writer:
        receipt = take_down(writer, reason="Asked for.", urls=[COPY])
    assert set(receipt.urls) == {COPY_LISTED, COPY} and receipt.rows["item"] == 1
    nothing_left(copy_of_a_gone_piece)


def test_pieces_that_an_earlier_version_took_in_after_a_takedown_are_found(listed_elsewhere):
    """Older programs left a tombstone of the listed address alone, and all other rows."""
    gone = {
        "article_id": hash32(LISTED),
        "url": LISTED,
        "reason": "Asked for.",
        "taken_down_at": nights.START,
    }
    with listed_elsewhere.writing(run_id="n", flow="nightly") as writer:
        writer.commit("1", {"tombstone": table([gone])})
        writer.publish()
    assert {finding.check for finding in verify(listed_elsewhere.root).findings} == {"not_taken_down"}
    with listed_elsewhere.writing(run_id="t", flow="takedown") as writer:
        receipt = take_down(writer, reason="Asked again.", urls=[LISTED])
    assert receipt.rows["article"] == receipt.rows["item"] == 1
    nothing_left(listed_elsewhere)


def test_a_stored_copy_that_still_names_a_piece_that_was_taken_down_is_found_and_goes_with_it(filled):
    """Older programs took in such a row if another machine had taken the piece down just before."""
    address = nights.url(1, 0, 0)
    copy = {"article_id": "c" * 32, "duplicate_of": hash32("gone"), "how": "near", "similarity": 0.9}
    gone = {"article_id": hash32("gone"), "reason": "Asked for.", "taken_down_at": nights.START}
    with filled.writing(run_id="n", flow="nightly") as writer:
        writer.commit(
            "1",
            {"duplicate": table([copy, copy | {"article_id": "d" * 32, "duplicate_of": hash32(address)}])},
        )
        writer.commit("2", {"tombstone": table([gone])})
        writer.publish()
    assert {finding.check for finding in verify(filled.root).findings} == {"not_taken_down"}
    with filled.writing(run_id="t", flow="takedown") as writer:
        receipt = take_down(writer, reason="Asked again.", article_ids=[hash32("gone")])
    assert receipt.rows == {"duplicate": 1}
    assert verify(filled.root).findings == ()


def test_a_visit_that_an_earlier_version_stored_after_a_takedown_is_found_and_goes_with_the_next_night(
    filled,
):
    page, listing = "https://x.example/visited", "https://x.example/opinion"
    visit = {"url": page, "resource": "page", "fetched_at": nights.START}
    gone = [
        {"article_id": hash32(url), "url": url, "reason": "Asked for.", "taken_down_at": nights.START}
        for url in (page, listing)
    ]
    with filled.writing(run_id="n", flow="nightly") as writer:
        writer.commit("1", {"visit": table([visit, visit | {"url": listing, "resource": "section"}])})
        writer.commit("2", {"tombstone": table(gone)})
        writer.publish()
        assert {finding.check for finding in verify(filled.root).findings} == {"not_taken_down"}
        receipt = take_down_relisted(writer)
        assert receipt is not None and (receipt.urls, receipt.rows) == ((page,), {"visit": 1})
        assert take_down_relisted(writer) is None
    assert verify(filled.root).findings == ()


def test_a_second_takedown_of_the_same_piece_is_reported_and_changes_nothing(taken_down):
    before = len(taken_down.commits())
    for urls in ([LISTED], [CANONICAL]):
        writing = taken_down.writing(run_id="again", flow="takedown")
        with writing as writer, pytest.raises(InputError, match="nothing was taken down"):
            take_down(writer, reason="Asked again.", urls=urls)
    assert len(taken_down.commits()) == before


@pytest.mark.parametrize("digits", ["0a1b2c3d", "0a1b2c3d4e5f6071"])
def test_a_file_of_no_commit_that_an_earlier_program_left_behind_goes_with_a_takedown(
    listed_elsewhere, digits
):
    root = listed_elsewhere.root
    text = root / listed_elsewhere.live_files("article_text")[-1].path
    stray = text.with_name(f"night-9-{digits}.parquet")
    shutil.copy(text, stray)
    own = text.with_name("of-my-own.parquet")
    shutil.copy(root / listed_elsewhere.live_files("article_text")[0].path, own)
    with listed_elsewhere.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, reason="Asked for.", urls=[LISTED])
    assert not stray.exists() and own.exists()
    own.unlink()
    nothing_left(listed_elsewhere)


def test_a_refused_batch_leaves_no_files_in_staging_that_a_takedown_would_miss(listed_elsewhere):
    rows = with_title(
        nights.batch(2, 0, articles=1, text=f"A flight of zeppelins. {nights.SENTENCE}"), HEADLINE
    )
    with listed_elsewhere.writing(run_id="t", flow="takedown") as writer:
        with pytest.raises(AuditError):
            writer.commit("again", rows)
        take_down(writer, reason="Asked for.", urls=[LISTED])
    nothing_left(listed_elsewhere)


@pytest.fixture(scope="module")
def night_of_four(one_published_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = copied(one_published_night, tmp_path_factory.mktemp("night-of-four"))
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
def with_secret(night_of_four: Path, tmp_path: Path) -> Warehouse:
    """A warehouse with a second night, whose four texts hold a sentence that can be searched for in raw bytes."""
    return copied(night_of_four, tmp_path)


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
