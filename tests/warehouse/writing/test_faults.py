"""A full or broken disk, a foreign folder, or a newer or damaged log causes one clear error, and nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from commentariat import WarehouseError
from tests.mounting import needs_mount
from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.publishing.generations import generations
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify


def rows(warehouse: Warehouse) -> int:
    with warehouse.writing(run_id="check", flow="test") as writer:
        writer.publish()
    with connect(warehouse.path) as reader:
        return reader.query("SELECT count(*) AS n FROM article")["n"][0].as_py()


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("staged", errno.ENOSPC),
        ("audited", errno.EIO),
        ("intent written", errno.ENOSPC),
        ("file renamed", errno.EIO),
        ("renamed", errno.ENOSPC),
    ],
)
def test_a_batch_lost_by_a_failing_disk_can_be_committed_again(filled, step, code):
    def fail(reached: str) -> None:
        if reached == step:
            raise OSError(code, os.strerror(code), str(filled.root / "data"))

    failing = Warehouse(filled.path, on_step=fail)
    with failing.writing(run_id="night-2", flow="nightly") as writer:
        with pytest.raises(WarehouseError, match="disk") as caught:
            writer.commit("1", nights.batch(2, 0))
        assert str(filled.root / "data") in str(caught.value)
    assert rows(filled) == 12
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0))
    assert rows(filled) == 16


def files_in_data(warehouse: Warehouse) -> set[str]:
    return {str(file.relative_to(warehouse.root)) for file in warehouse.root.glob("data/**/*.parquet")}


@pytest.mark.parametrize("step", ["staged", "audited", "intent written", "file renamed", "renamed", "logged"])
def test_a_batch_that_failed_and_is_handed_in_again_to_the_same_writer_leaves_no_file_behind(filled, step):
    failures = iter([OSError(errno.EIO, os.strerror(errno.EIO), str(filled.root / "data"))])

    def fail_once(reached: str) -> None:
        if reached == step and (failure := next(failures, None)):
            raise failure

    with Warehouse(filled.path, on_step=fail_once).writing(run_id="night-2", flow="nightly") as writer:
        with pytest.raises(WarehouseError, match="disk"):
            writer.commit("1", nights.batch(2, 0))
        writer.commit("1", nights.batch(2, 0))
    assert rows(filled) == 16
    assert files_in_data(filled) == {file.path for file in filled.live_files()}


def test_a_batch_that_failed_after_its_renames_is_gone_at_once(filled):
    def fail(reached: str) -> None:
        if reached == "renamed":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(filled.root / "data"))

    with Warehouse(filled.path, on_step=fail).writing(run_id="night-2", flow="nightly") as writer:
        with pytest.raises(WarehouseError, match="disk"):
            writer.commit("1", nights.batch(2, 0))
        assert files_in_data(filled) == {file.path for file in filled.live_files()}
        assert not list((filled.root / "staging").glob("*/*"))


def test_a_disk_that_fails_during_publishing_leaves_the_old_snapshot_and_the_commits(filled):
    def fail(reached: str) -> None:
        if reached == "base sealed":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(filled.root / "db"))

    with Warehouse(filled.path, on_step=fail).writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0))
        with pytest.raises(WarehouseError, match="disk is full"):
            writer.publish()
    with connect(filled.path) as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [12]
    assert rows(filled) == 16


def _limit_file_size() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_a_file_that_the_system_refuses_to_grow_is_a_clear_error_and_the_next_run_heals(filled):
    code = (
        "from tests.warehouse import nights; from warehouse import Warehouse\n"
        f"with Warehouse({str(filled.path)!r}).writing(run_id='night-2', flow='nightly') as writer:\n"
        "    writer.commit('1', nights.batch(2, 0, articles=400))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], preexec_fn=_limit_file_size, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "WarehouseError" in result.stderr.splitlines()[-1]
    assert rows(filled) == 12


TMPFS = """
set -e
mount -t tmpfs -o size=5m tmpfs "$1"
exec "$2" -c '
import sys
from tests.warehouse import nights
from commentariat import WarehouseError
from warehouse import Warehouse
place = Warehouse(sys.argv[1] + "/warehouse")
done, failed = 0, ""
with place.writing(run_id="a", flow="test") as writer:
    writer.commit("d", nights.reference_rows())
    for number in range(500):
        try:
            writer.commit(str(number), nights.batch(1, number, articles=300))
        except WarehouseError as error:
            failed = str(error)
            break
        done += 1
