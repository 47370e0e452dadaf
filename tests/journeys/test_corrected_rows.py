"""Rows and files that are corrected between two nights: they are read again, and what is unchanged is not."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.console_script import SameProcess
from tests.journeys.press import essay
from warehouse import connect

CONFIG = """
[warehouse]
path = "commentary"
[model]
threads = 1
[extract]
min_words = 20
[run]
recheck_days = 0
[[sources]]
name = "corpus"
type = "table"
location = "corpus.csv"
kind = "opinion"
[[sources]]
name = "folder"
type = "files"
location = "folder"
kind = "opinion"
"""
SHORT = "A caption of few words."
DAY = "2026-11-20"


def text(number: int) -> str:
    """Return an argument of some forty words, each another one: so few words are read quickly."""
    return ". ".join(essay(number).split(". ")[:3]) + "."


class Desk:
    """A folder with a table and a folder of texts, and the nights that take them in."""

    def __init__(self, here: Path, api: str) -> None:
        self.here = here
        self._types = SameProcess(here, api).types
        (here / "commentariat.toml").write_text(CONFIG)

    def writes(self, rows: dict[str, tuple[str, str]], texts: dict[str, str], lines: list[str]) -> None:
        """Write the table, from day and text by id, and the files of the folder; the header of a table is row 1."""
        with (self.here / "corpus.csv").open("w", newline="", encoding="utf-8") as opened:
            writer = csv.writer(opened)
            writer.writerow(["id", "date", "text"])
            writer.writerows([name, *row] for name, row in rows.items())
        folder = self.here / "folder"
        folder.mkdir(exist_ok=True)
        for name, content in texts.items():
            (folder / name).write_text(content, encoding="utf-8")
        (folder / "rows.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def night(self) -> dict[str, str]:
        """Run a night, and give its outcomes by the last part of their addresses."""
        ended = self._types("run")
        assert ended.code in (0, 1), ended.err
        rows = self.ask(
            "SELECT url, outcome FROM outcome WHERE run_id = (SELECT max(run_id) FROM outcome) ORDER BY url"
        )
        return {row["url"].rpartition("/")[2].replace("%3D", "="): row["outcome"] for row in rows}

    def ask(self, sql: str) -> list[dict[str, Any]]:
        with connect(self.here / "commentary") as reader:
            return reader.query(sql).to_pylist()

    def left_out(self) -> dict[str, int]:
        with connect(self.here / "commentary") as reader:
            return {row["outcome"]: row["addresses"] for row in reader.saved("left_out").to_pylist()}

    def revisions(self) -> dict[str, int]:
        rows = self.ask("SELECT url, max(revision) AS revision FROM article GROUP BY url")
        return {row["url"].rpartition("/")[2]: row["revision"] for row in rows}


@pytest.mark.timeout(900)
def test_corrected_rows_and_files_are_read_again_and_the_others_are_not(
    tmp_path: Path, prefect_api: str
) -> None:
    desk = Desk(tmp_path, prefect_api)
    rows = {
        "good": (DAY, text(1)),
        "mended": (DAY, SHORT),
        "short": (DAY, f"{SHORT} Still."),
        "day": ("31/31/2026", text(2)),
        "cut": (DAY, text(3)),
        "none": (DAY, ""),
    }
    texts = {
        "mended.txt": SHORT,
        "short.txt": f"{SHORT} Still.",
        "cut.txt": text(4),
        "empty.txt": "",
        "good.txt": text(5),
    }
    lines = [json.dumps({"title": "No text"}), "not json", json.dumps({"id": "nothing", "text": ""})]
    desk.writes(rows, texts, lines)
    assert desk.night() == {
        "corpus.csv#good": "loaded",
        "corpus.csv#mended": "too_short",
        "corpus.csv#short": "too_short",
        "corpus.csv#row=5": "extract_failed",
        "corpus.csv#cut": "loaded",
        "corpus.csv#row=7": "extract_failed",
        "mended.txt": "too_short",
        "short.txt": "too_short",
        "cut.txt": "loaded",
        "empty.txt": "fetch_failed",
        "good.txt": "loaded",
        "rows.jsonl#row=1": "extract_failed",
        "rows.jsonl#line=2": "extract_failed",
        "rows.jsonl#nothing": "extract_failed",
    }
    assert desk.left_out() == {"extract_failed": 5, "too_short": 4, "fetch_failed": 1}

    rows |= {"mended": (DAY, text(6)), "day": (DAY, text(2)), "cut": (DAY, f"{SHORT} Cut.")}
    texts |= {"mended.txt": text(7), "cut.txt": f"{SHORT} Cut.", "empty.txt": text(8)}
    texts["good.txt"] += " And one thing more has to be said."
    lines = [
        json.dumps({"title": "A text", "text": text(9)}),
        json.dumps({"id": "two", "text": text(10)}),
        json.dumps({"id": "nothing", "text": text(11)}),
    ]
    desk.writes(rows, texts, lines)
    assert desk.night() == {
        "corpus.csv#mended": "loaded",
        "corpus.csv#row=5": "gone",
        "corpus.csv#day": "loaded",
        "corpus.csv#cut": "too_short",
        "corpus.csv#row=7": "extract_failed",
        "mended.txt": "loaded",
        "cut.txt": "too_short",
        "empty.txt": "loaded",
        "good.txt": "revised",
        "rows.jsonl#row=1": "loaded",
        "rows.jsonl#line=2": "gone",
        "rows.jsonl#two": "loaded",
        "rows.jsonl#nothing": "loaded",
    }
    assert desk.left_out() == {"too_short": 4, "extract_failed": 1}
    assert desk.revisions()["corpus.csv#cut"] == desk.revisions()["cut.txt"] == 1, "the stored articles stay"

    rows["cut"], texts["cut.txt"] = (DAY, text(3)), text(12)
    desk.writes(rows, texts, lines)
    assert desk.night() == {
        "corpus.csv#cut": "unchanged",
        "corpus.csv#row=7": "extract_failed",
        "cut.txt": "revised",
    }
    assert desk.left_out() == {"too_short": 2, "extract_failed": 1}
    assert desk.revisions()["cut.txt"] == 2

    assert desk.night() == {"corpus.csv#row=7": "extract_failed"}, "nothing is read twice"
