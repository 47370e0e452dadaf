"""Every command: its help, its exit codes, its errors without a traceback, its place in the reference."""

import csv
import errno
import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.main import get_command

import commentariat
from flows.cli import app
from flows.cli.app import named_path
from flows.cli.classify import classify
from flows.cli.reference import reference
from flows.settings.config import Config, load_config
from models.loading import STATED_RIGHT
from tasks.urls import file_url
from tests.flows.conftest import Command
from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.takedown import take_down

ROOT = Path(__file__).parents[3]
COMMANDS = get_command(app).commands
PAGE = (
    """<html><head><title>Charge the drivers</title><meta name="author" content="Ada Writer"></head><body><article>
<h1>Charge the drivers</h1>"""
    + "".join(
        f"<p>Cities should charge drivers, and reason number {n} is that streets are for the people who live on them, "
        f"which nobody at the meeting of the council on evening {n} would say aloud.</p>"
        for n in range(12)
    )
    + "</article></body></html>"
)


def test_the_reference_is_current():
    """To write the page again: ``python -m flows.cli.reference > docs/cli.md``."""
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == reference()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_with_an_example(command: Command, name: str):
    ended = command(name, "--help")
    assert ended.code == 0
    assert "For example" in ended.out
    assert f"commentariat {name}" in ended.out


@pytest.mark.parametrize("name", COMMANDS)
def test_no_argument_or_option_is_without_an_explanation(name: str):
    documented = (ROOT / "docs" / "cli.md").read_text("utf-8")
    section = documented.split(f"## `commentariat {name}`")[1].split("\n## ")[0]
    for parameter in COMMANDS[name].params:
        assert parameter.help, parameter.name
        for spelling in parameter.opts if parameter.param_type_name == "option" else [parameter.metavar]:
            assert f"`{spelling}`" in section


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_described_in_a_guide(name: str):
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    guides = " ".join(page.read_text("utf-8") for page in pages if page.name != "cli.md")
    assert f"commentariat {name}" in guides


def test_without_a_command_there_is_help(command: Command):
    ended = command()
    assert all(name in ended.out + ended.err for name in COMMANDS)


def test_the_version_is_shown(command: Command):
    assert command("--version").out == f"commentariat {commentariat.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("sql", "--formt", "csv"), ("classify",), ("takedown", "--url", "https://a.example/")],
)
def test_a_mistake_in_a_command_ends_with_exit_code_2(command: Command, arguments: tuple[str, ...]):
    ended = command(*arguments)
    assert ended.code == 2
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("status", "-w", ""), "the path is empty"),
        (("run", "--config", ""), "the path is empty"),
        (("sql", "SELECT 1", "--output", ""), "the path is empty"),
        (("run", "--input", ""), "an input is empty"),
        (("export", "", "-w", "w"), "the path is empty"),
        (("extract", ""), "the path is empty"),
        (("extract", "page.html", " "), "the path is empty"),
        (("classify", ""), "the path is empty"),
        (("init", ""), "the path is empty"),
        (("init", "", "--force"), "the path is empty"),
        (("second-model", "try", ""), "the path is empty"),
        (("review", "sample", ""), "the path is empty"),
        (("review", "recalibrate", ""), "the path is empty"),
        (("review", "import", ""), "the path is empty"),
        (("discover", ""), "an input is empty"),
    ],
)
def test_an_empty_path_is_not_the_current_folder(command: Command, arguments: tuple[str, ...], message: str):
    ended = command(*arguments)
    assert ended.code == 2
    assert message in ended.err


def test_every_path_of_the_command_line_is_read_in_the_same_way():
    def paths_of(name: str, command: Any) -> Iterator[tuple[str, object]]:
        for parameter in command.params:
            if "Path" in str(parameter.type_descriptor.annotation):
                yield f"{name} {parameter.name}", parameter.type_descriptor.parameter_info.parser
        for part, inner in getattr(command, "commands", {}).items():
            yield from paths_of(f"{name} {part}", inner)

    parsers = dict(paths_of("commentariat", get_command(app)))
    assert {"commentariat init file", "commentariat classify files", "commentariat run config"} <= set(
        parsers
    )
    assert [name for name, parser in parsers.items() if parser is not named_path] == []


