"""A shared place may fail at any moment: nothing is lost or there twice, and everything to be deleted is deleted."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from tests.warehouse.contents import files_with
from tests.warehouse.forked import started
from warehouse import Warehouse, connect
from warehouse.log.remote import ABANDONED_AFTER, COMMITTED_WITHIN, Entries
from warehouse.sharing.shared_folder import SharedFolder
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down


@dataclass(slots=True)
class FailingEntries:
    """Entries in a shared folder whose creation fails as often as ``failures`` says, before or after the creation."""

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

    def tidy(self, head: int) -> int:
        return self.entries.tidy(head)


def be_killed_while_creating_an_entry(folder: Path, shared: Path) -> None:
    """Commit; the process is killed when the entry is written and has no name yet."""

    def hook(event: str, details: tuple[object, ...]) -> None:
        if event == "os.link" and str(details[1]).startswith(str(shared / "log")):
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    with Warehouse(folder, remote=SharedFolder(shared)).writing(run_id="dead", flow="nightly") as writer:
        writer.commit("0", nights.batch(1, 0))


def test_files_of_a_killed_writer_in_the_shared_log_are_removed_but_not_those_being_written(tmp_path):
    shared = tmp_path / "shared"
    here = Warehouse(tmp_path / "here", remote=SharedFolder(shared))
    with here.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
    process = started(be_killed_while_creating_an_entry, tmp_path / "there", shared)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    [left] = (shared / "log").glob(".*")
    assert left.name.startswith(".00000002.json.")
    with here.writing(run_id="b", flow="nightly") as writer:
        assert left.exists(), "another machine may be about to create entry 2"
        writer.commit("1", nights.batch(1, 1))
        writer.publish()
        assert not list((shared / "log").glob(".*"))


def test_only_one_of_two_writers_creates_an_entry_even_if_the_others_file_was_deleted(tmp_path):
    entries = SharedFolder(tmp_path).entries
    entries.create(1, b"first")
    cleared: list[int] = []

    def hook(event: str, details: tuple[object, ...]) -> None:
        if event == "os.link" and not cleared and str(details[1]).startswith(str(tmp_path)):
            cleared.append(entries.tidy(1))

    sys.addaudithook(hook)
    with pytest.raises(FileExistsError):
        entries.create(1, b"second")
    assert cleared == [1]
    assert entries.read(1) == b"first"


def test_of_two_writers_with_the_same_process_number_each_writes_its_own_entry(tmp_path):
    """In containers, every program may be process 1."""
    entries, other = SharedFolder(tmp_path).entries, SharedFolder(tmp_path).entries
    met: list[bool] = []

    def hook(event: str, details: tuple[object, ...]) -> None:
        if event == "os.link" and not met and str(details[1]).startswith(str(tmp_path)):
            met.append(True)
            other.create(1, b"of the other")

    sys.addaudithook(hook)
    with pytest.raises(FileExistsError):
        entries.create(1, b"of this one")
    assert met and entries.read(1) == b"of the other"


def files_in_data(root: Path) -> set[str]:
    return {str(file.relative_to(root)) for file in root.glob("data/**/*.parquet")}


@pytest.mark.parametrize("failures", [["before"], ["after"], ["before", "before"], ["before", "after"]])
def test_a_commit_whose_end_is_not_known_is_made_once_when_it_is_handed_in_again(tmp_path, failures):
    folder = tmp_path / "shared"
    entries = FailingEntries(SharedFolder(folder).entries)
    warehouse = Warehouse(tmp_path / "w", remote=SharedFolder(folder, log=entries))
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
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


SECRET = "An unmistakable sentence about zeppelins."


class Killed(BaseException):
    """For the warehouse the same as the end of the process: nothing in it catches this."""


@dataclass(frozen=True, slots=True)
class FailingFolder(SharedFolder):
    """A shared folder in which deleting fails as often as ``failures`` says."""

    failures: list[BaseException] = field(default_factory=list)

    def delete(self, paths: Iterable[str]) -> None:
        if (paths := list(paths)) and self.failures:
            raise self.failures.pop()
        SharedFolder.delete(self, paths)


@pytest.fixture
def compacted_elsewhere(tmp_path: Path) -> Path:
    """A shared folder in which a machine has compacted files, and has not yet deleted the replaced ones."""
    folder = tmp_path / "shared"
    first = Warehouse(tmp_path / "first", remote=SharedFolder(folder))
    with first.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        for number in range(3):
            writer.commit(f"{number + 1}", nights.batch(1, number, text=f"{SECRET} {nights.SENTENCE}"))
        compact(writer, min_files=2)
        writer.publish()
    assert files_in_data(folder) > {file.path for file in first.live_files()}
    return folder


def take_all_down(warehouse: Warehouse) -> None:
    urls = [nights.url(1, number, n) for number in range(3) for n in range(4)]
    with warehouse.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=urls, reason="Asked for.")


def nothing_left(*folders: Path) -> None:
    for folder in folders:
        assert files_with(folder, "zeppelins") == []


def test_a_takedown_on_a_new_machine_deletes_files_that_another_one_has_compacted(
    tmp_path, compacted_elsewhere
):
    assert files_with(compacted_elsewhere, "zeppelins")
    fresh = Warehouse(tmp_path / "fresh", remote=SharedFolder(compacted_elsewhere))
    take_all_down(fresh)
    assert files_in_data(compacted_elsewhere) == {file.path for file in fresh.live_files()}
    nothing_left(compacted_elsewhere, fresh.root)
    first = Warehouse(tmp_path / "first", remote=SharedFolder(compacted_elsewhere))
    with first.writing(run_id="b", flow="nightly"):
        pass
    nothing_left(first.root)


def test_a_takedown_deletes_files_whose_names_the_checkpoint_lacks(tmp_path, compacted_elsewhere):
    """A machine that never had the compacted files does not have their names, either."""
    here = Warehouse(tmp_path / "here", remote=SharedFolder(compacted_elsewhere), checkpoint_every=1)
    with here.writing(run_id="b", flow="nightly") as writer:
        writer.finish()
        writer.publish()
    take_all_down(here)
    nothing_left(compacted_elsewhere, here.root)


@pytest.mark.parametrize("failure", [WarehouseError("the store says no"), Killed()], ids=["error", "kill"])
@pytest.mark.parametrize("finished_by", ["same", "other"])
def test_a_takedown_that_could_not_delete_in_the_shared_place_is_finished_by_the_next_run(
    tmp_path, compacted_elsewhere, failure, finished_by
):
    failing = FailingFolder(compacted_elsewhere, failures=[failure])
    with pytest.raises(type(failure)):
        take_all_down(Warehouse(tmp_path / "same", remote=failing))
    assert files_with(compacted_elsewhere, "zeppelins")
    machine = Warehouse(tmp_path / finished_by, remote=SharedFolder(compacted_elsewhere))
    with machine.writing(run_id="next", flow="nightly"):
        nothing_left(compacted_elsewhere, machine.root)


def test_clearing_away_that_could_not_delete_in_the_shared_place_is_done_again(tmp_path, compacted_elsewhere):
    failing = FailingFolder(compacted_elsewhere, failures=[WarehouseError("the store says no")])
    with Warehouse(tmp_path / "first", remote=failing, keep_snapshots=1).writing(
        flow="maintenance"
    ) as writer:
        writer.publish()
        with pytest.raises(WarehouseError, match="the store says no"):
            clean(writer.root, writer.log, keep=1)
        clean(writer.root, writer.log, keep=1)
        live = {file.path for file in writer.log.live_files()}
    assert files_in_data(compacted_elsewhere) == files_in_data(tmp_path / "first") == live


def test_files_that_a_lost_machine_has_compacted_are_deleted_by_another(tmp_path, compacted_elsewhere):
    other = Warehouse(tmp_path / "other", remote=SharedFolder(compacted_elsewhere))
    with other.writing(run_id="m", flow="maintenance") as writer:
        clean(writer.root, writer.log)
    assert files_in_data(compacted_elsewhere) == {file.path for file in other.live_files()}


FETCH_AND_DIE = """
import errno, os, signal, sys
from pathlib import Path
from warehouse import Warehouse
from warehouse.sharing import shared_folder
link = os.link
def no_links(original, place):
    if "data" in Path(place).parts:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
    link(original, place)
