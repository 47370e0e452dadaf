"""Targets of any form are prepared for the network: yes-or-no questions become statements."""

import pytest

from models.targets import as_statement, question, stems


@pytest.mark.parametrize(
    ("asked", "statement"),
    [
        ("Should euthanasia be legal?", "Euthanasia should be legal"),
        ("Should the death penalty be allowed?", "The death penalty should be allowed"),
        ("Is nuclear power safe?", "Nuclear power is safe"),
        ("Are zoos a good idea?", "Zoos are a good idea"),
        ("Does milk prevent osteoporosis?", "It is true that milk prevent osteoporosis"),
        ("Should people who smoke be insured?", "It should be that people who smoke be insured"),
        ("Should the state steer research?", "It should be that the state steer research"),
        ("  nuclear   power ", "nuclear power"),
        ("College should be free", "College should be free"),
    ],
)
def test_a_yes_or_no_question_becomes_the_statement_that_a_yes_makes(asked: str, statement: str) -> None:
    assert as_statement(asked) == statement


@pytest.mark.parametrize(
    ("asked", "statement"),
    [
        ("Is the ban on the burqa justified?", "The ban on the burqa is justified"),
        (
            "Should the right to have an abortion be protected?",
            "The right to have an abortion should be protected",
        ),
        (
            "Should the right not to be tortured be absolute?",
            "The right not to be tortured should be absolute",
        ),
        ("Is the use of the death penalty a deterrent?", "The use of the death penalty is a deterrent"),
        ("Are immigrants and the poor the losers?", "Immigrants and the poor are the losers"),
        ("Is banning the burqa a good idea?", "Banning the burqa is a good idea"),
        ("Is it in the public interest?", "It is true that it in the public interest"),
        ("Was the crash of the 1990s forgotten?", "It is true that the crash of the 1990s forgotten"),
        ("Is he as good as the others?", "It is true that he as good as the others"),
        ("Are all the good jobs gone?", "It is true that all the good jobs gone"),
        ("Is the far right a threat?", "It is true that the far right a threat"),
        ("Should we help people to be free?", "It should be that we help people to be free"),
        (
            "Can voters pay to get rid of it and be happy?",
            "It can be that voters pay to get rid of it and be happy",
        ),
    ],
)
def test_a_subject_does_not_end_in_its_middle(asked: str, statement: str) -> None:
    assert as_statement(asked) == statement


@pytest.mark.parametrize(
    ("asked", "statement"),
    [
        ("Is the world we live in a better place?", "The world we live in is a better place"),
        ("Is the freedom to vote a human right?", "The freedom to vote is a human right"),
        ("Is Medicare for all a good plan?", "Medicare for all is a good plan"),
        ("Is gambling the best way to lose a fortune?", "Gambling is the best way to lose a fortune"),
        ("Is fracking a threat to the climate?", "Fracking is a threat to the climate"),
        ("Should countries in the EU have an army?", "Countries in the EU should have an army"),
    ],
)
def test_a_word_that_can_also_end_a_subject_changes_no_other_question(asked: str, statement: str) -> None:
    assert as_statement(asked) == statement


@pytest.mark.parametrize(
    "asked",
    [
        "Why should zoos be closed?",
        "Who governs?",
        "Is?",
        "Zoos?",
        "?",
    ],
)
def test_a_text_that_is_no_yes_or_no_question_is_not_changed(asked: str) -> None:
    assert as_statement(asked) == asked


def test_embeddings_use_the_wording_as_asked_and_shared_words_use_the_statement() -> None:
    asked = question("Should euthanasia be legal?", ("assisted dying", " "))
    assert asked.phrases_to_embed == ("Should euthanasia be legal?", "assisted dying")
    assert asked.words == stems("Euthanasia should be legal")


def test_an_alias_in_a_passage_is_a_full_overlap() -> None:
    asked = question("Governments should tax carbon emissions", ("a price on\ncarbon", "  "))
    passage = "What the world needs is A PRICE on carbon."
    assert asked.overlap(passage, stems(passage)) == 1.0
    assert asked.overlap("Carbonara for dinner", stems("Carbonara for dinner")) == 0.0


def test_inflected_words_overlap() -> None:
    passage = "The school banned every phone."
    assert 0.5 < question("Schools should ban mobile phones").overlap(passage, stems(passage)) < 1.0


def test_a_wording_without_words_overlaps_with_nothing() -> None:
    assert question("???").overlap("text", stems("text")) == 0.0


def test_a_wording_of_white_space_and_empty_aliases_has_nothing_to_embed() -> None:
    assert question("  ", ("", "\n")).phrases_to_embed == ()
