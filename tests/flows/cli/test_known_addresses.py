"""What a preview of a source says about addresses that the warehouse knows."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from tests.warehouse import nights
from tests.warehouse.nights import hash32, table
from warehouse import Warehouse, connect
from warehouse.writing import writer as writer_module

ADDRESS, GONE, NEW = "https://x.example/1", "https://x.example/gone", "https://x.example/new"
FUTURE = nights.START + timedelta(days=36_500)


def outcome(address: str, name: str) -> dict[str, object]:
    row = {"url": address, "source": "feeds", "outcome": name, "reason": "So.", "stage": "fetch"}
    return row | {"decided_at": nights.START}


def known(warehouse: Warehouse) -> dict[str, str]:
    sql = files("flows.cli").joinpath("known_addresses.sql").read_text(encoding="utf-8")
    with connect(warehouse.root) as reader:
        rows = reader.query(sql, {"urls": [ADDRESS, GONE, NEW]}).to_pylist()
    return {row["url"]: row["outcome"] for row in rows}


def test_the_last_commit_decides_and_not_a_clock_that_was_once_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "now", FUTURE.isoformat)
        with warehouse.writing(run_id="ahead", flow="nightly") as writer:
            rows = [outcome(ADDRESS, "fetch_failed") | {"decided_at": FUTURE}]
            writer.commit("1", {"outcome": table(rows)})
    with warehouse.writing(run_id="later", flow="nightly") as writer:
        writer.commit("1", {"outcome": table([outcome(ADDRESS, "loaded")])})
        writer.publish()
    assert known(warehouse) == {ADDRESS: "loaded"}


def test_an_address_of_which_the_tombstone_has_only_the_id_was_taken_down(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    gone = {"article_id": hash32(GONE), "reason": "Asked for.", "taken_down_at": nights.START}
    with warehouse.writing(run_id="t", flow="takedown") as writer:
        writer.commit("1", {"outcome": table([outcome(GONE, "loaded")]), "tombstone": table([gone])})
        writer.publish()
    assert known(warehouse) == {GONE: "taken_down"}
