"""Only one run writes at a time; a second run fails with a message that names the first, or waits."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from commentariat import WarehouseError, WarehouseLockedError
from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down
from warehouse.writing.lock import write_lock


def test_a_second_run_is_shown_which_run_and_process_is_writing_and_since_when(filled):
    with filled.writing(run_id="first", flow="nightly"):
        with pytest.raises(WarehouseLockedError) as caught, filled.writing(run_id="second", flow="adhoc"):
            pass
        message = str(caught.value)
    assert "run first" in message and f"process {os.getpid()}" in message and "since 20" in message
    assert str(filled.path) in message


def test_a_second_run_can_wait_for_the_first(filled, monkeypatch):
    entered, refused = threading.Event(), threading.Event()
    order: list[str] = []
    lock = fcntl.flock

    def observed(descriptor: int, operation: int) -> None:
        try:
            lock(descriptor, operation)
        except BlockingIOError:
            refused.set()
            raise

    def hold() -> None:
        with filled.writing(run_id="first", flow="nightly"):
            entered.set()
            refused.wait(60)
            order.append("first out")

    thread = threading.Thread(target=hold)
    thread.start()
    assert entered.wait(60)
    monkeypatch.setattr(fcntl, "flock", observed)
    with filled.writing(run_id="second", flow="nightly", wait_seconds=120):
        order.append("second in")
    thread.join()
    assert refused.is_set()
    assert order == ["first out", "second in"]


def test_the_lock_of_a_killed_process_is_free(filled):
    code = (
        "import os, signal; from warehouse import Warehouse\n"
        f"with Warehouse({str(filled.path)!r}).writing(run_id='dead', flow='x'):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with filled.writing(run_id="next", flow="nightly"):
        pass


def test_a_thread_that_commits_after_the_end_of_the_run_writes_nothing(filled):
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        pass
    before = filled.commits()
    for late in (
        lambda: writer.commit("1", nights.batch(2, 0)),
        writer.finish,
        writer.publish,
        writer.update_search,
        lambda: writer.query("SELECT 1"),
        lambda: compact(writer, min_files=2),
        lambda: take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for."),
    ):
        with pytest.raises(WarehouseError, match="run night-2 is over"):
            late()
    assert filled.commits() == before
    assert not list((filled.root / "staging").iterdir())


def test_reading_needs_no_lock(filled):
    with filled.writing(run_id="first", flow="nightly"), connect(filled.path) as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [12]
        assert len(Warehouse(filled.path).commits()) == 5


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_one_clear_message(tmp_path, monkeypatch, number):
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with (
        pytest.raises(WarehouseError, match=r"the file system (has no|lacks) locks"),
        write_lock(tmp_path / "lock", run_id="first", flow="nightly"),
    ):
        pass


def test_a_lock_that_another_machine_holds_on_cifs_is_waited_for_like_any_other(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with (
        pytest.raises(WarehouseLockedError, match="another run is writing"),
        write_lock(tmp_path / "lock", run_id="first", flow="nightly"),
    ):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_lock_that_cannot_be_written_is_one_clear_message():
    with (
        pytest.raises(WarehouseError, match="the disk is full: free some space"),
        write_lock(Path("/dev/full"), run_id="first", flow="nightly"),
    ):
        pass
