"""A working copy knows its shared place: writing into it alone, or into a common warehouse by mistake, is refused."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.sharing.shared_folder import SharedFolder
from warehouse.sharing.working_copy import RECORD
from warehouse.upkeep.compaction import compact_and_publish
from warehouse.upkeep.verify import verify


def night(warehouse: Warehouse, run_id: str, number: int = 0) -> None:
    with warehouse.writing(run_id=run_id, flow="nightly") as writer:
        writer.commit("1", nights.reference_rows() if not number else nights.batch(1, number))


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "log").glob("[0-9]*.json"))


@pytest.fixture
def copy(tmp_path: Path) -> Warehouse:
    """A working copy of the folder ``shared``, with one commit."""
    warehouse = Warehouse(tmp_path / "copy", remote=SharedFolder(tmp_path / "shared"))
    night(warehouse, "a")
    return warehouse


def test_a_working_copy_cannot_be_written_in_without_its_shared_place(copy: Warehouse, tmp_path: Path):
    with pytest.raises(WarehouseError, match="is a working copy of") as refused:
        night(Warehouse(copy.root), "b", 1)
    assert f'shared = "{tmp_path / "shared"}"' in str(refused.value), "the message says what to pass"
    assert "names no shared place" in str(refused.value)
    assert entries(copy.root) == entries(tmp_path / "shared") == ["00000001.json"]
    night(copy, "b", 1)
    assert entries(copy.root) == entries(tmp_path / "shared") == ["00000001.json", "00000002.json"]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_working_copy_cannot_be_written_in_with_another_shared_place(
    copy: Warehouse, tmp_path: Path, is_there: bool
):
    elsewhere = tmp_path / "elsewhere"
    if is_there:
        night(Warehouse(tmp_path / "other", remote=SharedFolder(elsewhere)), "c")
    before = entries(elsewhere)
    with pytest.raises(WarehouseError, match=f"names the shared place {elsewhere}"):
        night(Warehouse(copy.root, remote=SharedFolder(elsewhere)), "b", 1)
    assert entries(elsewhere) == before
    assert entries(copy.root) == ["00000001.json"]


def test_the_same_shared_place_may_be_named_in_another_way(copy: Warehouse, tmp_path: Path, monkeypatch):
    (tmp_path / "link").symlink_to(tmp_path / "shared")
    night(Warehouse(copy.root, remote=SharedFolder(tmp_path / "link")), "b", 1)
    monkeypatch.chdir(tmp_path)
    night(Warehouse("copy", remote=SharedFolder(Path("shared"))), "c", 2)
    assert len(entries(tmp_path / "shared")) == 3


def test_a_working_copy_without_a_record_gets_one_with_its_next_run(copy: Warehouse):
    (copy.root / RECORD).unlink()  # as it was made before there were records
    night(copy, "b", 1)
    with pytest.raises(WarehouseError, match="is a working copy of"):
        night(Warehouse(copy.root), "c", 2)


def test_a_place_that_holds_another_warehouse_is_not_recorded(copy: Warehouse, tmp_path: Path):
    own = Warehouse(tmp_path / "own")
    night(own, "own")
    with pytest.raises(WarehouseError, match="holds another warehouse"):
        night(Warehouse(own.root, remote=copy.remote), "b", 1)
    night(own, "c", 1)
    assert len(entries(own.root)) == 2


@pytest.mark.parametrize("own_commits", [1, 2])
def test_a_copy_of_a_folder_that_made_as_many_or_more_commits_of_its_own_is_refused_and_not_recorded(
    tmp_path: Path, own_commits: int
):
    own, twin = Warehouse(tmp_path / "own"), Warehouse(tmp_path / "twin")
    night(own, "a")
    shutil.copytree(own.root, twin.root, symlinks=True)
    night(own, "b", 1)
    for number in range(own_commits):
        night(twin, f"c{number}", 2 + number)
    shared = SharedFolder(tmp_path / "shared")
    with Warehouse(own.root, remote=shared).writing(flow="nightly"):
        assert len(entries(tmp_path / "shared")) == 2
    with pytest.raises(WarehouseError, match="holds another warehouse"):
        night(Warehouse(twin.root, remote=shared), "d", 4)
    assert not (twin.root / RECORD).exists()
    night(Warehouse(own.root, remote=shared), "e", 5)
    assert len(entries(tmp_path / "shared")) == 3


def test_a_working_copy_whose_last_commit_has_another_one_in_its_place_is_refused(
    copy: Warehouse, tmp_path: Path
):
    """The shared place was restored from a backup, and another machine has committed since."""
    night(copy, "b", 1)
    (tmp_path / "shared" / "log" / "00000002.json").unlink()
    other = Warehouse(tmp_path / "other", remote=copy.remote)
    night(other, "c", 2)
    with pytest.raises(WarehouseError, match="holds another warehouse"):
        night(copy, "d", 3)
    night(other, "e", 4)
    assert len(entries(tmp_path / "shared")) == 3


def test_a_folder_whose_record_is_deleted_is_a_warehouse_of_its_own(copy: Warehouse, tmp_path: Path):
    (copy.root / RECORD).unlink()
    night(Warehouse(copy.root), "b", 1)
    assert entries(tmp_path / "shared") == ["00000001.json"]


def test_a_new_folder_that_may_not_join_a_shared_place_is_refused_and_not_made(
    copy: Warehouse, tmp_path: Path
):
    fresh = tmp_path / "fresh"
    with pytest.raises(WarehouseError, match="is not a working copy of") as refused:
        night(Warehouse(fresh, remote=copy.remote, may_join=False), "b", 1)
    assert f"COMMENTARIAT_WAREHOUSE__PATH={fresh}" in str(refused.value)
    assert not fresh.exists()
    assert len(entries(tmp_path / "shared")) == 1


def test_a_warehouse_of_its_own_that_may_not_join_is_not_copied_to_the_shared_place(tmp_path: Path):
    own = tmp_path / "own"
    night(Warehouse(own), "a")
    with pytest.raises(WarehouseError, match="is not a working copy of"):
        night(Warehouse(own, remote=SharedFolder(tmp_path / "shared"), may_join=False), "b", 1)
    assert not (tmp_path / "shared").exists()


@pytest.mark.parametrize("has_record", [True, False])
def test_a_folder_that_is_a_working_copy_already_need_not_join(
    copy: Warehouse, tmp_path: Path, has_record: bool
):
    if not has_record:
        (copy.root / RECORD).unlink()
    night(Warehouse(copy.root, remote=copy.remote, may_join=False), "b", 1)
    assert len(entries(tmp_path / "shared")) == 2


def test_a_record_that_was_never_finished_is_removed(copy: Warehouse):
    (left := copy.root / f".{RECORD}.0123").write_bytes(b"/mnt/pre")
    night(copy, "b", 1)
    assert not left.exists()


def test_the_next_run_fetches_the_files_that_a_working_copy_has_lost(copy: Warehouse):
    with copy.writing(run_id="b", flow="nightly") as writer:
        writer.commit("1", nights.batch(1, 1))
        writer.publish()
    shared = copy.root.parent / "shared"
    lost = copy.root / copy.live_files("article_text")[0].path
    lost.unlink()
    (finding,) = verify(copy.root).findings
    assert finding.message == f"{lost} is missing: the next run fetches it from {shared}"
    night(copy, "c", 2)
    assert verify(copy.root).findings == ()


def test_the_maintenance_fetches_the_files_that_a_working_copy_has_lost(copy: Warehouse):
    with copy.writing(run_id="b", flow="nightly") as writer:
        writer.publish()
    for file in copy.live_files():
        (copy.root / file.path).unlink()
    with copy.writing(run_id="m", flow="maintenance") as writer:
        compact_and_publish(writer)
    assert verify(copy.root).findings == ()


def test_a_place_in_which_nothing_could_be_written_is_not_recorded(tmp_path: Path):
    own = Warehouse(tmp_path / "own")
    night(own, "a")
    (typo := tmp_path / "typo").mkdir()
    (typo / "data").write_text("no folder can be made here")
    for root in (own.root, tmp_path / "fresh"):
        with pytest.raises(WarehouseError, match="typo"):
            night(Warehouse(root, remote=SharedFolder(typo)), "b")
        assert not (root / RECORD).exists()
    night(own, "c", 1)
    night(Warehouse(own.root, remote=SharedFolder(tmp_path / "shared")), "d", 2)
    assert entries(tmp_path / "shared") == [f"0000000{number}.json" for number in (1, 2, 3)]


@pytest.mark.parametrize("fails", [True, False])
def test_a_new_shared_place_is_recorded_when_the_run_that_made_its_first_commit_ends(
    tmp_path: Path, fails: bool
):
    fresh = Warehouse(tmp_path / "fresh", remote=SharedFolder(tmp_path / "shared"))
    with contextlib.suppress(KeyError), fresh.writing(flow="nightly") as writer:
        assert not (fresh.root / RECORD).exists(), "there is nothing in the place yet"
        writer.commit("1", nights.reference_rows())
        if fails:
            raise KeyError("a run that fails after its first commit")
    with pytest.raises(WarehouseError, match="is a working copy of"):
        night(Warehouse(fresh.root), "b", 1)


def test_a_warehouse_that_was_copied_to_a_shared_place_is_recorded_before_the_run_goes_on(tmp_path: Path):
    own = Warehouse(tmp_path / "own")
    night(own, "a")
    with Warehouse(own.root, remote=SharedFolder(tmp_path / "shared")).writing(flow="nightly"):
        assert (own.root / RECORD).exists()
