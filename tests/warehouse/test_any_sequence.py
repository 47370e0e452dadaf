"""In any order of commits, kills, publishes, compactions and takedowns, the content is that of a simple model."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from commentariat import WarehouseError
from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down, take_down_relisted
from warehouse.upkeep.verify import verify

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


HEADLINE = "An unmistakable headline"


def listed(url: str, again: int = 0) -> str:
    """Return an address under which a feed lists the piece with the canonical address ``url``."""
    return f"https://feeds.example/{again}?{url}"


def rows_of(number: int) -> dict[str, pa.Table]:
    """Make a batch of two articles, each listed under another address than its canonical one."""
    rows = nights.batch(1, number, articles=2)
    for name in ("item", "outcome"):
        changed = [row | {"url": listed(row["url"])} for row in rows[name].to_pylist()]
        if name == "item":
            changed = [as_item(row["url"]) for row in changed]
        rows[name] = nights.table(changed)
    return rows


def as_item(address: str) -> dict[str, object]:
    """Make the row that is stored for an address when a feed lists it."""
    found = {"url": address, "article_id": nights.hash32(address), "title_hint": HEADLINE}
    return found | {"source": "feeds", "discovered_at": nights.START}


class Killed(BaseException):
    """For the warehouse the same as the end of the process: nothing in it catches this."""


class AnySequence(RuleBasedStateMachine):
    """A warehouse, and a simple model of it: the committed batches and the articles taken down."""

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
            writer.commit("declarations", nights.reference_rows())
        writer.commit(str(number), rows_of(number))

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
        name = data.draw(st.sampled_from(["urls", "article_ids"]))
        address = data.draw(st.sampled_from([url, listed(url)]))
        named = {name: [address if name == "urls" else nights.hash32(address)]}
        if url in self.gone:
            return
        with self.writing() as writer:
            take_down(writer, reason="Asked for.", **named)
        self.gone.add(url)

    @precondition(lambda self: self.batches)
    @rule(again=st.integers(0, 2))
    def a_night_lists_everything_again(self, again: int) -> None:
        """The feed lists the same addresses as before, or new ones whose pieces are known only from the pages."""
        urls = [nights.url(1, number, n) for number in self.batches for n in range(2)]
        incoming = pa.table({"url": [listed(url, again) for url in urls]})
        with self.writing() as writer:
            new = set(writer.query("new_items", tables={"incoming": incoming})["url"].to_pylist())
            read = [url for url in urls if listed(url, again) in new]
            if read:
                writer.commit(
                    f"listed {self.runs}", {"item": nights.table([as_item(one) for one in sorted(new)])}
                )
                writer.commit(
                    f"read {self.runs}", {"outcome": nights.table([self.end(u, again) for u in read])}
                )
            take_down_relisted(writer)

    def end(self, url: str, again: int) -> dict[str, object]:
        """Return the outcome of an address that has been read, with the article to which it leads."""
        name = "taken_down" if url in self.gone else "unchanged"
        row = {"url": listed(url, again), "source": "feeds", "outcome": name, "reason": "Read again."}
        return row | {"stage": "load", "article_id": nights.hash32(url), "decided_at": nights.START}

    @invariant()
    def content_is_as_in_the_model(self) -> None:
        if not self.batches:
            return
        urls = {nights.url(1, number, n) for number in self.batches for n in range(2)} - self.gone
        with self.writing() as writer:
            found = writer.select("SELECT url FROM article ORDER BY url")["url"].to_pylist()
            texts = writer.select("SELECT count(*) AS n FROM article_text")["n"].to_pylist()
            items = set(writer.select("SELECT url FROM item")["url"].to_pylist())
        assert found == sorted(urls)
        assert {listed(url) for url in urls} <= items
        assert items.isdisjoint(listed(url, again) for url in self.gone for again in range(3))
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
    max_examples=settings.default.max_examples // 16,
    stateful_step_count=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_any_sequence = pytest.mark.slow(AnySequence.TestCase)