def test_a_warehouse_in_the_home_folder_is_found_though_the_shell_leaves_the_tilde(
    command: Command, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(own.parent))
    name = f"--warehouse=~/{own.name}"
    assert command("status", name).code == 0
    assert command("sql", "SELECT 1", name).code == 0
    assert command("compact", name, "--min-files", "2").code == 0
    assert command("export", "~/out", name).code == 0
    assert (own.parent / "out" / "manifest.json").is_file()
    assert not (tmp_path / "~").exists()
    ended = command("status", "--warehouse=~nosuchuser/press")
    assert (ended.code, "the home folder ~nosuchuser is not known" in ended.err) == (2, True)


@pytest.mark.parametrize("name", ["~$page.html", "./~page.html", "~folder/page.html"])
def test_a_name_that_begins_with_a_tilde_is_no_home_folder(command: Command, tmp_path: Path, name: str):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(PAGE)
    ended = command("extract", name, "-o", "~pages.jsonl")
    assert ended.code == 0, ended
    assert json.loads((tmp_path / "~pages.jsonl").read_text())["title"] == "Charge the drivers"
    ended = command("discover", name)
    assert ended.code == 0 and "1 to take" in ended.out + ended.err, ended


@pytest.mark.parametrize(
    "arguments",
    [("init", "NAME"), ("sql", "SELECT 1", "-w", "NAME"), ("verify", "-w", "NAME"), ("extract", "NAME")],
)
def test_a_name_that_no_file_can_have_is_a_mistake_and_no_traceback(
    command: Command, arguments: tuple[str, ...]
):
    ended = command(*("a" * 300 if word == "NAME" else word for word in arguments))
    assert ended.code == 2
    assert "File name too long" in ended.err.replace("\n", " ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("try", "Tolls are good", "--sample"),
        ("try", "Tolls are good", "--show"),
        ("search", "tolls", "--limit"),
        ("review", "sample", "questions.csv", "--size"),
        ("compact", "--min-files"),
        ("classify", "a.txt", "--threads"),
    ],
)
def test_a_number_above_the_limit_of_an_option_is_refused_with_its_range(
    command: Command, arguments: tuple[str, ...]
):
    ended = command(*arguments, "9" * 20)
    assert ended.code == 2
    assert "Input should be less than or equal to" in ended.err


def test_a_terminal_in_latin_1_shows_what_it_can(published: Path, tmp_path: Path):
    def printed(*arguments: str) -> str:
        command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
        environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
        return subprocess.run(command, capture_output=True, check=True, env=environment).stdout.decode(
            "latin-1"
        )

    shown = printed("sql", "SELECT '\u201cN\xf3\u201d' AS said", "-w", str(published))
    assert "?N\xf3?" in shown
    page = tmp_path / "page.html"
    page.write_text(PAGE.replace("Charge the drivers", "\u201cCharge\u201d the drivers"), encoding="utf-8")
    assert "\u201cCharge\u201d" in json.loads(printed("extract", str(page)))["title"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("run", "--config", "missing.toml"), 2, "missing.toml: no such configuration file"),
        (("run", "--input", "missing.html"), 2, "missing.html: no such file or folder"),
        (("run", "--input", "ftp://a.example/x"), 2, "ftp"),
        (("sql", "SELECT 1", "-w", "nowhere"), 4, "there is no warehouse"),
        (("status", "-w", "nowhere"), 4, "there is no warehouse"),
        (("verify", "-w", "nowhere"), 4, "there is no warehouse"),
        (("compact", "-w", "nowhere"), 4, "there is no warehouse"),
        (("publish", "-w", "nowhere"), 4, "there is no warehouse"),
        (("export", "out", "-w", "nowhere"), 4, "there is no warehouse"),
        (("takedown", "--yes", "--reason", "r", "--url", "u", "-w", "nowhere"), 4, "there is no warehouse"),
        (("takedown", "--yes", "--reason", "r"), 2, "nothing was named"),
        (("classify", "missing.txt"), 2, "missing.txt: cannot be read"),
        (("extract", "missing.html"), 2, "missing.html: no such file or folder"),
        (("discover", "harbour-ledger"), 2, "did you mean 'harbor-ledger'?"),
        (
            ("discover", "a.txt", "--since", "2026-10-10", "--until", "2026-10-01"),
            2,
            "no time between the two",
        ),
        (("serve", "--config", "missing.toml"), 2, ""),
        (("rescore", "--dry-run", "-w", "nowhere"), 4, "there is no warehouse"),
    ],
)
def test_an_error_is_one_message_that_names_the_thing(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, message: str
):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    ended = command(*arguments)
    assert ended.code == code, ended
    assert ended.err.startswith("commentariat: ")
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


