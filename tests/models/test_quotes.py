"""Quoted and reported speech is kept apart from the author's own words."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import quoted_spans
from models.quotes import quoted_share
from tests.models.growth import cpu_seconds


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quoted_spans(text)]


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("Critics say the plan is a disaster. They are wrong.", ["the plan is a disaster."]),
        (
            "According to the ministry, prices will fall. I doubt it.",
            ["According to the ministry, prices will fall."],
        ),
        ("Prices will soon fall, said the minister. We shall see.", ["Prices will soon fall"]),
        ("The minister argued on Tuesday that taxes must rise. No.", ["taxes must rise."]),
        ("Opponents of the law, including Smith, claim it is unfair.", ["it is unfair."]),
        ("“Nuclear power is a menace,” said Ms Green. It is not.", ["“Nuclear power is a menace,”"]),
        (
            "‘The government’s plan will fail,’ an aide told me. But it won’t.",
            ["‘The government’s plan will fail,’"],
        ),
        ("«Nous ne céderons jamais rien» est un slogan.", ["«Nous ne céderons jamais rien»"]),
        (
            'He told us: "We will never surrender. Not today." I laughed.',
            ['"We will never surrender. Not today."'],
        ),
        (
            '"A quote of two paragraphs.\n\n"Here it goes on." My words.',
            ['"A quote of two paragraphs.\n\n"Here it goes on."'],
        ),
    ],
)
def test_speech_of_others_is_found(text: str, theirs: list[str]) -> None:
    found = quoted(text)
    assert all(any(one in span for span in found) for one in theirs)
    assert sum(map(len, found)) <= sum(map(len, theirs)) + 4


@pytest.mark.parametrize(
    "text",
    [
        "I say we must act now, and we believe in freedom.",
        'The so-called "experts" launched a "chip war" this year.',
        "The United States restricts exports. It's the dogs' dinner, and that's the farmers' fault.",
        "Health claims are exaggerated.",
        "If critics say so, fine.",
        'An opening " that never closes is no quotation.\n\nHere the author goes on for a while.',
        'A 6" pipe and a 7" pipe.',
    ],
)
def test_the_authors_own_words_stay_the_authors(text: str) -> None:
    assert quoted(text) == []


@given(st.text(alphabet="ab \n.,\"'“”‘’«»(say)", max_size=300))
@settings(max_examples=200, deadline=None)
def test_spans_are_sorted_apart_and_inside_the_text(text: str) -> None:
    spans = quoted_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] < right[0] for left, right in itertools.pairwise(spans))
    assert 0.0 <= quoted_share(0, len(text), spans) <= 1.0


@pytest.mark.parametrize("piece", ['"', "“a ", '"\n', " 'a", "Critics say that. ", "a, b said. "])
def test_four_times_the_marks_take_about_four_times_as_long(piece: str) -> None:
    quarter = piece * (250_000 // len(piece))
    assert cpu_seconds(quoted_spans, 4 * quarter) < 9 * cpu_seconds(quoted_spans, quarter) + 1


def test_share_counts_characters() -> None:
    assert quoted_share(0, 10, [(5, 20)]) == 0.5
    assert quoted_share(6, 8, [(0, 2), (5, 20)]) == 1.0
    assert quoted_share(3, 3, [(0, 9)]) == 0.0
