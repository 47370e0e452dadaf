"""Measures of the model take account of how its answers were drawn: 95 in 100 intervals cover the true value."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import numpy as np
import pytest

from tasks.review.judged import Judged
from tasks.review.measure import Share, scores, share_of
from tasks.review.sample import allocate

KINDS = np.array(["favor", "against", "neutral", "unsure", "not_about"])
ANSWERS = np.array(["favor", "against", "neutral", "not_about"])
TRUTH = np.array([0.10, 0.06, 0.04, 0.80])
GIVEN_TRUTH = np.array(
    [
        [0.45, 0.05, 0.05, 0.25, 0.20],
        [0.10, 0.30, 0.05, 0.45, 0.10],
        [0.10, 0.05, 0.40, 0.30, 0.15],
        [0.02, 0.02, 0.01, 0.05, 0.90],
    ]
)
PIECES, DRAWN, DRAWS = 1_500, 300, 300


def judged(chance: np.random.Generator, answer: np.ndarray, predicted: np.ndarray) -> Judged:
    """Draw a sample of all pieces as `review sample` does, with people's answers."""
    sizes = {kind: int((predicted == kind).sum()) for kind in KINDS}
    drawn = allocate(sizes, DRAWN)
    rows = np.concatenate(
        [chance.choice(np.flatnonzero(predicted == k), n, replace=False) for k, n in drawn.items()]
    )
    blank = np.full(len(rows), "")
    return Judged(
        answer=answer[rows],
        predicted=predicted[rows],
        p_side=np.full(len(rows), 0.7),
        is_shown=np.full(len(rows), np.nan),
        target=blank,
        outlet=blank,
        month=blank,
        article=rows.astype(str),
        pool=blank,
        stratum=predicted[rows],
        stratum_size=np.array([float(sizes[kind]) for kind in predicted[rows]]),
        frame_size=np.full(len(rows), float(len(predicted))),
    )


def test_intervals_cover_the_true_shares_of_all_pieces_and_simple_shares_do_not():
    chance = np.random.default_rng(25)
    covered = {"precision of sides": 0, "recall of sides": 0}
    plain = 0
    for _ in range(DRAWS):
        truth = chance.choice(4, size=PIECES, p=TRUTH)
        answer = ANSWERS[truth]
        predicted = KINDS[(chance.random(PIECES)[:, None] > GIVEN_TRUTH.cumsum(1)[truth]).sum(1)]
        sample = judged(chance, answer, predicted)
        right, sided = answer == predicted, np.isin(answer, KINDS[:2])
        of_all = {
            "precision of sides": right[np.isin(predicted, KINDS[:2])].mean(),
            "recall of sides": right[sided].mean(),
        }
        found = dict(scores(sample, np.ones(len(sample.answer), dtype=np.bool_)))
        for measure, true in of_all.items():
            share = found[measure]
            assert share is not None
            covered[measure] += share.low <= true <= share.high
        seen = np.isin(sample.answer, KINDS[:2])
        plain += abs((sample.answer == sample.predicted)[seen].mean() - of_all["recall of sides"]) < 0.1
    assert all(0.92 <= n / DRAWS <= 0.98 for n in covered.values()), covered
    assert plain / DRAWS < 0.9, "without the weights the recall is off"


def test_large_parts_are_not_left_out_and_small_ones_not_lost():
    drawn = allocate({"favor": 50, "against": 10, "rare": 1, "not_about": 9_000}, 100)
    assert sum(drawn.values()) == 100
    assert drawn["rare"] == 1 and 2 <= drawn["against"] <= 10
    assert drawn["favor"] >= 5 and drawn["not_about"] > 70
    assert allocate({"favor": 3, "against": 1}, 100) == {"favor": 3, "against": 1}


