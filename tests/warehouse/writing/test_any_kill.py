"""The commit log is compared with a simple model of it, with kills between any two operations on the disk.

Files hold a few words in place of rows, and nothing is published, so that an example takes milliseconds. Examples have
two machines with one shared place, or one machine without; retries after a kill and after a failure of the disk;
commits of another machine in between; clocks that jump; compactions and takedowns.

``pytest --hypothesis-profile many`` tries many more examples.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from commentariat import WarehouseError
from tests.warehouse.failing_disk import DISK
from warehouse import Warehouse
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import APPEND, COMPACTION, TAKEDOWN, DataFile
from warehouse.log.replaced_files import is_kept, purge
from warehouse.sharing.place import adopt
from warehouse.sharing.shared_folder import SharedFolder
from warehouse.upkeep.strays import find_strays, remove_strays
from warehouse.writing import writer as writer_module
from warehouse.writing.lock import write_lock
from warehouse.writing.parquet import StagedFile
from warehouse.writing.recovery import recover
from warehouse.writing.staging import clear_staging, named_in_staging
from warehouse.writing.writer import Writer

START = datetime(2026, 1, 1, tzinfo=UTC)
NEVER = st.just(0)
SOMEWHERE = st.integers(1, 40)
MACHINES = st.integers(0, 1)
RUNS = st.sampled_from(["night-1", "night-2"])
NUMBERS = st.integers(0, 4)


def words_of(run: str, number: int) -> list[list[str]]:
    """Return the words of a batch, file by file; they are the same on every machine."""
    return [[f"{run}/{number}/{file}/{word}" for word in range(2)] for file in range(number % 3 + 1)]


class AnyKill(RuleBasedStateMachine):
    """Warehouses of words on one or two machines, and the expected words."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.batches: dict[tuple[str, str], list[str]] = {}
        self.gone: set[str] = set()
        self.files = 0
        self.followers: dict[Path, CommitLog] = {}

    @initialize(shared=st.booleans(), lost=st.none() | MACHINES)
    def choose_the_place(self, shared: bool, lost: int | None) -> None:
        self.remote = SharedFolder(self.folder / "shared") if shared else None
        self.lost = lost if shared else None  # this machine never runs again in the end

    # The actions of a machine.

    def root(self, machine: int) -> Path:
        """Return the working copy of a machine; without a shared place there is only one machine."""
        return self.folder / f"machine-{machine if self.remote else 0}"

    @contextmanager
    def writing(self, machine: int, run: str, on_step: Callable[[str], None] = lambda _: None):
        """Do what :meth:`Warehouse.writing` does, except publishing."""
        root = Warehouse(self.root(machine)).create()
        with write_lock(root / "lock", run_id=run, flow="test"):
            log = CommitLog(root / "log", self.remote)
            log.refresh()
            adopt(root, log)
            recover(root, log)
            purge(root, log)
            if self.remote:
                self.remote.entries.tidy(log.head)
            log.checkpoint(every=3, is_there=lambda path: is_kept(root, path))
            writer = Writer(
                root,
                log,
                run_id=run,
                flow="test",
                on_step=on_step,
                memory_limit="100MB",
                keep_snapshots=1,
                checkpoint_every=3,
            )
            try:
                yield writer
            finally:
                writer.close()

    def stage(self, writer: Writer, folder: Path, words: list[str]) -> StagedFile:
        self.files += 1
        content = "\n".join(words).encode()
        staged = folder / f"{self.files}.words"
        staged.write_bytes(content)
        path = f"data/item/{writer.run_id}-{self.files:08x}.parquet"
        checksum = hashlib.sha256(content).hexdigest()
        return StagedFile(staged, DataFile(path, "item", len(words), len(content), checksum))

    def commit_batch(self, writer: Writer, number: int) -> None:
        with writer.turn():
            if writer.committed(str(number)):
                return
            with writer.staging(str(number)) as folder:
                staged = [self.stage(writer, folder, words) for words in words_of(writer.run_id, number)]
                writer.commit_staged(str(number), APPEND, staged, folder=folder)

    def replace(self, writer: Writer, kind: str, files: list[DataFile], without: set[str]) -> None:
        batch = f"{kind}-{writer.log.head}"
        words = [word for file in files for word in self.read(writer.root, file) if word not in without]
        with writer.turn(), writer.staging(batch) as folder:
            staged = [self.stage(writer, folder, words)] if words else []
            paths = tuple(file.path for file in files)
            writer.commit_staged(batch, kind, staged, folder=folder, remove=paths)

    # The expected content.

    def read(self, root: Path, file: DataFile) -> list[str]:
        """Read a file at the place that all machines use, and compare it with its entry in the log."""
        content = ((self.remote.folder if self.remote else root) / file.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        return content.decode().splitlines()

    def log_of(self, machine: int) -> CommitLog:
        """Read the whole log like a machine that has never read it before and may not write."""
        place = self.root(machine) / "log"
        if self.remote:
            place = self.folder / "looker"
            place.mkdir(exist_ok=True)
        log = CommitLog(place, self.remote, whole=True)
        log.refresh()
        return log

    def remember(self, run: str, number: int) -> None:
        """Note whether a commit that may have been interrupted is there; it must be there whole or not at all."""
        words = [word for file in words_of(run, number) for word in file]
        commit = self.log_of(0).find(run, str(number))
        if commit is not None:
            assert sum(file.rows for file in commit.add) == len(words)
            self.batches[run, str(number)] = words

    @rule(
        machine=MACHINES,
        run=RUNS,
        number=NUMBERS,
        nth=NEVER | SOMEWHERE,
        jump=st.integers(-4000, 4000),
    )
    def commit(self, machine: int, run: str, number: int, nth: int, jump: int) -> None:
        writer_module.now = (START + timedelta(days=jump)).isoformat
        is_over = False
        with DISK.ending_before(nth), self.writing(machine, run) as writer:
            self.commit_batch(writer, number)
            is_over = True
        self.remember(run, number)
        assert not is_over or (run, str(number)) in self.batches

    @rule(machine=MACHINES, run=RUNS, number=NUMBERS, nth=SOMEWHERE)
    def commit_on_a_disk_that_fails_and_try_again_at_once(
        self, machine: int, run: str, number: int, nth: int
    ) -> None:
        with DISK.failing_at(nth), suppress(WarehouseError, OSError), self.writing(machine, run) as writer:
            with suppress(WarehouseError, OSError):
                self.commit_batch(writer, number)
            self.commit_batch(writer, number)
        with self.writing(machine, run) as writer:
            self.commit_batch(writer, number)
        self.remember(run, number)
        assert (run, str(number)) in self.batches

    @precondition(lambda self: self.remote)
    @rule(
        number=NUMBERS,
        other=NUMBERS,
        step=st.sampled_from(["intent written", "file renamed", "renamed", "uploaded", "logged"]),
        same_run=st.booleans(),
        nth=NEVER | SOMEWHERE,
    )
    def commit_while_another_machine_does(
        self, number: int, other: int, step: str, same_run: bool, nth: int
    ) -> None:
        runs = ("night-1", "night-1" if same_run else "night-2")
        left = [step]

        def on_step(reached: str) -> None:
            if reached in left:
                left.remove(reached)
                armed, DISK.left = DISK.left, 0
                with self.writing(1, runs[1]) as writer:
                    self.commit_batch(writer, other)
                DISK.left = armed

        with DISK.ending_before(nth), self.writing(0, runs[0], on_step) as writer:
            self.commit_batch(writer, number)
        self.remember(runs[0], number)
        self.remember(runs[1], other)

    @precondition(lambda self: self.batches)
    @rule(machine=MACHINES, nth=NEVER | SOMEWHERE)
    def compact(self, machine: int, nth: int) -> None:
        with DISK.ending_before(nth), self.writing(machine, "compact") as writer:
            if len(files := writer.log.live_files()[:3]) > 1:
                self.replace(writer, COMPACTION, files, set())

    @precondition(lambda self: self.batches)
    @rule(machine=MACHINES, nth=NEVER | SOMEWHERE, data=st.data())
    def take_down(self, machine: int, nth: int, data: st.DataObject) -> None:
        words = sorted(word for some in self.batches.values() for word in some)
        word = data.draw(st.sampled_from(words))
        takedowns = self.log_of(0).last_takedown
        with DISK.ending_before(nth), self.writing(machine, "takedown") as writer:
            clear_staging(writer.root, writer.log)
            remove_strays(writer.root, writer.log)
            held = [file for file in writer.log.live_files() if word in self.read(writer.root, file)]
            if held:
                self.replace(writer, TAKEDOWN, held, {word})
                purge(writer.root, writer.log)
        if self.log_of(0).last_takedown > takedowns:
            self.gone.add(word)

    @invariant()
    def nothing_is_lost_and_nothing_is_there_twice(self) -> None:
        log = self.log_of(0) if (self.root(0) / "log").is_dir() or self.remote else None
        if log is None:
            return
        appended = Counter((commit.run_id, commit.batch) for commit in log if commit.kind == APPEND)
        assert appended == Counter(self.batches.keys())
        found = Counter(word for file in log.live_files() for word in self.read(self.root(0), file))
        expected = Counter(word for words in self.batches.values() for word in words)
        assert found == Counter({word: n for word, n in expected.items() if word not in self.gone})
        self.whoever_follows_the_log_sees_the_same(log)

    def whoever_follows_the_log_sees_the_same(self, log: CommitLog) -> None:
        for machine in (0, 1):
            root = self.root(machine)
            if (root / "log").is_dir():
                follower = self.followers.setdefault(root, CommitLog(root / "log", self.remote))
                follower.refresh()
                assert follower.live_files() == log.live_files()
                assert follower.last_takedown == log.last_takedown

    def teardown(self) -> None:
        """Check, after one more run on every machine, that no uncommitted files and no words taken down remain.

        If a machine never runs again, its folder stays as it is, and what it uploaded without a commit stays in the
        shared place.
        """
        writer_module.now = now
        try:
            for machine in ({0, 1} if self.remote else {0}) - {self.lost}:
                with self.writing(machine, "last") as writer:
                    assert find_strays(writer.root, writer.log) == []
                assert list((self.root(machine) / "staging").iterdir()) == []
            self.nothing_is_lost_and_nothing_is_there_twice()
            log = self.log_of(0)
            uploaded: set[str] = set()
            if self.remote:
                strays = self.remote.data_files() - {file.path for commit in log for file in commit.add}
                uploaded = set() if self.lost is None else strays & named_in_staging(self.root(self.lost))
                assert strays == uploaded
                left = [place.name[1:] for place in (self.remote.folder / "log").glob(".*")]
                assert not [name for name in left if name <= log.path(log.head).name]
            taken = {word.encode() for word in self.gone}
            lost = f"machine-{self.lost}/"
            for place in self.folder.rglob("*"):
                name = str(place.relative_to(self.folder))
                if (
                    place.is_file()
                    and not name.startswith(lost)
                    and name.removeprefix("shared/") not in uploaded
                ):
                    assert not taken & set(place.read_bytes().splitlines()), name
        finally:
            shutil.rmtree(self.folder)


now = writer_module.now
AnyKill.TestCase.settings = settings(
    max_examples=settings.default.max_examples // 10,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_any_kill = AnyKill.TestCase
