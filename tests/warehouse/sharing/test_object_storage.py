"""A warehouse in object storage: two machines write to one bucket, and each reads the commits of both."""

from __future__ import annotations

import multiprocessing
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import fsspec
import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.log.remote import Remote
from warehouse.sharing.object_store import ObjectStore
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify

moto = pytest.importorskip("moto.server", reason="needs moto's S3 server")
s3fs = pytest.importorskip("s3fs", reason="needs s3fs")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


def remote(server: str, bucket: str) -> Remote:
    files = s3fs.S3FileSystem(
        key="test", secret="test", endpoint_url=server, skip_instance_cache=True, use_listings_cache=False
    )
    if not files.exists(bucket):
        files.mkdir(bucket)
    return ObjectStore(files, f"{bucket}/commentary")


def articles(warehouse: Warehouse) -> int:
    with connect(warehouse.root) as reader:
        return reader.query("SELECT count(*) AS n FROM article")["n"][0].as_py()


def test_a_second_machine_sees_and_continues_what_the_first_has_committed(server, tmp_path):
    store = remote(server, "continue")
    first, second = (Warehouse(tmp_path / name, remote=store) for name in ("first", "second"))
    with first.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))
        writer.publish()
    with second.writing(run_id="b", flow="nightly") as writer:
        writer.commit("1", nights.batch(1, 1))
        writer.publish()
    assert (articles(first), articles(second)) == (4, 8)
    with first.writing(run_id="c", flow="nightly") as writer:
        writer.publish()
    assert articles(first) == 8
    assert verify(first.root).findings == verify(second.root).findings == ()


def test_a_log_entry_is_created_by_one_machine_only(server):
    store = remote(server, "conditional")
    store.entries.create(1, b"first")
    with pytest.raises(FileExistsError):
        store.entries.create(1, b"second")
    assert store.entries.read(1) == b"first"


def write_many(server: str, folder: str, name: str, numbers: list[int]) -> None:
    warehouse = Warehouse(folder, remote=remote(server, "race"))
    with warehouse.writing(run_id=name, flow="nightly") as writer:
        for number in numbers:
            writer.commit(str(number), nights.batch(1, number))


def test_two_machines_writing_at_once_lose_and_repeat_nothing(server, tmp_path):
    store = remote(server, "race")
    with Warehouse(tmp_path / "first", remote=store).writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
    context = multiprocessing.get_context("spawn")
    halves = {"left": list(range(5)), "right": list(range(5, 10))}
    writers = [
        context.Process(target=write_many, args=(server, str(tmp_path / name), name, numbers))
        for name, numbers in halves.items()
    ]
    for process in writers:
        process.start()
    for process in writers:
        process.join()
        assert process.exitcode == 0
    third = Warehouse(tmp_path / "third", remote=store)
    with third.writing(run_id="c", flow="nightly") as writer:
        writer.publish()
    assert articles(third) == 40
    assert verify(third.root).findings == ()


