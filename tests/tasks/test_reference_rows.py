"""Rows of targets, sources and models are written when they change, and only then."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import Target, Wording
from tasks.load import arrow_tables
from tasks.reference_rows import changed_ranks, changed_sources, changed_targets, new_model
from tasks.sources import Source
from tests.warehouse.copies import new_warehouse
from warehouse import Writer, connect

AT = datetime(2026, 11, 1, tzinfo=UTC)
TOLL = Target(id="toll", statement="Cities should charge drivers", aliases=("toll",))
FREE = Wording("Driving should cost nothing", denied=True)
TRAM = Target(id="tram", statement="Cities should build trams")


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with new_warehouse(tmp_path / "w").writing(run_id="run-1", flow="test") as writer:
        yield writer


def keep(writer: Writer, table: str, rows: list[dict[str, object]], batch: str) -> None:
    writer.commit(batch, arrow_tables({table: rows}, writer.run_id))


def test_a_target_is_written_once(writer: Writer):
    rows = changed_targets(writer, [TOLL, TRAM], AT, retire=True)
    assert [row["target"] for row in rows] == ["toll", "tram"]
    keep(writer, "target", rows, "1")
    assert changed_targets(writer, [TOLL, TRAM], AT + timedelta(days=1), retire=True) == []


@pytest.mark.parametrize(
    "changed",
    [
        Target(id="toll", statement="Every city should charge drivers", aliases=("toll",)),
        Target(id="toll", statement=TOLL.statement, aliases=("toll", "cordon charge")),
        Target(id="toll", statement=TOLL.statement, aliases=("toll",), also=(Wording("Tolls are good"),)),
        Target(id="toll", statement=TOLL.statement, aliases=("toll",), also=(FREE,)),
    ],
)
def test_a_target_with_a_new_wording_is_written_again(writer: Writer, changed: Target):
    keep(writer, "target", changed_targets(writer, [TOLL], AT, retire=True), "1")
    (row,) = changed_targets(writer, [changed], AT + timedelta(days=1), retire=True)
    assert row["statement"] == changed.statement
    assert row["asked_from"] == AT + timedelta(days=1)


def test_further_wordings_are_written_down_apart_from_those_that_deny(writer: Writer):
    target = Target(id="toll", statement=TOLL.statement, also=(Wording("Tolls are good"), FREE))
    keep(writer, "target", changed_targets(writer, [target, TRAM], AT, retire=True), "1")
    toll, tram = writer.query_file("latest_targets").sort_by("target").to_pylist()
    assert (toll["also"], toll["denied"]) == (["Tolls are good"], [FREE.statement])
    assert (tram["also"], tram["denied"]) == (None, None)
    assert changed_targets(writer, [target, TRAM], AT + timedelta(days=1), retire=True) == []


def test_a_target_no_longer_asked_is_retired_and_comes_back(writer: Writer):
    keep(writer, "target", changed_targets(writer, [TOLL, TRAM], AT, retire=True), "1")
    (gone,) = changed_targets(writer, [TOLL], AT + timedelta(days=1), retire=True)
    assert (gone["target"], gone["active"]) == ("tram", False)
    keep(writer, "target", [gone], "2")
    assert changed_targets(writer, [TOLL], AT + timedelta(days=2), retire=True) == []
    (back,) = changed_targets(writer, [TOLL, TRAM], AT + timedelta(days=3), retire=True)
    assert (back["target"], back["active"]) == ("tram", True)


def test_a_run_over_named_inputs_retires_nothing(writer: Writer):
    keep(writer, "target", changed_targets(writer, [TOLL, TRAM], AT, retire=True), "1")
    assert changed_targets(writer, [TOLL], AT + timedelta(days=1), retire=False) == []


def test_a_source_is_written_when_it_is_configured_differently(writer: Writer):
    source = Source(name="a", type="feed", locations=("https://a.example/feed.xml",), outlet="A")
    keep(writer, "source", changed_sources(writer, [source], AT), "1")
    assert changed_sources(writer, [source], AT + timedelta(days=1)) == []
    moved = source.model_copy(update={"locations": ("https://a.example/rss", "https://b.example/rss")})
    (row,) = changed_sources(writer, [moved], AT + timedelta(days=1))
    assert row["location"] == "https://a.example/rss https://b.example/rss"


def test_a_change_counts_even_if_the_clock_was_far_ahead_before(writer: Writer):
    ahead = AT + timedelta(days=3650)
    source = Source(name="a", type="feed", locations=("https://a.example/feed.xml",))
    keep(writer, "target", changed_targets(writer, [TOLL, TRAM], ahead, retire=True), "1")
    keep(writer, "source", changed_sources(writer, [source], ahead), "2")
    reworded = Target(id="toll", statement="Every city should charge drivers")
    moved = source.model_copy(update={"locations": ("https://a.example/rss",)})
    keep(writer, "target", changed_targets(writer, [reworded], AT, retire=True), "3")
    keep(writer, "source", changed_sources(writer, [moved], AT), "4")
    assert changed_targets(writer, [reworded], AT, retire=True) == []
    assert changed_sources(writer, [moved], AT) == []
    toll, tram = writer.query_file("latest_targets").sort_by("target").to_pylist()
    assert (toll["statement"], tram["active"]) == (reworded.statement, False)
    writer.publish()
    with connect(writer.root) as reader:
        current = reader.query("SELECT target, statement FROM target WHERE is_current").to_pylist()
    assert current == [{"target": "toll", "statement": reworded.statement}]


def test_a_new_model_is_only_compared_until_the_configuration_names_it(writer: Writer):
    (first,) = new_model(writer, "m1", "fast", "cap", AT, weights_version="w1")
    keep(writer, "model", [first], "1")
    assert new_model(writer, "m1", "fast", "cap", AT, weights_version="w1") == []
    (second,) = new_model(writer, "m2", "fast", "cap", AT + timedelta(days=1), weights_version="w1")
    assert first["rank"] == second["rank"] == 0
    assert first["weights_version"] == second["weights_version"] == "w1"


def test_the_model_that_the_configuration_names_is_written_down_when_it_changes(writer: Writer):
    (first,) = changed_ranks(writer, "m1", "fast", 0.6, AT)
    keep(writer, "reading", [first], "1")
    assert changed_ranks(writer, "m1", "fast", 0.6, AT) == []
    (second,) = changed_ranks(writer, "m2", "fast", 0.7, AT)
    keep(writer, "reading", [second], "2")
    (back,) = changed_ranks(writer, "m1", "fast", 0.6, AT)
    keep(writer, "reading", [back], "3")
    assert [row["rank"] for row in (first, second, back)] == [1, 2, 3]
    assert changed_ranks(writer, "m1", "fast", 0.6, AT) == []


def test_a_model_that_counts_already_need_not_be_named(writer: Writer):
    # In warehouses of earlier versions the model that was used last counts.
    (row,) = new_model(writer, "m1", "fast", "cap", AT, weights_version="w1")
    keep(writer, "model", [row | {"rank": 4}], "1")
    assert changed_ranks(writer, "m1", "fast", 0.6, AT) == []
    (other,) = changed_ranks(writer, "m0", "fast", 0.6, AT)
    assert other["rank"] == 5


def test_credentials_in_an_address_are_not_written_down(writer: Writer):
    source = Source(name="a", type="feed", locations=("https://ann:s3cret@ledger.example/feed",))
    (row,) = changed_sources(writer, [source], AT)
    assert row["location"] == "https://ledger.example/feed"
