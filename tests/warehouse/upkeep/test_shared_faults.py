"""The check of a working copy finds what its shared place lacks, and nothing while other machines write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.log.entries import DataFile
from warehouse.sharing.shared_folder import SharedFolder
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify


@pytest.fixture
def place(tmp_path: Path) -> SharedFolder:
    return SharedFolder(tmp_path / "shared")


@pytest.fixture
def copy(tmp_path: Path, place: SharedFolder) -> Warehouse:
    """A working copy with three commits, published."""
    warehouse = Warehouse(tmp_path / "copy", remote=place)
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        for number in range(2):
            writer.commit(str(number + 1), nights.batch(1, number))
        writer.publish()
    return warehouse


def faults(copy: Warehouse) -> list[str]:
    found = verify(copy.root, remote=copy.remote).findings
    assert {finding.check for finding in found} <= {"shared"}, "the folder itself is sound"
    return [finding.message for finding in found]


def test_a_place_that_holds_everything_has_no_fault(copy: Warehouse) -> None:
    assert faults(copy) == []


def test_a_missing_and_a_shortened_file_are_named_with_the_place_of_their_copy(
    copy: Warehouse, place: SharedFolder
) -> None:
    missing, shortened = (file.path for file in copy.live_files("article"))
    (place.folder / missing).unlink()
    size = (copy.root / shortened).stat().st_size
    (place.folder / shortened).unlink()  # it is linked to the file of the copy
    (place.folder / shortened).write_bytes(b"PAR1")
    found = faults(copy)
    assert f"{place.folder} lacks {missing}: restore it from {copy.root / missing}" in found
    wanted = f"{shortened} in {place.folder} has 4 bytes, the log records {size:,}: restore it from "
    assert wanted + str(copy.root / shortened) in found
    assert len(found) == 2


def test_a_missing_and_an_altered_entry_are_named(copy: Warehouse, place: SharedFolder) -> None:
    (place.folder / "log" / "00000001.json").unlink()
    altered = place.folder / "log" / "00000002.json"
    altered.unlink()
    altered.write_bytes(b"{}")
    missing, differing = faults(copy)
    assert missing.startswith(f"{place.folder} lacks log/00000001.json: restore it from {copy.root}")
    assert f"differ in {Path('log') / altered.name}" in differing


def test_a_place_that_cannot_be_read_is_a_fault_and_no_error(copy: Warehouse, place: SharedFolder) -> None:
    (place.folder / "log").rename(place.folder / "moved")
    (place.folder / "log").write_bytes(b"")
    (fault,) = faults(copy)
    assert str(place.folder) in fault


def test_what_another_machine_replaces_during_the_check_is_no_fault(
    tmp_path: Path, copy: Warehouse, place: SharedFolder
) -> None:
    other = Warehouse(tmp_path / "other", remote=place)
    before = {file.path for file in copy.live_files()}
    begun: list[str] = []

    def meanwhile(file: DataFile) -> None:
        begun.append(file.path)
        if len(begun) == 1:
            with other.writing(run_id="b", flow="takedown") as writer:
                compact(writer, min_files=2)
                take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")

    assert verify(copy.root, remote=place, on_file=meanwhile).findings == ()
    assert before - place.data_files(), "the place lacks files of the log as this machine knew it"
