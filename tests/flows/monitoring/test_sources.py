"""The table of sources in the summary."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pytest

from tests.warehouse import nights
from warehouse import Warehouse, connect


def ended(address: str, name: str, **changes: object) -> dict[str, object]:
    row = {"url": address, "source": "feeds", "outcome": name, "reason": "So.", "stage": "load"}
    return row | {"decided_at": nights.START} | changes


@pytest.mark.parametrize("years_ahead", [0, 100])
def test_the_nights_before_are_those_that_were_committed_before_whatever_a_clock_showed(
    tmp_path: Path, years_ahead: int
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    first = nights.START + timedelta(days=365 * years_ahead)
    for run_id, loaded, at in [("first", 1, first), ("second", 2, nights.START), ("third", 3, nights.START)]:
        addresses = [f"https://x.example/{run_id}/{n}" for n in range(loaded)]
        items = [{"url": one, "article_id": nights.hash32(one), "source": "feeds"} for one in addresses]
        rows: dict[str, pa.Table] = {
            "item": nights.table([item | {"discovered_at": at} for item in items]),
            "outcome": nights.table([ended(one, "loaded", decided_at=at) for one in addresses]),
        }
        with warehouse.writing(run_id=run_id, flow="nightly") as writer:
            writer.commit("1", rows)
            writer.publish()
    sql = files("flows.monitoring").joinpath("run_sources.sql").read_text(encoding="utf-8")
    with connect(warehouse.root) as reader:
        [third] = reader.query(sql, {"run_id": "third", "sources": ["feeds"]}).to_pylist()
        [second] = reader.query(sql, {"run_id": "second", "sources": []}).to_pylist()
    assert (third["loaded_or_revised"], third["last_nights"], third["newest"]) == (3, [1, 2, 3], nights.START)
    assert second["last_nights"] == [1, 2]


def test_the_newest_item_is_the_latest_of_the_last_run_in_which_it_came(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    with warehouse.writing(run_id="first", flow="nightly") as writer:
        for day in (2, 5, 4):
            address = f"https://x.example/{day}"
            item = {"url": address, "article_id": nights.hash32(address), "source": "feeds"}
            found = nights.table([item | {"discovered_at": nights.START.replace(day=day)}])
            writer.commit(f"{day}", {"item": found})
        writer.publish()
    sql = files("flows.monitoring").joinpath("run_sources.sql").read_text(encoding="utf-8")
    with connect(warehouse.root) as reader:
        (row,) = reader.query(sql, {"run_id": "first", "sources": ["feeds"]}).to_pylist()
    assert row["newest"] == nights.START.replace(day=5)


def test_a_source_that_lists_what_another_has_brought_is_as_new_as_its_listing(tmp_path: Path) -> None:
    address, listed_at = "https://x.example/1", nights.START + timedelta(days=1)
    item = {"url": address, "article_id": nights.hash32(address), "source": "feeds"}
    also = {"article_id": item["article_id"], "url": address, "source": "essays", "listed_at": listed_at}
    warehouse = Warehouse(tmp_path / "warehouse")
    with warehouse.writing(run_id="first", flow="nightly") as writer:
        writer.commit("1", {"item": nights.table([item | {"discovered_at": nights.START}])})
        writer.commit("2", {"also_listed": nights.table([also])})
        writer.publish()
    sql = files("flows.monitoring").joinpath("run_sources.sql").read_text(encoding="utf-8")
    with connect(warehouse.root) as reader:
        rows = reader.query(sql, {"run_id": "first", "sources": ["essays", "feeds"]}).to_pylist()
    assert [(row["source"], row["newest"]) for row in rows] == [
        ("essays", listed_at),
        ("feeds", nights.START),
    ]


def test_a_silent_source_has_a_row_and_a_night_without_outcomes_its_place(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    for run_id, loaded in [("first", 2), ("empty", 0), ("last", 1)]:
        addresses = [f"https://x.example/{run_id}/{n}" for n in range(loaded)]
        with warehouse.writing(run_id=run_id, flow="nightly") as writer:
            if addresses:
                rows = [ended(one, "loaded", source="essays") for one in addresses]
                writer.commit("1", {"outcome": nights.table(rows)})
            else:
                writer.commit("1", nights.reference_rows())
            writer.publish()
    sql = files("flows.monitoring").joinpath("run_sources.sql").read_text(encoding="utf-8")
    with connect(warehouse.root) as reader:
        rows = reader.query(sql, {"run_id": "last", "sources": ["essays", "feeds"]}).to_pylist()
    assert [(row["source"], row["items"], row["last_nights"]) for row in rows] == [
        ("essays", 1, [2, None, 1]),
        ("feeds", 0, [None, None, None]),
    ]


def test_what_was_loaded_and_what_was_revised_is_counted_together_under_a_name_that_says_so(
    tmp_path: Path,
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    outcomes = ["loaded", "revised", "unchanged", "fetch_failed"]
    with warehouse.writing(run_id="night", flow="nightly") as writer:
        rows = [ended(f"https://x.example/{name}", name) for name in outcomes]
        writer.commit("1", {"outcome": nights.table(rows)})
        writer.publish()
    sql = files("flows.monitoring").joinpath("run_sources.sql").read_text(encoding="utf-8")
    with connect(warehouse.root) as reader:
        [row] = reader.query(sql, {"run_id": "night", "sources": ["feeds"]}).to_pylist()
    assert (row["items"], row["loaded_or_revised"], row["failed"], row["last_nights"]) == (4, 2, 1, [2])