import os
os.makedirs(sys.argv[1] + "/warehouse/data", exist_ok=True)
assert "full" in failed or "No space" in failed, failed
assert sum(c.rows.get("article", 0) for c in place.commits()) == done * 300
import shutil
shutil.copytree(sys.argv[1] + "/warehouse", sys.argv[2], symlinks=True)
print(done)
' "$1" "$3"
"""


@needs_mount
def test_a_file_system_that_fills_up_loses_nothing(tmp_path):
    mount, saved = tmp_path / "small", tmp_path / "saved"
    mount.mkdir()
    command = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        TMPFS,
        "sh",
        str(mount),
        sys.executable,
    ]
    result = subprocess.run([*command, str(saved)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    done = int(result.stdout)
    assert done > 0
    with Warehouse(saved).writing(run_id="a", flow="test") as writer:
        for number in range(done + 1):
            writer.commit(str(number), nights.batch(1, number, articles=300))
    assert rows(Warehouse(saved)) == (done + 1) * 300


PUBLISH_IN_SMALL_PLACES = """
import subprocess, sys
from pathlib import Path
from tests.warehouse import nights
from commentariat import WarehouseError
from warehouse import Warehouse, connect
for kilobytes in range(500, 8_500, 500):
    mount = Path(sys.argv[1]) / str(kilobytes)
    mount.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(mount)], check=True)
    place, refused = Warehouse(mount / "warehouse"), False
    try:
        with place.writing(run_id="a", flow="test") as writer:
            writer.commit("d", nights.reference_rows())
            writer.commit("1", nights.batch(1, 1, articles=100))
            writer.publish()
    except WarehouseError as error:
        assert "the disk is full" in str(error), (kilobytes, error)
        refused = True
    assert (place.root / "warehouse.duckdb").exists() != refused, kilobytes
    if not refused:
        with connect(place.path) as reader:
            assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [100], kilobytes
    print("refused" if refused else "published")
"""


@needs_mount
def test_a_disk_that_is_full_when_a_night_is_published_shows_no_file_without_its_tables(tmp_path):
    place = ["unshare", "--user", "--map-root-user", "--mount"]
    command = [*place, sys.executable, "-c", PUBLISH_IN_SMALL_PLACES, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert set(ended.stdout.split()) == {"refused", "published"}


FOLLOW_ON_A_FULL_DISK = """
set -e
mount -t tmpfs -o size=60m tmpfs "$1"
exec "$2" -c '
import os, sys
from pathlib import Path
from tests.warehouse import nights
from commentariat import WarehouseError
from warehouse import Warehouse
place = Warehouse(sys.argv[1] + "/warehouse")
base, filling = place.root / "db" / "base.duckdb", Path(sys.argv[1]) / "filling"
with place.writing(run_id="a", flow="test") as writer:
    writer.commit("d", nights.reference_rows())
    writer.commit("1", nights.batch(1, 1, articles=10))
    writer.query("SELECT 1")
    same = base.stat().st_ino
    writer.commit("2", nights.batch(1, 2, articles=1000))
    room = os.statvfs(sys.argv[1])
    filling.write_bytes(bytes(room.f_bavail * room.f_frsize - 300_000))
    try:
        writer.query("SELECT 1")
        print("followed")
    except WarehouseError as error:
        print(error)
    assert base.stat().st_ino == same, "it was built anew"
    filling.unlink()
    assert writer.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [1010]
    assert base.stat().st_ino == same, "it was built anew"
