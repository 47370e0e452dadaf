"""Short arguments keep the shares of their sources."""

import random
from collections import Counter

import pytest

pytest.importorskip("torch", reason="training needs the extra `train` (torch)")

from training.corpus import Pair, stance_pairs
from training.short_arguments import MISMATCHED, MISMATCHED_WEIGHT, SHARES, WEIGHT, ShortExamples


def test_sources_have_their_shares_and_others_none():
    pairs = [
        Pair(f"target {row % 50}", f"{source} {row}", row % 2, 1.0, source)
        for source in (*SHARES, "manifesto_uk")
        for row in range(400)
    ]
    groups = ShortExamples(pairs).draw(500, random.Random(0))
    own = Counter(group[0].text.split()[0] for group in groups if group[0].stance is not None)
    assert own == {source: round(share * 500) for source, share in SHARES.items()}
    assert {group[0].weight for group in groups if group[0].stance is not None} == {WEIGHT}


def test_some_texts_are_asked_a_target_of_another_text_as_silent():
    pairs = [Pair(f"target {row}", f"{s} text {row}", 0, 1.0, s) for s in MISMATCHED for row in range(300)]
    groups = ShortExamples(pairs).draw(1000, random.Random(0))
    built = [group[0] for group in groups if group[0].stance is None]
    assert 80 <= len(built) <= 90
    assert {(one.about, one.weight) for one in built} == {(0.0, MISMATCHED_WEIGHT)}
    assert all(one.target.split()[1] != one.text.split()[2] for one in built)


def test_all_rows_of_a_source_with_few_rows_are_drawn():
    groups = ShortExamples([Pair("zoos", "they are late", 1, 1.0, "vast")]).draw(1000, random.Random(0))
    assert [group[0].text for group in groups] == ["they are late"]


def test_sides_that_are_exchanged_in_the_file_are_corrected(data):
    sides = {(pair.source, pair.text): pair.stance for pair in stance_pairs(data, "train")}
    text = "We need the ferry and the council should pay for it at once."
    assert sides["perspectrum", text] == 0
    assert sides["procon20", text] == 1


def test_the_relevance_implied_by_a_neutral_label_differs_by_source(data):
    about = {(pair.source, pair.stance): pair.about for pair in stance_pairs(data, "train")}
    assert about["vast", 2] == 0.0
    assert about["newsmtsc", 2] is None
    assert about["vast", 0] == about["newsmtsc", 1] == 1.0
