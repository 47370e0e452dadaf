"""``commentariat discover``: which items of a source would be taken, and why others are left out."""

import csv
import io
import json
from pathlib import Path

from tasks.addresses.urls import file_url
from tests.flows.conftest import Command
from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.upkeep.takedown import take_down


def test_discover_shows_what_is_taken_and_what_is_left_out(command: Command, tmp_path: Path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("A text.")
    (tmp_path / "texts" / "b.xyz").write_text("Something else.")
    ended = command("discover", "texts", "-f", "csv")
    rows = {Path(row["url"]).name: row for row in csv.DictReader(io.StringIO(ended.out))}
    assert rows["a.txt"]["verdict"] == "take"
    assert rows["b.xyz"]["verdict"] == "leave out"
    assert ".xyz files are not read" in rows["b.xyz"]["reason"]
    assert ended.err.endswith("texts: 1 to take, 1 left out, 0 problems\n")
    assert "1 file is not read because of the ending (1 .xyz)" in ended.err
    assert ended.code == 0


def test_discover_marks_items_that_are_stored_or_were_taken_down(command: Command, own: Path, tmp_path: Path):
    (tmp_path / "texts").mkdir()
    for name in ("new", "read", "gone"):
        (tmp_path / "texts" / f"{name}.txt").write_text("Keep the ferry.")
    url = {name: file_url(tmp_path / "texts" / f"{name}.txt") for name in ("read", "gone")}
    outcome = {
        "source": "s",
        "outcome": "too_short",
        "reason": "3 words",
        "stage": "extract",
        "decided_at": nights.START,
    }
    with Warehouse(own).writing(flow="nightly") as writer:
        writer.commit(
            "1",
            {
                "outcome": nights.table(
                    [outcome | {"url": one, "article_id": nights.hash32(one)} for one in url.values()]
                )
            },
        )
        take_down(writer, reason="asked", article_ids=[nights.hash32(url["gone"])])
    ended = command("discover", "texts", "-w", own, "-f", "csv")
    assert "1 to take, 2 known already" in ended.err
    rows = {row["url"]: row for row in csv.DictReader(io.StringIO(ended.out))}
    assert rows[url["read"]]["verdict"] == "known" and rows[url["read"]]["reason"].startswith(
        "too_short on 2026-01-01"
    )
    assert rows[url["gone"]]["reason"].startswith("taken_down on ")


def test_discover_asks_a_source_of_the_sample_by_name(command: Command):
    ended = command("discover", "plainspoken", "-f", "json")
    assert ended.code == 0, ended
    verdicts = [json.loads(line)["verdict"] for line in ended.out.splitlines()]
    assert verdicts.count("take") >= 5
    assert "leave out" in verdicts
