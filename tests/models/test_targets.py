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
