"""Words of one meaning have one stem, and words of other meaning have others."""

import pytest

from models.stems import stems


def test_contractions_are_no_content_words_in_either_type() -> None:
    assert stems("don’t they'll it’s") == stems("don't they’ll it's") == frozenset()
    assert stems("O’Brien’s dogs'") == stems("O'Brien's dogs")


@pytest.mark.parametrize(
    "text",
    [
        "party parties",
        "policy policies",
        "care cares caring cared",
        "cite cites citing cited",
        "rely relies relied relying",
        "tax taxes taxed taxing",
        "vote votes voting voted",
        "ban bans banned banning",
        "class classes",
        "church churches",
        "day days",
        "sky skies",
        "raise raises raising raised",
        "relation relations",
        "legalize legalized legalization",
        "legal legally",
        "political politically",
        "tax taxation taxes",
        "wealth wealthy",
        "health healthy",
        "guilt guilty",
        "recover recovers recovery recovered",
        "deliver delivery deliveries",
        "difficult difficulty difficulties",
        "gas gases",
        "bus buses",
        "urge urges urged urging",
        "ease eases eased easing",
        "type types typed typing",
        "hype hyped",
        "cite citation",
    ],
)
def test_inflected_forms_have_one_stem(text: str) -> None:
    assert len(stems(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "police policy",
        "party part",
        "care cars",
        "city cite",
        "rely relations",
        "army arms",
        "war wary",
        "rally ral",
        "ease easy",
        "socialism social",
        "capitalism capital",
        "nationalism nation",
        "conservatives conservation",
        "populism population",
        "terrorism terror",
        "import important",
        "author authority",
    ],
)
def test_words_of_other_meaning_have_stems_of_their_own(text: str) -> None:
    assert len(stems(text)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The U.S. economy", "the US economy"),
        ("J.K. Rowling wrote", "J. K. Rowling wrote"),
        ("J.K.Rowling", "J K Rowling"),
        ("the U.S.A", "the USA"),
    ],
)
def test_initials_are_the_same_with_and_without_full_stops(one: str, other: str) -> None:
    assert stems(one) == stems(other)
