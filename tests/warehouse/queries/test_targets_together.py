"""Pairs of targets are counted over the articles that speak about both."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.sql_files import QUERIES, VIEWS, load_sql

TARGETS = ("rent", "toll", "tram")
stances = st.sampled_from(["favor", "against", "neutral", "unsure", None])  # None: not about the target


@settings(max_examples=30, deadline=None)
@given(articles=st.lists(st.tuples(stances, stances, stances), max_size=40))
def test_pairs_of_targets_equal_those_counted_one_by_one(articles):
    with duckdb.connect() as connection:
        connection.execute(load_sql("shares", VIEWS))
        connection.execute(
            "CREATE TABLE current_stance (article_id INT, revision INT, target VARCHAR, stance VARCHAR)"
        )
        for number, answers in enumerate(articles):
            for target, stance in zip(TARGETS, answers, strict=True):
                if stance:
                    connection.execute(
                        "INSERT INTO current_stance VALUES (?, 1, ?, ?)", [number, target, stance]
                    )
        found = connection.execute(load_sql("targets_together", QUERIES)).to_arrow_table().to_pylist()
    counts = {
        (TARGETS[a], TARGETS[b]): Counter((answers[a], answers[b]) for answers in articles)
        for a, b in ((0, 1), (0, 2), (1, 2))
    }
    both = {
        pair: sum(n for sides, n in counted.items() if None not in sides) for pair, counted in counts.items()
    }
    assert {(row["target"], row["with_target"]): row["articles"] for row in found} == {
        pair: n for pair, n in both.items() if n
    }
    for row in found:
        counted = counts[row["target"], row["with_target"]]
        same = counted["favor", "favor"] + counted["against", "against"]
        stated = same + counted["favor", "against"] + counted["against", "favor"]
        assert (row["same_side"], row["both_stated"]) == (same, stated)
        assert row["favor_and_against"] == counted["favor", "against"]
        if stated < 5:
            assert row["share_same"] is row["same_low"] is row["same_high"] is None
        else:
            assert row["share_same"] == pytest.approx(same / stated, abs=6e-5)
            assert row["same_low"] <= row["share_same"] <= row["same_high"]
