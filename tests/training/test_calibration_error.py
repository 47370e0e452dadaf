"""``benchmarks.real_opeds`` counts the calibration error in bins of equal mass: by what the cells represent."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the calibration needs the extra `train` (scipy)")

from benchmarks.real_opeds import BINS, bins_of_equal_mass, calibration_error, reliability


def sizes(weight):
    return [len(rows) for rows in bins_of_equal_mass(np.asarray(weight, dtype=float))]


def test_cells_of_equal_weight_are_divided_evenly():
    assert sizes([1.0] * 40) == [4] * BINS
    assert sizes([1.0] * 4) == [1] * 4


def test_heavy_cells_fill_their_bins_alone():
    # ten cells of weight 9 and ninety of weight 1: a bin has a weight of 18
    assert sizes([9.0] * 10 + [1.0] * 90) == [2] * 5 + [18] * 5


def test_every_cell_is_in_one_bin_in_the_order_of_the_cells():
    weight = np.random.default_rng(3).choice([1.0, 3.3], size=77)
    bins = bins_of_equal_mass(weight)
    assert np.concatenate(bins).tolist() == list(range(77))
    assert max(weight[rows].sum() for rows in bins) <= weight.sum() / BINS + weight.max()


def test_no_cell_makes_no_bin():
    assert bins_of_equal_mass(np.zeros(0)) == []


def test_a_cell_that_stands_for_several_counts_as_so_many_cells():
    weight = np.asarray([9.0] * 10 + [1.0] * 90)
    p, hit = np.linspace(0.2, 0.9, len(weight)), np.random.default_rng(5).random(len(weight)) < 0.4
    times = weight.astype(int)
    counted_singly = calibration_error(np.repeat(p, times), np.repeat(hit, times), np.ones(times.sum()))
    assert calibration_error(p, hit, weight) == pytest.approx(counted_singly)


def test_the_curve_of_no_answer_has_no_point():
    assert list(reliability([])) == []
