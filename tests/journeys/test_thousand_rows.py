"""A table of a thousand rows, a few of them bad: each has an outcome, and a second run finds the rest unchanged."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.console_script import SameProcess
from tests.journeys.press import essay
from warehouse import connect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
ROWS = 1_000
# Texts of so few words are copies only where they are identical, and are read quickly.
CONFIG = """
[warehouse]
path = "commentary"
[model]
threads = 1
[extract]
min_words = 20
[run]
batch_size = 250
[[sources]]
name = "corpus"
type = "table"
location = "corpus.csv"
kind = "opinion"
"""
NO_TEXT, BROKEN_DATE, SAME_ID, TOO_SHORT = (10, 500), (20, 510), (30, 900), (40, ROWS + 1)
"""Numbers of rows as a spreadsheet shows them: the header is row 1."""


def rows() -> Iterator[list[str]]:
    for number in range(2, ROWS + 2):
        name = number - 1 if number in SAME_ID else number
        day = "31/31/2026" if number in BROKEN_DATE else "2026-11-20"
        text = ". ".join(essay(number).split(". ")[:2]) + "."
        if number in NO_TEXT:
            text = ""
        elif number in TOO_SHORT:
            text = f"The caption {number}."
        yield [str(name), f"Number {number}", day, text]


def write_table(file: Path) -> None:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(["id", "title", "date", "text"])
        writer.writerows(rows())


def ending_of(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["url"], row["outcome"], row["reason"]


def test_outcomes_add_up_bad_rows_are_named_by_number_and_the_others_are_unchanged_the_second_time(
    tmp_path: Path, prefect_api: str
) -> None:
    desk = SameProcess(tmp_path, prefect_api)
    (tmp_path / "commentariat.toml").write_text(CONFIG)
    write_table(tmp_path / "corpus.csv")
    for _ in range(2):
        ended = desk.types("run")
        assert ended.code in (0, 1), ended.err
    with connect(tmp_path / "commentary") as reader:
        outcomes = reader.query(
            "SELECT run_id, url, outcome, reason FROM outcome ORDER BY run_id, url"
        ).to_pylist()
        articles = reader.query("SELECT url, title, revision FROM article").to_pylist()
    first, second = (
        [row for row in outcomes if row["run_id"] == run]
        for run in sorted({row["run_id"] for row in outcomes})
    )

    assert len(first) == len({row["url"] for row in first}) == ROWS
    bad = len(NO_TEXT) + len(BROKEN_DATE) + len(SAME_ID) + len(TOO_SHORT)
    stored = Counter({"loaded": ROWS - bad})
    assert Counter(row["outcome"] for row in first) == stored | Counter(
        extract_failed=len(NO_TEXT) + len(BROKEN_DATE), duplicate=len(SAME_ID), too_short=len(TOO_SHORT)
    )
    reasons = {row["reason"] for row in first if row["outcome"] != "loaded"}
    assert reasons == {
        *(f"corpus.csv: row {number} has neither a text nor an address" for number in NO_TEXT),
        *(f"corpus.csv: row {number} has the id of row {number - 1}" for number in SAME_ID),
        *(f"row {number}: 3 words; at least 20 are needed" for number in TOO_SHORT),
        *(reason for reason in reasons if "the date '31/31/2026' is not of the form" in reason),
    }
    for number in BROKEN_DATE:
        assert sum(reason.startswith(f"corpus.csv: row {number}: the date") for reason in reasons) == 1

    loaded = {row["url"] for row in first if row["outcome"] == "loaded"}
    assert {row["url"] for row in second if row["outcome"] == "unchanged"} == loaded
    assert [ending_of(row) for row in second if row["outcome"] != "unchanged"] == [
        ending_of(row) for row in first if row["outcome"] in ("extract_failed", "duplicate")
    ], "what could not be read is reported again; what was too short is not looked at again"
    assert {row["url"] for row in articles} == loaded and len(articles) == ROWS - bad
    assert {row["revision"] for row in articles} == {1}
