"""Many writers share one warehouse, in a shared folder or a bucket, with a log of files or a Delta table."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path

import pyarrow as pa
import pyarrow.fs as pa_fs
import pyarrow.parquet as pq
import pytest

from commentariat import AuditError, ConfigError, InputError, WarehouseError
from tests.warehouse import nights
from tests.warehouse.contents import content
from tests.warehouse.forked import started
from warehouse import Warehouse, connect
from warehouse.log.commit_log import CommitLog, OvertakenError
from warehouse.sharing.log_kind import LogKind
from warehouse.sharing.place import shared_place
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify

PLACES = ["folder-files", "folder-delta", "s3-files", "s3-delta"]


def serve_s3(ports: multiprocessing.Queue[int]) -> None:
    """Serve S3 in a process of its own, because Delta's library waits for answers without releasing Python's lock."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - only this process needs it

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    ports.put(server.get_host_and_port()[1])
    signal.pause()


@pytest.fixture(scope="module")
def s3() -> Iterator[None]:
    """An S3 server on loopback, named in the environment as a user would name it."""
    pytest.importorskip("moto.server", reason="needs moto's S3 server")
    s3fs = pytest.importorskip("s3fs", reason="needs s3fs")
    context = multiprocessing.get_context("spawn")
    ports: multiprocessing.Queue[int] = context.Queue()
    server = context.Process(target=serve_s3, args=(ports,), daemon=True)
    server.start()
    settings = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports.get(timeout=280)}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        s3fs.S3FileSystem(endpoint_url=settings["AWS_ENDPOINT_URL"], skip_instance_cache=True).mkdir("shared")
        yield
    server.kill()
    server.join()


@pytest.fixture(params=PLACES)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, LogKind]:
    place, log = request.param.split("-")
    if log == "delta":
        pytest.importorskip("deltalake", reason="needs the package deltalake")
    if place == "folder":
        return str(tmp_path / "shared"), log
    request.getfixturevalue("s3")
    return f"s3://shared/{tmp_path.name}", log


def working_copy(folder: Path, shared: tuple[str, LogKind]) -> Warehouse:
    address, log = shared
    return Warehouse(folder, remote=shared_place(address, log=log))


def articles(warehouse: Warehouse) -> list[str]:
    with connect(warehouse.root) as reader:
        return reader.query("SELECT url FROM article ORDER BY url")["url"].to_pylist()


def write(folder: str, shared: tuple[str, LogKind], run_id: str, numbers: list[int], die_at: int) -> None:
    """Commit batches; with ``die_at``, the process is killed at the step with this number."""
    steps = 0

    def on_step(_: str) -> None:
        nonlocal steps
        steps += 1
        if steps == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    address, log = shared
    place = Warehouse(folder, on_step=on_step, remote=shared_place(address, log=log))
    with place.writing(run_id=run_id, flow="nightly") as writer:
        for number in numbers:
            writer.commit(f"{number:04d}", nights.batch(1, number))