def part(
    name: str, size: int, right: int, of: int, *, outlet: str = "x", sample: str = "first", now: int = 0
) -> list[dict[str, object]]:
    """Answers to one part of the questions, in which the model states a side, and is right in the first ones.

    Now there are `now` questions about the target, or as many as when they were drawn.
    """
    drawn = {
        "target": name.split(" / ", maxsplit=1)[0],
        "outlet": outlet,
        "stratum": name,
        "stratum_size": size,
    }
    drawn |= {"sample": sample, "frame_size": now}
    rest = {"month": "2026-01", "p_side": 0.7, "is_shown": None, "predicted": "favor"}
    return [
        rest
        | drawn
        | {
            "article_id": f"{name} {size} {outlet} {sample} {n}",
            "answer": "favor" if n < right else "neutral",
        }
        for n in range(of)
    ]


def measures(rows: list[dict[str, object]]) -> dict[str, Share | None]:
    judged = Judged.of_rows(rows)
    return dict(scores(judged, np.ones(len(judged.answer), dtype=np.bool_)))


def precision(rows: list[dict[str, object]]) -> Share:
    judged = Judged.of_rows(rows)
    found = share_of(judged, judged.answer == judged.predicted, np.ones(len(judged.answer), dtype=np.bool_))
    assert found is not None
    return found


def coverage(true: float, draw: Callable[[np.random.Generator], list[dict[str, object]]]) -> float:
    """Give the share of made-up draws whose interval covers the true precision."""
    chance = np.random.default_rng(31)
    found = [precision(draw(chance)) for _ in range(DRAWS)]
    return float(np.mean([one.low <= true <= one.high for one in found]))


def test_a_part_that_has_grown_between_two_samples_counts_with_the_size_that_it_had_in_each():
    """An early sample was drawn from 40 questions, a later one from 2,000; the model is right in two of three."""

    def drawn(chance: np.random.Generator) -> list[dict[str, object]]:
        early, late = chance.hypergeometric(27, 13, 20), chance.binomial(40, 0.667)
        return part("t / favor", 40, int(early), 20) + part("t / favor", 2_000, int(late), 40, sample="late")

    assert coverage(0.667, drawn) >= 0.93
    rows = part("t / favor", 40, 13, 20) + part("t / favor", 2_000, 27, 40, sample="late")
    assert precision(rows).low == pytest.approx(precision(rows[::-1]).low), "in any order of the answers"
    assert precision(part("t / favor", 5, 3, 6) + rows).low < 0.6, "more answers than questions are no gain"


def test_samples_that_were_drawn_before_and_after_a_change_of_the_model_are_not_mixed():
    """Of 1,000 questions, the first model stated a side in 100, and the second one in 500, which include these."""
    rows = part("t / favor", 100, 5, 5) + part("t / not_about", 900, 0, 45)
    rows += part("t / favor", 500, 10, 50, sample="later") + part("t / not_about", 500, 0, 50, sample="later")
    judged = Judged.of_rows(rows)
    assert judged.weights.sum() == pytest.approx(1_000)
    assert precision(rows).share == pytest.approx(0.1)
    # A third sample in which the parts had the sizes of the second one belongs to it.
    more = rows + part("t / favor", 500, 20, 100, sample="last")
    assert precision(more).share == pytest.approx(0.1)


def test_thousands_of_answers_are_measured_for_each_of_many_outlets_in_seconds():
    """What all outlets have in common, such as the weights, must not be computed again for each of them."""
    outlets = [f"Outlet {n}" for n in range(50)]
    rows = [
        row
        for outlet in outlets
        for n in range(20)
        for row in part(f"t{n} / favor / {outlet}", 40, 1, 3, outlet=outlet)
    ]
    judged = Judged.of_rows(rows)
    began = process_time()
    for outlet in outlets:
        assert dict(scores(judged, judged.outlet == outlet))["precision of sides"]
    assert process_time() - began < 3, "not a third of a second for each"


def test_the_interval_of_a_share_of_one_is_as_wide_as_the_few_answers_with_most_weight_demand():
    """The model is right in all questions of 20 small parts, and in 93 of 100 of a large one."""
    small = [row for n in range(20) for row in part(f"t / favor / {n}", 4, 2, 2)]

    def drawn(chance: np.random.Generator) -> list[dict[str, object]]:
        return small + part("t / favor / big", 2_000, int(chance.binomial(20, 0.93)), 20)

    assert coverage((80 + 0.93 * 2_000) / 2_080, drawn) >= 0.93
    everywhere = precision(small + part("t / favor / big", 2_000, 20, 20))
    assert everywhere.share == 1 and everywhere.low < 0.87
    one_wrong = precision(part("t / favor", 1_000, 59, 60))
    assert 0.9 < one_wrong.low < one_wrong.high < 1, "one wrong answer does not make the interval jump"


