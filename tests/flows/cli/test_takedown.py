"""``commentariat takedown``: what it asks, removes and prints."""

import errno
import io
import json
import os
from pathlib import Path

import pyarrow as pa
import pytest

import commentariat
from tasks.addresses.urls import file_url
from tasks.fetch.files import LocalContent
from tests.flows.conftest import Command
from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.upkeep.takedown import take_down


def test_takedown_asks_removes_and_leaves_a_receipt(
    command: Command, own: Path, monkeypatch: pytest.MonkeyPatch
):
    url = nights.url(1, 0, 0)
    arguments = ("takedown", "--url", url, "--reason", "asked by its author", "-w", own)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert command(*arguments).code == 1
    ended = command(*arguments, "--yes")
    assert ended.code == 0, ended
    assert url in ended.out
    assert "web archives" not in ended.out, "there are none"
    assert command(
        "sql", f"SELECT count(*) FROM article WHERE url = '{url}'", "-w", own, "-f", "csv"
    ).out.endswith("\n0\n")
    assert "asked by its author" in command("sql", "FROM tombstone", "-w", own, "-f", "csv").out
    assert command("takedown", "--url", url, "--reason", "again", "--yes", "-w", own).code == 2


@pytest.mark.parametrize("asks", [True, False])
def test_takedown_of_a_file_whose_name_is_not_utf_8(
    command: Command, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asks: bool
):
    file = tmp_path / b"caf\xe9.txt".decode(errors="surrogateescape")
    with Warehouse(own).writing(run_id="of-a-folder", flow="nightly") as writer:
        rows = nights.batch(9, 0)
        for name in ("article", "item", "outcome"):
            urls = rows[name]["url"].to_pylist()
            urls[0] = file_url(file)
            place = rows[name].column_names.index("url")
            rows[name] = rows[name].set_column(place, "url", pa.array(urls))
        writer.commit("1", rows)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    named = ("--input", file.name, "--reason", "asked", "-w", own)
    ended = command("takedown", *named, *(() if asks else ("--yes",)))
    assert ended.code == 0, ended
    assert f"file://{tmp_path}/caf%E9.txt" in ended.out
    named = ("--url", nights.url(1, 0, 0), "--input", "file:///" + file.name)
    ended = command("takedown", *named, "--reason", "asked", "--yes", "-w", own)
    assert ended.code == 1, ended
    assert "Taken down: 1 addresses" in ended.out
    assert "not found, and not taken down: file:///caf?.txt" in ended.out


