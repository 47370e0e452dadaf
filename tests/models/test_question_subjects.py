"""Where the subject of a yes-or-no question ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.question_subjects import end_of_subject, is_denied, likeliest_end
from models.question_words import FIRST_VERBS
from models.subject_features import FEATURES, places

WORDS = st.lists(
    st.sampled_from(["the", "ban", "on", "guns", "not", "to", "be", "UN", "is", "really", "wise", ","]),
    min_size=1,
    max_size=50,
)


@pytest.mark.parametrize(
    "question",
    [
        "Should Germany | send weapons to Ukraine",
        "Should Britain | rejoin the EU",
        "Should Congress | pass the bill",
        "Should Elon Musk | buy newspapers",
        "Should NATO | expand",
        "Should universities | drop standardized tests",
        "Should people who cross the border illegally | be deported",
        "Should rich countries | pay poorer countries for damage from climate change",
        "Must the central bank | cut interest rates this year",
        "Could a carbon tax | hurt poor families",
        "Will artificial intelligence | destroy more jobs than it creates",
        "Can democracies | survive social media",
        "Would a wealth tax | drive investors away",
        "Does immigration | lower wages",
        "Does the Supreme Court | have too much power",
        "Did the lockdowns | do more harm than good",
        "Did Brexit | damage the British economy",
        "Is nuclear power | safe",
        "Is social media | a danger to children",
        "Is the ban on the burqa | justified",
        "Is the war in Ukraine | a stalemate",
        "Is free speech on campus | under threat",
        "Are electric cars | good for the environment",
        "Are billionaires | taxed too little",
        "Was the invasion of Iraq | a mistake",
        "Were the sanctions against Russia | effective",
        "Has globalization | hurt workers in rich countries",
        "Have the police | lost the trust of the public",
        "Ought the state | to own the railways",
    ],
)
def test_the_subject_of_an_everyday_question_ends_before_its_predicate(question: str) -> None:
    subject, predicate = question.split(" | ")
    first, _, subject = subject.partition(" ")
    assert end_of_subject(first.lower(), f"{subject} {predicate}") == len(subject)


@pytest.mark.parametrize("rest", ["the", "a war", "an", "the war"])
def test_a_subject_ends_neither_behind_an_article_nor_at_the_end(rest: str) -> None:
    assert end_of_subject("is", rest) is None


def test_a_subject_does_not_end_within_a_quotation() -> None:
    assert end_of_subject("is", "“I'm not a crook” a lie") in (None, len("“I'm not a crook”"))


@pytest.mark.parametrize(
    ("first", "rest", "denied"),
    [
        ("was", "the war not a mistake", True),
        ("is", "the government not doing enough", True),
        ("is", "the choice not to vote a mistake", False),
        ("should", "the rich not be taxed", False),
        ("is", "it not time to end the war", False),
    ],
)
def test_not_behind_the_subject_denies_a_question_unless_it_is_plain_what_a_yes_means(
    first: str, rest: str, denied: bool
) -> None:
    assert is_denied(first, rest) is denied


@given(first=st.sampled_from(FIRST_VERBS.split("|")), words=WORDS)
def test_the_end_of_a_subject_is_between_two_words_and_has_a_probability(
    first: str, words: list[str]
) -> None:
    end, probability = likeliest_end(first, " ".join(words))
    ends = {len(" ".join(words[:count])) for count in range(len(words))}
    assert end in ends
    assert 0 <= probability <= 1 + 1e-9


@given(first=st.sampled_from(FIRST_VERBS.split("|")), words=WORDS)
def test_each_place_between_two_words_has_the_same_number_of_features(first: str, words: list[str]) -> None:
    described = places(first, words)
    assert len(described) == len(words) - 1
    assert len({len(place) for place in described}) <= 1
    assert all(0 <= feature < FEATURES for place in described for feature in place)