def test_two_samples_of_which_one_asks_about_one_target_alone_give_each_target_its_weight():
    """The model is right in 9 of 10 sides on one target and in 5 of 10 on the other; both have a thousand."""

    def answers(nato: int, of_both: int, tax: int) -> list[dict[str, object]]:
        both = part("nato / favor", 1_000, of_both, 50, sample="both")
        both += part("tax / favor", 1_000, tax, 50, sample="both")
        return part("nato / favor", 1_000, nato, 100, sample="nato") + both

    assert precision(answers(90, 45, 25)).share == pytest.approx(0.7)

    def drawn(chance: np.random.Generator) -> list[dict[str, object]]:
        return answers(
            int(chance.binomial(100, 0.9)), int(chance.binomial(50, 0.9)), int(chance.binomial(50, 0.5))
        )

    assert coverage(0.7, drawn) >= 0.93


def test_a_part_that_two_samples_drew_completely_counts_once():
    """A question that was drawn for both samples has a row for each of them."""
    people = {"predicted": "not_about", "answer": "not_about"}
    rest = part("t / not_about", 1_000, 0, 60) + part("t / not_about", 1_000, 0, 60, sample="later")
    in_both = part("t / favor", 20, 20, 20, sample="later")
    rows = [row | people for row in rest] + in_both + [row | {"sample": "first"} for row in in_both]
    judged = Judged.of_rows(rows)
    assert precision(rows).answers == 140
    assert judged.weights[judged.stratum == "t / favor"].sum() == pytest.approx(20)
    assert judged.weights.sum() == pytest.approx(1_020)


def test_samples_that_overlap_share_the_questions_that_both_could_draw():
    """Outlet x has 200 questions and is always right; y has 800 and is right in half of them."""

    def drawn(chance: np.random.Generator) -> list[dict[str, object]]:
        from_x = int(chance.hypergeometric(200, 800, 100))
        right = int(chance.binomial(100 - from_x, 0.5))
        rows = part("t / favor / among x", 200, 100, 100, sample="of x")
        rows += part("t / favor", 1_000, from_x, from_x)
        return rows + part("t / favor", 1_000, right, 100 - from_x, outlet="y")

    chance = np.random.default_rng(5)
    assert np.mean([precision(drawn(chance)).share for _ in range(DRAWS)]) == pytest.approx(0.6, abs=0.01)
    assert coverage(0.6, drawn) >= 0.93
    # Samples of different outlets are added, not averaged.
    apart = part("t / favor / among x", 200, 50, 50) + part("t / favor / among y", 800, 25, 50, outlet="y")
    assert precision(apart).share == pytest.approx(0.6)
    # One sample with parts for each outlet, one without: both are about everything.
    twice = part("t / favor / x", 200, 40, 40) + part("t / favor / y", 800, 20, 40, outlet="y")
    twice += part("t / favor", 1_000, 16, 16) + part("t / favor", 1_000, 32, 64, outlet="y")
    assert precision(twice).share == pytest.approx(0.6)


def test_questions_that_two_samples_of_different_questions_share_remain_in_both():
    """Of 60 sides, half are right. A sample draws 40 of them; another one draws 40 after one side more was stated."""
    both = {"t / favor": 60, "t / not_about": 300}

    def drawn(chance: np.random.Generator) -> list[dict[str, object]]:
        rows = []
        for sample, more in {"t1": 0, "t2": 1}.items():
            for name, size in both.items():
                of_part = part(name, size + more, 0, 40, sample=sample)
                for row, n in zip(of_part, chance.permutation(size + more), strict=False):
                    answer = "favor" if n % 2 and name == "t / favor" else "neutral"
                    predicted = "favor" if name == "t / favor" else "neutral"
                    rows.append(row | {"article_id": f"{name} {n}", "answer": answer, "predicted": predicted})
        return rows

    def sides(rows: list[dict[str, object]]) -> Share:
        share = measures(rows)["precision of sides"]
        assert share is not None
        return share

    true = 30 / 61
    chance = np.random.default_rng(17)
    found = [sides(drawn(chance)) for _ in range(DRAWS)]
    assert np.mean([one.share for one in found]) == pytest.approx(true, abs=0.01)
    assert np.mean([one.low <= true <= one.high for one in found]) >= 0.93
    assert all(40 <= one.answers <= 61 for one in found), "each question is counted once"


