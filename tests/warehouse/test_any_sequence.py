"""In any order of commits, kills, compactions and takedowns, the content is that of a simple model.

And of what was taken down nothing is left in any file of any machine, except ids and addresses. Machines are killed
before any operation that changes the disk; what a killed one leaves, its next run must remove.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from commentariat import AuditError, WarehouseError
from tests.warehouse import nights
from tests.warehouse.contents import held_by_files, holds
from tests.warehouse.failing_disk import DISK
from tests.warehouse.nights import hash32
from tests.warehouse.pieces import (
    Rows,
    all_words_of,
    as_item,
    batch_of,
    canonical,
    copy_of,
    copy_rows,
    ends,
    final,
    listed,
    opinion_on,
    outcome,
    outlet_of,
    revision_of,
    words_of,
)
from warehouse import Warehouse, Writer, connect
from warehouse.annotations.inbox import Inbox
from warehouse.log.commit_log import CommitLog
from warehouse.publishing.generations import REPORT
from warehouse.sharing.shared_folder import SharedFolder
from warehouse.upkeep.compaction import compact, compact_and_publish
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down, take_down_relisted
from warehouse.upkeep.verify import verify
from warehouse.writing.staging import named_in_staging

RUN = "one-run"
MACHINES = st.integers(0, 1)
NUMBERS = st.integers(0, 3)
KILLS = st.just(0) | st.integers(1, 60) | st.integers(1, 300)
"""Before which operation on the disk a run is killed; 0 is never, and so is a number that it does not reach."""

STEPS = ("staged", "intent written", "file renamed", "renamed", "logged", "base sealed", "generation named")
OF_A_TAKEDOWN = ("intent written", "renamed", "uploaded", "logged", "base sealed", "generation named")
MEANWHILE = st.sampled_from(["", "", "commit", "revise", "copy", "compact", "answer"])


@contextmanager
def temporary_files_in(folder: Path) -> Iterator[None]:
    """Let programs in the block put their temporary files in ``folder``."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


