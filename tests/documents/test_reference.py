"""The reference pages are generated from the code, and explain every key and every query."""

import re
from pathlib import Path

import pytest

from documents import configuration
from documents.reference import PAGES
from flows.settings.config import Config
from warehouse.sql_files import QUERIES, names

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_reference_page_equals_the_page_generated_from_the_code(page: Path):
    assert page.read_text("utf-8") == PAGES[page](), "run `make reference`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_cell_of_a_table_is_split_by_a_bar_of_its_text(page: Path):
    for table in tables(PAGES[page]()):
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in table} == {table[0].count("|")}


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
