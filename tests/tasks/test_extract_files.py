"""Pages on disk: each becomes one record."""

import json
import os
from pathlib import Path

import pytest

from flows.cli.json_lines import json_lines_writer
from tasks.addresses.urls import file_url
from tasks.extract_files import extract_paths
from tasks.local_files.page_paths import page_paths

SENTENCE = "Cities should charge drivers for entering the centre, said nobody at the meeting number {}. "
TEXT = "".join(SENTENCE.format(number) for number in range(20))
PAGE = f"""<!doctype html><html lang="en"><head><title>Charge them</title>
<meta property="article:published_time" content="2026-11-01T08:00:00+01:00"></head>
<body><article><h1>Charge them</h1><p>{TEXT}</p><p>{TEXT.replace("meeting", "hearing")}</p></article></body></html>"""


def test_every_page_gives_one_record_in_order(tmp_path: Path):
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.txt").write_text("Short.")
    (tmp_path / "c.html").write_bytes(b"")
    (tmp_path / "d.html").write_bytes(os.urandom(4000))
    a, b, c, d = extract_paths(page_paths([tmp_path]))
    assert (a["outcome"], a["reason"], a["title"]) == ("loaded", "readable", "Charge them")
    assert a["published_at"] == "2026-11-01T07:00:00+00:00"
    assert a["url"] == (tmp_path / "a.html").as_uri()
    assert b["outcome"] == "too_short"
    assert c["outcome"] in ("fetch_failed", "extract_failed")
    assert d["outcome"] in ("unsupported_type", "extract_failed", "low_quality")
    assert all(record["reason"] for record in (a, b, c, d))
    assert "signals" not in a


def test_a_file_has_the_address_that_a_run_gives_it_from_wherever_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "below").mkdir()
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.html").write_text("")
    monkeypatch.chdir(tmp_path / "below")
    a, b = extract_paths([Path("../a.html"), Path("../b.html")])
    assert (a["path"], a["url"]) == ("../a.html", file_url(tmp_path / "a.html"))
    assert b["reason"] == f"{tmp_path / 'b.html'}: empty"


def test_signals_are_there_when_asked_for(tmp_path: Path):
    (tmp_path / "a.html").write_text(PAGE)
    (record,) = extract_paths([tmp_path / "a.html"], explain=True)
    assert record["signals"]


def test_a_name_that_is_not_utf_8_is_shown_as_text(tmp_path: Path):
    (tmp_path / os.fsdecode(b"caf\xe9.html")).write_text(PAGE)
    with json_lines_writer(tmp_path / "out.jsonl") as write:
        for record in extract_paths(page_paths([tmp_path])):
            write(record)
    [line] = (tmp_path / "out.jsonl").read_text().splitlines()
    assert json.loads(line)["path"].endswith("caf\ufffd.html") and json.loads(line)["title"] == "Charge them"