def test_a_command_that_only_reads_creates_no_warehouse(command: Command, tmp_path: Path):
    for arguments in (("status",), ("sql", "SELECT 1"), ("compact",), ("rescore", "--dry-run")):
        command(*arguments, "-w", "typing-mistake")
    assert not (tmp_path / "typing-mistake").exists()


# --- init


def test_init_writes_a_valid_configuration_once(command: Command, tmp_path: Path):
    assert command("init").code == 0
    assert load_config(tmp_path / "commentariat.toml", {}).sources
    again = command("init")
    assert again.code == 2
    assert "already there; --force overwrites it" in again.err
    assert command("init", "--force").code == 0


def test_init_into_a_folder_that_is_missing_is_reported(command: Command):
    assert "cannot be written" in command("init", "missing/commentariat.toml").err


# --- sql, status, export


def test_sql_prints_a_table(command: Command, published: Path):
    ended = command("sql", "SELECT outcome, count(*) AS n FROM outcome GROUP BY ALL", "-w", published)
    assert re.search(r"loaded +12", ended.out)


@pytest.mark.parametrize("answer_format", ["csv", "json"])
def test_sql_writes_for_programs(command: Command, published: Path, answer_format: str):
    out = command("sql", "SELECT title FROM article ORDER BY ALL", "-w", published, "-f", answer_format).out
    if answer_format == "csv":
        titles = [row["title"] for row in csv.DictReader(io.StringIO(out))]
    else:
        titles = [json.loads(line)["title"] for line in out.splitlines()]
    assert len(titles) == 12
    assert titles[0] == "Piece 1/0/0"


def test_sql_writes_parquet_to_a_file(command: Command, published: Path, tmp_path: Path):
    command("sql", "FROM stance", "-w", published, "--format", "parquet", "-o", "stance.parquet")
    assert pq.read_table(tmp_path / "stance.parquet").num_rows == 24


