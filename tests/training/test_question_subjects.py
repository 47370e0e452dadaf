"""The weights that find the subject of a question are fitted on sentences whose subject is plain."""

import pytest

pytest.importorskip("torch", reason="training needs the extra `train` (torch)")

from training.question_subjects import fit, share_right
from training.subject_examples import Example


def test_fitted_weights_find_the_ends_of_what_they_were_fitted_on() -> None:
    subjects, predicates = (
        ("the ban on guns", "trade", "our schools"),
        ("be ended now", "help the poor", "close"),
    )
    examples = [
        Example("should", tuple(f"{subject} {predicate}".split()), len(subject.split()))
        for subject in subjects
        for predicate in predicates
    ]
    assert share_right(fit(examples * 20, epochs=2), examples) == 1
