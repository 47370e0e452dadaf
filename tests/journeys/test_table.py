"""A corpus in a table: its columns are shown, every row has an outcome, and a second run changes nothing."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from flows.sample import load_corpus
from tests.journeys.console_script import Ended, SameProcess
from warehouse import connect

CONFIG = """
[[sources]]
name = "corpus"
type = "table"
location = "corpus.csv"
columns = { text = "Volltext" }
dates = ["%d.%m.%Y"]

[[targets]]
id = "nuclear-power"
statement = "Countries should build new nuclear power plants"
"""
COLUMNS_USED = (
    "corpus.csv: text = 'Volltext', title = 'Headline', authors = 'Byline', published_at = 'Date', "
    "outlet = 'Newspaper'; not used: Note"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> SameProcess:
    return SameProcess(tmp_path_factory.mktemp("table"), prefect_api)


def write_corpus(path: Path) -> int:
    """Write the English pieces of the sample, a copy and three bad rows; return the number of rows."""
    pieces = [
        piece
        for piece in load_corpus().pieces.values()
        if piece.word_count > 300 and piece.language == "en" and not piece.copy_of
    ]
    rows = [
        ["\n\n".join(piece.paragraphs), piece.title, "Ada Writer", "20.11.2026", "The Ledger", ""]
        for piece in pieces[:8]
    ]
    rows += [
        rows[0],
        ["", "Nothing in it", "", "20.11.2026", "", ""],
        [rows[1][0], "A date", "", "2026", "", ""],
        ["Three short words.", "A caption", "", "20.11.2026", "", ""],
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Volltext", "Headline", "Byline", "Date", "Newspaper", "Note"])
        writer.writerows(rows)
    return len(rows)


@pytest.fixture(scope="module")
def runs(desk: SameProcess) -> tuple[int, Ended, Ended, Ended]:
    """The number of rows, and the ends of `discover` and of two runs."""
    (desk.here / "commentariat.toml").write_text(CONFIG)
    rows = write_corpus(desk.here / "corpus.csv")
    return rows, desk.types("discover", "corpus"), desk.types("run"), desk.types("run")


def test_the_columns_are_shown_before_anything_is_stored(runs: tuple[int, Ended, Ended, Ended]) -> None:
    _, looked, first, _ = runs
    assert looked.code == 1, "two rows could not be read"
    assert looked.err.startswith(COLUMNS_USED)
    assert "row 11 has neither a text nor an address" in looked.out
    lines = first.err.splitlines()
    assert lines.index(COLUMNS_USED) < next(n for n, line in enumerate(lines) if line.startswith("batch 1:"))


def test_outcomes_add_up_and_a_second_run_changes_nothing(
    desk: SameProcess, runs: tuple[int, Ended, Ended, Ended]
) -> None:
    rows = runs[0]
    with connect(desk.here / "commentary") as reader:
        nights = reader.query(
            "SELECT run_id, outcome, count(*) AS n FROM outcome GROUP BY ALL ORDER BY run_id"
        ).to_pylist()
        articles = reader.query(
            "SELECT title, outlet, authors, published_at::DATE::VARCHAR AS day FROM article"
        )
    counts: dict[str, Counter[str]] = {}
    for row in nights:
        counts.setdefault(row["run_id"], Counter())[row["outcome"]] = row["n"]
    one, two = counts.values()
    assert sum(one.values()) == rows
    assert one == {"loaded": rows - 4, "duplicate": 1, "extract_failed": 2, "too_short": 1}
    assert two["unchanged"] >= one["loaded"] == articles.num_rows
    assert set(two) <= {"unchanged", "duplicate", "extract_failed"}
    assert all(row["outlet"] == "The Ledger" and row["day"] == "2026-11-20" for row in articles.to_pylist())
    assert all(row["authors"] == ["Ada Writer"] for row in articles.to_pylist())


@pytest.mark.usefixtures("runs")
def test_a_row_that_is_left_out_is_named_by_its_number(desk: SameProcess) -> None:
    with connect(desk.here / "commentary") as reader:
        rows = reader.query("SELECT outcome, min(reason) AS reason FROM outcome GROUP BY outcome").to_pylist()
    said = {row["outcome"]: row["reason"] for row in rows}
    assert said["too_short"] == "row 13: 3 words; at least 80 are needed"
    assert said["duplicate"].startswith("row 10: ")


@pytest.mark.usefixtures("runs")
def test_what_was_left_out_and_has_not_changed_is_still_left_out(desk: SameProcess) -> None:
    with connect(desk.here / "commentary") as reader:
        rows = {row["outcome"]: row for row in reader.saved("left_out").to_pylist()}
    assert {name: row["addresses"] for name, row in rows.items()} == {
        "extract_failed": 2,
        "duplicate": 1,
        "too_short": 1,
    }
    assert rows["too_short"]["most_often"] == "3 words; at least 80 are needed"
