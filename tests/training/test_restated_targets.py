"""Targets said in another form keep or turn their label as grammar says."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.restate import (
    as_noun_phrase,
    as_passive,
    as_policy_noun,
    as_question,
    as_statement,
    negate,
    restate,
    subject_of,
)


@pytest.mark.parametrize(
    ("statement", "denied"),
    [
        ("We should ban whaling", "We should not ban whaling"),
        ("We should not ban whaling", "We should ban whaling"),
        ("College should be free", "College should not be free"),
        ("Big banks are not out of control", "Big banks are out of control"),
        ("Science can determine human values", "Science cannot determine human values"),
        ("Apps cannot be used to treat depression", "Apps can be used to treat depression"),
        ("Homeopathy brings more harm than good", "Homeopathy brings more good than harm"),
        ("Home schoolers do not deserve a tax break", "Home schoolers deserve a tax break"),
    ],
)
def test_a_denied_statement_turns_its_label(statement, denied):
    assert negate(statement) == (denied, True)


@pytest.mark.parametrize(
    "statement",
    [
        "nuclear power",
        "Should whaling be banned?",
        "People who do not vote should be fined",
        "We should act because nobody else will",
        "The state has power",
    ],
)
def test_what_cannot_be_denied_for_certain_is_left_alone(statement):
    assert negate(statement) is None


def test_denying_twice_gives_the_statement_back():
    for statement in ("We should ban whaling", "Zoos are cruel", "The voting age must be lowered"):
        once = negate(statement)
        assert once is not None
        assert negate(once[0]) == (statement, True)


def test_the_thing_banned_is_what_a_ban_is_against():
    assert as_noun_phrase("We should ban whaling") == ("whaling", True)
    assert as_noun_phrase("We should legalize organ trade") == ("organ trade", False)
    assert as_noun_phrase("Payday loans should be banned") == ("Payday loans", True)
    assert as_noun_phrase("We should limit judicial activism") is None


def test_forms_of_a_motion():
    assert as_passive("We should ban whaling") == ("Whaling should be banned", False)
    assert as_policy_noun("We should ban whaling") == ("a ban on whaling", False)
    assert as_policy_noun("We should abolish zoos") == ("abolishing zoos", False)
    assert as_question("The voting age should be lowered") == ("Should the voting age be lowered?", False)
    assert as_question("Zoos should not be closed") == ("Should Zoos be closed?", True)
    assert as_statement("Should euthanasia be legal?") == ("Euthanasia should be legal", False)


def test_the_subject_of_a_statement():
    assert subject_of("We should ban the use of child actors") == "child actors"
    assert subject_of("The death penalty should be abolished") is not None
    assert subject_of("Fund needle exchanges") is None


@given(st.text(max_size=80), st.integers(0, 50))
def test_any_text_can_be_asked_to_be_restated(target, seed):
    said, flipped = restate(target, random.Random(seed))
    assert isinstance(said, str)
    assert flipped in {True, False}