' "$1"
"""


@needs_mount
def test_a_disk_that_fills_up_while_the_base_follows_does_not_cost_the_base(tmp_path):
    place = ["unshare", "--user", "--map-root-user", "--mount"]
    ended = subprocess.run(
        [*place, "sh", "-c", FOLLOW_ON_A_FULL_DISK, "sh", str(tmp_path), sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "base.duckdb failed: the disk is full: free some space and run again" in ended.stdout


COPY_ON_A_FULL_DISK = """
set -e
mount -t tmpfs -o size=30m tmpfs "$1"
exec "$2" -c '
import os, sys
from pathlib import Path
from tests.warehouse import nights
from commentariat import WarehouseError
from warehouse import Warehouse
place, filling = Warehouse(sys.argv[1] + "/warehouse"), Path(sys.argv[1]) / "filling"
with place.writing(run_id="a", flow="test") as writer:
    writer.commit("d", nights.reference_rows())
    writer.commit("1", nights.batch(1, 1, articles=10))
    writer.publish()
room = os.statvfs(sys.argv[1])
filling.write_bytes(bytes(room.f_bavail * room.f_frsize - 1_000_000))
try:
    with place.writing(run_id="b", flow="test") as writer:
        writer.query("SELECT 1")
except WarehouseError as error:
    print(error)
