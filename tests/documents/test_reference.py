"""The reference pages are generated from the code, and explain every key and every query."""

import re
from pathlib import Path

import pytest

from documents import configuration
from documents.reference import PAGES
from flows.settings.config import Config
from warehouse.statements import QUERIES, names

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_reference_page_equals_the_page_generated_from_the_code(page: Path):
    assert page.read_text("utf-8") == PAGES[page](), "run `make reference`"


def test_every_key_of_the_configuration_says_what_it_means():
    assert [name for name, field in configuration.every_key() if not field.description] == []


def test_every_section_and_every_query_has_a_heading():
    sections = headings(DOCS / "configuration.md")
    assert {section.strip("[]") for section in sections} == set(Config.model_fields)
    assert headings(DOCS / "queries.md") == list(names(QUERIES))


def headings(page: Path) -> list[str]:
    return re.findall(r"^## `(.+)`$", page.read_text("utf-8"), re.MULTILINE)
