"""Tables are documented, and the document is generated from the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.definitions.dictionary import dictionary
from warehouse.definitions.schema import SCHEMA_VERSION
from warehouse.definitions.tables import BOOKKEEPING, TABLES

DOCUMENT = Path(__file__).parents[3] / "docs" / "data-dictionary.md"


def test_the_data_dictionary_is_up_to_date():
    assert DOCUMENT.read_text(encoding="utf-8").startswith(dictionary()), "run `make reference`"


def test_the_search_is_in_the_data_dictionary_though_no_published_file_has_it():
    assert "| `search(words, most := NULL)` | A full-text search" in dictionary()


@pytest.mark.parametrize("table", [*TABLES.values(), *BOOKKEEPING], ids=lambda table: table.name)
def test_every_table_and_column_says_what_it_means(table):
    assert table.comment.endswith(".")
    for column in (*table.columns, *table.derived):
        assert column.comment.strip(), column.name
        assert 1 <= column.since <= SCHEMA_VERSION
        assert not (column.required and column.since > 1), "a new column is empty in older files"


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_keys_and_orders_name_columns_and_every_table_says_which_run_wrote_it(table):
    assert set(table.key) | set(table.sort) | set(table.month_from) <= set(table.names)
    assert table.names[-1] == "run_id"
    assert len(set(table.names)) == len(table.names)
