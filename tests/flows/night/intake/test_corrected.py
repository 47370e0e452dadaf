"""Rows that people correct in their files: which are taken in again, and what is no longer left out."""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.night.intake.batching import Work
from flows.night.intake.discovery import no_longer_left_out
from flows.night.intake.work import at_hand, due_work
from flows.night.portions import rows_in
from tasks.discover.discover import discover
from tasks.fetch.batch import fetch_batch
from tasks.fetch.fetcher import Fetcher
from tasks.item import Discovery, Visit
from tasks.load import arrow_tables, item_rows, outcome_rows, visit_rows
from tasks.outcome import Outcome, OutcomeName, StationName
from tasks.sources import Source
from tests.warehouse.copies import new_warehouse
from warehouse import Warehouse, connect

MIB = 1024 * 1024
DAY = "2026-11-20"
Row = dict[str, str]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return new_warehouse(tmp_path / "warehouse")


def write(file: Path, rows: Sequence[Row]) -> None:
    """Write rows of id, date and text as CSV, JSON lines or Parquet."""
    if file.suffix == ".csv":
        with file.open("w", newline="", encoding="utf-8") as opened:
            writer = csv.DictWriter(opened, ("id", "date", "text"), restval="")
            writer.writeheader()
            writer.writerows(rows)
    elif file.suffix == ".jsonl":
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(list(rows)), file)


async def found_in(*files: Path) -> list[Discovery]:
    """List the files as tables, or as files if they are JSON lines or Parquet."""
    async with Fetcher() as fetcher:
        return [
            await discover(
                Source(
                    name=file.stem, type="table" if file.suffix == ".csv" else "files", locations=(str(file),)
                ),
                fetcher,
            )
            for file in files
        ]


async def night(
    warehouse: Warehouse,
    number: int,
    files: Sequence[Path],
    ended: OutcomeName,
    station: StationName = "extract",
) -> tuple[list[str], list[str]]:
    """Take in the files as a night does, with one outcome for all items; give what was due, and what is gone."""
    found = await found_in(*files)
    listed = {item.url: item for discovery in found for item in discovery.items}
    at = datetime.now(UTC)
    with warehouse.writing(run_id=f"night-{number}", flow="nightly") as writer:
        gone = no_longer_left_out(writer, found)
        new = writer.query_file(
            "new_items", tables={"incoming": pa.table({"url": pa.array(listed, pa.string())})}
        )
        problems = [problem for discovery in found for problem in discovery.problems]
        rows = {
            "item": item_rows([listed[str(url)] for url in new["url"].to_pylist()], at),
            "outcome": outcome_rows([*problems, *gone], at, {}),
        }
        writer.commit("discovered", arrow_tables(rows, writer.run_id))
        # Nothing is checked again for its age: a row is due only if it is new or its content has changed.
        params = {"run_id": writer.run_id, "max_attempts": 1, "recheck_since": at + timedelta(days=1)}
        due = writer.query_file("work", params, {"at_hand": at_hand(listed)})
        work = due_work(rows_in(due), listed, max_bytes=MIB)
        outcomes = [Outcome(one.item.url, one.item.source, ended, "So.", station) for one in work]
        rows = {"visit": visit_rows(await visits_of(work)), "outcome": outcome_rows(outcomes, at, {})}
        writer.commit("batch 0001", arrow_tables(rows, writer.run_id))
    return [name_of(one.item.url) for one in work], [name_of(one.url) for one in gone]


async def visits_of(work: Sequence[Work]) -> list[Visit]:
    async with Fetcher() as fetcher:
        pages, _, _ = await fetch_batch(fetcher, [one.item for one in work])
    return [page.visit("file") for page in pages]


def name_of(url: str) -> str:
    return url.rpartition("/")[2].replace("%3D", "=")


def left_out(warehouse: Warehouse) -> dict[str, int]:
    with warehouse.writing(run_id="asking", flow="nightly") as writer:
        writer.publish()
    with connect(warehouse.root) as reader:
        return {row["outcome"]: row["addresses"] for row in reader.saved("left_out").to_pylist()}


@pytest.mark.parametrize(
    ("ending", "ended"),
    [("csv", "too_short"), ("jsonl", "not_commentary"), ("parquet", "low_quality"), ("csv", "loaded")],
)
async def test_only_the_row_whose_text_has_changed_is_taken_in_again(
    warehouse: Warehouse, tmp_path: Path, ending: str, ended: OutcomeName
) -> None:
    file = tmp_path / f"rows.{ending}"
    rows = [{"id": name, "date": DAY, "text": f"The text of {name}."} for name in "abc"]
    write(file, rows)
    assert await night(warehouse, 1, [file], ended) == ([f"{file.name}#{name}" for name in "abc"], [])
    assert await night(warehouse, 2, [file], ended) == ([], [])
    rows[1]["text"] = "A longer text, which moves the row after it."
    rows.reverse()
    write(file, rows)
    assert await night(warehouse, 3, [file], "loaded") == ([f"{file.name}#b"], [])
    assert await night(warehouse, 4, [file], "loaded") == ([], [])
    assert left_out(warehouse) == ({} if ended == "loaded" else {ended: 2})


