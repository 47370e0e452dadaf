"""``commentariat sql``: its options, its formats, and queries from a pipe."""

import csv
import io
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.flows.conftest import Command


def test_sql_prints_a_table(command: Command, published: Path):
    ended = command("sql", "SELECT outcome, count(*) AS n FROM outcome GROUP BY ALL", "-w", published)
    assert re.search(r"loaded +12", ended.out)


@pytest.mark.parametrize("output_format", ["csv", "json"])
def test_sql_writes_for_programs(command: Command, published: Path, output_format: str):
    out = command("sql", "SELECT title FROM article ORDER BY ALL", "-w", published, "-f", output_format).out
    if output_format == "csv":
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


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_sql_from_a_pipe_that_is_not_utf_8_is_refused(
    command: Command, published: Path, monkeypatch: pytest.MonkeyPatch, errors: str
):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"SELECT 'caf\xe9'"), "utf-8", errors))
    ended = command("sql", "-", "-w", published)
    assert ended.code == 2
    assert ended.err == "commentariat: standard input is not in utf-8: write the SQL in UTF-8\n"


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
        (("stances", "--list"), "--list lists all saved queries"),
        (("SELECT 1", "--list"), "--list lists all saved queries"),
        (("stances", "--show", "--list"), "--list lists all saved queries"),
        (("--list", "--show"), "--list lists all saved queries"),
        (("--show",), "--show prints the SQL of one saved query"),
    ],
)
def test_options_that_do_not_belong_to_what_is_asked_are_refused(
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


def test_the_reason_of_an_empty_result_is_shown_apart_from_the_result(command: Command, published: Path):
    ended = command("sql", "FROM stance_by_outlet('carbon')", "-w", published, "-f", "csv")
    assert ended.out.startswith("outlet,articles,")
    assert ended.err == "No row: there is no target 'carbon'; did you mean 'carbon-tax'?\n"


@pytest.mark.parametrize(
    "call",
    [
        ("sql", "stances"),
        ("sql", "stances", "--show"),
        ("sql", "--list"),
        ("export", "out", "--query", "stances"),
    ],
    ids=" ".join,
)
def test_a_query_of_ones_own_with_a_name_of_the_program_is_named_as_not_used(
    command: Command, own: Path, call: tuple[str, ...]
):
    before = command(*call, "-w", own)
    file = own / "queries" / "stances.sql"
    file.parent.mkdir()
    file.write_text("SELECT 6 * 7 AS answer")
    ended = command(*call, "-w", own)
    why = "because the program has a query stances itself: give the file another name"
    assert (ended.code, ended.out) == (0, before.out), ended.err
    assert ended.err.splitlines() == [*before.err.splitlines(), f"Attention: {file} is not used, {why}"]
    assert "Attention" not in command("sql", "outcomes", "-w", own).err
