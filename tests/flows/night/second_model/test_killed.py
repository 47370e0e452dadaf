"""A night with a second model is killed several times: it never repeats committed requests or exceeds the budget."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.second_model_kills import Killed, killed_nights


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_four_kills_leave_the_warehouse_of_an_undisturbed_night(tmp_path: Path):
    found: Killed = killed_nights(tmp_path, kills=4, pieces=60)
    assert found.kills == 4
    assert found.asked_again_after_commit == 0
    assert found.differences == []
    assert found.used_articles <= found.most_articles
    assert found.findings == []
