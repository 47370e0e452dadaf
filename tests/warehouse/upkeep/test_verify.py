"""Each finding of the verification names what is wrong, where, and what to do; and what it says helps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.durable import checksum
from warehouse.log.entries import DataFile, encode
from warehouse.upkeep import verify as module
from warehouse.upkeep.verify import Finding, verify


def forge(warehouse: Warehouse, change: Callable[[DataFile], DataFile]) -> None:
    """Write all entries of the log again, with other descriptions of the files."""
    previous = ""
    for commit in warehouse.commits():
        files = tuple(change(file) for file in commit.add)
        content = encode(replace(commit, add=files, previous=previous, checksum=""))
        previous = json.loads(content)["checksum"]
        (warehouse.root / "log" / f"{commit.sequence:08d}.json").write_bytes(content)


def change_snapshot(warehouse: Warehouse, sql: str) -> None:
    generation = (warehouse.root / "warehouse.duckdb").resolve()
    generation.chmod(0o644)
    with duckdb.connect(str(generation)) as connection:
        connection.execute(sql)


def alter_a_file(warehouse: Warehouse) -> None:
    file = warehouse.root / warehouse.live_files("stance")[0].path
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"x")


def make_a_file_unreadable(warehouse: Warehouse) -> None:
    file = warehouse.root / warehouse.live_files("stance")[0].path
    file.unlink()
    file.mkdir()


def record_more_rows(warehouse: Warehouse) -> None:
    forge(warehouse, lambda file: replace(file, rows=file.rows + 1))


def commit_outcomes_without_reasons(warehouse: Warehouse) -> None:
    """Store rows that an audit refuses, as a version of the program without this audit would have done."""
    sums: dict[str, str] = {}
    for file in warehouse.live_files("outcome"):
        place = warehouse.root / file.path
        rows = pq.read_table(place)
        reasons = pa.array([""] * rows.num_rows, pa.string())
        place.unlink()
        pq.write_table(rows.set_column(rows.column_names.index("reason"), "reason", reasons), place)
        sums[file.path] = checksum(place)
    forge(warehouse, lambda file: replace(file, sha256=sums.get(file.path, file.sha256)))


def lose_a_file(warehouse: Warehouse) -> None:
    (warehouse.root / warehouse.live_files("stance")[0].path).unlink()


def leave_a_note_among_the_files(warehouse: Warehouse) -> None:
    (warehouse.root / "data" / "stance" / "note.txt").write_text("hello")


def lose_an_earlier_entry(warehouse: Warehouse) -> None:
    (warehouse.root / "log" / "00000003.json").unlink()


def lose_the_last_entry(warehouse: Warehouse) -> None:
    (warehouse.root / "log" / "00000005.json").unlink()


def lose_the_link(warehouse: Warehouse) -> None:
    (warehouse.root / "warehouse.duckdb").unlink()


def damage_the_snapshot(warehouse: Warehouse) -> None:
    generation = (warehouse.root / "warehouse.duckdb").resolve()
    generation.chmod(0o644)
    generation.write_bytes(bytes(5_000))


def delete_stances(warehouse: Warehouse) -> None:
    change_snapshot(warehouse, "DELETE FROM stance")


def add_wrongly(warehouse: Warehouse) -> None:
    change_snapshot(warehouse, "UPDATE stance_total SET articles = articles + 1")


def drop_the_totals(warehouse: Warehouse) -> None:
    change_snapshot(warehouse, "DROP TABLE stance_total")


def findings(warehouse: Warehouse, check: str) -> list[Finding]:
    return [finding for finding in verify(warehouse.root).findings if finding.check == check]


def test_verify_finds_nothing_in_a_sound_warehouse(filled):
    report = verify(filled.root)
    assert report.findings == ()
    assert report.commits == 5 and report.rows > 100


@pytest.mark.parametrize(
    ("spoil", "check", "what", "remedy"),
    [
        (lose_a_file, "files", "is missing", "restore it from a backup"),
        (alter_a_file, "files", "has been altered", "restore it from a backup"),
        (make_a_file_unreadable, "files", "cannot be read", "make it readable, or restore it from a backup"),
        (record_more_rows, "files", "the log records", "restore it from a backup"),
        (
            commit_outcomes_without_reasons,
            "outcome_values",
            "has a reason",
            "restore the warehouse from an earlier backup that is sound",
        ),
        (leave_a_note_among_the_files, "stray", "belongs to no commit", "move it away"),
        (lose_an_earlier_entry, "log", "00000003.json is missing", "restore log/ from a backup"),
        (lose_the_last_entry, "snapshot", "the log ends at 4", "restore log/ from a backup"),
        (lose_the_link, "snapshot", "nothing is published in {root}", "the next run will do it"),
        (damage_the_snapshot, "snapshot", "cannot be read", "the next run makes it again"),
        (delete_stances, "snapshot", "has 0 rows in stance", "the next run that commits builds it again"),
        (add_wrongly, "snapshot", "adds up stances wrongly", "run `commentariat publish`"),
        (drop_the_totals, "snapshot", "cannot be read", "run `commentariat publish`"),
    ],
)
def test_a_finding_says_what_to_do(filled, spoil, check, what, remedy):
    spoil(filled)
    first, *_ = findings(filled, check)
    what = what.format(root=filled.root)
    said, _, to_do = first.message.partition(what)
    assert to_do, first.message
    assert remedy in to_do
    if check in ("files", "stray", "log", "snapshot"):
        assert str(filled.root) in said + what, "it says where"


def test_audits_that_could_not_be_run_say_what_to_do(filled, monkeypatch):
    def run_out_of_memory(*_: object, **__: object) -> None:
        raise duckdb.OutOfMemoryException("could not allocate block of size 256.0 KiB")

    monkeypatch.setattr(module, "violations", run_out_of_memory)
    (finding,) = verify(filled.root).findings
    assert finding.check == "audits"
    assert "could not allocate block" in finding.message
    assert "free some memory, and disk space in" in finding.message


def test_the_next_run_that_commits_mends_a_snapshot_that_lacks_rows(filled):
    delete_stances(filled)
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0))
        writer.publish()
    assert verify(filled.root).findings == ()


@pytest.mark.parametrize("spoil", [add_wrongly, drop_the_totals])
def test_a_snapshot_that_is_deleted_is_built_from_the_files_by_the_next_publish(filled, spoil):
    spoil(filled)
    (finding,) = verify(filled.root).findings
    assert f"delete {filled.root / 'db' / '*.duckdb'} and" in finding.message
    snapshots: list[Path] = list((filled.root / "db").glob("*.duckdb"))
    for path in snapshots:
        path.unlink()
    with filled.writing(flow="publish") as writer:
        writer.publish()
    assert verify(filled.root).findings == ()
