"""An output never replaces a file that the same command reads, and its ending never names another format."""

from pathlib import Path

import pytest

from tests.flows.cli.conftest import PAGE
from tests.flows.conftest import Command


@pytest.mark.parametrize("output", ["page.html", "link.html", "./page.html"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("extract", "page.html"),
        ("extract", "."),
        ("classify", "page.html", "-t", "Tolls"),
        ("classify", ".", "-t", "Tolls"),
    ],
)
def test_an_output_that_is_an_input_is_refused(
    command: Command, tmp_path: Path, arguments: tuple[str, ...], output: str
):
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "link.html").symlink_to("page.html")
    ended = command(*arguments, "-o", output)
    assert ended.code == 2 and "the command reads this file and would replace it" in ended.err
    assert (tmp_path / "page.html").read_text() == PAGE


def test_a_result_does_not_replace_a_table_that_the_query_reads(
    command: Command, published: Path, tmp_path: Path
):
    (tmp_path / "owners.csv").write_text("outlet,owner\nHarbor Ledger,Ada\n")
    ended = command(
        "sql", "SELECT outlet FROM owners", "--with", "owners=owners.csv", "-o", "owners.csv", "-w", published
    )
    assert ended.code == 2 and "would replace it" in ended.err
    assert "Ada" in (tmp_path / "owners.csv").read_text()


def test_an_export_does_not_replace_a_table_that_it_reads(command: Command, published: Path, tmp_path: Path):
    (tmp_path / "owners.csv").write_text("outlet,code\nHarbor Ledger,007\n")
    named = ("--table", "owners", "-f", "csv", "--with", "owners=owners.csv", "-w", published)
    ended = command("export", ".", *named)
    assert ended.code == 2 and "would replace it" in ended.err
    assert (tmp_path / "owners.csv").read_text() == "outlet,code\nHarbor Ledger,007\n"
    assert command("export", "out", *named).code == 0


@pytest.mark.parametrize(
    ("call", "output", "message"),
    [
        (
            ("classify", "page.html"),
            "stance.csv",
            "one JSON object on each line is written, which is not what .csv says",
        ),
        (("extract", "page.html"), "PAGES.PARQUET", "name a file that ends in .jsonl"),
        (("extract", "page.html"), "pages.jsonl.gz", "which is not what .gz says"),
        (
            ("report",),
            "november.pdf",
            "HTML is written, which is not what .pdf says: name a file that ends in .html",
        ),
    ],
)
def test_a_file_whose_ending_names_another_format_is_refused(
    command: Command,
    published: Path,
    tmp_path: Path,
    call: tuple[str, ...],
    output: str,
    message: str,
):
    (tmp_path / "page.html").write_text(PAGE)
    where = ("-w", published) if call == ("report",) else ()
    ended = command(*call, *where, "-o", output)
    assert ended.code == 2 and ended.err.startswith(f"commentariat: {output}: ") and message in ended.err
    assert not (tmp_path / output).exists()


@pytest.mark.parametrize("output", ["pages.jsonl", "pages.json", "pages.2026-11-30", "pages"])
def test_an_ending_that_names_no_other_format_is_taken(command: Command, tmp_path: Path, output: str):
    (tmp_path / "page.html").write_text(PAGE)
    assert command("extract", "page.html", "-o", output).code == 0
    assert (tmp_path / output).read_text().startswith('{"path": "page.html"')