def test_sql_reads_from_a_pipe(command: Command, published: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 6 * 7 AS answer"))
    assert "42" in command("sql", "-", "-w", published).out


def test_a_query_may_begin_with_a_comment_but_a_mistyped_option_is_not_a_query(
    command: Command, published: Path
):
    asked = command(
        "sql", "-- How many = what?\nSELECT count(*) AS n FROM article", "-w", published, "-f", "csv"
    )
    assert (asked.code, asked.out) == (0, "n\n12\n")
    for mistyped in ("--lst", "-z", "--lst=1"):
        ended = command("sql", mistyped, "-w", published)
        assert ended.code == 2 and "there is no option" in ended.err


def test_saved_queries_are_listed_and_shown(command: Command):
    assert "outcomes" in command("sql", "--list").out
    assert command("sql", "outcomes", "--show").out.startswith("-- ")
    assert command("sql", "no-such", "--show").code == 2


def test_wrong_sql_is_exit_code_2(command: Command, published: Path):
    ended = command("sql", "SELEC 1", "-w", published)
    assert ended.code == 2
    assert ended.err.startswith("commentariat: Parser Error")


def test_status_shows_what_is_stored(command: Command, published: Path):
    out = command("status", "-w", published).out
    assert "Run night-1" in out
    assert re.search(r"taken in +12", out)
    assert "commentariat sql" in out


def test_status_shows_the_latest_night_after_other_work(command: Command, published: Path, tmp_path: Path):
    warehouse = tmp_path / "warehouse"
    shutil.copytree(published, warehouse, symlinks=True)
    first = command("sql", "SELECT url FROM article LIMIT 1", "-w", warehouse, "-f", "csv")
    assert not first.err
    one = first.out.split()[1]
    assert command("takedown", "--url", one, "--reason", "asked for", "-y", "-w", warehouse).code == 0
    assert "takedown" in command("sql", "runs", "-w", warehouse).out
    assert "Run night-1" in command("status", "-w", warehouse).out


def test_status_says_if_the_answers_that_count_differ_from_the_configured_reading(
    command: Command, own: Path, tmp_path: Path
):
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[warehouse]\npath = "{own}"\n[model]\nstated_right = 0.6\n', encoding="utf-8")
    assert "Reading:" not in command("status", "-c", config).out
    reading = {"model_version": nights.MODEL, "name": "fast", "stated_right": 0.7, "rank": 1}
    with Warehouse(own).writing(flow="rescore") as writer:
        writer.commit("reading", {"reading": nights.table([reading | {"current_from": nights.START}])})
        writer.commit("model", nights.model_row("fast-2", 2))
        writer.publish()
    output = command("status", "-c", config).out
    assert "the answers that count are from fast at stated_right = 0.7" in output
    assert "24 answers that count are of fast (fast-1)" in output


def test_search_finds_articles_by_their_words(command: Command, published: Path):
    ended = command("search", '"asked the workers"', "-w", published, "-n", "3", "-f", "csv")
    found = list(csv.DictReader(io.StringIO(ended.out)))
    assert len(found) == 3
    assert all(row["title"].startswith("Piece 1/") for row in found)
    assert (
        list(csv.DictReader(io.StringIO(command("search", "zebra", "-w", published, "-f", "csv").out))) == []
    )
    two_words = command("search", "asked", "workers", "-w", published, "-f", "csv")
    assert len(list(csv.DictReader(io.StringIO(two_words.out)))) == 12
    nothing = command("search", "???", "-w", published)
    assert nothing.code == 2
    assert nothing.err == "commentariat: '???' holds no word to search for\n"


def test_export_writes_files_and_a_manifest(command: Command, published: Path, tmp_path: Path):
    ended = command(
        "export", "out", "--table", "article", "--query", "outcomes", "--format", "csv", "-w", published
    )
    assert ended.code == 0, ended
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {file["file"]: file["rows"] for file in manifest["files"]} == {
        "article.csv": 12,
        "outcomes.csv": 1,
    }
    assert (tmp_path / "out" / "article.csv").read_text().count("\n") == 13


def test_tables_of_ones_own_come_from_the_command_line_and_from_the_configuration(
    command: Command, published: Path, tmp_path: Path
):
    (tmp_path / "owners.csv").write_text("outlet,owner\nHarbor Ledger,Coast Media\n")
    (tmp_path / "commentariat.toml").write_text(
        f"[warehouse]\npath = {str(published)!r}\n[tables]\nowners = 'owners.csv'\n"
    )
    query = "SELECT DISTINCT owner FROM article JOIN owners USING (outlet)"
    configured = command("sql", query, "-o", "configured.csv")
    assert configured.code == 0, configured.err
    assert (tmp_path / "configured.csv").read_text() == "owner\nCoast Media\n"
    named = command("sql", query, "-w", published, "--with", "owners=owners.csv", "-f", "csv")
    assert named.out == "owner\nCoast Media\n"
    assert command("sql", query, "-w", published).code == 2
    exported = command("export", "out", "--table", "owners", "--query", "outcomes", "-f", "csv")
    assert exported.code == 0, exported.err
    assert (tmp_path / "out" / "owners.csv").read_text() == "outlet,owner\nHarbor Ledger,Coast Media\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("",), "the query is empty"),
        ((" ", "--output", "out.csv"), "the query is empty"),
        (("--output", "out.csv"), "belong to a query"),
        (("--format", "csv"), "belong to a query"),
        (("--with", "owners=owners.csv"), "belong to a query"),
        (("--list", "--output", "out.csv"), "belong to a query"),
        (("stances", "--show", "--output", "out.csv"), "belong to a query"),
        (("-", "--output", "out.csv"), "standard input is empty"),
    ],
)
def test_an_answer_without_a_query_is_refused(
    command: Command,
    published: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    ended = command("sql", *arguments, "-w", published)
    assert ended.code == 2 and message in ended.err and not ended.out
    assert not (tmp_path / "out.csv").exists()


def test_the_reason_of_an_empty_answer_is_shown_apart_from_the_answer(command: Command, published: Path):
    ended = command("sql", "FROM stance_by_outlet('carbon')", "-w", published, "-f", "csv")
    assert ended.out.startswith("outlet,articles,")
    assert ended.err == "No row: there is no target 'carbon'; did you mean 'carbon-tax'?\n"


def test_a_citable_export_names_its_state_and_refuses_other_options(
    command: Command, published: Path, tmp_path: Path
):
    ended = command("export", "cited", "--at", "5", "-f", "csv", "-w", published)
    assert ended.code == 0, ended.err
    manifest = json.loads((tmp_path / "cited" / "manifest.json").read_text())
    assert manifest["commit"] == 5 and manifest["data_sha256"] in ended.out
    assert "see the model card" in (tmp_path / "cited" / "codebook.md").read_text()
    for arguments, message in (
        (("--at", "yesterday"), "neither the number of a commit nor a day"),
        (("--at", "0001-01-01T00:00:00+05:00"), "neither the number of a commit nor a day"),
        (("--at", "99"), "the last one is 5"),
        (("--at", "2999-01-01"), "the time until 2999-01-01 23:59 UTC is not over"),
        (("--at", f"{datetime.now(UTC):%Y-%m-%d}"), "is not over"),
        (("--at", "2999-01-01T00:00:00+05:00"), "is not over"),
        (("--at", "5", "--table", "stance"), "leave out --table"),
        (("--texts",), "--texts is used with --at"),
    ):
        ended = command("export", "out", *arguments, "-w", published)
        assert ended.code == 2 and message in ended.err


def test_rescore_refuses_an_unknown_target_and_lists_the_configured_ones(command: Command, published: Path):
    ended = command("rescore", "--dry-run", "--target", "no-such", "-w", published)
    assert ended.code == 2
    assert "no target no-such; configured are ai-licensing" in ended.err


@pytest.mark.parametrize("arguments", [("run", "--input"), ("run", "--target"), ("rescore", "--target")])
def test_a_word_that_is_not_utf_8_is_shown(command: Command, arguments: tuple[str, str]):
    ended = command(*arguments, b"caf\xe9".decode(errors="surrogateescape"))
    assert ended.code == 2
    assert ended.err.startswith(
        f"commentariat: {arguments[1]} 'caf\ufffd': this is not UTF-8; write it in UTF-8"
    )


# --- verify, compact, takedown


@pytest.fixture
def own(published: Path, tmp_path: Path) -> Path:
    path = tmp_path / "own"
    shutil.copytree(published, path, symlinks=True)
    return path


def test_verify_says_that_a_warehouse_is_sound(command: Command, own: Path):
    ended = command("verify", "-w", own)
    assert ended.code == 0
    assert ended.out.rstrip().endswith("sound")


def test_verify_finds_an_altered_file(command: Command, own: Path):
    file = next((own / "data" / "article").rglob("*.parquet"))
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    ended = command("verify", "-w", own)
    assert ended.code == 4
    assert f"{file} has been altered" in ended.out


def test_verify_checks_the_files_also_if_an_entry_of_the_log_is_damaged(command: Command, own: Path):
    file = next((own / "data" / "article").rglob("*.parquet"))
    file.unlink()
    (own / "log" / "00000004.json").write_text("{}")
    ended = command("verify", "-w", own)
    assert ended.code == 4
    assert "log: " in ended.out and "00000004.json" in ended.out
    assert f"files: {file} is missing" in ended.out


def test_compact_changes_files_and_no_rows(command: Command, own: Path):
    before = command("sql", "FROM stance ORDER BY ALL", "-w", own, "-f", "csv").out
    ended = command("compact", "--min-files", "2", "-w", own)
    assert "files became" in ended.out
    assert command("sql", "FROM stance ORDER BY ALL", "-w", own, "-f", "csv").out == before
    assert command("verify", "-w", own).code == 0


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


@pytest.mark.parametrize("log", ["files", "delta"])
def test_a_warehouse_is_shared_by_configuration_and_followed_on_another_machine(
    command: Command, own: Path, tmp_path: Path, log: str
):
    if log == "delta":
        pytest.importorskip("deltalake", reason="needs the package deltalake")
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[warehouse]\nshared = "together"\nlog = "{log}"\n')
    assert command("publish", "-c", config, "-w", own).code == 0
    assert (tmp_path / "together" / ("log" if log == "files" else "commit_log")).is_dir()
    other = tmp_path / "other"
    ended = command("publish", "-c", config, "-w", other)
    assert ended.code == 0 and f"{other / 'warehouse.duckdb'} shows commit" in ended.out
    rows = [
        command("sql", "FROM stance ORDER BY ALL", "-w", place, "-f", "csv").out for place in (own, other)
    ]
    assert rows[0] == rows[1] and rows[0].count("\n") > 1
    gone = command(
        "takedown", "--url", nights.url(1, 0, 0), "--reason", "asked", "--yes", "-c", config, "-w", other
    )
    assert gone.code == 0
    assert command("publish", "-c", config, "-w", own).code == 0
    for place in (own, other):
        answer = command("sql", f"FROM article WHERE url = '{nights.url(1, 0, 0)}'", "-w", place, "-f", "csv")
        assert answer.out.count("\n") == 1, "only the names of the columns"
        assert command("verify", "-w", place).code == 0


def test_a_working_copy_is_not_changed_under_a_configuration_without_its_shared_place(
    command: Command, own: Path, tmp_path: Path
):
    (tmp_path / "shared.toml").write_text('[warehouse]\nshared = "together"\n')
    assert command("publish", "-c", "shared.toml", "-w", own).code == 0
    before = {path: path.read_bytes() for path in (own / "log").glob("[0-9]*.json")}
    url = nights.url(1, 0, 0)
    named = ("takedown", "--url", url, "--reason", "asked", "--yes", "-w", own)
    for arguments in (named, ("compact", "-w", own), ("publish", "-w", own)):
        ended = command(*arguments)
        assert (
            ended.code == 4 and f"is a working copy of the warehouse at {tmp_path / 'together'}" in ended.err
        )
    assert {path: path.read_bytes() for path in (own / "log").glob("[0-9]*.json")} == before
    assert command(*named, "-c", "shared.toml").code == 0


def test_a_folder_named_in_place_of_the_configured_one_does_not_join_the_shared_place(
    command: Command, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "commentariat.toml").write_text('[warehouse]\npath = "here"\nshared = "together"\n')
    for folder in (own, tmp_path / "try"):
        ended = command("publish", "-w", folder)
        assert ended.code == 4 and f"COMMENTARIAT_WAREHOUSE__PATH={folder}" in ended.err
    assert not (tmp_path / "together").exists() and not (tmp_path / "try").exists()
    with monkeypatch.context() as alone:
        alone.setenv("COMMENTARIAT_WAREHOUSE__SHARED", "")
        assert command("publish", "-w", own).code == 0
    assert not (tmp_path / "together").exists()
    monkeypatch.setenv("COMMENTARIAT_WAREHOUSE__PATH", str(own))
    assert command("publish", "-w", own).code == 0
    monkeypatch.delenv("COMMENTARIAT_WAREHOUSE__PATH")
    assert command("publish", "-w", own).code == 0, "it is a working copy now"


def test_a_machine_with_a_warehouse_in_the_default_folder_does_not_join_with_another_one(
    command: Command, own: Path, tmp_path: Path
):
    (tmp_path / "commentariat.toml").write_text('[warehouse]\nshared = "together"\n')
    shutil.copytree(own, tmp_path / "commentary", symlinks=True)
    for folder in (own, tmp_path / "try"):
        ended = command("publish", "-w", folder)
        assert ended.code == 4 and f"COMMENTARIAT_WAREHOUSE__PATH={folder}" in ended.err
    assert not (tmp_path / "together").exists() and not (tmp_path / "try").exists()
    assert command("publish").code == 0
    assert (tmp_path / "together").exists()


# --- extract, classify, discover


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


@pytest.mark.parametrize("output", ["page.html", "link.html", "./page.html"])
@pytest.mark.parametrize(
    "arguments", [("extract", "page.html"), ("extract", "."), ("classify", "page.html", "-t", "Tolls")]
)
def test_an_output_that_is_an_input_is_refused(
    command: Command, tmp_path: Path, arguments: tuple[str, ...], output: str
):
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "link.html").symlink_to("page.html")
    ended = command(*arguments, "-o", output)
    assert ended.code == 2 and "the command reads this file and would replace it" in ended.err
    assert (tmp_path / "page.html").read_text() == PAGE


