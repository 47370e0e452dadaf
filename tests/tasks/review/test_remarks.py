"""What the measures of the model leave out is said beside them."""

from __future__ import annotations

from tasks.review.remarks import remarks_on


def rows(stratum: str, answered: int, *, drawn: int, target: str = "nato") -> list[dict[str, object]]:
    weight = 40 / drawn
    one = {"target": target, "sample": "s", "stratum": stratum, "stratum_size": 40, "sampling_weight": weight}
    return [one | {"article_id": f"{stratum} {n}", "answer": "favor"} for n in range(answered)]


def test_targets_are_named_about_which_only_some_outlets_were_asked():
    of_some = rows("nato / favor / among Coast Star; Inland", 4, drawn=4)
    of_all = rows("tax / favor", 4, drawn=4, target="tax")
    (remark,) = remarks_on(of_some + of_all)
    assert "questions about nato were drawn from some outlets only (Coast Star; Inland)" in remark
    assert remarks_on(of_some + rows("nato / favor", 4, drawn=4)) == ()


def test_a_sample_that_is_hardly_answered_is_named():
    (remark,) = remarks_on(rows("nato / favor", 3, drawn=20) + rows("nato / against", 2, drawn=10))
    assert "of at least 30 questions that were drawn by chance for the sample s, 5 have" in remark
    assert remarks_on(rows("nato / favor", 18, drawn=20)) == ()


def test_questions_on_which_people_are_split_are_counted_once_and_are_not_without_an_answer():
    answered = rows("nato / favor", 17, drawn=20)
    split = [row | {"answer": None} for row in rows("nato / against", 9, drawn=10)]
    (remark,) = remarks_on(answered + split + [row | {"sample": "r"} for row in split])
    assert remark.startswith("on 9 of the questions that were drawn by chance, people disagree equally")
    assert remark.endswith("let a third person answer them")


def test_answers_that_were_not_drawn_by_chance_are_counted():
    chosen = [{"target": "nato", "article_id": "a", "stratum": None, "answer": "favor"}]
    (remark,) = remarks_on(rows("nato / favor", 4, drawn=4) + chosen)
    assert remark.startswith("1 answers to questions that were not drawn by chance are left out")
    (remark,) = remarks_on(chosen)
    assert remark.startswith("no question was drawn by chance")
    assert remarks_on([]) == ()
