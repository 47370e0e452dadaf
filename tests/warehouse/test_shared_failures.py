"""A shared place that fails at some moment: nothing is lost, nothing twice, and nothing stays that should be gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.remote import Entries, SharedFolder


@dataclass(slots=True)
class FailingEntries:
    """Entries in a shared folder whose creation fails as often as ``failures`` says, before or after it happens."""

    entries: Entries
    failures: list[str] = field(default_factory=list)

    def read(self, sequence: int) -> bytes | None:
        return self.entries.read(sequence)

    def create(self, sequence: int, content: bytes) -> None:
        failure = self.failures.pop(0) if self.failures else ""
        if failure == "before":
            raise WarehouseError("the network is down")
        self.entries.create(sequence, content)
        if failure == "after":
            raise WarehouseError("the network is down")


def files_in_data(root: Path) -> set[str]:
    return {str(file.relative_to(root)) for file in root.glob("data/**/*.parquet")}


@pytest.mark.parametrize("failures", [["before"], ["after"], ["before", "before"], ["before", "after"]])
def test_a_commit_whose_end_is_not_known_is_made_once_when_it_is_handed_in_again(tmp_path, failures):
    folder = tmp_path / "shared"
    entries = FailingEntries(SharedFolder(folder).entries)
    warehouse = Warehouse(tmp_path / "w", remote=SharedFolder(folder, log=entries))
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.declarations())
        entries.failures = list(failures)
        for _ in failures:
            with pytest.raises(WarehouseError, match="the network is down"):
                writer.commit("1", nights.batch(1, 0))
        writer.commit("1", nights.batch(1, 0))
        writer.commit("2", nights.batch(1, 1))
        writer.publish()
    with connect(warehouse.root) as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [8]
    with warehouse.writing(run_id="b", flow="nightly"):
        pass
    live = {file.path for file in warehouse.live_files()}
    assert files_in_data(warehouse.root) == files_in_data(folder) == live
