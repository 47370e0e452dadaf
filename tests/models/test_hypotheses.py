"""A target becomes a sentence that a text can entail."""

import pytest

from models.hypotheses import hypothesis


@pytest.mark.parametrize(
    "phrase",
    [
        "nuclear power",
        "NATO",
        "the need for reform",
        "a ban on assault weapons",
        "tariffs on steel",
        "human rights law",
        "the war on drugs and crime",
        "higher taxes for the rich",
        "women's rights",
        "banning guns",
        "banning the burqa",
        "all the young",
        "guaranteed income",
        "fossil fuels",
        "price controls",
        "arms control",
        "tax breaks for the rich",
        "rent increases",
        "welfare benefits",
        "drone attacks",
        "defence costs",
        "public works",
        "United States military aid",
        "United Nations reform",
        "Olympic Games boycott",
        "war crimes tribunals",
        "open borders policy",
        "public schools funding",
        "Ukraine’s need for arms",
    ],
)
def test_a_phrase_is_put_into_a_sentence_for_nli_only(phrase: str) -> None:
    assert hypothesis(phrase, is_nli=True) == f"The author supports {phrase}."
    assert hypothesis(phrase, is_nli=False) == phrase


def test_a_mark_at_the_end_of_a_phrase_is_left_out() -> None:
    assert hypothesis("Nuclear power?", is_nli=True) == "The author supports Nuclear power."


@pytest.mark.parametrize(
    "statement",
    [
        "Defund the police",
        "Abolish the monarchy",
        "Zoos should be closed",
        "Rent control hurts tenants",
        "Israel commits war crimes",
        "Immigrants take jobs",
        "Tariffs raise prices",
        "Gun control works",
        "Brexit damaged Britain",
        "The war destroyed the country",
        "Women deserve more pay",
        "We need reform",
        "Trade doesn't pay",
        "Immigration increases crime",
        "Immigration boosts growth",
        "Social media fuels hate",
        "Brexit divides Britain",
        "Brexit splits the country",
        "Iran attacks Israel",
        "Most Americans support us",
        "Immigrants control everything",
    ],
)
def test_a_statement_with_any_verb_stays_as_it_is(statement: str) -> None:
    assert hypothesis(statement, is_nli=True) == statement
