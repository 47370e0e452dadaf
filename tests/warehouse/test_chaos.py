"""A short version of the experiment in ``benchmarks/warehouse_chaos.py``: kills while others read and verify."""

from __future__ import annotations

import pytest

from benchmarks.warehouse_chaos import experiment


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nights_killed_at_random_instants_lose_nothing_and_show_no_incomplete_commit(tmp_path):
    came = experiment(kills=6, seed=2, folder=tmp_path)
    assert came.where.total() == 6
    assert all(isinstance(report, tuple) and report[0] > 5 for report in came.analysts), came.analysts
    assert isinstance(came.inspector, tuple) and came.inspector[0] > 0, came.inspector
    assert (came.lost, came.extra, came.findings) == (0, 0, ())
    assert came.equal and came.searchable == came.known_as_copies == came.articles > 0
