"""The queries that a user saves."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from commentariat import InputError
from warehouse.querying.own_queries import keep_query, own_queries, saved_sql


def test_a_query_that_could_not_be_written_whole_leaves_nothing_and_can_be_saved_again(tmp_path: Path):
    sql = "SELECT count(*) FROM article\n"
    smallest, largest = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, largest))
    try:
        with pytest.raises(InputError, match="cannot be written"):
            keep_query(tmp_path, "mine", sql)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (smallest, largest))
    assert not list((tmp_path / "queries").iterdir())
    keep_query(tmp_path, "mine", sql)
    assert saved_sql("mine", tmp_path) == sql
    assert list(own_queries(tmp_path)) == ["mine"]
