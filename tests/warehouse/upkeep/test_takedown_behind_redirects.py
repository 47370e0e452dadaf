"""A piece is taken down under the address to which redirects led too, and does not come back under it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from commentariat import AuditError, InputError
from tests.warehouse import nights
from tests.warehouse.copies import copied
from tests.warehouse.nights import hash32, table
from warehouse import Warehouse, Writer, connect
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down, take_down_relisted
from warehouse.upkeep.verify import verify
from warehouse.writing.overtaken import still_to_add

ASKED = nights.url(2, 0, 0)
BEHIND = "https://harbor-ledger.example/opinion/zeppelins"
OTHER = nights.url(3, 0, 0)
CONSENT = "https://consent.example/collect"


def visit(address: str, final_url: str | None, day: int = 3) -> dict[str, object]:
    fetched_at = nights.START.replace(day=day)
    return {"url": address, "resource": "page", "fetched_at": fetched_at, "final_url": final_url}


def read(
    address: str,
    final_url: str | None,
    led_to: str,
    name: str = "loaded",
    stage: str = "dedupe",
    day: int = 3,
) -> dict[str, pa.Table]:
    """Make the rows that a night stores of an address that it read, without those of the article."""
    ended = {"url": address, "source": "feeds", "outcome": name, "reason": "As it was.", "stage": stage}
    ended |= {"article_id": hash32(led_to), "decided_at": nights.START}
    return {"visit": table([visit(address, final_url, day)]), "outcome": table([ended])}


def in_a_night(warehouse: Warehouse, run_id: str, *batches: dict[str, pa.Table]) -> None:
    with warehouse.writing(run_id=run_id, flow="nightly") as writer:
        for number, rows in enumerate(batches):
            writer.commit(f"{number}", rows)
        writer.publish()


@pytest.fixture
def redirected(one_published_night: Path, tmp_path: Path) -> Warehouse:
    """A warehouse with a second night of one piece: it is stored under the address that its feed lists."""
    warehouse = copied(one_published_night, tmp_path)
    in_a_night(warehouse, "night-2", nights.batch(2, 0, articles=1) | read(ASKED, BEHIND, ASKED, day=2))
    return warehouse


def taken_down(warehouse: Warehouse, **names: list[str]) -> set[str]:
    """Take down; return the addresses that went."""
    with warehouse.writing(run_id="t", flow="takedown") as writer:
        receipt = take_down(writer, reason="Asked for.", **names)
        assert take_down_relisted(writer) is None
    assert receipt.not_found == ()
    assert verify(warehouse.root).findings == ()
    return set(receipt.urls)


def stored(warehouse: Warehouse, column: str, name: str) -> list[object]:
    with connect(warehouse.root) as reader:
        rows: list[object] = reader.query(f"SELECT {column} FROM {name} ORDER BY ALL")[column].to_pylist()
    return rows


@pytest.mark.parametrize(
    "names",
    [
        {"urls": [ASKED]},
        {"urls": [BEHIND]},
        {"article_ids": [hash32(ASKED)]},
        {"article_ids": [hash32(BEHIND)]},
    ],
    ids=["listed", "behind", "id of the listed", "id of the one behind"],
)
def test_a_piece_is_taken_down_under_both_ends_of_a_redirect_and_stays_out_under_both(redirected, names):
    assert stored(redirected, "final_url", "visit") == [BEHIND]
    assert taken_down(redirected, **names) == {ASKED, BEHIND}
    assert stored(redirected, "url", "tombstone") == sorted((ASKED, BEHIND))
    assert stored(redirected, "final_url", "visit") == []
    assert ASKED not in stored(redirected, "url", "article")
    with redirected.writing(run_id="night-3", flow="nightly") as writer:
        listed = pa.table({"url": [ASKED, BEHIND, OTHER]})
        assert writer.query_file("new_items", tables={"incoming": listed})["url"].to_pylist() == [OTHER]


def test_an_outlet_goes_with_the_addresses_behind_its_own(redirected):
    assert {ASKED, BEHIND} <= taken_down(redirected, outlets=["Harbor Ledger"])


def test_a_piece_that_is_stored_under_the_address_behind_goes_with_a_copy_that_redirects_to_it(redirected):
    """The page was listed under both addresses, so the second one that was read is a copy of the first."""
    in_a_night(redirected, "night-3", nights.batch(3, 0, articles=1), read(ASKED, OTHER, ASKED, "duplicate"))
    assert taken_down(redirected, urls=[ASKED]) == {ASKED, BEHIND, OTHER}
    assert OTHER not in stored(redirected, "url", "article")


def moved_on(warehouse: Warehouse) -> None:
    """Let the listed address, such as /opinion/latest, lead to another piece, which is stored under its own one."""
    rows = nights.batch(3, 0, articles=1)
    in_a_night(warehouse, "night-3", rows, read(ASKED, OTHER, ASKED, "unchanged"))


def test_other_pieces_to_which_an_address_has_redirected_stay(redirected):
    moved_on(redirected)
    assert taken_down(redirected, urls=[BEHIND]) == {ASKED, BEHIND}
    assert OTHER in stored(redirected, "url", "article")


def test_an_address_that_has_redirected_to_several_pieces_is_taken_down_with_all_of_them(redirected):
    moved_on(redirected)
    assert taken_down(redirected, urls=[ASKED]) == {ASKED, BEHIND, OTHER}


@pytest.mark.parametrize("name", ["low_quality", "extract_failed", "too_short"])
def test_a_redirect_to_a_page_that_is_not_the_piece_links_no_addresses(redirected, name):
    """Otherwise the takedown of one piece would take everything that was ever sent to a page of consent."""
    in_a_night(redirected, "night-3", read(ASKED, CONSENT, ASKED, name, "extract"))
    with (
        redirected.writing(run_id="c", flow="takedown") as writer,
        pytest.raises(InputError, match="nothing was taken down"),
    ):
        take_down(writer, reason="Asked for.", urls=[CONSENT])
    assert taken_down(redirected, urls=[ASKED]) == {ASKED, BEHIND}
    assert CONSENT not in stored(redirected, "url", "tombstone")


def test_a_page_that_had_not_changed_is_the_article_that_was_read_there_last(one_published_night, tmp_path):
    """The article has a canonical address. The first visit was that of an earlier version, which stored no redirect."""
    warehouse, listed = copied(one_published_night, tmp_path), "https://feeds.example/r/1"
    in_a_night(warehouse, "night-2", nights.batch(2, 0, articles=1), read(listed, None, ASKED, day=2))
    in_a_night(warehouse, "night-3", read(listed, BEHIND, listed, "unchanged", "fetch"))
    assert taken_down(warehouse, urls=[BEHIND]) == {ASKED, BEHIND, listed}
    assert ASKED not in stored(warehouse, "url", "article")


def test_compaction_keeps_the_addresses_behind(redirected):
    in_a_night(redirected, "night-3", {"visit": table([visit(OTHER, None)])})
    with redirected.writing(run_id="c", flow="compact") as writer:
        assert compact(writer, min_files=2)
        writer.publish()
    assert taken_down(redirected, urls=[BEHIND]) == {ASKED, BEHIND}


def behind_and_another() -> dict[str, pa.Table]:
    return {"visit": table([visit("https://t.example/1", BEHIND), visit(OTHER, None)])}


def test_a_redirect_to_an_address_that_was_taken_down_is_not_stored(redirected):
    def refused(writer: Writer) -> bool:
        with pytest.raises(AuditError, match="not_taken_down"):
            writer.commit("1", behind_and_another())
        return True

    taken_down(redirected, urls=[ASKED])
    with redirected.writing(run_id="night-3", flow="nightly") as writer:
        assert refused(writer)
        left = still_to_add(writer, behind_and_another())["visit"]
    assert left["url"].to_pylist() == [OTHER]
