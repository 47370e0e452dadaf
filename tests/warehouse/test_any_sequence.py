"""Whatever the order of commits, kills, publishes, compactions and takedowns: the content is what a model says."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from commentariat import WarehouseError
from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.compaction import compact
from warehouse.retention import clean
from warehouse.takedown import take_down
from warehouse.verify import verify

STEPS = (
    "staged",
    "intent written",
    "file renamed",
    "renamed",
    "logged",
    "base sealed",
    "generation named",
    "checkpoint written",
)


class Killed(BaseException):
    """The end of the process, as far as the warehouse can tell: nothing in it catches this."""


class AnySequence(RuleBasedStateMachine):
    """A warehouse beside the plainest model of it: the batches committed, the articles taken down."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.root = self.folder / "warehouse"
        self.batches: set[int] = set()
        self.gone: set[str] = set()
        self.shown = 0
        self.runs = 0

    def writing(self, kill_at: str = "", fail_at: str = ""):
        failures = [OSError(errno.EIO, os.strerror(errno.EIO), str(self.root / "data"))]

        def on_step(step: str) -> None:
            if step == kill_at:
                raise Killed
            if step == fail_at and failures:
                raise failures.pop()

        self.runs += 1
        return Warehouse(self.root, on_step=on_step, checkpoint_every=2).writing(
            run_id="one-run", flow="test"
        )

    def write(self, writer, number: int) -> None:
        if not self.root.joinpath("log", "00000001.json").exists():
            writer.commit("declarations", nights.declarations())
        writer.commit(str(number), nights.batch(1, number, articles=2))

    @rule(number=st.integers(0, 6))
    def commit(self, number: int) -> None:
        with self.writing() as writer:
            self.write(writer, number)
        self.batches.add(number)

    @rule(number=st.integers(0, 6), step=st.sampled_from(STEPS))
    def commit_again_after_a_failure(self, number: int, step: str) -> None:
        with self.writing(fail_at=step) as writer:
            with suppress(WarehouseError):
                self.write(writer, number)
            self.write(writer, number)
        self.batches.add(number)

    @rule(number=st.integers(0, 6), step=st.sampled_from(STEPS), publish=st.booleans())
    def commit_and_be_killed(self, number: int, step: str, publish: bool) -> None:
        before = {c.batch for c in Warehouse(self.root).commits()} if (self.root / "log").exists() else set()
        try:
            with self.writing(step) as writer:
                self.write(writer, number)
                if publish:
                    writer.publish()
        except Killed:
            pass
        after = {c.batch for c in Warehouse(self.root).commits()}
        assert after - before <= {str(number), "declarations"}
        if str(number) in after:
            self.batches.add(number)

    @rule()
    def publish(self) -> None:
        with self.writing() as writer:
            writer.publish()

    @precondition(lambda self: self.batches)
    @rule()
    def compact(self) -> None:
        with self.writing() as writer:
            compact(writer, min_files=2)
            clean(writer.root, writer.log)

    @precondition(lambda self: self.batches)
    @rule(data=st.data())
    def take_down(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.batches)))
        url = nights.url(1, number, data.draw(st.integers(0, 1)))
        if url in self.gone:
            return
        with self.writing() as writer:
            take_down(writer, urls=[url], reason="Asked for.")
        self.gone.add(url)

    @invariant()
    def content_is_what_the_model_says(self) -> None:
        if not self.batches:
            return
        urls = {nights.url(1, number, n) for number in self.batches for n in range(2)} - self.gone
        with self.writing() as writer:
            found = writer.select("SELECT url FROM article ORDER BY url")["url"].to_pylist()
            texts = writer.select("SELECT count(*) AS n FROM article_text")["n"].to_pylist()
        assert found == sorted(urls)
        assert texts == [len(urls)]
        with connect(self.root) as reader:
            (row,) = reader.query(
                "SELECT sequence, (SELECT count(*) FROM article) AS n FROM snapshot"
            ).to_pylist()
            assert row["n"] == len(urls) and row["sequence"] >= self.shown
            self.shown = row["sequence"]

    def teardown(self) -> None:
        if self.batches:
            assert verify(self.root).findings == ()
        shutil.rmtree(self.folder)


AnySequence.TestCase.settings = settings(
    max_examples=6, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
test_any_sequence = AnySequence.TestCase