def test_the_same_article_from_two_machines_is_committed_by_the_faster_one(server, tmp_path):
    store = remote(server, "same")
    slow_has_audited = Warehouse(tmp_path / "fast", remote=store)

    def on_step(step: str) -> None:
        if step == "uploaded" and not (tmp_path / "fast").exists():
            with slow_has_audited.writing(run_id="fast", flow="nightly") as other:
                other.commit("1", nights.batch(1, 0))

    slow = Warehouse(tmp_path / "slow", remote=store)
    with slow.writing(run_id="slow", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
    slow = Warehouse(tmp_path / "slow", on_step=on_step, remote=store)
    writing = slow.writing(run_id="slow", flow="nightly")
    with writing as writer, pytest.raises(WarehouseError, match="already committed"):
        writer.commit("1", nights.batch(1, 0))
    with slow.writing(run_id="next", flow="nightly") as writer:
        writer.publish()
    assert articles(slow) == 4
    assert not [
        path for path in store.filesystem.find("same/commentary/data") if "slow-" in path and "item" in path
    ]


def test_compaction_and_takedown_remove_objects_too(server, tmp_path):
    store = remote(server, "remove")
    warehouse = Warehouse(tmp_path / "w", remote=store)
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        for number in range(3):
            writer.commit(str(number + 1), nights.batch(1, number))
        compact(writer, min_files=2)
        for _ in range(3):
            writer.publish()
        clean(writer.root, writer.log)
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
    stored = {
        path.removeprefix("remove/commentary/") for path in store.filesystem.find("remove/commentary/data")
    }
    assert stored == {file.path for file in warehouse.live_files()}


def test_a_takedown_on_a_new_machine_deletes_files_that_another_one_has_compacted(server, tmp_path):
    store = remote(server, "elsewhere")
    first, fresh = (Warehouse(tmp_path / name, remote=store) for name in ("first", "fresh"))
    with first.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        for number in range(3):
            writer.commit(str(number + 1), nights.batch(1, number))
        compact(writer, min_files=2)
        writer.publish()
    assert store.data_files() > {file.path for file in first.live_files()}
    with fresh.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
    assert store.data_files() == {file.path for file in fresh.live_files()}


def test_a_check_of_a_working_copy_names_an_object_that_the_store_lacks(server, tmp_path):
    store = remote(server, "check")
    warehouse = Warehouse(tmp_path / "w", remote=store)
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))
        writer.publish()
    assert verify(warehouse.root, remote=store).findings == ()
    (file,) = warehouse.live_files("article")
    store.delete([file.path])
    (finding,) = verify(warehouse.root, remote=store).findings
    assert finding.check == "shared"
    assert f"lacks {file.path}: restore it from {warehouse.root / file.path}" in finding.message


def test_a_large_file_is_not_held_in_memory_while_it_is_fetched(tmp_path):
    large = tmp_path / "store" / "data" / "large.parquet"
    large.parent.mkdir(parents=True)
    large.write_bytes(b"x" * (32 << 20))
    (tmp_path / "w" / "staging").mkdir(parents=True)
    store = ObjectStore(fsspec.filesystem("file"), str(tmp_path / "store"))
    tracemalloc.start()
    try:
        assert store.download(tmp_path / "w", ["data/large.parquet"]) == 1
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "w" / "data" / "large.parquet").stat().st_size == 32 << 20
    assert peak < 8 << 20
    assert list((tmp_path / "w" / "staging").iterdir()) == []


def test_a_missing_object_is_named_and_leaves_no_part_of_a_file(server, tmp_path):
    store = remote(server, "missing")
    (tmp_path / "staging").mkdir()
    with pytest.raises(WarehouseError, match=r"data/gone\.parquet is missing"):
        store.download(tmp_path, ["data/gone.parquet"])
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_store_without_files_lists_none(server):
    assert remote(server, "empty").data_files() == set()


def test_a_store_says_when_an_object_was_written(server, tmp_path):
    store, path = remote(server, "written"), "data/visit/a.parquet"
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_bytes(b"rows")
    store.upload(tmp_path, [path])
    written_at = store.written_at(path)
    assert written_at is not None and abs(datetime.now(UTC) - written_at) < timedelta(minutes=5)
    assert store.written_at("data/visit/none.parquet") is None


def test_a_store_that_cannot_be_reached_is_a_clear_error(tmp_path):
    files = s3fs.S3FileSystem(
        key="k",
        secret="s",
        endpoint_url="http://127.0.0.1:9",
        config_kwargs={"retries": {"max_attempts": 0}, "connect_timeout": 1},
        skip_instance_cache=True,
    )
    warehouse = Warehouse(tmp_path / "w", remote=ObjectStore(files, "bucket/x"))
    writing = warehouse.writing(run_id="a", flow="nightly")
    with pytest.raises(WarehouseError, match="nothing committed is lost"), writing:
        pass