def test_an_answer_does_not_replace_a_table_that_the_query_reads(
    command: Command, published: Path, tmp_path: Path
):
    (tmp_path / "owners.csv").write_text("outlet,owner\nHarbor Ledger,Ada\n")
    ended = command(
        "sql", "SELECT outlet FROM owners", "--with", "owners=owners.csv", "-o", "owners.csv", "-w", published
    )
    assert ended.code == 2 and "would replace it" in ended.err
    assert "Ada" in (tmp_path / "owners.csv").read_text()


@pytest.mark.parametrize("wrong", [("--taxonomy", "typo.toml"), ("--model", "./nowhere")])
def test_an_earlier_output_stays_if_nothing_can_be_classified(
    command: Command, tmp_path: Path, wrong: tuple[str, str]
):
    (tmp_path / "a.txt").write_text("Cities should charge drivers. " * 8)
    (tmp_path / "stance.jsonl").write_text("earlier\n")
    assert command("classify", "a.txt", "-t", "Tolls", "-o", "stance.jsonl", *wrong).code != 0
    assert (tmp_path / "stance.jsonl").read_text() == "earlier\n"


def test_extract_with_explain_writes_the_signals_of_the_verdict(command: Command, tmp_path: Path):
    (tmp_path / "a.html").write_text(PAGE)
    assert json.loads(command("extract", "a.html", "--explain").out)["signals"]


