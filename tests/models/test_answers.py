"""Raw scores become one probability for each possible answer, and a stated stance."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import RawScore, SentenceScore, Target, TargetStance, Wording, WordingScore
from models.answers import AnswerSettings, decide, probabilities
from models.calibration import Calibration

TARGET = Target("zoos", "Zoos should be closed")
CALIBRATED = AnswerSettings(
    stance=Calibration(1.4, (0.0, -0.3, 0.2)),
    relevance_weights=(0.9, 0.1, -0.4),
    screened_out=(0.002, 0.004, 0.003),
    least_relevance=0.4,
    points=((0.6, 0.3), (0.7, 0.42), (0.8, 0.5), (0.9, 0.7), (0.95, 0.88)),
)
SENTENCES = (SentenceScore(0, 10, 0.6, False), SentenceScore(11, 20, 0.4, False))

LOGITS = st.floats(-30, 30, width=32)
WORDING_SCORES = st.builds(
    WordingScore, st.builds(Wording, st.just("w"), st.booleans()), LOGITS, LOGITS, LOGITS, LOGITS
)
RAW_SCORES = st.builds(
    RawScore,
    st.floats(-1, 1.25, width=32),
    st.lists(WORDING_SCORES, max_size=4).map(tuple),
    st.just(SENTENCES),
)
SETTINGS = st.builds(
    AnswerSettings,
    stance=st.builds(Calibration, st.floats(0.2, 5), st.tuples(*[st.floats(-3, 3)] * 3)),
    relevance_weights=st.tuples(st.floats(0, 2), st.floats(-1, 1), st.floats(-3, 3)),
    several_wordings=st.floats(0.5, 3),
    screened_out=st.tuples(*[st.floats(0, 0.1)] * 3),
    least_relevance=st.floats(0.1, 0.9),
    points=st.lists(st.floats(0.1, 1), min_size=1, max_size=5).map(
        lambda thresholds: tuple((0.5 + number / 12, one) for number, one in enumerate(sorted(thresholds)))
    ),
)
SHARES = st.floats(0.5, 1, exclude_min=True, exclude_max=True)


def scored(favor: float, against: float, neutral: float, *, about: float = 20.0, denied: bool = False):
    return WordingScore(Wording("w", denied), favor, against, neutral, about)


def answer(*wordings: WordingScore, threshold: float = 0.6, settings: AnswerSettings | None = None):
    return decide(TARGET, RawScore(0.8, wordings, SENTENCES), settings or AnswerSettings(), threshold)


def sides(answer: TargetStance) -> tuple[float, float, float]:
    return answer.p_favor, answer.p_against, answer.p_neutral


@given(RAW_SCORES, SETTINGS, SHARES)
def test_probabilities_sum_to_the_relevance_and_what_is_stated_follows_from_them(raw, settings, share):
    threshold = settings.threshold(share)
    found = decide(TARGET, raw, settings, threshold)
    assert all(0 <= one <= 1 for one in (*sides(found), found.relevance))
    assert sum(sides(found)) == pytest.approx(found.relevance, abs=1e-5)
    assert (found.target, found.raw) == (TARGET, raw)
    if found.stance in {"favor", "against"}:
        assert max(found.p_favor, found.p_against) >= max(threshold, found.p_neutral)
        assert (found.stance == "favor") == (found.p_favor > found.p_against)
    assert found.about == (
        found.stance in {"favor", "against"} or found.relevance >= settings.least_relevance
    )
    assert found.about or found.stance == "neutral"
    assert bool(found.evidence) == found.about
    assert all(one.stance == found.stance for one in found.evidence)


@given(RAW_SCORES, SETTINGS, SHARES, SHARES)
def test_with_a_larger_share_to_be_right_no_more_sides_are_stated(raw, settings, one, other):
    low, high = sorted((one, other))
    assert settings.threshold(low) <= settings.threshold(high)
    lenient = decide(TARGET, raw, settings, settings.threshold(low))
    strict = decide(TARGET, raw, settings, settings.threshold(high))
    assert strict.stance == lenient.stance or lenient.stance in {"favor", "against"}
    assert strict.stance == lenient.stance or strict.stance not in {"favor", "against"}
    assert sides(strict) == sides(lenient)


@given(LOGITS, LOGITS, LOGITS, LOGITS)
def test_a_denied_wording_counts_with_its_sides_exchanged(favor, against, neutral, about):
    denied = answer(scored(favor, against, neutral, about=about, denied=True))
    plain = answer(scored(favor, against, neutral, about=about))
    assert sides(denied) == (plain.p_against, plain.p_favor, plain.p_neutral)


def test_sides_of_denied_wordings_are_exchanged_after_the_calibration():
    denied = answer(scored(1, 2, 3, denied=True), settings=CALIBRATED)
    plain = answer(scored(1, 2, 3), settings=CALIBRATED)
    assert sides(denied) == (plain.p_against, plain.p_favor, plain.p_neutral)


def test_the_relevance_is_the_mean_over_the_wordings():
    one, other = scored(3, -1, 0), scored(-2, 1, 0.5, about=0.3)
    both = answer(one, other, settings=CALIBRATED)
    alone = [answer(each, settings=CALIBRATED).relevance for each in (one, other)]
    assert both.relevance == pytest.approx(sum(alone) / 2, abs=1e-6)


@given(LOGITS, LOGITS, LOGITS, LOGITS, st.booleans())
def test_a_wording_twice_says_what_it_says_once_if_several_count_no_more(
    favor, against, neutral, about, denied
):
    one = scored(favor, against, neutral, about=about, denied=denied)
    assert sides(answer(one, one)) == pytest.approx(sides(answer(one)), abs=1e-5)


def test_wordings_that_agree_make_a_side_more_certain_and_the_text_no_more_relevant():
    surer = replace(CALIBRATED, several_wordings=1.8)
    one, other = scored(3, 1, 0, about=2.0), scored(2, 1, 0, about=2.0)
    both = answer(one, other, settings=surer)
    assert both.p_favor > max(answer(each, settings=surer).p_favor for each in (one, other))
    assert both.relevance == pytest.approx(answer(one, settings=surer).relevance, abs=0.01)
    assert sides(answer(one, settings=surer)) == sides(answer(one, settings=CALIBRATED))


def test_a_wording_about_which_the_text_says_nothing_changes_the_side_little():
    plain, beside = scored(3, 0, 0), scored(-4, 4, 0, about=-8.0)
    assert answer(plain, beside, threshold=0.4).stance == "favor"


def test_a_statement_and_its_denial_that_are_both_agreed_with_leave_no_side():
    agreed = answer(scored(5, -5, -5), scored(5, -5, -5, denied=True), threshold=0.4)
    assert agreed.p_favor == agreed.p_against > 0.4
    assert agreed.stance == "unsure"


def test_a_side_that_is_likely_enough_is_stated():
    assert answer(scored(3, 0, 0)).stance == "favor"
    assert answer(scored(0, 3, 0)).stance == "against"
    assert answer(scored(3, 0, 0), threshold=0.95).stance == "unsure"


def test_a_side_is_not_stated_where_taking_no_side_is_likelier():
    found = answer(scored(1, -5, 1.3), threshold=0.4)
    assert 0.4 < found.p_favor < found.p_neutral
    assert (found.stance, found.about) == ("neutral", True)
    assert answer(scored(1, -5, 1), threshold=0.4).stance == "favor"


def test_a_text_that_shows_a_stance_and_no_clear_side_is_unsure():
    found = answer(scored(1, 0.9, 0))
    assert (found.stance, found.about) == ("unsure", True)
    assert [one.stance for one in found.evidence] == ["unsure", "unsure"]


def test_a_text_that_takes_no_side_is_neutral_and_about_the_target():
    found = answer(scored(0, 0, 3))
    assert (found.stance, found.about) == ("neutral", True)
    assert found.evidence


def test_a_text_that_does_not_speak_about_the_target_is_neutral_and_says_so():
    found = answer(scored(3, 0, 0, about=-4))
    assert (found.stance, found.about, found.evidence) == ("neutral", False, ())
    assert found.relevance == pytest.approx(0.018, abs=1e-3)


def test_the_relevance_depends_on_the_absolute_difference_of_the_sides():
    weighed = AnswerSettings(relevance_weights=(0.0, 1.0, -2.0))
    favor, against, neither = (
        answer(scored(*logits), settings=weighed) for logits in ((4, 0, 0), (0, 4, 0), (2, 2, 0))
    )
    assert favor.relevance == pytest.approx(against.relevance)
    assert favor.relevance > 0.8 > 0.2 > neither.relevance


def test_a_text_that_the_screen_left_out_has_fixed_probabilities():
    found = decide(TARGET, RawScore(0.1), CALIBRATED, 0.5)
    assert sides(found) == pytest.approx((0.002, 0.004, 0.003))
    assert (found.stance, found.about, found.evidence) == ("neutral", False, ())
    assert 0 < found.relevance == pytest.approx(0.009)


def test_thresholds_between_measured_shares_are_interpolated():
    assert CALIBRATED.threshold(0.8) == pytest.approx(0.5)
    assert CALIBRATED.threshold(0.85) == pytest.approx(0.6)
    assert CALIBRATED.threshold(0.825) == pytest.approx(0.55)


def test_below_the_smallest_measured_share_its_threshold_is_used():
    assert CALIBRATED.threshold(0.51) == 0.3


def test_above_the_largest_measured_share_the_threshold_still_rises():
    largest, at_largest = CALIBRATED.points[-1]
    assert CALIBRATED.threshold(largest) == at_largest
    half_way = (largest + 1.0) / 2
    assert CALIBRATED.threshold(half_way) == pytest.approx((at_largest + 1.0) / 2)
    assert at_largest < CALIBRATED.threshold(half_way) < CALIBRATED.threshold(0.9999) < 1.0


def test_probabilities_are_calibrated_before_they_are_compared():
    raw = RawScore(0.5, (scored(1, 1, 1),))
    favor, against, neutral = probabilities(raw, CALIBRATED)
    assert neutral > favor > against


def test_settings_come_from_the_config_and_missing_ones_have_defaults():
    assert AnswerSettings.from_config({}) == AnswerSettings()
    given = {
        "stance": {"temperature": 1.4, "bias": [0.0, -0.3, 0.2]},
        "about": [0.9, 0.1, -0.4],
        "screened_out": [0.002, 0.004, 0.003],
        "relevance": 0.4,
        "points": [[0.6, 0.3], [0.7, 0.42], [0.8, 0.5], [0.9, 0.7], [0.95, 0.88]],
    }
    assert AnswerSettings.from_config(given) == CALIBRATED
    assert AnswerSettings.from_config({"relevance": 0.3}) == replace(AnswerSettings(), least_relevance=0.3)


@pytest.mark.parametrize(
    "given",
    [
        {"stance": {"temperature": 0, "bias": [0, 0, 0]}},
        {"stance": {"temperature": 1, "bias": [0, 0]}},
        {"stance": {"temperature": 1}},
        {"about": [1, 0]},
        {"about": "high"},
        {"several_wordings": 0},
        {"screened_out": [0.5, 0.4, 0.3]},
        {"screened_out": [-0.1, 0, 0]},
        {"points": []},
        {"points": [[0.6, 0.5, 0.1]]},
        {"points": [[0.6, 0.5], [0.7, 0.4]]},
        {"points": [[0.7, 0.4], [0.6, 0.5]]},
    ],
)
def test_settings_that_can_give_no_answer_are_refused(given):
    with pytest.raises((ValueError, TypeError, KeyError)):
        AnswerSettings.from_config(given)
