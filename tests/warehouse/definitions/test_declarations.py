"""Tables, columns and keys are declared in full; the data dictionary is generated from them."""

from __future__ import annotations

import pytest

from warehouse.definitions.schema import SCHEMA_VERSION
from warehouse.definitions.tables import BOOKKEEPING, TABLES


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
