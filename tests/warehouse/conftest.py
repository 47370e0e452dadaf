from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse import nights
from tests.warehouse.copies import copied, new_warehouse
from warehouse import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A published warehouse without rows."""
    return new_warehouse(tmp_path / "warehouse")


@pytest.fixture(scope="session")
def one_published_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with one published night of three batches. Tests must copy it and must not write to it."""
    path = tmp_path_factory.mktemp("one-night") / "warehouse"
    with Warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        for number in range(3):
            writer.commit(f"{number:04d}", nights.batch(1, number))
        writer.finish("12 articles")
        writer.publish()
    return path


@pytest.fixture
def filled(one_published_night: Path, tmp_path: Path) -> Warehouse:
    """A copy for one test of the warehouse with one published night: 12 articles, two targets."""
    return copied(one_published_night, tmp_path)
