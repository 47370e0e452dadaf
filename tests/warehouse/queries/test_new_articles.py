"""What the last night has brought: an article whose text has changed is not a new one."""

from __future__ import annotations

import re

import pytest

from tasks.named_inputs import NAMES_OF_INPUTS
from tests.warehouse import nights
from warehouse import Warehouse, connect


def test_an_article_whose_text_has_changed_counts_among_those_stored_before(filled: Warehouse) -> None:
    with connect(filled.root) as reader:
        before = {row["target"]: row["articles"] for row in reader.saved("stances").to_pylist()}
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(1, 0, revision=2, articles=2, text=f"Corrected. {nights.TEXT}"))
        writer.commit("2", nights.batch(2, 0))
        writer.publish()
    with connect(filled.root) as reader:
        brought = reader.saved("new_articles").to_pylist()
        stances = reader.saved("new_stances").to_pylist()
    assert {row["title"] for row in brought} == {f"Piece 2/0/{n}" for n in range(4)}
    assert {row["target"]: (row["articles"], row["articles_before"]) for row in stances} == {
        target: (3, number) for target, number in before.items()
    }


def test_an_article_whose_text_has_changed_is_not_one_that_came_in_last(filled: Warehouse) -> None:
    with connect(filled.root) as reader:
        before = reader.saved("latest_articles")["url"].to_pylist()
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(1, 0, revision=2, articles=2, text=f"Corrected. {nights.TEXT}"))
        writer.commit("2", nights.batch(2, 0, articles=1))
        writer.publish()
    with connect(filled.root) as reader:
        first, *others = reader.saved("latest_articles")["url"].to_pylist()
    assert first == nights.url(2, 0, 0)
    assert others == before[: len(others)] and len(others) == len(before)


def test_an_article_that_came_and_changed_in_one_night_is_new(filled: Warehouse) -> None:
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0, articles=1))
        changed = nights.batch(2, 0, revision=2, articles=1, text=f"Corrected. {nights.TEXT}")
        writer.commit("2", {name: changed[name] for name in ("article", "article_text")})
        writer.publish()
    with connect(filled.root) as reader:
        (brought,) = reader.saved("new_articles").to_pylist()
    assert (brought["title"], brought["revision"]) == ("Piece 2/0/0", 2)


def test_a_night_in_which_texts_have_only_changed_brought_no_article(filled: Warehouse) -> None:
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(1, 0, revision=2, text=f"Corrected. {nights.TEXT}"))
        writer.publish()
    with connect(filled.root) as reader:
        assert reader.saved("new_articles").num_rows == reader.saved("new_stances").num_rows == 0


@pytest.mark.parametrize("source", ["input", "input-12", "input-", "inputs", "my-input", "feeds"])
def test_a_run_that_took_in_only_what_was_named_with_input_is_not_the_last_night(
    filled: Warehouse, source: str
) -> None:
    with filled.writing(run_id="one-file", flow="nightly") as writer:
        writer.commit("1", nights.of_source(nights.batch(2, 0, articles=1), source))
        writer.finish()
        writer.publish()
    with connect(filled.root) as reader:
        brought = reader.saved("new_articles").num_rows
        (last,) = reader.query("SELECT run_id FROM nights() WHERE nights_ago = 1")["run_id"].to_pylist()
    assert (last == "one-file") == (brought == 1) == (re.fullmatch(NAMES_OF_INPUTS, source) is None)


def test_an_article_that_came_after_the_last_night_was_not_stored_before_it(filled: Warehouse) -> None:
    with connect(filled.root) as reader:
        before = {row["target"]: row["articles"] for row in reader.saved("stances").to_pylist()}
    for run_id, number, is_of_inputs in (("night-2", 2, False), ("one-file", 3, True)):
        with filled.writing(run_id=run_id, flow="nightly", is_of_inputs=is_of_inputs) as writer:
            writer.commit("1", nights.batch(number, 0))
            writer.finish()
            writer.publish()
    with connect(filled.root) as reader:
        stances = reader.saved("new_stances").to_pylist()
    assert {row["target"]: row["articles_before"] for row in stances} == before


@pytest.mark.parametrize("is_of_inputs", [True, False])
@pytest.mark.parametrize("source", ["input", "feeds", None])
def test_a_run_that_has_recorded_whether_inputs_were_named_is_a_night_by_this_and_not_by_its_outcomes(
    filled: Warehouse, source: str | None, is_of_inputs: bool
) -> None:
    """A night may only look again at what was named before, and of what was named there may be no outcome."""
    with filled.writing(run_id="last", flow="nightly", is_of_inputs=is_of_inputs) as writer:
        if source is not None:
            writer.commit("1", nights.of_source(nights.batch(2, 0, articles=1), source))
        writer.finish()
        writer.publish()
    with connect(filled.root) as reader:
        brought = reader.saved("new_articles").num_rows
        (last,) = reader.query("SELECT run_id FROM nights() WHERE nights_ago = 1")["run_id"].to_pylist()
    assert last == ("night-1" if is_of_inputs else "last")
    if not is_of_inputs:
        assert brought == (source is not None)


def test_if_all_runs_took_in_what_was_named_with_input_the_last_of_them_is_the_last_night(
    warehouse: Warehouse,
) -> None:
    for number in (1, 2):
        with warehouse.writing(run_id=f"file-{number}", flow="nightly") as writer:
            if number == 1:
                writer.commit("reference rows", nights.reference_rows())
            writer.commit("1", nights.of_source(nights.batch(number, 0, articles=number), "input"))
            writer.finish()
            writer.publish()
    with connect(warehouse.root) as reader:
        assert reader.saved("new_articles").num_rows == 2
        assert reader.saved("source_health")["last_nights"].to_pylist() == [[1, 2]]