def test_takedown_names_what_it_did_not_find(
    command: Command, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    known, misspelt = nights.url(1, 0, 0), nights.url(1, 0, 0) + "x"
    found = ("--url", known, "--article", nights.hash32(nights.url(1, 0, 1)), "--outlet", nights.OUTLETS[2])
    unknown = {
        "--url": misspelt,
        "--article": "0" * 32,
        "--outlet": "the harbor ledger",
        "--input": f"{tmp_path}/x",
    }
    named = (*found, *(part for option in unknown.items() for part in option))
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    asked = command("takedown", *named, "--reason", "asked", "-w", own)
    ended = command("takedown", *named, "--reason", "asked", "--yes", "-w", own)
    assert (asked.code, ended.code) == (1, 1)
    for name in unknown.values():
        assert f"not found: {name}\n" in asked.err
        assert f"not found, and not taken down: {name}\n" in ended.out
    assert ended.out.count("not found") == len(unknown) and known in ended.out


def test_takedown_of_unknown_names_does_not_ask(command: Command, own: Path):
    ended = command("takedown", "--url", "https://elsewhere.example/", "--reason", "asked", "-w", own)
    assert ended.code == 2 and "nothing was taken down" in ended.err
    assert "This cannot be undone" not in ended.err + ended.out


def test_takedown_leaves_its_receipt_also_if_the_report_cannot_be_written(
    command: Command, own: Path, monkeypatch: pytest.MonkeyPatch
):
    def on_a_full_disk(path: Path, *_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    assert command("report", "-w", own).code == 0
    url = nights.url(1, 0, 0)
    monkeypatch.setattr(Path, "write_text", on_a_full_disk)  # only the report is written as text
    ended = command("takedown", "--url", url, "--reason", "asked", "--yes", "-w", own)
    assert ended.code == 0, ended
    assert "Taken down: 1 addresses" in ended.out and url in ended.out
    assert "no report was written; `commentariat report` tries again" in ended.err


def test_takedown_without_a_reason_removes_nothing(command: Command, own: Path):
    ended = command("takedown", "--url", nights.url(1, 0, 0), "--reason", " ", "--yes", "-w", own)
    assert (ended.code, "the reason is empty" in ended.err) == (2, True)
    with (
        Warehouse(own).writing(flow="takedown") as writer,
        pytest.raises(commentariat.InputError, match="needs a reason"),
    ):
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="")
    assert command("sql", "FROM tombstone", "-w", own, "-f", "csv").out.count("\n") == 1


def test_takedown_says_where_web_archives_may_hold_the_piece_too(command: Command, own: Path, tmp_path: Path):
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[fetch]\narchives = "{tmp_path / "archives"}"\n')
    (tmp_path / "archives").mkdir()
    (tmp_path / "archives" / "1.warc").write_bytes(b"")
    named = ("--url", nights.url(1, 0, 0), "--reason", "asked", "--yes")
    ended = command("takedown", *named, "-c", config, "-w", own)
    assert ended.code == 0, ended
    assert f"stay in {tmp_path / 'archives'}" in ended.out


def test_takedown_leaves_its_receipt_also_if_the_folder_of_web_archives_cannot_be_read(
    command: Command, own: Path, tmp_path: Path
):
    archives = tmp_path / ("a" * 300)
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[fetch]\narchives = "{archives}"\n')
    named = ("--url", nights.url(1, 0, 0), "--url", "https://elsewhere.example/")
    ended = command("takedown", *named, "--reason", "asked", "--yes", "-c", config, "-w", own)
    assert ended.code == 1, ended
    assert "Taken down: 1 addresses" in ended.out
    assert f"{archives} cannot be read (File name too long): downloaded web archives there" in ended.out
    assert "not found, and not taken down: https://elsewhere.example/" in ended.out


@pytest.mark.parametrize("asks", [True, False])
def test_takedown_of_a_folder_removes_what_a_killed_run_has_committed_and_not_published(
    command: Command, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asks: bool
):
    folder = tmp_path / "saved"
    with Warehouse(own).writing(run_id="killed", flow="nightly") as writer:
        rows = nights.batch(9, 0)
        for name in ("article", "item", "outcome"):
            urls = pa.array([f"{file_url(folder)}/{n}.html" for n in range(rows[name].num_rows)])
            rows[name] = rows[name].set_column(rows[name].column_names.index("url"), "url", urls)
        writer.commit("1", rows)
    count = f"SELECT count(*) FROM article WHERE starts_with(url, '{file_url(folder)}')"
    assert command("sql", count, "-w", own, "-f", "csv").out.endswith("\n0\n"), "nothing of it is published"
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    ended = command(
        "takedown", "--input", folder, "--reason", "asked", "-w", own, *(() if asks else ("--yes",))
    )
    assert ended.code == 0, ended
    assert (f"{file_url(folder)}/3.html" in ended.err) == asks
    assert f"{file_url(folder)}/3.html" in ended.out
    assert command("sql", count, "-w", own, "-f", "csv").out.endswith("\n0\n")


def test_takedown_of_a_file_that_cannot_be_listed_says_that_rows_of_it_may_be_left(
    command: Command, own: Path, tmp_path: Path
):
    rows = nights.batch(9, 0)
    items = rows["item"].append_column("is_local", pa.array([True] * 4))
    place = items.column_names.index("url")
    urls = [f"{file_url(tmp_path)}/rows.jsonl#0", *items["url"].to_pylist()[1:]]
    with Warehouse(own).writing(run_id="of-a-file", flow="nightly") as writer:
        writer.commit("1", rows | {"item": items.set_column(place, "url", pa.array(urls))})
    named = ("takedown", "--input", "rows.jsonl", "--reason", "asked", "--yes", "-w", own)
    ended = command(*named)
    assert ended.code == 1, ended
    assert (
        "rows.jsonl cannot be listed (it is not there)" in ended.err and "name them with --url" in ended.err
    )
    assert "Taken down: 1 addresses" in ended.out
    lines = [
        json.dumps({"url": url, "text": "Some words."}) for url in (urls[1], urls[2], "https://b.example/")
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines))
    ended = command(*named)
    assert ended.code == 0, ended
    assert "Taken down: 2 addresses" in ended.out and urls[2] in ended.out


def test_takedown_of_a_lost_file_says_that_rows_may_be_left_also_in_an_older_warehouse(
    command: Command, own: Path, tmp_path: Path
):
    """Its items do not say whether their texts are of files, but visits of those that were read do."""
    rows = nights.batch(9, 0)
    urls = [f"{file_url(tmp_path)}/rows.jsonl#0", *rows["item"]["url"].to_pylist()[1:]]
    items = rows["item"].set_column(rows["item"].column_names.index("url"), "url", pa.array(urls))
    etag = LocalContent(b"{}", "application/json", None).etag
    read = {"url": urls[1], "resource": "page", "fetched_at": nights.START, "etag": etag}
    with Warehouse(own).writing(run_id="of-a-file", flow="nightly") as writer:
        writer.commit("1", rows | {"item": items, "visit": nights.table([read])})
    ended = command("takedown", "--input", "rows.jsonl", "--reason", "asked", "--yes", "-w", own)
    assert ended.code == 1 and "rows.jsonl cannot be listed (it is not there)" in ended.err, ended


@pytest.mark.parametrize("named", ["old/rows.csv", "old"], ids=["the file", "its folder"])
def test_takedown_of_a_table_reads_it_as_its_source_does(
    command: Command, own: Path, tmp_path: Path, named: str
):
    """Read with the usual columns and dates, the second row has a date that is none, and the first another address."""
    rows = nights.batch(9, 0)
    urls = rows["item"]["url"].to_pylist()
    with Warehouse(own).writing(run_id="of-a-table", flow="nightly") as writer:
        writer.commit("1", rows)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "rows.csv").write_text(
        f"url,Link,text,date\nhttps://short.example/1,{urls[0]},Some words.,\n,{urls[1]},Some words.,24/11/2026\n"
    )
    source = 'name = "old"\ntype = "table"\nlocation = "old/rows.csv"\ndates = ["%d/%m/%Y"]\nmax_items = 1\n'
    config = tmp_path / "commentariat.toml"
    config.write_text(
        f'[warehouse]\npath = "{own}"\n[[sources]]\n{source}columns = {{ url = "Link" }}\n', encoding="utf-8"
    )
    ended = command("takedown", "--input", named, "--reason", "asked", "--yes", "-c", config)
    assert ended.code == 0, ended
    assert urls[0] in ended.out and urls[1] in ended.out