def test_classify_reads_txt_jsonl_and_parquet(command: Command, tmp_path: Path):
    text = "Cities should charge drivers. " * 8
    (tmp_path / "a.txt").write_text(text)
    rows = [{"id": 1, "text": text}, {"id": "x", "text": text, "target": "Nuclear power"}]
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    pq.write_table(pa.Table.from_pylist([{"id": "p", "text": text, "target": None}]), tmp_path / "c.parquet")
    ended = command(
        "classify", "a.txt", "b.jsonl", "c.parquet", "-t", "Tolls", "-t", "Trams", "--threads", "1"
    )
    assert ended.code == 0, ended
    records = [json.loads(line) for line in ended.out.splitlines()]
    assert [(record["id"], record["target"]) for record in records] == [
        ("a.txt", "Tolls"), ("a.txt", "Trams"), ("1", "Tolls"), ("1", "Trams"), ("x", "Nuclear power"),
        ("p", "Tolls"), ("p", "Trams"),
    ]  # fmt: skip
    keys = [
        "id",
        "target",
        "stance",
        "p_favor",
        "p_against",
        "p_neutral",
        "relevance",
        "about",
        "evidence",
        "topic",
        "topics",
        "model_version",
    ]
    assert all(list(record) == keys for record in records)
    assert ended.err == "classifying: 4 done\n"


