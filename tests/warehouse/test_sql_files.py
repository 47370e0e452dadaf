"""Every SQL file of the warehouse is used, and the names that the files define are known."""

from __future__ import annotations

import duckdb

from warehouse.definitions.tables import IN_FILES
from warehouse.sql_files import VIEWS, load_sql, names, names_for_analysts, views_sql


def test_the_script_of_the_views_has_every_file_of_their_folder_once():
    script = views_sql()
    times = {name: script.count(load_sql(name, VIEWS)) for name in names(VIEWS)}
    assert set(times) and set(times.values()) == {1}, times


def test_a_published_file_has_the_views_and_macros_that_are_listed_for_analysts(filled):
    published = (filled.root / "warehouse.duckdb").resolve()
    with duckdb.connect(str(published), read_only=True) as connection:
        there = connection.execute(
            "SELECT function_name FROM duckdb_functions() WHERE NOT internal "
            "UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
    assert {name for (name,) in there} - set(IN_FILES) == names_for_analysts()
