"""Every file of the views is part of the script that makes them."""

from __future__ import annotations

from warehouse.sql_files import VIEWS, load_sql, names, views_sql


def test_the_script_of_the_views_has_every_file_of_their_folder_once():
    script = views_sql()
    times = {name: script.count(load_sql(name, VIEWS)) for name in names(VIEWS)}
    assert set(times) and set(times.values()) == {1}, times
