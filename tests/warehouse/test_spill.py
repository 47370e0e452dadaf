"""Files that DuckDB spills hold rows: they are in a folder that others cannot read, and are removed with the run."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from tests.warehouse import nights
from tests.warehouse.failing_disk import Killed
from warehouse import Warehouse, connect
from warehouse.engine import engine
from warehouse.spill import _own_folder, place_to_spill, remove_abandoned
from warehouse.upkeep.takedown import take_down

SPILL_AND_DIE = """
import os, signal, sys
from pathlib import Path
from warehouse import Warehouse
place = Warehouse(sys.argv[1])
with place.writing(run_id="killed", flow="nightly", memory_limit="60MB") as writer:
    connection = writer._base.connection
    connection.execute("CREATE TEMP TABLE t AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(1500000)")
    assert any((place.root / "db" / "spill").iterdir())
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_next_run_removes_files_that_a_killed_run_spilled(filled):
    killed = subprocess.run([sys.executable, "-c", SPILL_AND_DIE, str(filled.root)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert any((filled.root / "db" / "spill").iterdir())
    with filled.writing(run_id="next", flow="nightly"):
        assert not (filled.root / "db" / "spill").exists()


def test_a_takedown_removes_all_spilled_files(filled):
    with filled.writing(run_id="t", flow="takedown") as writer:
        bands = nights.batch(1, 0)["minhash_band"].select(["article_id", "algorithm", "band", "hash"])
        writer.near_duplicates(bands)
        left = filled.root / "db" / "spill" / "duckdb_temp_1_0_storage_DEFAULT-0.tmp"
        left.parent.mkdir(exist_ok=True)
        left.write_text("rows")
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
        assert not left.parent.exists()


def test_a_reader_spills_to_a_folder_of_this_process_that_others_cannot_read(filled):
    with connect(filled.root) as reader:
        (place,) = reader.query("SELECT current_setting('temp_directory') AS place")["place"].to_pylist()
    assert stat.S_IMODE(Path(place).parent.stat().st_mode) == 0o700


def test_opening_readers_again_and_again_leaves_no_folder_each_and_finds_a_lost_one_again(filled):
    def place() -> Path:
        with connect(filled.root) as reader:
            (found,) = reader.query("SELECT current_setting('temp_directory') AS place")["place"].to_pylist()
        return Path(found)

    first, second = place(), place()
    assert first != second and first.parent == second.parent
    assert list(first.parent.iterdir()) == []
    first.parent.rmdir()
    assert place().parent.is_dir()


def test_files_that_a_reader_spilled_are_deleted_when_its_process_ends(filled):
    code = (
        "import sys; from warehouse import connect\n"
        "with connect(sys.argv[1], memory_limit='60MB') as reader:\n"
        "    reader.query('CREATE TEMP TABLE t AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(1500000)')\n"
        "    print(reader.query(\"SELECT current_setting('temp_directory') AS place\")['place'][0])\n"
    )
    command = [sys.executable, "-c", code, str(filled.root)]
    place = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    assert place and not Path(place).parent.exists()


READ_SPILL_AND_WAIT = """
import sys; from warehouse import connect
with connect(sys.argv[1], memory_limit='60MB') as reader:
    reader.query('CREATE TEMP TABLE t AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(1500000)')
    print(reader.query("SELECT current_setting('temp_directory') AS place")['place'][0], flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("next_comes", ["a reader", "a takedown"])
def test_the_next_process_removes_files_that_a_killed_reader_spilled_but_not_those_of_a_running_one(
    filled, tmp_path, monkeypatch, next_comes
):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    command = [sys.executable, "-c", READ_SPILL_AND_WAIT, str(filled.root)]
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    try:
        places = [Path(reader.stdout.readline().strip()) for reader in readers]
        assert all(any(place.iterdir()) for place in places)
        readers[0].kill()
        readers[0].wait()
        assert any(places[0].iterdir()), "nothing is left to be removed"
        if next_comes == "a takedown":
            with filled.writing(run_id="t", flow="takedown") as writer:
                take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
        else:
            read = [sys.executable, "-c", READ_SPILL_AND_WAIT, str(filled.root)]
            subprocess.run(read, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        assert not places[0].parent.exists()
        assert any(places[1].iterdir())
    finally:
        for reader in readers:
            reader.kill()
            reader.communicate()


@pytest.mark.parametrize("step", ["logged", "link swapped"])
def test_the_run_after_a_killed_takedown_removes_files_that_a_killed_reader_spilled(
    filled, tmp_path, monkeypatch, step
):
    def on_step(reached: str) -> None:
        if reached == step:
            raise Killed

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "commentariat-spill-1-left"
    left.mkdir()
    with (
        suppress(Killed),
        Warehouse(filled.root, on_step=on_step).writing(run_id="t", flow="takedown") as writer,
    ):
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
    assert left.exists(), "nothing is left to be removed"
    with filled.writing(run_id="next", flow="publish"):
        assert not left.exists()


MAKE_A_PAST_DATABASE_AND_WAIT = """
import sys; from pathlib import Path; from warehouse.exporting.past import past
with past(Path(sys.argv[1]), 5) as made:
    made.connection.execute("CHECKPOINT")
    print("made", flush=True)
    sys.stdin.read()
"""


def test_the_database_of_a_past_moment_goes_with_a_takedown_where_its_process_was_killed(
    filled, tmp_path, monkeypatch
):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))

    def databases() -> list[Path]:
        return list(temporary.rglob("*.duckdb"))

    command = [sys.executable, "-c", MAKE_A_PAST_DATABASE_AND_WAIT, str(filled.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as maker:
        try:
            assert maker.stdout.readline() == "made\n"
        finally:
            maker.kill()
    assert databases(), "nothing is left to be removed"
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with filled.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
    assert not databases()


def test_a_new_folder_that_another_process_removes_before_it_is_locked_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    make, made = tempfile.mkdtemp, []

    def made_and_once_removed(prefix: str) -> str:
        made.append(make(prefix=prefix))
        if len(made) == 1:
            assert remove_abandoned() == 1
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", made_and_once_removed)
    _own_folder.cache_clear()
    try:
        assert place_to_spill().parent == Path(made[1])
    finally:
        _own_folder.cache_clear()


def test_a_folder_of_another_kind_and_a_link_in_its_place_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a").touch()
    (tmp_path / "commentariat-spill-1-link").symlink_to(elsewhere)
    (tmp_path / "commentariat-1-other").mkdir()
    (tmp_path / "commentariat-spill-1-left").mkdir()
    assert remove_abandoned() == 1
    assert not (tmp_path / "commentariat-spill-1-left").exists()
    assert (tmp_path / "commentariat-1-other").exists()
    assert (elsewhere / "a").exists()


def test_a_database_in_memory_spills_only_to_the_configured_folder():
    """By default DuckDB would use a folder ``.tmp`` in the process's working directory."""
    with engine() as connection:
        (place,) = connection.execute("SELECT current_setting('temp_directory')").fetchone() or ("?",)
    assert place == ""
