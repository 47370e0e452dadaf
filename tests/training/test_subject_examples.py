"""A sentence is an example of where a subject ends only if its subject is plain."""

import random

import pytest

from training.subject_examples import Example, example_of, in_question, small_words, varied


@pytest.mark.parametrize(
    ("sentence", "verb", "subject", "predicate"),
    [
        ("The ban was lifted last year.", "was", "The ban", "lifted last year"),
        ("Trade with China does not raise wages", "does", "Trade with China", "raise wages"),
        (
            "People who smoke should pay more for insurance",
            "should",
            "People who smoke",
            "pay more for insurance",
        ),
        ("Voters can't trust him, the mayor says", "can", "Voters", "trust him"),
        ("The reform has really failed", "has", "The reform", "really failed"),
    ],
)
def test_a_plain_sentence_shows_where_its_subject_ends(
    sentence: str, verb: str, subject: str, predicate: str
) -> None:
    example = example_of(sentence)
    assert example is not None
    assert example.verb == verb
    assert " ".join(example.words[: example.end]) == subject
    assert " ".join(example.words[example.end :]) == predicate


@pytest.mark.parametrize(
    "sentence",
    [
        "In Paris the ban was lifted",  # begins with no subject
        "Analysts say the move may help",  # the verb is of another clause
        "Last week, the ban was lifted",  # one comma
        "They do a good job",  # a verb of its own
        "The town has a mayor",  # no participle
        "“The ban,” he said, “was lifted.”",
        "Lift the ban",
    ],
)
def test_a_sentence_whose_subject_is_not_plain_is_no_example(sentence: str) -> None:
    assert example_of(sentence) is None


def test_only_a_name_keeps_the_capital_of_the_first_word() -> None:
    sentences = ("They want the ban", "We like Britain", "The ban should end", "Britain should leave")
    small = small_words([Example("do", tuple(sentence.split()), 1) for sentence in sentences[:3]])
    made = [in_question(example, small) for text in sentences[2:] if (example := example_of(text))]
    assert [example.words[0] for example in made] == ["the", "Britain"]


def test_an_example_in_the_form_of_a_question_still_ends_where_the_subject_ends() -> None:
    example = Example("should", ("the", "rich", "pay"), 2)
    for made in varied([example] * 300, frozenset({"the"}), random.Random(3)):
        assert [word.lower() for word in made.words[: made.end]] == ["the", "rich"]
        assert made.words[-1].lower() == "pay"
        assert ("to" in made.words) == (made.verb == "ought")