def at_once(jobs: list[tuple[object, ...]]) -> list[int | None]:
    """Run :func:`write` in a process for each job, all at once; return the exit codes."""
    processes = [started(write, *job) for job in jobs]
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def writers_at_once(tmp_path: Path, shared: tuple[str, LogKind], commits: int) -> None:
    """Run four writers, kill two of them half way and start these again: nothing is lost, nothing is there twice."""
    first = working_copy(tmp_path / "first", shared)
    with first.writing(run_id="declare", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
    steps = 14 * commits  # a commit has about twenty steps
    jobs = [
        (str(tmp_path / f"copy-{n}"), shared, f"run-{n}", list(range(n * commits, (n + 1) * commits)), die_at)
        for n, die_at in enumerate((0, steps, 0, steps + 5))
    ]
    ends = at_once(jobs)
    assert ends == [0, -signal.SIGKILL, 0, -signal.SIGKILL]
    again = [(*job[:-1], 0) for job, end in zip(jobs, ends, strict=True) if end]
    assert at_once(again) == [0, 0]

    fresh = working_copy(tmp_path / "fresh", shared)
    with fresh.writing(run_id="look", flow="nightly") as writer:
        writer.publish()
    wanted = sorted(nights.url(1, number, n) for number in range(4 * commits) for n in range(4))
    assert articles(fresh) == wanted
    batches = [(commit.run_id, commit.batch) for commit in fresh.commits()]
    assert len(batches) == len(set(batches)) == 4 * commits + 1
    assert verify(fresh.root).findings == ()
    calm = Warehouse(tmp_path / "calm")
    with calm.writing(run_id="calm", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        for number in range(4 * commits):
            writer.commit(f"{number:04d}", nights.batch(1, number))
        writer.publish()
    assert without_runs(fresh) == without_runs(calm)


def without_runs(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    with connect(warehouse.root) as reader:
        return {
            name: sorted(
                (
                    tuple(row.values())
                    for row in reader.query(f"SELECT * EXCLUDE (run_id) FROM {name}").to_pylist()
                ),
                key=repr,
            )
            for name in content(warehouse.root)
        }


@pytest.mark.timeout(900)
@pytest.mark.slow
def test_four_writers_of_which_two_are_killed_lose_and_repeat_nothing(tmp_path, shared):
    writers_at_once(tmp_path, shared, commits=3)


@pytest.mark.release
@pytest.mark.timeout(900)
def test_four_writers_of_twenty_commits_lose_and_repeat_nothing(tmp_path, shared):
    writers_at_once(tmp_path, shared, commits=20)


@pytest.mark.timeout(900)
def test_the_same_batches_of_the_same_run_from_several_machines_are_committed_once(tmp_path, shared):
    with working_copy(tmp_path / "first", shared).writing(run_id="declare", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
    jobs = [(str(tmp_path / f"copy-{n}"), shared, "same", list(range(3)), 0) for n in range(3)]
    assert at_once(jobs) == [0, 0, 0]
    for n in range(3):
        copy = working_copy(tmp_path / f"copy-{n}", shared)
        with copy.writing(run_id="look", flow="nightly") as writer:
            writer.publish()
        assert len(articles(copy)) == 12
        assert verify(copy.root).findings == (), "what the slower ones had prepared is gone"


def test_the_warehouse_of_one_machine_can_be_shared_without_writing_its_files_again(filled, tmp_path, shared):
    address, log = shared
    before = {file.path: (filled.root / file.path).stat().st_ino for file in filled.live_files()}
    with Warehouse(filled.root, remote=shared_place(address, log=log)).writing(run_id="b", flow="nightly"):
        pass
    if not address.startswith("s3:"):
        assert {path: (Path(address) / path).stat().st_ino for path in before} == before, "linked, not copied"
    other = working_copy(tmp_path / "other", shared)
    with other.writing(run_id="c", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0))
        writer.publish()
    assert content(other.root)["stance"][:5] and len(articles(other)) == 16
    assert len(articles(filled)) == 12
    with Warehouse(filled.root, remote=shared_place(address, log=log)).writing(run_id="d", flow="nightly"):
        pass
    assert len(articles(filled)) == 16, "the first machine follows"
    assert content(filled.root) == content(other.root)


def test_an_interrupted_sharing_of_a_warehouse_continues(filled, shared):
    address, log = shared
    place = shared_place(address, log=log)
    entries = CommitLog(filled.root / "log")
    entries.refresh()
    for commit in list(entries)[:2]:
        place.upload(filled.root, [file.path for file in commit.add])
        place.entries.create(commit.sequence, entries.path(commit.sequence).read_bytes())
    with Warehouse(filled.root, remote=place).writing(run_id="b", flow="nightly"):
        pass
    last = filled.commits()[-1]
    assert place.entries.read(last.sequence) == entries.path(last.sequence).read_bytes()


def test_a_place_that_holds_another_warehouse_is_refused_and_neither_is_changed(filled, tmp_path, shared):
    other = working_copy(tmp_path / "other", shared)
    with other.writing(run_id="a", flow="nightly") as writer:
        for number in range(7):
            writer.commit(f"{number}", nights.reference_rows() if not number else nights.batch(1, number))
    before = [commit.checksum for commit in filled.commits()]
    address, log = shared
    for _ in range(2):
        writing = Warehouse(filled.root, remote=shared_place(address, log=log)).writing(
            run_id="b", flow="nightly"
        )
        with pytest.raises(WarehouseError, match="holds another warehouse"), writing:
            pass
    assert [commit.checksum for commit in filled.commits()] == before
    assert len(other.commits()) == 7


def test_rows_committed_during_a_takedown_are_taken_down_too(tmp_path, shared):
    """Another machine commits labels of an article after the takedown has read the log and before it commits."""
    other = working_copy(tmp_path / "other", shared)
    with other.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("model", nights.model_row("fast-2", 2))
        writer.commit("1", nights.batch(1, 0))
    gone = nights.url(1, 0, 0)
    came = []

    def on_step(step: str) -> None:
        if step == "intent written" and not came:
            with other.writing(run_id="late", flow="nightly") as late:
                came.append(late.commit("2", nights.labels([nights.hash32(gone)], model="fast-2")))

    address, log = shared
    here = Warehouse(tmp_path / "here", on_step=on_step, remote=shared_place(address, log=log))
    with here.writing(run_id="b", flow="takedown") as writer:
        receipt = take_down(writer, urls=[gone], reason="Asked for.")
    assert came and receipt.rows["stance"] == 4
    with connect(here.root) as reader:
        left = f"SELECT count(*) AS n FROM stance WHERE article_id = '{nights.hash32(gone)}'"
        assert reader.query(left)["n"].to_pylist() == [0]
    assert verify(here.root).findings == ()
    with other.writing(run_id="c", flow="nightly"):
        assert len(articles(other)) == 3
    assert verify(other.root).findings == ()


def test_a_compaction_does_not_bring_back_what_another_machine_takes_down_meanwhile(tmp_path, shared):
    other = working_copy(tmp_path / "other", shared)
    with other.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        for number in range(3):
            writer.commit(f"{number + 1}", nights.batch(1, number))
    gone = nights.url(1, 0, 0)
    taken = []

    def on_step(step: str) -> None:
        if step == "intent written" and not taken:
            with other.writing(run_id="late", flow="takedown") as late:
                taken.append(take_down(late, urls=[gone], reason="Asked for."))

    address, log = shared
    here = Warehouse(tmp_path / "here", on_step=on_step, remote=shared_place(address, log=log))
    with here.writing(run_id="b", flow="maintenance") as writer:
        compact(writer, min_files=2)
        writer.publish()
        with pytest.raises(InputError, match="nothing was taken down"):
            take_down(writer, urls=[gone], reason="Asked for.")
    assert taken and len(articles(here)) == 11
    assert verify(here.root).findings == ()
    with other.writing(run_id="c", flow="nightly"):
        assert len(articles(other)) == 11
    assert verify(other.root).findings == ()


def test_a_takedown_stops_if_others_always_commit_first_and_leaves_no_files(tmp_path, shared):
    """Another machine always commits between the takedown's reading of the log and its commit."""
    other = working_copy(tmp_path / "other", shared)
    gone = nights.url(1, 0, 0)
    with other.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows() | models(9))
        writer.commit("1", nights.batch(1, 0, model="fast-8"))
    numbers = iter(range(8))

    def on_step(step: str) -> None:
        if step in ("intent written", "looked again"):
            with other.writing(run_id="late", flow="rescore") as late:
                number = next(numbers)
                late.commit(f"{number}", nights.labels([nights.hash32(gone)], model=f"fast-{number}"))

    address, log = shared
    here = Warehouse(tmp_path / "here", on_step=on_step, remote=shared_place(address, log=log))
    with (
        here.writing(run_id="b", flow="takedown") as writer,
        pytest.raises(OvertakenError, match="nothing was taken down"),
    ):
        take_down(writer, urls=[gone], reason="Asked for.", most_checks=3)
    assert next(numbers) == 7, "it did not look again as often as it may"
    with here.writing(run_id="c", flow="nightly"):
        assert gone in articles(here)
    assert verify(here.root).findings == ()
    place = shared_place(address, log=log)
    assert place.data_files() == {file.path for file in here.live_files()}


def models(count: int) -> dict[str, pa.Table]:
    """Make the rows of the models fast-0, fast-1 and so on."""
    return {"model": pa.concat_tables(nights.model_row(f"fast-{n}", n + 1)["model"] for n in range(count))}


def label_without_a_pause(
    folder: Path, shared: tuple[str, LogKind], stop: Event, made: Synchronized[int]
) -> None:
    """Commit labels for the pieces of one outlet, and new pieces of it, without pause until told to stop."""
    with working_copy(folder, shared).writing(run_id="busy", flow="nightly") as writer:
        while not stop.is_set():
            number = made.value
            piece = nights.hash32(nights.url(1, 0, 3 * (number % 4)))
            if number < 32:
                with contextlib.suppress(AuditError):  # it may be taken down already
                    writer.commit(f"label {number}", nights.labels([piece], model=f"fast-{number // 4}"))
            writer.commit(f"batch {number}", nights.batch(2, number, articles=1))
            made.value = number + 1


@pytest.mark.parametrize("shared", ["folder-files", "folder-delta"], indirect=True)
def test_a_takedown_ends_although_another_machine_commits_without_a_pause(tmp_path, shared):
    """A whole outlet is taken down, while another machine commits labels of its pieces and new pieces of it."""
    here = working_copy(tmp_path / "here", shared)
    with here.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows() | models(9))
        writer.commit("1", nights.batch(1, 0, articles=12, model="fast-8"))
    context = multiprocessing.get_context("spawn")
    stop, made = context.Event(), context.Value("i", 0)
    other = context.Process(target=label_without_a_pause, args=(tmp_path / "other", shared, stop, made))
    other.start()
    try:
        while not made.value:
            assert other.is_alive()
            time.sleep(0.01)
        with here.writing(run_id="b", flow="takedown") as writer:
            began = made.value
            receipt = take_down(writer, outlets=[nights.OUTLETS[0]], reason="Asked for.")
        while made.value == began:  # waits for the end of the commit under way
            assert other.is_alive()
            time.sleep(0.01)
    finally:
        stop.set()
        other.join(60)
    assert other.exitcode == 0
    gone = {nights.url(1, 0, n) for n in (0, 3, 6, 9)}
    assert gone <= set(receipt.urls)
    stay = {nights.url(1, 0, n) for n in range(12)} | {nights.url(2, n, 0) for n in range(made.value)}
    for folder in ("here", "other"):
        with working_copy(tmp_path / folder, shared).writing(run_id=f"look-{folder}", flow="look") as writer:
            writer.publish()
        with connect(tmp_path / folder) as reader:
            left = reader.query("SELECT article_id FROM stance UNION SELECT article_id FROM scored")
            assert not set(left["article_id"].to_pylist()) & set(receipt.article_ids)
            assert set(reader.query("SELECT url FROM article")["url"].to_pylist()) == stay - set(receipt.urls)
        assert verify(tmp_path / folder).findings == ()


@pytest.mark.parametrize("shared", ["folder-delta", "s3-delta"], indirect=True)
def test_the_next_publish_removes_files_of_a_writer_killed_during_a_delta_commit(tmp_path, shared):
    """The killed writer had written its file, but had not yet created the version."""
    from warehouse.sharing.delta_log import NAME, DeltaEntries  # noqa: PLC0415 - an extra

    address, _ = shared
    here = working_copy(tmp_path / "here", shared)

    def left() -> set[str]:
        found = files.get_file_info(pa_fs.FileSelector("", recursive=True))
        return {file.path for file in found if file.path.endswith("left.parquet")}

    with here.writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
    files = DeltaEntries(f"{address}/{NAME}")._files()
    for sequence in (2, 3):  # the second may be an attempt of another writer that is still running
        with files.open_output_stream(f"sequence={sequence}/left.parquet") as file:
            pq.write_table(pa.table({"entry": [b"left"]}), file)
    with here.writing(run_id="b", flow="nightly") as writer:
        writer.commit("1", nights.batch(1, 0))
        writer.publish()
    assert left() == {"sequence=3/left.parquet"}
    other = working_copy(tmp_path / "other", shared)
    with other.writing(run_id="c", flow="nightly") as writer:
        writer.commit("1", nights.batch(1, 1))
        writer.publish()
    assert not left()
    assert len(articles(other)) == 8
    assert verify(other.root).findings == ()


def test_an_entry_that_a_store_has_made_although_it_answered_with_an_error_stays(tmp_path, monkeypatch):
    """A store that answers with an error is asked again by Delta's library, and then has the version already."""
    deltalake = pytest.importorskip("deltalake")
    from warehouse.sharing.delta_log import DeltaEntries  # noqa: PLC0415 - an extra

    place = str(tmp_path / "commit_log")
    DeltaEntries(place).create(1, b"first")
    make = deltalake.DeltaTable.create_write_transaction

    def make_and_refuse(*arguments: object, **options: object) -> None:
        make(*arguments, **options)
        raise deltalake.exceptions.CommitFailedError("version 2 exists already")

    monkeypatch.setattr(deltalake.DeltaTable, "create_write_transaction", make_and_refuse)
    DeltaEntries(place).create(2, b"second")
    assert [DeltaEntries(place).read(sequence) for sequence in (1, 2, 3)] == [b"first", b"second", None]


def test_a_store_without_conditional_creation_is_refused_with_the_remedy():
    with pytest.raises(ConfigError, match='log = "delta"'):
        shared_place("abfs://container/commentary")


def test_a_shared_folder_that_is_a_file_is_a_clear_error(tmp_path):
    (tmp_path / "shared").write_text("")
    writing = Warehouse(tmp_path / "w", remote=shared_place(str(tmp_path / "shared"))).writing(flow="nightly")
    with pytest.raises(WarehouseError, match="shared"), writing as writer:
        writer.commit("0", nights.reference_rows())
