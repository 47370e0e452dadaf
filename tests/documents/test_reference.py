"""The reference pages are generated from the code, and explain every key and every query."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from documents import configuration
from documents.dictionary import dictionary
from documents.reference import PAGES
from flows.cli.commands import application
from flows.settings.config import Config
from tasks.review.records import FORMS
from warehouse.sql_files import QUERIES, names

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_reference_page_equals_the_page_generated_from_the_code(page: Path):
    assert page.read_text("utf-8") == PAGES[page](), "run `make reference`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_cell_of_a_table_is_split_by_a_bar_of_its_text(page: Path):
    for table in tables(PAGES[page]()):
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in table} == {table[0].count("|")}


def test_the_options_of_the_program_itself_are_in_the_reference():
    page = (DOCS / "cli.md").read_text("utf-8")
    program = get_command(application())
    names = [name for option in program.params for name in option.opts] + program.context_settings[
        "help_option_names"
    ]
    assert len(names) >= 5
    assert [name for name in names if f"`{name}`" not in page.partition("\n## ")[0]] == []


def test_a_file_of_answers_may_have_every_ending_that_its_help_names():
    (line,) = {
        line for line in (DOCS / "cli.md").read_text("utf-8").splitlines() if "for Label Studio. |" in line
    }
    assert set(re.findall(r"\.[a-z]+\b", line)) == set(FORMS)


def test_the_search_is_in_the_data_dictionary_though_no_published_file_has_it():
    assert "| `search(words, most := NULL)` | A full-text search" in dictionary()


def test_every_key_of_the_configuration_says_what_it_means():
    assert [name for name, field in configuration.every_key() if not field.description] == []


def test_every_section_and_every_query_has_a_heading():
    sections = headings(DOCS / "configuration.md")
    assert {section.strip("[]") for section in sections} == set(Config.model_fields)
    assert headings(DOCS / "queries.md") == list(names(QUERIES))


def headings(page: Path) -> list[str]:
    return re.findall(r"^## `(.+)`$", page.read_text("utf-8"), re.MULTILINE)


def tables(page: str) -> list[list[str]]:
    """Return the rows of each table of a page; the first row of a table is its header."""
    return [table.splitlines() for table in re.findall(r"^(?:\|.*\n)+", page, re.MULTILINE)]
