"""``commentariat extract``: one line for each page, with its text or the reason why it has none."""

import json
from pathlib import Path

from tests.flows.cli.conftest import PAGE
from tests.flows.conftest import Command


def test_extract_writes_one_line_for_each_page(command: Command, tmp_path: Path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text(PAGE)
    (tmp_path / "pages" / "b.txt").write_text("Too short.")
    (tmp_path / "pages" / "c.jpg").write_bytes(b"\xff\xd8")
    ended = command("extract", "pages", "-o", "pages.jsonl")
    assert ended.code == 0, ended
    a, b = map(json.loads, (tmp_path / "pages.jsonl").read_text().splitlines())
    assert (a["path"], a["outcome"], a["title"]) == ("pages/a.html", "loaded", "Charge the drivers")
    assert a["authors"] == ["Ada Writer"]
    assert a["text"].startswith("Cities should charge drivers")
    assert (b["path"], b["outcome"]) == ("pages/b.txt", "too_short")
    assert b["reason"]


def test_extract_with_explain_writes_the_signals_of_the_verdict(command: Command, tmp_path: Path):
    (tmp_path / "a.html").write_text(PAGE)
    assert json.loads(command("extract", "a.html", "--explain").out)["signals"]
