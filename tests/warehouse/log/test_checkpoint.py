"""A checkpoint makes opening the log fast and changes nothing else; a damaged or outdated one is ignored."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commentariat import WarehouseError
from tests.warehouse import nights
from warehouse import SCHEMA_VERSION, Warehouse, connect
from warehouse.log.checkpoint import NAME
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import APPEND, COMPACTION, FINISH, TAKEDOWN, Commit, DataFile, checksum_of, now
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify

KINDS = st.sampled_from([APPEND, APPEND, APPEND, FINISH, COMPACTION, TAKEDOWN])
DAMAGES = st.sampled_from(
    ["none", "gone", "empty", "cut", "one byte", "another version", "another log", "stale"]
)


def commit(log: CommitLog, number: int, kind: str) -> None:
    """Make an entry of a kind: an append adds two files, a compaction or takedown replaces the two oldest by one."""
    live = [file.path for file in log.live_files()]
    remove = tuple(live[:2]) if kind in (COMPACTION, TAKEDOWN) else ()
    names = {APPEND: ("a", "b"), FINISH: (), COMPACTION: ("c",), TAKEDOWN: ("t",)}[kind]
    add = tuple(
        DataFile(f"data/article/{number}-{name}.parquet", "article", number, 9, "0" * 64) for name in names
    )
    log.append(
        Commit(0, f"run-{number // 3}", f"batch-{number}", "test", kind, now(), now(), add=add, remove=remove)
    )


def opened(folder: Path, *, whole: bool = False) -> CommitLog:
    log = CommitLog(folder, whole=whole)
    log.refresh()
    return log


def damage(place: Path, how: str, earlier: bytes | None) -> None:
    content = place.read_bytes()
    if how == "gone":
        place.unlink()
    elif how == "empty":
        place.write_bytes(b"")
    elif how == "cut":
        place.write_bytes(content[: len(content) // 2])
    elif how == "one byte":
        place.write_bytes(content.replace(b"article", b"articla", 1).replace(b"run-0", b"run-9", 1))
    elif how == "another version":
        place.write_bytes(content.replace(b'"format":1', b'"format":2', 1))
    elif how == "another log":
        with tempfile.TemporaryDirectory() as other:
            log = CommitLog(Path(other))
            for number in range(opened(place.parent, whole=True).head):
                commit(log, number, APPEND)
            log.checkpoint(every=1, is_there=lambda _: True)
            place.write_bytes((Path(other) / NAME).read_bytes())
    elif how == "stale" and earlier is not None:
        place.write_bytes(earlier)


@settings(max_examples=60, deadline=None)
@given(kinds=st.lists(KINDS, min_size=1, max_size=12), every=st.integers(1, 5), how=DAMAGES, data=st.data())
def test_a_log_opened_from_any_checkpoint_is_the_log(kinds, every, how, data):
    with tempfile.TemporaryDirectory() as temporary:
        folder, log, versions = Path(temporary), CommitLog(Path(temporary)), []
        for number, kind in enumerate(kinds):
            if data.draw(st.booleans(), label="opened again"):
                log = opened(folder)
            commit(log, number, kind)
            if log.checkpoint(every=every, is_there=lambda _: True):
                versions.append((folder / NAME).read_bytes())
        if versions:
            damage(folder / NAME, how, versions[-2] if len(versions) > 1 else None)

        whole = opened(folder, whole=True)
        questions = {
            "head": lambda log: (log.head, log.head_checksum),
            "live": lambda log: log.live_files(),
            "last takedown": lambda log: log.last_takedown,
            "runs": lambda log: [log.run(f"run-{n}") for n in range(5)],
            "replaced": lambda log: log.replaced(),
            "replaced by compaction": lambda log: log.replaced(kind=COMPACTION, until=log.head - 2),
            "find": lambda log: [log.find(f"run-{n // 3}", f"batch-{n}") for n in range(len(kinds) + 1)],
            "after": lambda log: log.after(max(log.head - 3, 0)),
            "at": lambda log: [log.at(sequence) for sequence in range(log.head + 2)],
            "all": list,
            "rows": lambda log: log.rows(["article"]),
        }
        order = data.draw(st.permutations(sorted(questions)), label="asked in this order")
        log = opened(folder)
        for name in order:
            assert questions[name](log) == questions[name](whole), name
        commit(log, len(kinds), APPEND)
        assert list(opened(folder)) == list(opened(folder, whole=True)) == list(log)


def test_opening_from_a_checkpoint_reads_only_the_entries_after_it(tmp_path, monkeypatch):
    log = CommitLog(tmp_path)
    for number in range(30):
        commit(log, number, APPEND)
    assert log.checkpoint(every=25, is_there=lambda _: True)
    assert not log.checkpoint(every=25, is_there=lambda _: True)
    commit(log, 30, APPEND)
    seen: list[str] = []
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: seen.append(path.name) or read_bytes(path))
    log = opened(tmp_path)
    assert log.find("run-10", "batch-99") is None and len(log.after(30)) == 1
    assert seen == [NAME, "00000030.json", "00000031.json", "00000032.json"]
    assert log.find("run-9", "batch-28") is not None
    assert seen[4:] == ["00000030.json", "00000029.json", "00000028.json"]


def test_a_checkpoint_does_not_keep_names_of_deleted_files(tmp_path):
    log = CommitLog(tmp_path)
    for number, kind in enumerate([APPEND, APPEND, COMPACTION]):
        commit(log, number, kind)
    log.checkpoint(every=1, is_there=lambda path: path.endswith("0-b.parquet"))
    assert log.replaced() == opened(tmp_path).replaced() == ["data/article/0-b.parquet"]
    assert opened(tmp_path, whole=True).replaced() == ["data/article/0-a.parquet", "data/article/0-b.parquet"]


def test_the_state_as_of_an_entry_is_the_one_that_the_log_had_when_the_entry_was_made(tmp_path):
    log, states = CommitLog(tmp_path), []
    for number, kind in enumerate([APPEND, FINISH, COMPACTION, APPEND, TAKEDOWN]):
        commit(log, number, kind)
        states.append((log.head, log.head_checksum, log.live_files(), log.replaced(), log.last_takedown))
    for sequence, then in enumerate(states, start=1):
        state = log.as_of(sequence)
        live, replaced = list(state.live.values()), list(state.replaced)
        assert (state.sequence, state.checksum, live, replaced, state.last_takedown) == then


def test_a_missing_entry_before_the_checkpoint_is_reported_when_it_is_needed(tmp_path):
    log = CommitLog(tmp_path)
    for number in range(6):
        commit(log, number, APPEND)
    log.checkpoint(every=1, is_there=lambda _: True)
    log.path(3).unlink()
    log = opened(tmp_path)
    assert log.head == 6 and log.at(4) is not None
    with pytest.raises(WarehouseError, match=r"00000003\.json is missing"):
        list(log)


def test_a_checkpoint_of_a_log_restored_to_an_earlier_state_is_ignored(tmp_path):
    log = CommitLog(tmp_path)
    for number in range(6):
        commit(log, number, APPEND)
    log.checkpoint(every=1, is_there=lambda _: True)
    for sequence in (5, 6):
        log.path(sequence).unlink()
    assert opened(tmp_path).head == 4


def test_all_operations_work_with_a_checkpoint_after_every_commit(filled):
    eager = Warehouse(filled.root, checkpoint_every=1)

    def articles() -> int:
        with connect(filled.root) as reader:
            return reader.query("SELECT count(*) AS n FROM article")["n"][0].as_py()

    def sequence() -> int:
        return json.loads((filled.root / "log" / NAME).read_bytes())["sequence"]

    with eager.writing(run_id="night-1", flow="nightly") as writer:
        assert sequence() == 5
        assert writer.commit("0000", nights.batch(1, 0)).sequence == 2, "committed before the checkpoint"
        writer.finish()
        assert writer.log.find("night-1", "finish-2") is not None
        writer.commit("0007", nights.batch(1, 7))
        writer.publish()
    with eager.writing(run_id="upkeep", flow="maintenance") as writer:
        compact(writer, min_files=2)
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
        clean(writer.root, writer.log)
    assert sequence() == eager.commits()[-1].sequence and articles() == 15
    assert verify(filled.root).findings == ()
    on_disk = {str(path.relative_to(filled.root)) for path in filled.root.rglob("data/**/*.parquet")}
    with eager.writing(run_id="rebuild", flow="test") as writer:
        writer._base.discard()
        assert writer.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [15]
        assert on_disk == {file.path for file in writer.log.live_files()}


def test_verify_reports_a_checkpoint_that_is_damaged_or_contradicts_the_entries(filled):
    with Warehouse(filled.root, checkpoint_every=1).writing(run_id="a", flow="test"):
        pass
    place = filled.root / "log" / NAME
    sound = place.read_bytes()
    assert verify(filled.root).findings == ()
    place.write_bytes(sound[:-20])
    (finding,) = verify(filled.root).findings
    assert finding.check == "log" and "delete it" in finding.message

    log = opened(filled.root / "log")
    log._state.last_takedown = 3
    log.checkpoint(every=-1, is_there=lambda _: True)
    (finding,) = verify(filled.root).findings
    assert finding.check == "log" and "last_takedown" in finding.message


def of_an_earlier_version(checkpoint: bytes) -> bytes:
    content = json.loads(checkpoint)
    del content["own_checksum"]
    content["schema_version"] -= 1
    return json.dumps(content | {"own_checksum": checksum_of(content)}).encode()


def test_a_checkpoint_of_an_earlier_version_is_no_fault_and_the_next_run_replaces_it(filled):
    eager, place = Warehouse(filled.root, checkpoint_every=1), filled.root / "log" / NAME
    with eager.writing(run_id="a", flow="test"):
        pass
    place.write_bytes(of_an_earlier_version(place.read_bytes()))
    assert verify(filled.root).findings == ()
    with eager.writing(run_id="b", flow="test"):
        assert json.loads(place.read_bytes())["schema_version"] == SCHEMA_VERSION


def test_a_checkpoint_of_an_earlier_version_is_no_fault_while_a_run_replaces_it(filled, monkeypatch):
    with Warehouse(filled.root, checkpoint_every=1).writing(run_id="a", flow="test"):
        pass
    place = filled.root / "log" / NAME
    sound, refresh = place.read_bytes(), CommitLog.refresh

    def refresh_beside_a_run(log: CommitLog) -> None:
        place.write_bytes(sound)
        refresh(log)

    place.write_bytes(of_an_earlier_version(sound))
    monkeypatch.setattr(CommitLog, "refresh", refresh_beside_a_run)
    assert verify(filled.root).findings == ()


def test_a_checkpoint_that_cannot_be_written_does_not_fail_the_run(filled, caplog):
    (filled.root / "log" / NAME).mkdir()
    with Warehouse(filled.root, checkpoint_every=1).writing(run_id="a", flow="test") as writer:
        writer.commit("1", nights.batch(2, 0))
    assert "no checkpoint" in caplog.text
    assert Warehouse(filled.root).commits()[-1].run_id == "a"