async def test_a_bad_row_that_was_corrected_is_taken_in_and_no_longer_left_out(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    table, lines = tmp_path / "rows.csv", tmp_path / "lines.jsonl"
    rows = [
        {"id": "good", "date": DAY, "text": "A text."},
        {"id": "day", "date": "31/31/2026", "text": "Another text."},
        {"id": "bad", "date": DAY, "text": ""},
        {"id": "good", "date": DAY, "text": "The same id."},
    ]
    write(table, rows)
    lines.write_text('{"title": "No text"}\nnot json\n{"id": "six", "text": ""}\n')
    for number in (1, 2, 3):  # so that the reports do not count as attempts to read the rows
        due, gone = await night(warehouse, number, [table, lines], "loaded")
        assert (due, gone) == (["rows.csv#good"] if number == 1 else [], [])
    assert left_out(warehouse) == {"extract_failed": 5, "duplicate": 1}
    rows[1]["date"], rows[3]["id"] = DAY, "other"
    write(table, rows)
    lines.write_text(
        '{"title": "A", "text": "One."}\n{"id": "five", "text": "Two."}\n{"id": "six", "text": "Three."}\n'
    )
    due, gone = await night(warehouse, 4, [table, lines], "loaded")
    assert set(due) == {
        "rows.csv#day",
        "rows.csv#other",
        "lines.jsonl#row=1",
        "lines.jsonl#five",
        "lines.jsonl#six",
    }
    assert gone == ["lines.jsonl#line=2", "rows.csv#row=3", "rows.csv#row=5"]
    assert left_out(warehouse) == {"extract_failed": 1}, "row 4 still has no text"
    assert await night(warehouse, 5, [table, lines], "loaded") == ([], [])


async def test_a_row_that_is_known_by_its_text_is_no_longer_left_out_when_its_text_is_corrected(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    table = tmp_path / "rows.csv"
    write(table, [{"text": "Few words."}])
    (first,), _ = await night(warehouse, 1, [table], "too_short")
    write(table, [{"text": "Many more words than before."}])
    (second,), gone = await night(warehouse, 2, [table], "loaded")
    assert gone == [first] != [second]
    assert left_out(warehouse) == {}
    write(table, [{"text": "Few words."}])
    assert await night(warehouse, 3, [table], "too_short") == ([first], []), "the stored article stays"
    assert left_out(warehouse) == {"too_short": 1}


@pytest.mark.parametrize("ended", ["loaded", "duplicate"])
async def test_a_stored_article_or_copy_stays_when_its_row_is_removed(
    warehouse: Warehouse, tmp_path: Path, ended: OutcomeName
) -> None:
    table = tmp_path / "rows.csv"
    rows = [{"id": "a", "text": "One text."}, {"id": "b", "text": "Two texts."}]
    write(table, rows)
    await night(warehouse, 1, [table], ended, station="dedupe")
    write(table, rows[:1])
    assert await night(warehouse, 2, [table], "loaded") == ([], [])


async def test_a_file_that_cannot_be_read_leaves_everything_as_it_was_and_is_reported_until_it_can(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    table = tmp_path / "rows.csv"
    rows = [{"id": "a", "date": "31/31/2026", "text": "One text."}]
    write(table, rows)
    await night(warehouse, 1, [table], "loaded")
    table.write_text("id,id\n")
    assert await night(warehouse, 2, [table], "loaded") == ([], [])
    assert left_out(warehouse) == {"extract_failed": 1, "unsupported_type": 1}
    write(table, rows)
    assert await night(warehouse, 3, [table], "loaded") == ([], ["rows.csv"])
    assert left_out(warehouse) == {"extract_failed": 1}


async def test_a_row_that_the_source_leaves_out_is_not_gone(warehouse: Warehouse, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    write(table, [{"id": "a", "date": DAY, "text": "Few words."}])
    await night(warehouse, 1, [table], "too_short")
    source = Source(name="rows", type="table", locations=(str(table),), exclude=("rows.csv",))
    async with Fetcher() as fetcher:
        found = [await discover(source, fetcher)]
    assert not found[0].items
    with warehouse.writing(run_id="night-2", flow="nightly") as writer:
        assert no_longer_left_out(writer, found) == []
