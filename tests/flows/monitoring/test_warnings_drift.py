"""Drift is reported if a night differs from its history by more than chance explains, and only then."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.monitoring.drift import drift


def counts(tonight: dict[str, int], history: dict[str, int]) -> list[dict[str, object]]:
    return [
        {"answer": answer, "tonight": tonight.get(answer, 0), "history": history.get(answer, 0)}
        for answer in sorted({*tonight, *history})
    ]


def test_a_large_change_of_shares_is_reported_as_drift() -> None:
    found = drift(counts({"favor": 80, "against": 20}, {"favor": 100, "against": 400}), at_least=30)
    assert found is not None
    assert found.beyond_chance == pytest.approx(0.6, abs=0.06)
    assert found.in_short in ("favor 80% instead of 20%", "against 20% instead of 80%")


def test_a_larger_share_of_unsure_answers_is_reported_as_drift() -> None:
    past = {"favor": 300, "against": 200, "neutral": 100, "unsure": 100}
    found = drift(counts({"favor": 30, "against": 20, "neutral": 10, "unsure": 90}, past), at_least=30)
    assert found is not None
    assert found.in_short == "unsure 60% instead of 14%"
    assert found.beyond_chance > 0.25


def test_too_few_articles_are_never_reported_as_drift() -> None:
    assert drift(counts({"favor": 29}, {"against": 500}), at_least=30) is None
    assert drift(counts({"favor": 500}, {"against": 29}), at_least=30) is None
    assert drift([], at_least=1) is None


@pytest.mark.parametrize("night", [30, 100, 1000])
def test_twenty_topics_in_a_small_night_do_not_look_like_drift(night: int) -> None:
    chance = random.Random(night)
    topics = [f"topic {number}" for number in range(20)]
    weights = [1 / (number + 1) for number in range(20)]
    found = []
    for _ in range(200):
        now, past = chance.choices(topics, weights, k=night), chance.choices(topics, weights, k=3000)
        measured = drift(
            counts({t: now.count(t) for t in topics}, {t: past.count(t) for t in topics}), at_least=30
        )
        assert measured is not None
        found.append(measured.beyond_chance)
    assert max(found) < 0.2
    assert sum(found) / len(found) < 0.05


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 500), min_size=1))
def test_a_night_like_its_history_never_drifts(mix: dict[str, int]) -> None:
    found = drift(counts(mix, {answer: 7 * count for answer, count in mix.items()}), at_least=1)
    assert found is not None
    assert found.beyond_chance == 0
