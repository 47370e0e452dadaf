"""A warehouse is copied to its shared place while another machine copies to the same place and is faster."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.log.remote import Entries
from warehouse.sharing.shared_folder import SharedFolder
from warehouse.sharing.working_copy import RECORD


@dataclass
class EntriesOfTheFaster:
    """The entries of a shared folder, in which another machine creates each entry first."""

    entries: Entries
    theirs: bytes | None
    """The entries of the other machine; None if it copies the same warehouse."""

    def read(self, sequence: int) -> bytes | None:
        return self.entries.read(sequence)

    def create(self, sequence: int, content: bytes) -> None:
        self.entries.create(sequence, self.theirs or content)
        self.entries.create(sequence, content)

    def tidy(self, head: int) -> int:
        return self.entries.tidy(head)


def place_with_another(shared: Path, theirs: bytes | None) -> SharedFolder:
    return SharedFolder(shared, EntriesOfTheFaster(SharedFolder(shared).entries, theirs))


def test_a_place_in_which_another_warehouse_was_first_is_refused(filled, tmp_path):
    other = Warehouse(tmp_path / "other")
    with other.writing(run_id="other", flow="nightly") as writer:
        writer.commit("1", nights.reference_rows(model="fast-2"))
    theirs = (other.root / "log" / "00000001.json").read_bytes()
    remote = place_with_another(tmp_path / "shared", theirs)
    writing = Warehouse(filled.root, remote=remote).writing(run_id="b", flow="nightly")
    with pytest.raises(WarehouseError, match="holds another warehouse"), writing:
        pass
    assert not (filled.root / RECORD).exists()


def test_two_machines_that_copy_the_same_warehouse_do_not_disturb_each_other(filled, tmp_path):
    remote = place_with_another(tmp_path / "shared", None)
    with Warehouse(filled.root, remote=remote).writing(run_id="b", flow="nightly"):
        pass
    for commit in filled.commits():
        entry = filled.root / "log" / f"{commit.sequence:08d}.json"
        assert remote.entries.read(commit.sequence) == entry.read_bytes()
