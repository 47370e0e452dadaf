"""What is due is what is wanted and not done, and what has changed on this machine."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.night.intake.work import at_hand, due_batches, due_work
from flows.night.opening import NightRequest, open_night
from flows.night.portions import rows_in
from tasks.addresses.urls import file_url
from tasks.fetch.files import read_local
from tasks.item import Item, Visit
from tasks.load import also_listed_rows, arrow_tables, item_rows, outcome_rows
from tasks.outcome import Outcome
from tests.flows.night.another_machine import working_copy
from warehouse import Warehouse

MIB = 1024 * 1024
SEEN = datetime(2026, 11, 1, tzinfo=UTC)


def item(url: str, source: str = "ledger", **known: object) -> Item:
    return Item(url=url, article_id=url[-8:], source=source, **known)


def row(
    url: str, *, visited_at: datetime | None = None, etag: str | None = None, ended: str = "loaded"
) -> dict[str, object]:
    """Make a row as ``warehouse/sql/work.sql`` returns it."""
    return {
        "url": url,
        "article_id": url[-8:],
        "source": "ledger",
        "outlet": None,
        "kind_hint": None,
        "language_hint": None,
        "title_hint": None,
        "authors_hint": None,
        "published_hint": None,
        "modified_hint": None,
        "is_local": None,
        "read_in_vain": ended != "loaded",
        "had_text": ended == "loaded",
        "visited_at": visited_at,
        "etag": etag,
        "last_modified": None,
        "body_hash": None,
        "revision": None,
        "only_if_changed": False,
        "ended_unread": False,
    }


def test_a_page_that_is_due_comes_with_its_last_visit():
    (work,) = due_work([row("https://a.example/1", visited_at=SEEN, etag='"x"')], {}, max_bytes=MIB)
    assert work.item.url == "https://a.example/1"
    assert work.previous is not None
    assert work.previous.etag == '"x"'


@pytest.mark.parametrize("ended", ["extract_failed", "too_short", "blocked_by_robots", "gone"])
def test_a_visited_page_whose_text_is_not_stored_is_fetched_without_a_condition(ended: str):
    (work,) = due_work(
        [row("https://a.example/1", visited_at=SEEN, etag='"x"', ended=ended)],
        {},
        max_bytes=MIB,
    )
    assert work.previous == Visit("https://a.example/1", "page", SEEN)


def test_a_page_never_seen_has_no_last_visit():
    (work,) = due_work([row("https://a.example/1")], {}, max_bytes=MIB)
    assert work.previous is None
    assert work.item.kind_hint == "unknown"


@pytest.mark.parametrize(
    ("ended", "change"),
    [
        ([], SEEN),
        (["extract_failed"], SEEN),
        (["loaded"], None),
        (["loaded", "extract_failed"], None),
        (["duplicate", "low_quality", "fetch_failed"], None),
    ],
    ids=["never read", "failed", "stored", "stored, and failed since", "a copy, and not read since"],
)
def test_a_change_that_was_listed_before_the_stored_text_was_read_is_not_that_of_a_later_text(
    tmp_path: Path, ended: list[str], change: datetime | None
):
    listed = item("https://a.example/1", modified_hint=SEEN)
    warehouse = Warehouse(tmp_path / "warehouse")
    with warehouse.writing(run_id="listing", flow="nightly") as writer:
        writer.commit("1", arrow_tables({"item": item_rows([listed], SEEN)}, writer.run_id))
    for number, name in enumerate(ended):
        outcome = Outcome(url=listed.url, source=listed.source, outcome=name, reason="So.", stage="fetch")
        with warehouse.writing(run_id=f"night-{number}", flow="nightly") as writer:
            rows = {"outcome": outcome_rows([outcome], SEEN, {})}
            writer.commit("1", arrow_tables(rows, writer.run_id))
    with warehouse.writing(run_id="last", flow="nightly") as writer:
        params = {"run_id": "last", "all_due": True, "max_attempts": 3, "recheck_since": SEEN}
        due = writer.query_file("work", params, {"at_hand": at_hand({})})
    (work,) = due_work(rows_in(due), {}, max_bytes=MIB)
    assert work.item.modified_hint == change


def test_the_item_of_this_runs_listing_replaces_the_stored_row():
    listed = item("file:///a.txt", location="file:///a.txt", title_hint="Fresh")
    (work,) = due_work([row("file:///a.txt")], {listed.url: listed}, max_bytes=MIB)
    assert work.item is listed


def test_a_local_file_that_is_no_longer_listed_is_not_due():
    assert due_work([row("file:///gone.txt")], {}, max_bytes=MIB) == []


OF_A_ROW = "file:///corpus.csv#csv%3D9-80%3Btext%3Dtext"
HASH = "sha256:" + "0" * 32


@pytest.mark.parametrize(
    "known",
    [
        {"is_local": True},
        {"is_local": True, "visited_at": SEEN, "etag": HASH},
        {"is_local": None, "visited_at": SEEN, "etag": HASH},
        {"is_local": False, "visited_at": SEEN, "etag": HASH},
    ],
    ids=["never read", "read", "of an older warehouse", "of the web, and then read from a file"],
)
def test_a_text_of_the_disk_with_the_url_of_a_page_is_due_only_while_it_is_listed(known: dict[str, object]):
    found = row("https://a.example/1") | known
    assert due_work([found], {}, max_bytes=MIB) == []
    listed = item("https://a.example/1", location=OF_A_ROW)
    (work,) = due_work([found], {listed.url: listed}, max_bytes=MIB)
    assert work.item is listed


OPINION = {
    "source": "opinion",
    "kind_hint": "opinion",
    "outlet": "The Gull",
    "title_hint": "Keep the ferries",
}


@pytest.mark.parametrize(
    ("lists_it_now", "listed_in_part", "source"),
    [
        ("all", {"opinion", "all"}, "opinion"),
        ("opinion", {"opinion", "all"}, "opinion"),
        ("all", {"all"}, "all"),
    ],
    ids=["another source", "the same source", "another one, and the first is no longer configured"],
)
def test_what_the_first_source_stated_is_kept_when_it_does_not_list_the_item_tonight(
    lists_it_now: str, listed_in_part: set[str], source: str
):
    listed = item("https://a.example/1", lists_it_now, authors_hint=("Jane Doe",))
    (work,) = due_work(
        [row(listed.url) | OPINION], {listed.url: listed}, listed_in_part=listed_in_part, max_bytes=MIB
    )
    assert work.item.source == source
    assert (work.item.kind_hint, work.item.outlet, work.item.title_hint) == (
        "opinion",
        "The Gull",
        "Keep the ferries",
    )
    assert work.item.authors_hint == ("Jane Doe",)


def test_what_a_corrected_row_no_longer_states_does_not_come_back():
    listed = item("https://a.example/1", location=OF_A_ROW)
    stored = row(listed.url) | {"title_hint": "Wrong", "is_local": True}
    (work,) = due_work([stored], {listed.url: listed}, listed_in_part={"ledger"}, max_bytes=MIB)
    assert work.item == listed


OF_BOTH = """
[[sources]]
name = "feed"
type = "feed"
location = "https://a.example/feed.xml"
[[sources]]
name = "ledger"
type = "table"
location = "ledger.csv"
"""


@pytest.mark.parametrize("is_named", [False, True], ids=["a feed lists it too", "it has another number"])
async def test_a_row_that_a_file_brought_is_read_as_the_file_has_it_now(tmp_path: Path, is_named: bool):
    config, other = tmp_path / "commentariat.toml", tmp_path / "other.csv"
    config.write_text('[warehouse]\npath = "here"' + OF_BOTH)
    other.touch()
    by, now = ("input", "input-2") if is_named else ("ledger", "feed")
    stored = item("https://a.example/1", by, title_hint="Wrong", language_hint="fr", location=OF_A_ROW)
    listed = item(stored.url, now, title_hint="Right", location=OF_A_ROW)
    also = [{"url": stored.url, "article_id": stored.article_id, "source": now}]
    rows = {"item": item_rows([stored], SEEN), "also_listed": also_listed_rows(also, SEEN)}
    with Warehouse(tmp_path / "here").writing(run_id="before", flow="nightly") as writer:
        writer.commit("discovered", arrow_tables(rows, writer.run_id))
    request = NightRequest(config=config, inputs=[str(other)] * 2 if is_named else [])
    async with open_night(request) as night:
        _, batches = await due_batches(night, {listed.url: listed})
        assert [work.item for batch in batches for work in batch.work] == [listed]


@pytest.mark.parametrize("is_local", [None, False, True], ids=["older", "of the web", "once a row of a file"])
@pytest.mark.parametrize("etag", [None, '"x"', f'"{HASH}"', f'W/"{HASH}"', HASH + "0" * 32])
def test_a_page_of_the_web_is_due_whatever_etag_its_server_sends(etag: str | None, is_local: bool | None):
    found = row("https://a.example/1", visited_at=SEEN, etag=etag) | {"is_local": is_local}
    (work,) = due_work([found], {}, max_bytes=MIB)
    assert work.previous is not None and work.previous.etag == etag


@pytest.fixture
def rows_of_a_killed_run(tmp_path: Path) -> list[dict[str, object]]:
    """The rows that are due after a run that was killed when it had stored its items: a page, a row and a record."""
    items = [
        item("https://a.example/page"),
        item("https://a.example/row", location=OF_A_ROW),
        item("https://a.example/record", location="file:///a.warc.gz#warc%3D0"),
    ]
    with Warehouse(tmp_path / "warehouse").writing(run_id="killed", flow="nightly") as writer:
        writer.commit("discovered", arrow_tables({"item": item_rows(items, SEEN)}, writer.run_id))
    with Warehouse(tmp_path / "warehouse").writing(run_id="next", flow="nightly") as writer:
        params = {"run_id": writer.run_id, "max_attempts": 3, "recheck_since": SEEN}
        return list(rows_in(writer.query_file("work", params, {"at_hand": at_hand({})})))


def test_what_a_killed_run_did_not_reach_is_not_fetched_in_place_of_its_file(
    rows_of_a_killed_run: list[dict[str, object]],
):
    assert len(rows_of_a_killed_run) == 3
    work = due_work(rows_of_a_killed_run, {}, max_bytes=MIB)
    assert [one.item.url for one in work] == ["https://a.example/page"]


def test_what_a_killed_run_did_not_reach_is_read_when_its_file_is_listed_again(
    rows_of_a_killed_run: list[dict[str, object]],
):
    listed = item("https://a.example/row", location=OF_A_ROW)
    work = due_work(rows_of_a_killed_run, {listed.url: listed}, only_listed=True, max_bytes=MIB)
    assert [one.item for one in work] == [listed]


def seen(file: Path, ended: str, **known: object) -> tuple[dict[str, object], dict[str, Item]]:
    """Read a file, and make the row of an item that ended then and is not due, and the item as it is listed now."""
    listed = item(file_url(file), location=file_url(file))
    content = read_local(file_url(file), MIB)
    known = {"last_outcome": ended, "only_if_changed": True} | known
    return row(listed.url, visited_at=SEEN, etag=content.etag, ended=ended) | known, {listed.url: listed}


@pytest.mark.parametrize(
    "ended", ["too_short", "low_quality", "not_commentary", "unsupported_language", "loaded"]
)
def test_a_file_that_is_not_due_is_taken_in_again_if_its_content_changed(ended: str, tmp_path: Path):
    file = tmp_path / "a.txt"
    file.write_text("Few words.")
    known, listed = seen(file, ended)
    assert due_work([known], listed, max_bytes=MIB) == []
    os.utime(file, (0, 0))
    assert due_work([known], listed, max_bytes=MIB) == [], "the times of a file say nothing"
    file.write_text("Other words.")
    (work,) = due_work([known], listed, max_bytes=MIB)
    assert work.previous is not None
    assert work.previous.etag == (known["etag"] if ended == "loaded" else None)


def test_a_file_that_could_not_be_read_is_taken_in_when_it_can_be_read(tmp_path: Path):
    file = tmp_path / "a.txt"
    file.write_text("Few words.")
    known, listed = seen(file, "fetch_failed", ended_unread=True)
    (work,) = due_work([known], listed, max_bytes=MIB)
    assert work.previous == Visit(file_url(file), "page", SEEN), (
        "never stored, so it is read and not compared"
    )
    (work,) = due_work([known | {"revision": 1, "read_in_vain": False}], listed, max_bytes=MIB)
    assert work.previous is not None and work.previous.etag == known["etag"]
    file.write_text("")
    assert due_work([known], listed, max_bytes=MIB) == [], "it fails as before"


def test_records_of_archives_are_not_at_hand_and_rows_of_tables_are():
    places = ["file:///a.txt", "file:///a.csv#csv%3D0-9%3Btext%3Da", "file:///a.warc#warc%3D0", None]
    listed = {str(n): item(str(n), location=place) for n, place in enumerate(places)}
    assert at_hand(listed)["url"].to_pylist() == ["0", "1"]


def test_a_run_about_named_inputs_leaves_everything_else_alone():
    named = item("https://a.example/1")
    rows = [row("https://a.example/1"), row("https://a.example/2")]
    work = due_work(rows, {named.url: named}, only_listed=True, max_bytes=MIB)
    assert [one.item.url for one in work] == [named.url]


CONFIG = """
[warehouse]
path = "here"
{shared}
[[sources]]
name = "en"
type = "feed"
location = "https://a.example/feed.xml"
"""


@pytest.mark.parametrize(
    ("shared", "expected"),
    [('shared = "all"', ["also", "ours"]), ("", ["also", "input", "ours"])],
    ids=["shared warehouse", "own warehouse"],
)
async def test_items_that_none_of_the_configured_sources_lists_are_left_to_other_machines(
    tmp_path: Path, shared: str, expected: list[str]
):
    of = {"ours": "en", "theirs": "de", "also": "de", "input": "input-2"}
    items = [item(f"https://a.example/{name}", source=source) for name, source in of.items()]
    also = [{"url": "https://a.example/also", "article_id": "ple/also", "source": "en"}]
    rows = {"item": item_rows(items, SEEN), "also_listed": also_listed_rows(also, SEEN)}
    config = tmp_path / "commentariat.toml"
    config.write_text(CONFIG.format(shared=shared))
    there = working_copy(tmp_path / "there", tmp_path / "all") if shared else Warehouse(tmp_path / "here")
    with there.writing(run_id="there", flow="nightly") as writer:
        writer.commit("discovered", arrow_tables(rows, writer.run_id))
    async with open_night(NightRequest(config=config)) as night:
        number, batches = await due_batches(night, {})
        due = sorted(found.url.rpartition("/")[2] for batch in batches for found in batch.items)
    assert (number, due) == (len(expected), expected)
