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
        [third] = reader.query(sql, {"run_id": "third"}).to_pylist()
        [second] = reader.query(sql, {"run_id": "second"}).to_pylist()
    assert (third["loaded"], third["last_nights"], third["newest"]) == (3, [1, 2, 3], nights.START)
    assert second["last_nights"] == [1, 2]
