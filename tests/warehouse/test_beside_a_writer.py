"""Every command works while a writer on this machine or on another one commits without pause.

Between two commands the writer is killed at a random instant, and started again.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from ctypes import c_int
from pathlib import Path

import pytest

from tests.warehouse import nights
from tests.warehouse.forked import CONTEXT, started
from warehouse import Warehouse, connect
from warehouse.exporting.export import export
from warehouse.sharing.place import shared_place
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify

PATIENCE_SECONDS = 120.0


def place(folder: Path, shared: Path | None) -> Warehouse:
    return Warehouse(folder, remote=shared_place(str(shared)) if shared else None, checkpoint_every=5)


def write_all_the_while(folder: Path, shared: Path | None, stop: Path, written: c_int) -> None:
    """Write one short night after the other; on the same machine, other processes take the lock between two nights.

    It may be killed at any instant. Therefore it holds no lock of :mod:`multiprocessing`, for which others would wait.
    """
    while not stop.exists():
        number = written.value
        night = place(folder, shared).writing(
            run_id=f"night-{number}", flow="nightly", wait_seconds=PATIENCE_SECONDS
        )
        with night as writer:
            writer.commit("1", nights.batch(1, number))
            if number % 2:
                writer.publish()
        written.value = number + 1
        if shared is None:
            time.sleep(0.5)


class OtherWriter:
    """The process that writes; the next one goes on with the night in which it was killed."""

    def __init__(self, folder: Path, shared: Path | None, stop: Path) -> None:
        self._given = folder, shared, stop
        self._stop = stop
        self._written = CONTEXT.Value("i", 0, lock=False)
        self._chance = random.Random(5)
        self.start()

    @property
    def nights(self) -> int:
        return self._written.value

    def start(self) -> None:
        self._process = started(write_all_the_while, *self._given, self._written)

    def wait_for(self, nights_written: int) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.nights < nights_written:
            assert self._process.is_alive() and time.monotonic() < deadline
            time.sleep(0.01)

    def kill(self, within_seconds: float) -> None:
        time.sleep(self._chance.uniform(0, within_seconds))
        self._process.kill()
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL

    def end(self) -> int | None:
        self._stop.touch()
        self._process.join()
        return self._process.exitcode


class Beside:
    """The commands that people use on a warehouse, each done as its console command does it."""

    def __init__(self, folder: Path, shared: Path | None) -> None:
        self.folder, self.here, self.gone = folder / "here", place(folder / "here", shared), set[str]()

    def writing(self, flow: str):
        return self.here.writing(flow=flow, wait_seconds=PATIENCE_SECONDS)

    def verify(self) -> None:
        assert verify(self.folder).findings == ()

    def export(self) -> None:
        with connect(self.folder) as reader:
            files = export(reader, self.folder.parent / "exported", format="parquet")
        rows = {file.name: file.rows for file in files}
        assert rows["article"] == rows["article_text"] == rows["item"], rows
        assert rows["scored"] == 3 * rows["article"], rows

    def takedown(self) -> None:
        gone = nights.url(1, len(self.gone), 0)
        with self.writing("takedown") as writer:
            assert take_down(writer, urls=[gone], reason="Asked for.").urls == (gone,)
        self.gone.add(gone)

    def compact(self) -> None:
        with self.writing("compaction") as writer:
            if compact(writer, min_files=2).files_before:
                writer.publish()

    def publish(self) -> None:
        with self.writing("publish") as writer:
            writer.update_search()
            writer.publish()

    def maintain(self) -> None:
        with self.writing("maintenance") as writer:
            if compact(writer, min_files=3).files_before:
                writer.publish()
            clean(writer.root, writer.log, trash_days=0)
        self.verify()


COMMANDS: list[Callable[[Beside], None]] = [
    Beside.publish,
    Beside.verify,
    Beside.export,
    Beside.takedown,
    Beside.compact,
    Beside.maintain,
    Beside.takedown,
    Beside.export,
    Beside.verify,
]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("where", ["on this machine", "on another machine"])
def test_each_command_succeeds_while_a_writer_commits_and_is_killed_and_nothing_is_lost(
    tmp_path: Path, where: str
) -> None:
    shared = tmp_path / "shared" if where == "on another machine" else None
    theirs = tmp_path / ("there" if shared else "here")
    beside = Beside(tmp_path, shared)
    with beside.writing("reference-rows") as writer:
        writer.commit("reference rows", nights.reference_rows())
    began = time.monotonic()
    other = OtherWriter(theirs, shared, tmp_path / "stop")
    try:
        other.wait_for(2)
        a_night = (time.monotonic() - began) / 2
        for number, command in enumerate(COMMANDS):
            other.kill(within_seconds=a_night)
            if number % 2:  # otherwise the command is the first to see what the killed night has left
                other.start()
            command(beside)
            if not number % 2:
                other.start()
            other.wait_for(other.nights + 1)
    finally:
        code = other.end()
    assert code == 0
    wanted = {nights.url(1, number, n) for number in range(other.nights) for n in range(4)} - beside.gone
    for folder in {beside.folder, theirs}:
        with place(folder, shared).writing(run_id=f"look-{folder.name}", flow="look") as writer:
            writer.publish()
        with connect(folder) as reader:
            assert set(reader.query("SELECT url FROM article")["url"].to_pylist()) == wanted
        assert verify(folder).findings == ()