def test_classify_answers_a_text_in_another_language_and_says_so(command: Command, tmp_path: Path):
    text = "Die Fähre gehört uns allen, und der Rat der Stadt darf sie nicht verkaufen. " * 9
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    ended = command("classify", "a.txt", "-t", "Tolls", "--threads", "1")
    assert ended.code == 0
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["a.txt"]
    assert ended.err.splitlines() == [
        "Attention: a.txt: a run with the default settings would leave it out: it is in de; configured: en",
        "classifying: 1 done",
    ]


def test_classify_has_the_same_default_of_stated_right_as_a_run():
    (option,) = [one for one in COMMANDS["classify"].params if one.name == "stated_right"]
    assert option.default == Config().model.stated_right


@pytest.mark.parametrize("share", ["0.5", "1", "nan", "85"])
@pytest.mark.parametrize("arguments", [("classify", "a.txt"), ("rescore", "--dry-run")])
def test_an_impossible_share_of_right_stances_is_reported(
    command: Command, arguments: tuple[str, ...], share: str
):
    ended = command(*arguments, "--stated-right", share)
    assert ended.code == 2
    assert "should be above 0.5 and below 1" in " ".join(ended.err.replace("│", " ").split())


def test_classify_without_targets_writes_one_line_for_each_text(command: Command, tmp_path: Path):
    (tmp_path / "a.txt").write_text("The state should build reactors. " * 10)
    (record,) = map(json.loads, command("classify", "a.txt").out.splitlines())
    assert "stance" not in record
    assert record["topics"]


def test_classify_reports_a_missing_model(command: Command, tmp_path: Path):
    (tmp_path / "a.txt").write_text("A text.")
    ended = command("classify", "a.txt", "--model", str(tmp_path / "no-model"))
    assert ended.code == 3
    assert "no-model" in ended.err


def test_discover_shows_what_is_taken_and_what_is_left_out(command: Command, tmp_path: Path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("A text.")
    (tmp_path / "texts" / "b.xyz").write_text("Something else.")
    ended = command("discover", "texts", "-f", "csv")
    rows = {Path(row["url"]).name: row for row in csv.DictReader(io.StringIO(ended.out))}
    assert rows["a.txt"]["verdict"] == "take"
    assert rows["b.xyz"]["verdict"] == "leave out"
    assert ".xyz files are not read" in rows["b.xyz"]["reason"]
    assert ended.err == "texts: 1 to take, 1 left out, 0 problems\n"
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


def test_classify_states_as_many_sides_as_a_night_does_if_nothing_is_configured():
    default = inspect.signature(classify).parameters["stated_right"].default
    assert default == STATED_RIGHT == Config.model_validate({}).model.stated_right
