"""Targets of any form are prepared for the screen."""

import pytest

from models.search_terms import search_terms
from models.stems import stems
from tests.models.growth import cpu_seconds


def test_embeddings_and_shared_words_use_the_statement_that_the_network_reads() -> None:
    terms = search_terms("Should euthanasia be legal?", ("assisted dying", " "))
    assert terms.phrases_to_embed == ("Euthanasia should be legal", "assisted dying")
    assert terms.words == stems("Euthanasia should be legal")


def test_the_words_that_are_put_before_a_question_are_no_words_of_the_target() -> None:
    terms = search_terms("Is a four-day working week feasible?")
    assert terms.words == stems("a four-day working week feasible")
    assert terms.phrases_to_embed == ("a four-day working week feasible",)
    assert search_terms("Might tariffs cause a recession?").words == stems("tariffs cause a recession")


@pytest.mark.parametrize("statement", ["ICE's budget should be cut", "ICE’s budget should be cut"])
def test_an_abbreviation_with_a_possessive_is_found_only_with_its_capitals(statement: str) -> None:
    terms = search_terms(statement)
    assert terms.overlap("The raids of ICE", stems("The raids of ICE")) > 0.0
    assert terms.overlap("Arctic ice melts", stems("Arctic ice melts")) == 0.0


def test_a_final_full_stop_changes_nothing_about_a_wording() -> None:
    assert search_terms("College should be free.") == search_terms("College should be free")


def test_an_alias_in_a_passage_is_a_full_overlap() -> None:
    terms = search_terms("Governments should tax carbon emissions", ("a price on\ncarbon", "  "))
    passage = "What the world needs is A PRICE on carbon."
    assert terms.overlap(passage, stems(passage)) == 1.0
    assert terms.overlap("Carbonara for dinner", stems("Carbonara for dinner")) == 0.0


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
        ("US", "the U.S.S.R."),
        ("UN", "U.N.I.C.E.F."),
    ],
)
def test_a_common_word_is_no_alias_that_differs_in_capitals(alias: str, passage: str) -> None:
    assert search_terms("Taxes should rise", (alias,)).overlap(passage, stems(passage)) == 0.0


@pytest.mark.parametrize(
    ("alias", "passage"),
    [
        ("WHO", "The WHO’s report"),
        ("NATO", "Leave Nato now"),
        ("COVID-19", "the covid-19 pandemic"),
        ("U.S.", "the U.S. army"),
        ("U.S.", "the US army"),
        ("US", "the U.S. army"),
        ("EU", "the E.U.’s rules"),
        ("EU", "We should leave the EU.Now is the time"),
        ("US", "the U.S.A. should"),
        ("May", "Theresa May left."),
        ("Trump", "TRUMP WINS"),
        ("Green New Deal", "a green new deal"),
        ("carbon tax", "Carbon  Tax"),
        ("Immigration", "the cost of immigration"),
        ("GMOs", "gmos and crops"),
    ],
)
def test_other_capitals_that_mean_the_same_are_found(alias: str, passage: str) -> None:
    assert search_terms("Wages should rise", (alias,)).overlap(passage, stems(passage)) == 1.0


def test_inflected_words_overlap() -> None:
    passage = "The school banned every phone."
    assert 0.5 < search_terms("Schools should ban mobile phones").overlap(passage, stems(passage)) < 1.0


def test_a_wording_without_words_overlaps_with_nothing() -> None:
    assert search_terms("???").overlap("text", stems("text")) == 0.0


def test_a_wording_of_white_space_and_empty_aliases_has_nothing_to_embed() -> None:
    assert search_terms("  ", ("", "\n")).phrases_to_embed == ()


@pytest.mark.parametrize(
    ("statement", "passage"),
    [
        ("The US should leave the WHO", "Let us leave the table to those who can wait."),
        ("The US should leave the WHO", "Who leaves us?"),
        ("IT must pay", "It pays."),
        ("AIDS kills", "It aids what kills."),
        ("ICE should go", "The ice goes."),
        ("SNAP should grow", "Snap elections never help."),
        ("the U.S.", "Plan S, vitamin U and us"),
        ("the US", "Stalin ruled the U.S.S.R."),
        ("The PM should resign", "It closes at 5 P.M."),
    ],
)
def test_a_common_word_is_no_abbreviation_in_a_statement(statement: str, passage: str) -> None:
    assert search_terms(statement).overlap(passage, stems(passage)) <= 0.5


@pytest.mark.parametrize(
    ("statement", "passage"),
    [
        ("The US should leave the WHO", "Will the US leave the WHO?"),
        ("NATO should expand", "Nato expands."),
        ("AI should be banned", "A ban on AI"),
        ("EVs should be banned", "a ban on EVs and evs"),
        ("COVID-19 vaccines should be free", "free covid-19 vaccines"),
        ("Taxes should NOT rise", "rising taxes"),
        ("Taxes should NEVER rise", "taxes never rise"),
        ("COLLEGE SHOULD BE FREE", "free college"),
        ("CEO pay should be capped", "CEOs’ capped pay"),
        ("COP meetings should end", "COPs and other meetings that end"),
        ("Tax the RICH", "taxes on the rich"),
        ("We should BAN guns", "a ban on guns"),
        ("US", "Will the US leave?"),
        ("The US should leave NATO", "The U.S. should leave NATO now."),
        ("the US", "The U.S. is in decline"),
        ("the U.S.", "The US is in decline"),
        ("the U.S.", "The U.S. is in decline"),
        ("The UK should rejoin the EU", "Will the U.K. rejoin the E.U.?"),
        ("US.", "Will the US leave?"),
        ("Ride a free bus", "Buses should be free to ride"),
    ],
)
def test_abbreviations_and_emphasis_in_a_statement_are_found(statement: str, passage: str) -> None:
    assert search_terms(statement).overlap(passage, stems(passage)) == 1.0


@pytest.mark.parametrize(
    ("alias", "passage"),
    [
        ("women's rights", "the women’s rights of today"),
        ("women’s rights", "the women's rights of today"),
        ("e-cigarettes", "a ban on e‑cigarettes"),
        ("carbon tax", "the carbon-tax plan"),
        ("carbon tax", "carbon taxes"),
        ("landlord", "Landlords complain"),
        ("congestion charge", "congestion charges work"),
        ("fossil subsidy", "fossil subsidies"),
        ("carbon - tax", "a carbon - tax"),
        ("carbon - tax", "a carbon tax"),
    ],
)
def test_an_alias_is_found_as_it_is_typeset_and_in_its_plural(alias: str, passage: str) -> None:
    assert search_terms("Wages should rise", (alias,)).overlap(passage, stems(passage)) == 1.0


@pytest.mark.parametrize(
    ("alias", "passage"),
    [("gas", "gasses"), ("Ford", "Fords"), ("rent", "rented"), ("art", "Arts"), ("new", "news")],
)
def test_other_words_are_no_plural_of_an_alias(alias: str, passage: str) -> None:
    assert search_terms("Wages should rise", (alias,)).overlap(passage, stems(passage)) == 0.0


@pytest.mark.parametrize("alias", ["a - b", "- - -"])
def test_an_alias_with_dashes_is_searched_fast_in_long_rows_of_hyphens(alias: str) -> None:
    terms, row = search_terms("Wages should rise", (alias,)), "a" + "-" * 20_000
    assert cpu_seconds(lambda text: terms.overlap(text, frozenset()), row) < 0.2
