"""Targets of any form are prepared for the screen."""

import pytest

from models.targets import question, stems


def test_embeddings_use_the_wording_as_asked_and_shared_words_use_the_statement() -> None:
    asked = question("Should euthanasia be legal?", ("assisted dying", " "))
    assert asked.phrases_to_embed == ("Should euthanasia be legal?", "assisted dying")
    assert asked.words == stems("Euthanasia should be legal")


def test_an_alias_in_a_passage_is_a_full_overlap() -> None:
    asked = question("Governments should tax carbon emissions", ("a price on\ncarbon", "  "))
    passage = "What the world needs is A PRICE on carbon."
    assert asked.overlap(passage, stems(passage)) == 1.0
    assert asked.overlap("Carbonara for dinner", stems("Carbonara for dinner")) == 0.0


@pytest.mark.parametrize(
    ("alias", "passage"),
    [
        ("WHO", "Those who doubt it should ask them."),
        ("WHO", "Who doubts it?"),
        ("US", "It affects all of us."),
        ("WILL", "Will it end?"),
        ("AIDS", "It aids nobody."),
        ("UK ETS", "the uk ets"),
        ("May", "It may rain."),
        ("Trump", "Facts trump fears."),
    ],
)
def test_a_common_word_is_no_alias_that_differs_in_capitals(alias: str, passage: str) -> None:
    assert question("Taxes should rise", (alias,)).overlap(passage, stems(passage)) == 0.0


@pytest.mark.parametrize(
    ("alias", "passage"),
    [
        ("WHO", "The WHO’s report"),
        ("NATO", "Leave Nato now"),
        ("COVID-19", "the covid-19 pandemic"),
        ("U.S.", "the U.S. army"),
        ("May", "Theresa May left."),
        ("Trump", "TRUMP WINS"),
        ("Green New Deal", "a green new deal"),
        ("carbon tax", "Carbon  Tax"),
        ("Immigration", "the cost of immigration"),
        ("GMOs", "gmos and crops"),
    ],
)
def test_other_capitals_that_mean_the_same_are_found(alias: str, passage: str) -> None:
    assert question("Wages should rise", (alias,)).overlap(passage, stems(passage)) == 1.0


def test_inflected_words_overlap() -> None:
    passage = "The school banned every phone."
    assert 0.5 < question("Schools should ban mobile phones").overlap(passage, stems(passage)) < 1.0


def test_a_wording_without_words_overlaps_with_nothing() -> None:
    assert question("???").overlap("text", stems("text")) == 0.0


def test_a_wording_of_white_space_and_empty_aliases_has_nothing_to_embed() -> None:
    assert question("  ", ("", "\n")).phrases_to_embed == ()
