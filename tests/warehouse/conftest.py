from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse import nights
from warehouse import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """An empty warehouse that does not exist yet."""
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def filled(warehouse: Warehouse) -> Warehouse:
    """A warehouse with one published night of three batches."""
    with warehouse.writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("declarations", nights.declarations())
        for number in range(3):
            writer.commit(f"{number:04d}", nights.batch(1, number))
        writer.finish("12 articles")
        writer.publish()
    return warehouse