def test_questions_on_which_people_are_split_are_left_out():
    rows = part("t / favor", 100, 20, 40)
    split = [row | {"answer": None} for row in part("t / favor", 100, 0, 10, sample="s")]
    assert precision(rows + split) == precision(rows)


@pytest.mark.parametrize(("drawn_from", "now"), [(60, 60), (60, 80), (60, 600), (300, 900)])
def test_intervals_cover_the_true_share_of_today_after_articles_came_in(drawn_from: int, now: int):
    """The model is right in 7 of 10 sides; 50 questions were answered, of the 60 that there were, or of more."""

    def covered(chance: np.random.Generator) -> tuple[bool, float]:
        right = chance.binomial(drawn_from, 0.7)
        true = (right + chance.binomial(now - drawn_from, 0.7)) / now
        answers = int(chance.hypergeometric(right, drawn_from - right, 50))
        found = precision(part("t / favor", drawn_from, answers, 50, now=now))
        return found.low <= true <= found.high, found.high - found.low

    chance = np.random.default_rng(12)
    hits, widths = zip(*(covered(chance) for _ in range(2 * DRAWS)), strict=True)
    assert np.mean(hits) >= 0.93
    of_fifty = (
        precision(part("t / favor", 10_000, 35, 50)).high - precision(part("t / favor", 10_000, 35, 50)).low
    )
    assert np.mean(widths) < (1.01 if now > drawn_from else 0.5) * of_fifty


def test_an_interval_becomes_narrower_with_each_answer_and_has_no_width_when_all_are_given():
    """The model states 20 sides, a quarter of them wrong; of the pieces that are not about it, few are answered."""
    rest = [
        row | {"predicted": "not_about", "answer": "not_about"} for row in part("t / not_about", 900, 0, 90)
    ]

    def found(answers: int, now: int = 920) -> dict[str, Share | None]:
        wrong = answers // 4
        return measures(
            [row | {"frame_size": now} for row in rest + part("t / favor", 20, answers - wrong, answers)]
        )

    def width(share: Share | None) -> float:
        assert share is not None
        return share.high - share.low

    widths = [width(found(answers)["precision of sides"]) for answers in (4, 8, 12, 16, 20)]
    assert widths == sorted(widths, reverse=True) and widths[-1] == 0
    assert width(found(20)["recall of sides"]) > 0.1, "pieces that nobody has read may have sides too"
    assert width(found(20, now=2_000)["precision of sides"]) > 0.2, "pieces came in that nobody has read"
    changed = measures(
        [row | {"predicted": "favor"} for row in part("t / favor", 20, 15, 20)]
        + [row | {"predicted": "neutral"} for row in rest]
    )
    assert width(changed["precision of sides"]) > 0.1, (
        "the model has changed, and may state sides in other pieces"
    )


def test_a_target_of_which_all_is_answered_is_known_beside_one_of_which_little_is():
    rows = part("t / favor", 20, 15, 20) + part("u / favor", 900, 15, 20)
    judged = Judged.of_rows(rows)
    share = dict(scores(judged, judged.target == "t"))["precision of sides"]
    assert share == Share(0.75, 0.75, 0.75, 20)


def test_each_share_of_the_stated_sides_is_exact_if_people_have_answered_all_of_them():
    silent = [row | {"predicted": "not_about"} for row in part("t / not_about", 40, 0, 4, now=43)]
    found = measures(part("t / favor", 3, 1, 3, now=43) + silent)
    exact = {
        "precision of sides": 1 / 3,
        "invented: stated where people see no side": 2 / 3,
        "stated on the other side": 0,
    }
    for measure, share in exact.items():
        assert found[measure] == Share(share, share, share, 3), measure
