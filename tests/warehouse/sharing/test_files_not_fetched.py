"""In a working copy, the log may name files of other machines that are not fetched yet: nothing fails because of it."""

from __future__ import annotations

from pathlib import Path

from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.sharing.shared_folder import SharedFolder
from warehouse.upkeep.verify import verify


def working_copy(folder: Path) -> Warehouse:
    """Return the working copy of a machine; all of them are beside the shared folder."""
    return Warehouse(folder, remote=SharedFolder(folder.parent / "shared"))


def commit_elsewhere(tmp_path: Path, number: int) -> None:
    with working_copy(tmp_path / "other").writing(run_id=f"other-{number}", flow="nightly") as late:
        late.commit("1", nights.batch(1, number))


def test_texts_that_another_machine_commits_just_before_a_run_ends_are_indexed(tmp_path):
    here = working_copy(tmp_path / "here")
    with here.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        commit_elsewhere(tmp_path, 0)
        writer.finish("the end")
        assert writer.update_search() == 4
        writer.publish()
    assert verify(here.root).findings == ()
