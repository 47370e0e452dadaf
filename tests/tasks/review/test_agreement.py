"""Krippendorff's alpha has the value that he gives for his own example."""

import pytest

from tasks.review.agreement import agreement

# "Computing Krippendorff's Alpha-Reliability" (2011), part C: four observers, twelve units; alpha is .743.
OBSERVERS = (
    "123321412...",
    "1233224125.3",
    ".3332342251.",
    "12332441251.",
)


def test_the_example_of_the_author_has_his_alpha():
    units = [[answer for answer in unit if answer != "."] for unit in zip(*OBSERVERS, strict=True)]
    found = agreement(units)
    assert found.alpha == pytest.approx(0.743, abs=0.0005)
    assert found.questions == 11, "what one alone has answered says nothing"
    assert found.low is not None and found.high is not None
    assert found.low < 0.743 < found.high <= 1


def test_full_agreement_is_one_and_agreement_by_chance_is_about_zero():
    assert agreement([["a", "a"], ["b", "b"], ["c", "c"]]).alpha == 1
    assert agreement([[x, y] for x in "abcd" for y in "abcd"]).alpha == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("answers", [[], [["a"]], [["a", "a"], ["a", "a"]]])
def test_there_is_no_alpha_where_nothing_could_differ(answers: list[list[str]]):
    assert agreement(answers).alpha is None
