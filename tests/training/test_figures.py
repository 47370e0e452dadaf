"""The figures in the tables of results."""

import numpy as np
import pytest

from training.figures import likeliest, macro_f1, macro_f1_by_source


def test_macro_f1_is_the_mean_of_the_f1_of_every_class():
    gold, predicted = [0, 0, 1, 1, 2], [0, 1, 1, 1, 0]
    assert macro_f1(gold, predicted, [0, 1, 2]) == pytest.approx((0.5 + 0.8 + 0.0) / 3)


def test_a_source_counts_only_the_classes_that_it_has():
    sources = ["two_sides", "with_neutral", "two_sides", "with_neutral", "with_neutral"]
    gold, predicted = [0, 0, 1, 1, 2], [0, 0, 2, 1, 1]
    found = macro_f1_by_source(sources, gold, predicted)
    assert list(found) == ["two_sides", "with_neutral"]
    assert found["two_sides"] == pytest.approx((1.0 + 0.0) / 2)
    assert found["with_neutral"] == pytest.approx((1.0 + 2 / 3 + 0.0) / 3)


def test_a_source_without_a_class_is_never_answered_with_it():
    sure_of_the_third = np.asarray([[0.1, 0.3, 0.9]] * 4, dtype=np.float32)
    sources = ["two_sides", "two_sides", "with_neutral", "with_neutral"]
    assert likeliest(sources, [0, 1, 0, 2], sure_of_the_third) == [1, 1, 2, 2]