class AnySequence(RuleBasedStateMachine):
    """A warehouse on one machine, or on two with a shared folder; and a simple model of it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        #: The number of revisions of each article; copies have none.
        self.revisions: dict[str, int] = {}
        self.gone: set[str] = set()
        #: Machines that have not run to the end of a run since the last takedown, or that were killed.
        self.behind: set[int] = set()
        self.is_listed_again = False
        self.shown = [0, 0]
        self.runs = 0

    @initialize(
        shared=st.booleans(),
        keep=st.sampled_from([1, 3]),
        lost=st.none() | MACHINES,
        last=st.integers(0, 11),
    )
    def begin(self, shared: bool, keep: int, lost: int | None, last: int) -> None:
        self.remote = SharedFolder(self.folder / "shared") if shared else None
        self.keep = keep
        self.lost = lost if shared else None  # this machine never runs again in the end
        self.last = last  # chooses what is taken down in the end, and by which name
        for machine in (0, 1) if shared else (0,):
            self.temporary(machine).mkdir()
        # Two files of each table, so that there is something to be merged.
        self.run(0, lambda writer: [self.commit_batch(writer, number) for number in (0, 1)])
        self.remember()

    # What a machine does.

    def root(self, machine: int) -> Path:
        """Return the working copy of a machine; without a shared place there is only one machine."""
        return self.folder / f"machine-{machine if self.remote else 0}"

    def temporary(self, machine: int) -> Path:
        """Return the folder for temporary files of a machine."""
        return self.folder / f"temporary-{machine if self.remote else 0}"

    def run(
        self,
        machine: int,
        work: Callable[[Writer], object],
        nth: int = 0,
        on_step: Callable[[str], None] = lambda _: None,
        *,
        run_id: str = RUN,
        ends: bool = True,
    ) -> bool:
        """Run on a machine; return whether the run was not killed.

        Parameters
        ----------
        ends
            Whether the run does what the runs of the program do at their end.
        """
        machine, is_over = machine if self.remote else 0, False
        self.runs += 1
        warehouse = Warehouse(
            self.root(machine),
            on_step=on_step,
            remote=self.remote,
            keep_snapshots=self.keep,
            checkpoint_every=2,
        )
        before = self.log().last_takedown
        with (
            temporary_files_in(self.temporary(machine)),
            DISK.ending_before(nth, self.folder),
            warehouse.writing(run_id=run_id, flow="test") as writer,
        ):
            work(writer)
            is_over = True
        if self.log().last_takedown > before:
            self.behind = {0, 1} if self.remote else {0}
        if not is_over:
            self.behind = self.behind | {machine}
        elif ends:
            self.behind = self.behind - {machine}
        if not is_over:
            self.leave_what_databases_spilled(machine)
        return is_over

    def leave_what_databases_spilled(self, machine: int) -> None:
        """Do what a killed run and a killed reader do: they leave rows that did not fit into memory."""
        spilled = " ".join(sorted(self.words(self.present())))
        if not self.is_made(machine):
            return
        of_readers = self.temporary(machine) / f"commentariat-spill-1-{self.runs}" / "0"
        for folder in (self.root(machine) / "db" / "spill", of_readers):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "duckdb_temp_storage.tmp").write_text(spilled)

    def is_made(self, machine: int) -> bool:
        """Whether the folder of a machine is a warehouse, and not one whose creation was killed."""
        return (self.root(machine) / "log").is_dir()

    def commit_batch(self, writer: Writer, number: int) -> None:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit(str(number), batch_of(number))

    def commit_about(self, writer: Writer, batch: str, rows: Rows, *about: str) -> None:
        """Commit rows about pieces; only a piece that was taken down may be refused."""
        try:
            writer.commit(batch, rows)
        except AuditError as error:
            assert "not_taken_down" in str(error)
            assert self.tombstones() & {hash32(url) for url in about}

    def revise_article(self, writer: Writer, url: str) -> None:
        number = int(url.split("/")[-2])
        revision = self.revisions[url] + 1
        rows = revision_of(url, number, revision)
        self.commit_about(writer, url, rows, url)

    def run_of_revision(self, url: str) -> str:
        """Return the run that brings the next revision: in one run, a piece has one outcome."""
        return f"revision-{self.revisions[url] + 1}"

    def follow(self, writer: Writer) -> None:
        """Do what `commentariat publish` does."""
        if not Inbox(writer.root).is_empty:
            writer.finish("answers of people")
        writer.update_search()
        writer.publish()

    def list_everything_again(self, writer: Writer, again: int) -> None:
        """Do what a night does: list, read what is new, and take down what had been taken down."""
        urls = sorted(self.revisions)
        incoming = pa.table({"url": [listed(url, again) for url in urls]})
        new = sorted(writer.query_file("new_items", tables={"incoming": incoming})["url"].to_pylist())
        if new:
            writer.commit(
                f"listed {self.runs}", {"item": nights.table([as_item(address) for address in new])}
            )
        # Also those that an earlier night listed before it was killed.
        unread = writer.query("SELECT url FROM item ANTI JOIN outcome USING (url) ORDER BY url")[
            "url"
        ].to_pylist()
        if unread:
            gone = self.tombstones()
            read = [
                outcome(
                    address,
                    "taken_down" if hash32(canonical(address)) in gone else "unchanged",
                    "Read again.",
                )
                for address in unread
            ]
            writer.commit(f"read {self.runs}", {"outcome": nights.table(read)})
        take_down_relisted(writer)
        writer.finish("the end")
        self.follow(writer)

    # What is stored.

    def log(self) -> CommitLog:
        """Read the whole log like a machine that has never read it before and may not write."""
        place = self.root(0) / "log"
        if self.remote:
            place = self.folder / "looker"
            place.mkdir(exist_ok=True)
        log = CommitLog(place, self.remote, whole=True)
        log.refresh()
        return log

    def rows(self, table: str, *columns: str) -> list[tuple[object, ...]]:
        """Read all live rows of a table at the place that all machines use."""
        place = self.remote.folder if self.remote else self.root(0)
        found: list[tuple[object, ...]] = []
        for file in self.log().live_files(table):
            read = pq.ParquetFile(place / file.path).read(columns=list(columns)).select(columns)
            found += zip(*(column.to_pylist() for column in read.columns), strict=True)
        return found

    def tombstones(self) -> set[str]:
        return {str(article_id) for (article_id,) in self.rows("tombstone", "article_id")}

    def addresses(self, url: str) -> list[str]:
        """List the addresses of a piece that a person may know."""
        led = {str(address) for address, to in self.rows("outcome", "url", "article_id") if to == hash32(url)}
        behind = {final(url)} if self.revisions[url] else set()
        return sorted({url} | led | behind)

    def words(self, urls: Iterable[str]) -> set[str]:
        return {word for url in urls for word in all_words_of(url, self.revisions[url])}

    def remember(self) -> None:
        """Note which of the commits are there that may have been interrupted."""
        log = self.log()
        for number in range(4):
            if log.find(RUN, str(number)):
                for n in range(2):
                    self.revisions.setdefault(nights.url(1, number, n), 1)
        for url in [url for url, revisions in self.revisions.items() if revisions]:
            while log.find(self.run_of_revision(url), url):
                self.revisions[url] += 1
            if log.find(RUN, f"copy of {url}"):
                self.revisions.setdefault(copy_of(url), 0)

    # The rules.

    @rule(machine=MACHINES, number=NUMBERS, nth=KILLS, publish=st.booleans())
    def commit(self, machine: int, number: int, nth: int, publish: bool) -> None:
        def work(writer: Writer) -> None:
            self.commit_batch(writer, number)
            if publish:
                self.follow(writer)

        is_over = self.run(machine, work, nth, ends=publish)
        self.remember()
        assert not is_over or nights.url(1, number, 0) in self.revisions

    @rule(machine=MACHINES, number=NUMBERS, step=st.sampled_from(STEPS))
    def commit_again_after_a_failure(self, machine: int, number: int, step: str) -> None:
        failures = [OSError(errno.EIO, os.strerror(errno.EIO), str(self.root(machine) / "data"))]

        def on_step(reached: str) -> None:
            if reached == step and failures:
                raise failures.pop()

        def work(writer: Writer) -> None:
            with suppress(WarehouseError):
                self.commit_batch(writer, number)
            self.commit_batch(writer, number)

        with suppress(WarehouseError):  # in what a run does before it commits
            self.run(machine, work, on_step=on_step, ends=False)
        self.run(machine, work, ends=False)
        self.remember()
        assert nights.url(1, number, 0) in self.revisions

    @rule(machine=MACHINES, data=st.data(), nth=KILLS)
    def revise(self, machine: int, data: st.DataObject, nth: int) -> None:
        url = data.draw(st.sampled_from(self.articles()))
        before = self.revisions[url]
        is_over = self.run(
            machine,
            lambda writer: self.revise_article(writer, url),
            nth,
            run_id=self.run_of_revision(url),
            ends=False,
        )
        self.remember()
        assert not is_over or self.revisions[url] == before + (url not in self.gone)

    @rule(machine=MACHINES, data=st.data(), nth=KILLS)
    def find_a_copy(self, machine: int, data: st.DataObject, nth: int) -> None:
        url = data.draw(st.sampled_from(self.articles()))
        self.run(machine, lambda writer: self.commit_copy(writer, url), nth, ends=False)
        self.remember()

    def commit_copy(self, writer: Writer, url: str) -> None:
        self.commit_about(writer, f"copy of {url}", copy_rows(url), url, copy_of(url))

    @precondition(lambda self: self.present())
    @rule(machine=MACHINES, data=st.data())
    def answer(self, machine: int, data: st.DataObject) -> None:
        """A person gives an answer, which waits in the inbox of a machine."""
        if articles := sorted(url for url in self.present() if self.revisions[url]):
            self.give_answer(machine, data.draw(st.sampled_from(articles)))

    def give_answer(self, machine: int, url: str) -> None:
        if url not in self.gone and self.is_made(machine):
            Inbox(self.root(machine)).keep([opinion_on(url, self.runs)])

    @rule(machine=MACHINES, nth=KILLS)
    def publish(self, machine: int, nth: int) -> None:
        self.run(machine, self.follow, nth)

    @rule(machine=MACHINES, nth=KILLS)
    def look_for_copies_and_report(self, machine: int, nth: int) -> None:
        bands = pa.concat_tables([batch_of(number)["minhash_band"] for number in range(4)]).select(
            ["article_id", "algorithm", "band", "hash"]
        )
        found: list[str] = []

        def work(writer: Writer) -> None:
            found.extend(writer.near_duplicates(bands)["candidate_id"].to_pylist())
            self.follow(writer)

        if self.run(machine, work, nth):
            assert {hash32(url) for url in self.gone}.isdisjoint(found)
            report = self.root(machine) / REPORT
            report.write_text(" ".join(sorted(self.words(self.present()))))

    @rule(machine=MACHINES, nth=KILLS, trash_days=st.sampled_from([0.0, 30.0]))
    def compact(self, machine: int, nth: int, trash_days: float) -> None:
        """Do what maintenance does."""

        def work(writer: Writer) -> None:
            compact_and_publish(writer, min_files=2)
            clean(writer.root, writer.log, keep=self.keep, trash_days=trash_days)

        self.run(machine, work, nth)

    @rule(machine=MACHINES, again=st.integers(0, 2), nth=KILLS)
    def a_night_lists_everything_again(self, machine: int, again: int, nth: int) -> None:
        """The feed lists the same addresses as before, or new ones whose pieces are known only from the pages."""
        is_over = self.run(machine, lambda writer: self.list_everything_again(writer, again), nth)
        self.is_listed_again = not is_over

    @rule(
        machine=MACHINES,
        data=st.data(),
        nth=KILLS,
        meanwhile=MEANWHILE,
        step=st.sampled_from(OF_A_TAKEDOWN),
    )
    def take_down(self, machine: int, data: st.DataObject, nth: int, meanwhile: str, step: str) -> None:
        names, named = self.draw_names(data)
        if not named - self.gone:
            return
        self.every_word_is_found()
        article = data.draw(st.sampled_from(self.articles()))
        left = [step] if meanwhile and self.remote else []

        def on_step(reached: str) -> None:
            if reached in left:
                left.remove(reached)
                with DISK.of_another_process():
                    self.act(1 - machine, meanwhile, article)

        before = self.log().last_takedown
        is_over = self.run(
            machine, lambda writer: take_down(writer, reason="Asked for.", **names), nth, on_step
        )
        is_made = self.log().last_takedown > before
        assert is_made or not is_over
        if is_made:
            self.gone |= named
        self.remember()

    def take_one_down(self, machine: int) -> None:
        """Take down a piece, if one is left."""
        if not (present := sorted(self.present())):
            return
        url = present[self.last % len(present)]
        addresses = self.addresses(url)
        address = addresses[self.last % len(addresses)]
        names = {"urls": [address]} if self.last < 6 else {"article_ids": [hash32(address)]}
        self.every_word_is_found()
        self.run(machine, lambda writer: take_down(writer, reason="Asked for.", **names))
        self.gone.add(url)
        self.nothing_is_left(machine)

    def act(self, machine: int, what: str, url: str) -> None:
        """Let a machine do something while another one takes something down."""
        work: dict[str, Callable[[Writer], object]] = {
            "commit": lambda writer: self.commit_batch(writer, 3),
            "revise": lambda writer: self.revise_article(writer, url),
            "copy": lambda writer: self.commit_copy(writer, url),
            "compact": lambda writer: compact(writer, min_files=2),
        }
        if what == "answer":
            self.give_answer(machine, url)
        else:
            self.run(
                machine, work[what], run_id=self.run_of_revision(url) if what == "revise" else RUN, ends=False
            )

    def draw_names(self, data: st.DataObject) -> tuple[dict[str, list[str]], set[str]]:
        """Choose how a person names what is to go; return the names, and the pieces that they name."""
        names: dict[str, list[str]] = {}
        named: set[str] = set()
        for _ in range(data.draw(st.integers(1, 2))):
            url = data.draw(st.sampled_from(sorted(self.revisions)))
            kind = data.draw(st.sampled_from(["urls", "article_ids", "outlets"]))
            if kind == "outlets":
                names.setdefault(kind, []).append(outlet_of(url))
                named |= {other for other in self.present() if outlet_of(other) == outlet_of(url)}
            else:
                address = data.draw(st.sampled_from(self.addresses(url)))
                names.setdefault(kind, []).append(address if kind == "urls" else hash32(address))
                named.add(url)
        return names, named

    def articles(self) -> list[str]:
        return sorted(url for url, revisions in self.revisions.items() if revisions)

    def present(self) -> set[str]:
        return set(self.revisions) - self.gone

    # What always holds.

    def every_word_is_found(self) -> None:
        """Check that the search finds what it will no longer find after a takedown."""
        held = list(held_by_files(self.folder).values())
        for url in self.present():
            for word in ends(words_of(url, self.revisions[url])):
                assert any(holds(content, word) for content in held), (url, word)

    def nothing_is_left(self, machine: int) -> None:
        """Search the files of a machine that has run since the last takedown, and those that all machines use."""
        gone = ends(self.words(self.gone))
        added = {file.path for commit in self.log() for file in commit.add}
        folders = [
            self.root(machine),
            self.temporary(machine),
            *([self.remote.folder] if self.remote else []),
        ]
        left = {
            f"{folder.name}/{name}"
            for folder in folders
            for name, held in held_by_files(folder).items()
            if holds(held, *gone)
        }
        # A killed machine has uploaded files without a commit, which its next run deletes.
        for killed in self.behind:
            left -= {f"shared/{path}" for path in named_in_staging(self.root(killed)) - added}
        assert not left

    @invariant()
    def rows_are_those_of_the_model(self) -> None:
        expected = sorted((hash32(url), n + 1) for url in self.present() for n in range(self.revisions[url]))
        assert sorted(self.rows("article", "article_id", "revision")) == expected
        assert sorted(self.rows("article_text", "article_id", "revision")) == expected
        items = {str(url) for (url,) in self.rows("item", "url")}
        assert {listed(url) for url in self.present()} <= items
        if not self.is_listed_again:
            assert items.isdisjoint(listed(url, again) for url in self.gone for again in range(3))

    @invariant()
    def nothing_is_left_where_a_run_has_ended(self) -> None:
        if self.gone and not self.is_listed_again:
            for machine in {0, 1} - self.behind if self.remote else {0} - self.behind:
                if self.root(machine).is_dir():
                    self.nothing_is_left(machine)

    @invariant()
    def readers_see_whole_commits_in_their_order(self) -> None:
        for machine in (0, 1) if self.remote else (0,):
            if not self.root(machine).joinpath("warehouse.duckdb").exists():
                continue
            with connect(self.root(machine)) as reader:
                (row,) = reader.query("SELECT sequence FROM snapshot").to_pylist()
                found = sorted(reader.query("SELECT article_id, revision FROM article").to_pylist(), key=str)
            state = self.log().as_of(row["sequence"])
            assert len(found) == sum(file.rows for file in state.live.values() if file.table == "article")
            assert row["sequence"] >= self.shown[machine]
            self.shown[machine] = row["sequence"]
            if machine not in self.behind:
                assert {hash32(url) for url in self.gone}.isdisjoint(piece["article_id"] for piece in found)

    def teardown(self) -> None:
        try:
            if self.revisions:  # otherwise the example did not begin
                machines = sorted(({0, 1} if self.remote else {0}) - {self.lost})
                for machine in machines:
                    self.run(machine, lambda writer: self.list_everything_again(writer, 0))
                self.is_listed_again = False
                self.take_one_down(machines[-1])
                for machine in machines:
                    self.run(machine, lambda writer: self.list_everything_again(writer, 2))
                self.rows_are_those_of_the_model()
                self.every_word_is_found()
                for machine in machines:
                    self.nothing_is_left(machine)
                    assert verify(self.root(machine)).findings == ()
        finally:
            shutil.rmtree(self.folder)


AnySequence.TestCase.settings = settings(
    max_examples=settings.default.max_examples // 16,
    stateful_step_count=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_any_sequence = pytest.mark.slow(AnySequence.TestCase)
