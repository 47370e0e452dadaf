"""Shares and their intervals are right: 95 % of the intervals cover the true share."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from warehouse import Reader, connect

DRAWS = 1_000


@pytest.fixture(scope="module")
def reader(one_published_night) -> Reader:
    return connect(one_published_night)


def intervals(
    reader: Reader, parts: np.ndarray, wholes: np.ndarray
) -> list[tuple[float | None, float | None, float | None]]:
    drawn = pa.table({"part": parts, "whole": wholes})
    with connect(reader.root, tables={"drawn": drawn}) as asked:
        rows = asked.query(
            "SELECT share_of(part, whole) AS s, share_low(part, whole) AS low, share_high(part, whole) AS high "
            "FROM drawn"
        ).to_pylist()
    return [(row["s"], row["low"], row["high"]) for row in rows]


@pytest.mark.parametrize(("fewest", "most"), [(5, 30), (30, 200), (200, 2_000)])
def test_95_in_100_intervals_cover_the_truth(reader: Reader, fewest: int, most: int):
    """The shares have any size: for a single share, counts of whole pieces cannot give exactly 95."""
    chance = np.random.default_rng(20_261_128)
    share, pieces = chance.uniform(0.02, 0.98, DRAWS), chance.integers(fewest, most, DRAWS)
    found = intervals(reader, chance.binomial(pieces, share), pieces)
    covered = sum(low <= p <= high for p, (_, low, high) in zip(share, found, strict=True))  # type: ignore[operator]
    assert 0.93 <= covered / DRAWS <= 0.97


def test_intervals_cover_the_truth_where_one_side_is_more_often_unsure(reader: Reader):
    """Unsure answers count in the whole, so that a side stated less often does not raise the share of the other."""
    chance = np.random.default_rng(7)
    pieces, in_favor, against = 200, 0.5, 0.3
    unsure_if_favor, unsure_if_against = 0.5, 0.05
    stated = (in_favor * (1 - unsure_if_favor), against * (1 - unsure_if_against))
    draws = chance.multinomial(pieces, [*stated, 1 - sum(stated)], DRAWS)
    for side, share in enumerate(stated):
        found = intervals(reader, draws[:, side], np.full(DRAWS, pieces))
        covered = sum(low <= share <= high for _, low, high in found if low is not None and high is not None)
        assert 0.93 <= covered / DRAWS <= 0.97
    # If unsure answers were left out of the whole, the intervals of the same pieces would nearly always be wrong.
    sides = draws[:, 0] + draws[:, 1]
    found = intervals(reader, draws[:, 0], sides)
    truth = in_favor / (in_favor + against)
    covered = sum(low <= truth <= high for _, low, high in found if low is not None and high is not None)
    assert covered / DRAWS < 0.1


def test_fewer_than_five_pieces_have_no_share(reader: Reader):
    found = intervals(reader, np.array([0, 2, 4, 5]), np.array([0, 4, 4, 5]))
    assert found[:3] == [(None, None, None)] * 3
    assert found[3][0] == 1


@pytest.mark.parametrize(("part", "whole"), [(0, 5), (5, 5), (1, 10), (37, 100), (999_999, 1_000_000)])
def test_an_interval_is_wilsons_interval(reader: Reader, part: int, whole: int):
    z = 1.959964
    centre = (part + z * z / 2) / (whole + z * z)
    half = z / (whole + z * z) * math.sqrt(part * (whole - part) / whole + z * z / 4)
    ((share, low, high),) = intervals(reader, np.array([part]), np.array([whole]))
    assert share == pytest.approx(part / whole, abs=1e-4)
    assert low == pytest.approx(max(0, centre - half), abs=1e-4)
    assert high == pytest.approx(min(1, centre + half), abs=1e-4)
    assert low <= share <= high