room = os.statvfs(sys.argv[1])
print(room.f_bavail * room.f_frsize > 900_000)
' "$1"
"""


@needs_mount
def test_a_copy_for_which_the_disk_has_no_room_leaves_the_rest_of_the_disk_free(tmp_path):
    place = ["unshare", "--user", "--map-root-user", "--mount"]
    ended = subprocess.run(
        [*place, "sh", "-c", COPY_ON_A_FULL_DISK, "sh", str(tmp_path), sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    failed, is_free = ended.stdout.splitlines()
    assert "the disk is full: free some space and run again" in failed
    assert is_free == "True"


def test_a_damaged_published_file_is_made_again_by_the_next_run(filled):
    current = filled.root / (filled.root / "warehouse.duckdb").readlink()
    current.chmod(0o644)
    current.write_bytes(b"\0" * 5_000)
    assert rows(filled) == 12


def test_a_published_file_that_lacks_rows_is_made_again_although_something_was_taken_down(filled):
    with filled.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
    current = filled.root / (filled.root / "warehouse.duckdb").readlink()
    current.chmod(0o644)
    with duckdb.connect(str(current)) as connection:
        connection.execute("DELETE FROM stance")
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0))
    assert rows(filled) == 15


def test_a_backup_of_the_log_and_the_data_can_be_written_in_by_a_command_that_makes_no_warehouse(
    filled, tmp_path
):
    restored = Warehouse(tmp_path / "restored")
    for name in ("log", "data"):
        shutil.copytree(filled.root / name, restored.root / name)
    with restored.writing(run_id="t", flow="takedown", create=False) as writer:
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
        clean(writer.root, writer.log)
    assert rows(restored) == 11
    assert verify(restored.root).findings == ()


def damage(generation: Path) -> None:
    generation.chmod(0o644)
    generation.write_bytes(b"\0" * 5_000)


def test_a_damaged_older_snapshot_stops_no_run_and_is_removed_after_a_takedown(filled):
    with filled.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
        writer.publish()
    older, current = generations(filled.root)
    damage(older)
    with filled.writing(run_id="t2", flow="takedown") as writer:
        assert generations(filled.root) == [current], "nobody knows what the other still holds"
        take_down(writer, urls=[nights.url(1, 0, 1)], reason="Asked for.")
    assert rows(filled) == 10


def test_a_damaged_older_snapshot_does_not_stop_the_deletion_of_files(filled):
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.publish()
    damage(generations(filled.root)[0])
    with filled.writing(run_id="m", flow="maintenance") as writer:
        assert clean(writer.root, writer.log).moved_to_trash == 0
    assert rows(filled) == 12


def test_a_damaged_list_of_names_in_staging_stops_no_run(filled):
    attempt = filled.root / "staging" / "night-2" / "1-12345678"
    attempt.mkdir(parents=True)
    (attempt / "intent.json").write_text("{")
    assert rows(filled) == 12
    assert not attempt.exists()


def test_a_read_only_folder_is_named_with_the_remedy(folder_with_permissions):
    folder_with_permissions.chmod(0o555)
    with (
        pytest.raises(WarehouseError, match="permission denied"),
        Warehouse(folder_with_permissions / "w").writing(run_id="a", flow="test"),
    ):
        pass


def test_a_folder_with_other_things_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("Dear ...")
    writing = Warehouse(tmp_path).writing(run_id="a", flow="test")
    with pytest.raises(WarehouseError, match="not empty and not a warehouse"), writing:
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_file_in_the_place_of_the_warehouse_is_refused(tmp_path):
    (tmp_path / "w").write_text("")
    with (
        pytest.raises(WarehouseError, match="is a file"),
        Warehouse(tmp_path / "w").writing(run_id="a", flow="test"),
    ):
        pass


def test_a_warehouse_of_a_newer_version_is_refused_before_anything_is_written(filled):
    entry = filled.root / "log" / "00000001.json"
    content = json.loads(entry.read_text()) | {"schema_version": 99}
    entry.write_text(json.dumps(content))
    with (
        pytest.raises(WarehouseError, match=r"newer version.*upgrade"),
        filled.writing(run_id="b", flow="test"),
    ):
        pass


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda log: (log / "00000002.json").write_text("{"), "not a log entry"),
        (lambda log: (log / "00000002.json").unlink(), "missing"),
        (lambda log: (log / "00000005.json").unlink(), "ends at 4"),
        (
            lambda log: (log / "00000002.json").write_text(
                (log / "00000002.json").read_text().replace('"rows": 4', '"rows": 5', 1)
            ),
            "altered",
        ),
        (
            lambda log: (log / "00000002.json").write_text((log / "00000003.json").read_text()),
            "does not follow",
        ),
    ],
)
def test_a_damaged_log_is_noticed(filled, spoil, complaint):
    spoil(filled.root / "log")
    with pytest.raises(WarehouseError, match=complaint), filled.writing(run_id="b", flow="test"):
        pass


def test_a_missing_parquet_file_is_noticed_when_the_private_file_is_rebuilt(filled):
    (filled.root / filled.live_files("stance")[0].path).unlink()
    (filled.root / "warehouse.duckdb").resolve().unlink()
    with pytest.raises(WarehouseError, match="commentariat verify"), filled.writing(run_id="b", flow="test"):
        pass


def compact_texts(writer) -> None:
    compact(writer, min_files=2)


def take_one_down(writer) -> None:
    take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")


def commit_more(writer) -> None:
    rows = nights.batch(1, 0, revision=2, text=f"And now. {nights.TEXT}")
    writer.commit("more", rows)


def look_for_copies(writer) -> None:
    bands = nights.batch(1, 0)["minhash_band"].select(["article_id", "algorithm", "band", "hash"])
    writer.near_duplicates(bands)


def look_for_missing_answers(writer) -> None:
    wanted = nights.table([{"target": "", "statement_hash": "", "model_version": "fast-2"}])
    writer.query_file("backlog", tables={"wanted_target": wanted})


def publish_more(writer) -> None:
    writer.commit("more", {"item": nights.batch(2, 0)["item"]})
    writer.publish()


@pytest.mark.parametrize(
    ("table", "doing"),
    [
        ("article_text", compact_texts),
        ("article_text", take_one_down),
        ("article_text", commit_more),
        ("minhash_band", look_for_copies),
        ("raw_score", look_for_missing_answers),
        ("article_text", publish_more),
    ],
    ids=["compaction", "takedown", "commit", "near-copies", "backlog", "publishing"],
)
@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"PAR1 and nothing else")])
def test_a_missing_or_damaged_parquet_file_is_a_clear_error_with_the_remedy(filled, table, doing, spoil):
    for file in filled.live_files(table):
        spoil(filled.root / file.path)
    with (
        filled.writing(run_id="b", flow="test") as writer,
        pytest.raises(WarehouseError, match=rf"(?s){table}.*commentariat verify"),
    ):
        doing(writer)