os.link = no_links
shared_folder.sync_file = lambda path: os.kill(os.getpid(), signal.SIGKILL)
with Warehouse(sys.argv[1], remote=shared_folder.SharedFolder(Path(sys.argv[2]))).writing(run_id="b", flow="nightly"):
    pass
"""


def test_a_file_that_was_fetched_by_halves_does_not_stay_beside_the_data(tmp_path, compacted_elsewhere):
    """Between file systems, files are copied, and have another name until they are complete."""
    fresh = Warehouse(tmp_path / "fresh", remote=SharedFolder(compacted_elsewhere))
    command = [sys.executable, "-c", FETCH_AND_DIE, str(fresh.root), str(compacted_elsewhere)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert files_with(fresh.root, "zeppelins", "Piece")
    take_all_down(Warehouse(tmp_path / "first", remote=SharedFolder(compacted_elsewhere)))
    with fresh.writing(run_id="b", flow="nightly"):
        nothing_left(fresh.root)


def test_a_file_that_was_brought_by_halves_is_deleted_with_the_others(tmp_path, compacted_elsewhere):
    first = Warehouse(tmp_path / "first", remote=SharedFolder(compacted_elsewhere))
    whole = compacted_elsewhere / first.live_files("article_text")[0].path
    whole.rename(whole.with_name(f".{whole.name}"))
    assert files_with(compacted_elsewhere, "zeppelins")
    take_all_down(first)
    nothing_left(compacted_elsewhere)


def die(step: str) -> None:
    if step == "uploaded":
        raise Killed


@pytest.fixture
def left_by_a_lost_machine(tmp_path: Path, compacted_elsewhere: Path) -> set[str]:
    """The files that a machine has uploaded, before it was lost and could commit them."""
    before = files_in_data(compacted_elsewhere)
    lost = Warehouse(tmp_path / "lost", remote=SharedFolder(compacted_elsewhere), on_step=die)
    with pytest.raises(Killed), lost.writing(run_id="lost", flow="nightly") as writer:
        writer.commit("0", nights.batch(2, 0, text=f"{SECRET} {nights.SENTENCE}"))
    shutil.rmtree(lost.root)
    return files_in_data(compacted_elsewhere) - before


def make_older(folder: Path, paths: Iterable[str], age: timedelta) -> None:
    for path in paths:
        status = (folder / path).stat()
        os.utime(folder / path, (status.st_atime, status.st_mtime - age.total_seconds()))


LONGER_AGO = ABANDONED_AFTER + timedelta(minutes=30)


def test_a_takedown_deletes_what_a_lost_machine_has_uploaded_and_never_committed(
    tmp_path, compacted_elsewhere, left_by_a_lost_machine
):
    make_older(compacted_elsewhere, left_by_a_lost_machine, LONGER_AGO)
    live = Warehouse(tmp_path / "first", remote=SharedFolder(compacted_elsewhere)).live_files()
    own = (compacted_elsewhere / live[0].path).with_name("of-my-own.parquet")
    own.write_bytes(b"not of this program")
    make_older(compacted_elsewhere, [str(own.relative_to(compacted_elsewhere))], LONGER_AGO)
    take_all_down(Warehouse(tmp_path / "other", remote=SharedFolder(compacted_elsewhere)))
    nothing_left(compacted_elsewhere)
    assert own.exists()


def test_files_that_may_still_be_committed_stay_until_a_run_finds_them_old_enough(
    tmp_path, compacted_elsewhere, left_by_a_lost_machine
):
    other = Warehouse(tmp_path / "other", remote=SharedFolder(compacted_elsewhere))
    make_older(compacted_elsewhere, left_by_a_lost_machine, ABANDONED_AFTER - timedelta(minutes=30))
    take_all_down(other)
    assert left_by_a_lost_machine <= files_in_data(compacted_elsewhere)
    make_older(compacted_elsewhere, left_by_a_lost_machine, timedelta(hours=1))
    with other.writing(run_id="next", flow="nightly"):
        nothing_left(compacted_elsewhere)


def test_clearing_away_deletes_what_a_lost_machine_has_uploaded_and_never_committed(
    tmp_path, compacted_elsewhere, left_by_a_lost_machine
):
    make_older(compacted_elsewhere, left_by_a_lost_machine, LONGER_AGO)
    other = Warehouse(tmp_path / "other", remote=SharedFolder(compacted_elsewhere))
    with other.writing(run_id="m", flow="maintenance") as writer:
        clean(writer.root, writer.log)
        assert files_in_data(compacted_elsewhere) == {file.path for file in writer.log.live_files()}


def test_files_that_may_be_committed_stay_if_a_clock_was_ahead_when_the_last_commit_was_made(
    tmp_path, compacted_elsewhere, left_by_a_lost_machine
):
    other = Warehouse(tmp_path / "other", remote=SharedFolder(compacted_elsewhere))
    live = Warehouse(tmp_path / "first", remote=SharedFolder(compacted_elsewhere)).live_files()
    make_older(compacted_elsewhere, [file.path for file in live], -LONGER_AGO)
    with other.writing(run_id="m", flow="maintenance") as writer:
        clean(writer.root, writer.log)
    assert left_by_a_lost_machine <= files_in_data(compacted_elsewhere)


def test_a_machine_that_has_slept_does_not_commit_files_that_others_may_have_deleted(
    tmp_path, compacted_elsewhere
):
    def sleep(step: str) -> None:
        if step == "uploaded":
            [intent] = (tmp_path / "slow" / "staging").glob("*/*/intent.json")
            named = json.loads(intent.read_bytes())["paths"]
            make_older(tmp_path / "slow", named, COMMITTED_WITHIN + timedelta(minutes=1))

    slow = Warehouse(tmp_path / "slow", remote=SharedFolder(compacted_elsewhere), on_step=sleep)
    with (
        slow.writing(run_id="slow", flow="nightly") as writer,
        pytest.raises(WarehouseError, match="more than 12 hours ago"),
    ):
        writer.commit("0", nights.batch(2, 0))
    awake = Warehouse(slow.root, remote=SharedFolder(compacted_elsewhere))
    with awake.writing(run_id="slow", flow="nightly") as writer:
        writer.commit("0", nights.batch(2, 0))
        writer.publish()
    with connect(awake.root) as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [16]


@dataclass(frozen=True, slots=True)
class BusyFolder(SharedFolder):
    """A shared folder in which another machine does something just before files are fetched."""

    meanwhile: list[Callable[[], None]] = field(default_factory=list)

    def download(self, root: Path, paths: Iterable[str]) -> int:
        if (paths := list(paths)) and self.meanwhile:
            self.meanwhile.pop()()
        return SharedFolder.download(self, root, paths)


@pytest.mark.parametrize("is_new", [True, False], ids=["a new machine", "a machine that is behind"])
def test_files_that_another_machine_takes_down_while_they_are_fetched_are_not_missed(
    tmp_path, compacted_elsewhere, is_new
):
    first = Warehouse(tmp_path / "first", remote=SharedFolder(compacted_elsewhere))
    busy = BusyFolder(compacted_elsewhere)
    here = Warehouse(tmp_path / "here", remote=busy)
    if not is_new:
        with here.writing(run_id="b", flow="nightly") as writer:
            writer.publish()
        with first.writing(run_id="c", flow="nightly") as writer:
            writer.commit("1", nights.batch(2, 0, text=f"{SECRET} {nights.SENTENCE}"))
    urls = [nights.url(1, 0, 0), nights.url(2, 0, 0)]

    def take_two_down() -> None:
        with first.writing(run_id="t", flow="takedown") as writer:
            take_down(writer, urls=urls, reason="Asked for.")

    busy.meanwhile.append(take_two_down)
    with here.writing(run_id="d", flow="nightly") as writer:
        writer.publish()
    assert busy.meanwhile == []
    with connect(here.root) as reader:
        assert set(urls).isdisjoint(reader.query("SELECT url FROM article")["url"].to_pylist())


def test_a_file_that_is_missing_in_the_shared_place_is_still_named(tmp_path, compacted_elsewhere):
    first = Warehouse(tmp_path / "first", remote=SharedFolder(compacted_elsewhere))
    (compacted_elsewhere / first.live_files("article")[0].path).unlink()
    here = Warehouse(tmp_path / "here", remote=SharedFolder(compacted_elsewhere))
    with (
        pytest.raises(WarehouseError, match="is missing: restore it"),
        here.writing(run_id="b", flow="nightly"),
    ):
        pass
