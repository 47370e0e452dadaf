"""Targets of any form are prepared for the screen."""

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


def test_inflected_words_overlap() -> None:
    passage = "The school banned every phone."
    assert 0.5 < question("Schools should ban mobile phones").overlap(passage, stems(passage)) < 1.0


def test_a_wording_without_words_overlaps_with_nothing() -> None:
    assert question("???").overlap("text", stems("text")) == 0.0


def test_a_wording_of_white_space_and_empty_aliases_has_nothing_to_embed() -> None:
    assert question("  ", ("", "\n")).phrases_to_embed == ()
