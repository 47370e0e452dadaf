"""One night takes in all bad inputs from the web and from files; ``bad_press.py`` has the list."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.journeys import bad_press
from tests.journeys.bad_press import Bad
from tests.journeys.console_script import Ended, Stranger
from warehouse import connect

Rows = list[dict[str, object]]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad-night")


@pytest.fixture(scope="module")
def bad(here: Path) -> list[Bad]:
    return bad_press.catalogue(here)


@pytest.fixture(scope="module")
def ended(here: Path, bad: list[Bad], prefect_api: str) -> Ended:
    with bad_press.bad_press() as port:
        file = bad_press.write_config(here, port)
        return Stranger.with_server(here, prefect_api).types("run", "--config", file)


@pytest.fixture(scope="module")
def outcomes(here: Path, ended: Ended) -> Rows:
    assert ended.code == 0, ended.out + ended.err
    with connect(here / "commentary") as reader:
        return reader.query("SELECT url, outcome, reason, stage FROM outcome").to_pylist()


def test_the_catalogue_is_long_enough_and_lists_nothing_twice(bad: list[Bad]):
    assert len(bad) >= 60
    assert not [url for url, count in Counter(one.url for one in bad).items() if count > 1]


def test_the_night_ends_well_and_shows_nobody_a_traceback(ended: Ended):
    assert ended.code == 0, ended.out + ended.err
    assert "Traceback" not in ended.out + ended.err


def test_every_bad_input_has_one_outcome_which_is_the_expected_one(bad: list[Bad], outcomes: Rows):
    found: dict[str, list[dict[str, object]]] = {}
    for row in outcomes:
        found.setdefault(str(row["url"]), []).append(row)
    wrong = []
    for one in bad:
        rows = found.get(one.url, [])
        if len(rows) != 1 or rows[0]["outcome"] not in one.outcomes.split("|"):
            wrong.append(f"{one.name}: {one.outcomes} expected, found {rows}")
        elif one.reason not in str(rows[0]["reason"]):
            wrong.append(f"{one.name}: {one.reason!r} is not in {rows[0]['reason']!r}")
    assert not wrong, "\n".join(wrong)


def test_no_other_item_has_an_outcome(bad: list[Bad], outcomes: Rows):
    listed = {one.url for one in bad} | set(bad_press.good_urls())
    assert {str(row["url"]) for row in outcomes} - listed == set()


def test_every_reason_is_a_sentence_for_people(outcomes: Rows):
    unreadable = [
        row
        for row in outcomes
        if not 10 <= len(str(row["reason"])) <= 400
        or not str(row["reason"]).isprintable()
        or any(
            sign in str(row["reason"])
            for sign in ("Traceback", "Error(", "Errno", "Exception", "<class", " at 0x")
        )
    ]
    assert not unreadable


def test_the_good_pieces_between_them_are_all_loaded(here: Path, outcomes: Rows):
    ends = {str(row["url"]): row["outcome"] for row in outcomes}
    assert {url: ends.get(url) for url in bad_press.good_urls()} == dict.fromkeys(
        bad_press.good_urls(), "loaded"
    )
    with connect(here / "commentary") as reader:
        stored = reader.query("SELECT url FROM article").to_pylist()
        asked = reader.query("SELECT url FROM article SEMI JOIN scored USING (article_id)").to_pylist()
    assert set(bad_press.good_urls()) <= {row["url"] for row in stored}
    assert set(bad_press.good_urls()) <= {row["url"] for row in asked}
