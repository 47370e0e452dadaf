"""In a working copy, the log may name files of other machines that are not fetched yet: nothing fails because of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from tests.warehouse.given_answers import given
from warehouse import Warehouse
from warehouse.annotations.inbox import Inbox
from warehouse.exporting.citable import export_at
from warehouse.sharing.shared_folder import SharedFolder
from warehouse.upkeep.compaction import compact, compact_and_publish
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify


def working_copy(folder: Path) -> Warehouse:
    """Return the working copy of a machine; all of them are beside the shared folder."""
    return Warehouse(folder, remote=SharedFolder(folder.parent / "shared"))


def commit_elsewhere(tmp_path: Path, number: int) -> None:
    with working_copy(tmp_path / "other").writing(run_id=f"other-{number}", flow="nightly") as late:
        late.commit("1", nights.batch(1, number))
        late.finish("4 articles")


def test_texts_that_another_machine_commits_just_before_a_run_ends_are_indexed(tmp_path):
    here = working_copy(tmp_path / "here")
    with here.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        commit_elsewhere(tmp_path, 0)
        writer.finish("the end")
        assert writer.update_search() == 4
        writer.publish()
    assert verify(here.root).findings == ()


@pytest.fixture
def behind(tmp_path: Path) -> Warehouse:
    """A working copy that has published four articles; its log names the files of four more, which are not here."""
    here = working_copy(tmp_path / "here")
    with here.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", nights.batch(1, 1))
        writer.publish()
        commit_elsewhere(tmp_path, 2)
        writer.finish("and the process is killed before it publishes")
    assert [file for file in here.live_files() if not (here.root / file.path).exists()]
    return here


def test_verify_checks_the_published_commit_until_the_other_files_are_fetched(behind):
    report = verify(behind.root)
    assert (report.findings, report.commits) == ((), 2)
    with behind.writing(run_id="b", flow="nightly"):
        pass
    report = verify(behind.root)
    assert (report.findings, report.commits) == ((), 5)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda file: file.write_bytes(b"x")], ids=["lost", "altered"])
def test_verify_finds_a_fault_of_a_published_file_although_others_are_not_fetched(behind, spoil):
    file = behind.root / behind.live_files("stance")[0].path
    spoil(file)
    (finding,) = verify(behind.root).findings
    assert finding.check == "files" and str(file) in finding.message


def test_verify_beside_the_first_run_of_a_new_working_copy_calls_no_file_lost(behind, tmp_path):
    looked: list[set[str]] = []

    @dataclass(frozen=True, slots=True)
    class LookedAt(SharedFolder):
        def download(self, root: Path, paths: Iterable[str]) -> int:
            looked.append({finding.check for finding in verify(root).findings})
            return SharedFolder.download(self, root, paths)

    with Warehouse(tmp_path / "new", remote=LookedAt(tmp_path / "shared")).writing(run_id="n", flow="look"):
        pass
    assert looked == [{"snapshot"}], "only that nothing is published yet"


def test_an_export_of_a_past_moment_says_how_to_fetch_the_files_that_are_not_here(behind, tmp_path):
    with pytest.raises(WarehouseError, match=r"commits after 2 .* `commentariat publish`"):
        export_at(behind.root, tmp_path / "export", 2, form="csv")
    with behind.writing(run_id="b", flow="nightly"):
        pass
    assert export_at(behind.root, tmp_path / "export", 5, form="csv").commit == 5


def test_a_compaction_that_another_machine_was_faster_with_is_fetched_and_published(tmp_path):
    other, merged = working_copy(tmp_path / "other"), []
    with other.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        for number in range(3):
            writer.commit(f"{number + 1}", nights.batch(1, number))

    def on_step(step: str) -> None:
        if step == "intent written" and not merged:
            with other.writing(run_id="faster", flow="maintenance") as faster:
                merged.append(compact(faster, min_files=2))

    here = replace(working_copy(tmp_path / "here"), on_step=on_step)
    with here.writing(run_id="b", flow="maintenance") as writer:
        assert compact(writer, min_files=2).files_before == 0 < merged[0].files_before
        report = verify(here.root)
        assert (report.findings, report.commits) == ((), 4)
        compact_and_publish(writer, min_files=2)
        report = verify(here.root)
        assert (report.findings, report.commits) == ((), 4 + merged[0].files_after)
        published = published_files(here)
        compact_and_publish(writer, min_files=2)
        assert published_files(here) == published, "there was nothing new to publish"


def test_files_that_another_machine_commits_while_answers_are_stored_are_fetched_before_they_are_merged(
    tmp_path,
):
    here, committed = working_copy(tmp_path / "here"), []
    with here.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))
        writer.publish()
    Inbox(here.root).keep([given(1)])

    def on_step(step: str) -> None:
        if step == "staging cleared" and not committed:
            committed.append(step)
            commit_elsewhere(tmp_path, 1)

    with replace(here, on_step=on_step).writing(run_id="b", flow="compaction") as writer:
        assert compact_and_publish(writer, min_files=2).files_before
    assert committed and verify(here.root).findings == ()


def test_files_that_another_machine_has_compacted_since_a_takedown_need_not_be_fetched(tmp_path):
    first, here = working_copy(tmp_path / "first"), working_copy(tmp_path / "here")
    with first.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
    with here.writing(run_id="b", flow="nightly"):
        pass
    with first.writing(run_id="c", flow="nightly") as writer:
        writer.commit("2", nights.batch(1, 2))
        writer.commit("3", nights.batch(1, 3))
        compact(writer, min_files=2)
    with here.writing(run_id="d", flow="look") as writer:
        assert writer.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [11]
    assert verify(here.root).findings == ()


def published_files(warehouse: Warehouse) -> list[str]:
    return sorted(file.name for file in warehouse.root.glob("db/warehouse-*.duckdb"))
