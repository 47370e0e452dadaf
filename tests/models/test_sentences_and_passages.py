"""Sentences and passages cover any text completely and in order."""

import itertools
import random
import textwrap

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models import Document
from models.layout import lay_out
from models.passages import PASSAGE_TOKENS, Passage, split_passages
from models.sentences import sentence_spans
from tests.models.growth import cpu_seconds
from tests.models.token_counts import words_as_tokens

PROSE = st.lists(
    st.sampled_from(
        [
            "The plan is sound.",
            "Is it?",
            "“Never again,” she said.",
            "Mr. Smith of the U.S. left",
            "\n",
            "\n\n",
            " ",
            'He wrote: "One. Two."',
            "مرحبا بالعالم.",
            "你好。",
            "😀",
            "\0",
            "\ud800",
            "x" * 3_000,
            "word " * 300,
            "- ",
            "…",
        ]
    ),
    max_size=30,
).map(" ".join)
ANY_TEXT = st.one_of(st.text(max_size=400), PROSE)
FRAMES = (
    "I think the {0} deserves better than what the {1} has given it, and I am not alone.",
    "Nobody asked the {0} before the {1} was traded for a {2}.",
    "We should build the {0} first, and argue about the {1} and the {2} later, when the winter is over.",
    "It is wrong.",
    "If the {0} matters to us, then so must the {1} behind the {2}, for one does not live long without the other.",
    "My neighbor says that the {0} will ruin the {1}, but the {2} tells another story, and has told it for years.",
    "Why should a {0} wait?",
)
NOUNS = "council harbor school teacher budget tram library tenant hospital union forest farmer bridge market".split()  # noqa: SIM905


def cut(text: str, limit: int = PASSAGE_TOKENS) -> list[Passage]:
    """Cut a text into passages; the tokens are estimated from its words."""
    return split_passages(text, count_tokens=words_as_tokens, sentences=sentence_spans(text), limit=limit)


@given(ANY_TEXT)
@example("")
@example(" \n\t ")
@example("a\r\nb")
@settings(max_examples=150, deadline=None)
def test_sentences_hold_every_character_but_white_space_in_order(text: str) -> None:
    spans = sentence_spans(text)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@given(ANY_TEXT, st.integers(min_value=8, max_value=150))
@settings(max_examples=100, deadline=None)
def test_passages_hold_all_sentences_in_order_and_keep_the_limit(text: str, limit: int) -> None:
    passages = cut(text, limit)
    pieces = [piece for passage in passages for piece in passage.sentences]
    assert "".join("".join(text[start:end].split()) for start, end in pieces) == "".join(text.split())
    assert pieces == sorted(pieces)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(pieces))
    for passage in passages:
        assert (passage.start, passage.end) == (passage.sentences[0][0], passage.sentences[-1][1])
        assert sum(words_as_tokens([text[start:end] for start, end in passage.sentences])) <= limit


@given(PROSE)
@settings(max_examples=25, deadline=None)
def test_passages_keep_the_limit_of_the_real_tokenizer(classifier, text: str) -> None:
    count = classifier._encoder.count_tokens
    for passage in split_passages(text, count_tokens=count, sentences=sentence_spans(text), limit=96):
        assert count([text[passage.start : passage.end]])[0] <= 96


def prose_of(words: int) -> str:
    """Make up paragraphs of six sentences of several lengths."""
    draw, sentences, length = random.Random(5), [], 0
    while length < words:
        sentences.append(draw.choice(FRAMES).format(*draw.sample(NOUNS, 3)))
        length += len(sentences[-1].split())
    return "\n\n".join(" ".join(sentences[start : start + 6]) for start in range(0, len(sentences), 6))


def test_every_sentence_of_a_text_of_45000_words_is_in_a_passage(classifier) -> None:
    text = prose_of(45_000)
    laid_out = lay_out(Document("long", text), classifier._encoder.count_tokens)
    assert laid_out.coverage == 1.0
    assert [span for passage in laid_out.passages for span in passage.sentences] == sentence_spans(text)


def test_a_text_of_90000_words_loses_passages_but_neither_the_first_nor_the_last(classifier) -> None:
    text = prose_of(90_000)
    laid_out = lay_out(Document("longer", text), classifier._encoder.count_tokens)
    assert 0.4 < laid_out.coverage < 1.0
    assert (laid_out.passages[0].start, laid_out.passages[-1].end) == (0, len(text))


def test_sentences_end_where_a_careful_person_would_end_them() -> None:
    text = (
        "Mr. Smith left the U.S. in 2019. Why? “We had enough. We went home,” he said. But it's over!\n"
        "A heading\n\nNext paragraph."
    )
    assert [text[start:end] for start, end in sentence_spans(text)] == [
        "Mr. Smith left the U.S. in 2019.",
        "Why?",
        "“We had enough. We went home,” he said.",
        "But it's over!",
        "A heading",
        "Next paragraph.",
    ]


@pytest.mark.parametrize(
    "sentences",
    [
        ["He met Ms. Clinton today.", "Ms. Green said no."],
        ["Vice President J.D. Vance said no.", "She did not."],
        ["The letter is by Jane Doe, J.D.", "She left."],
        ["She has a J.D.", "The school is proud of it."],
        ["She earned her J.D.", "Georgetown hired her."],
        ["Govs. Smith and Jones met Amb. Brown at Ft. Hood.", "Ald. White stayed."],
    ],
)
def test_a_title_or_initials_before_a_name_end_no_sentence(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Should we pay?", "No.", "Taxpayers have paid enough."],
        ["The answer is no.", "Congress must act now."],
        ["“The answer is no. We will not pay,” said the minister.", "She left."],
        ["“The answer was no.", "Congress must act."],
        ["Shall we?", "No.", "I will not."],
        ["Nobody at No. 10 spoke.", "She wears Chanel No. Five."],
        ["Room No. B12 is Chapter No. IV of it.", "She knows."],
    ],
)
def test_no_ends_a_sentence_unless_it_is_a_number(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["The minister—yes, the minister!—said so."],
        ["The minister — yes, the minister! — said so."],
        ["Is it true? he wondered.", "It was."],
        ["And why? because he is rich."],
        ["It begins at 9 a.m. ET on Friday.", "We go."],
        ["It ended at 5 p.m. Monday in Ohio."],
        ["It ended at 5 p.m.", "Monday was better."],
        ["It ended at 5 p.m.", "He left."],
        ["The Mass. law and the Comm. on taxes are bad."],
        ["I met Cllr. Jones and Mx. Smith."],
        ["Was it good?", "iPhone users think so.", "Wow!", "eBay is great."],
        ["Should we act?", "— Yes."],
        ["is it right?", "i think so.", "we go."],
        ["We live in Paris.", "he works there."],
    ],
)
def test_a_sentence_goes_on_behind_a_mark_or_an_abbreviation_inside_it(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_hard_wrapped_lines_are_joined_and_line_breaks_between_paragraphs_are_not() -> None:
    wrapped = (
        "The committee has looked into the matter for two years\n"
        "and it found that nothing at all had been done about\n"
        "the leaking roof. It was sorry.\n\nSo are we."
    )
    assert [wrapped[start:end] for start, end in sentence_spans(wrapped)] == [
        wrapped[: wrapped.index(" It was")],
        "It was sorry.",
        "So are we.",
    ]
    assert len(sentence_spans("One line without a stop\nAnother line without a stop")) == 2


def test_paragraphs_of_hard_wrapped_lines_without_blank_lines_are_found() -> None:
    paragraphs = [
        "The committee has looked into the matter for two years and it found that nothing at all had been done about "
        "the leaking roof. It was sorry.",
        "Nobody who has ever stood under that roof in the rain, with a bucket in each hand, was surprised by what it "
        "found. We were not.",
    ]
    for indent in ("", "   "):
        lines = "\n".join(textwrap.fill(one, 60, initial_indent=indent) for one in paragraphs)
        found = [" ".join(lines[start:end].split()) for start, end in sentence_spans(lines)]
        assert found == [one[start:end] for one in paragraphs for start, end in sentence_spans(one)]


def test_one_long_line_does_not_keep_hard_wrapped_lines_apart() -> None:
    sentence = "The committee has looked into the matter for two years and found nothing at all but one more committee."
    lines = textwrap.fill(" ".join([sentence] * 8), 70) + "\n" + "See https://roof.example/" + "a" * 120
    assert len(sentence_spans(lines)) == 9


def test_lines_of_a_list_and_of_a_stored_article_stay_apart() -> None:
    items = "\n".join(
        ["We need inspectors", "We need an index that everybody in this town can read", "We need it now"]
    )
    assert len(sentence_spans(items)) == 3
    stored = (
        "A heading of more than forty characters stands here\n"
        + "A paragraph goes on and on, as they do. " * 9
    )
    assert len(sentence_spans(stored)) == 10


def test_verses_and_turns_of_a_dialogue_stay_apart() -> None:
    verses = [
        "Shall I compare the ferry to a summer day",
        "That ends before the evening lamps are lit",
        "And all who wait upon the landing sit",
        "Rough winds do shake the gulls above the bay",
    ]
    turns = [f"{('ANNA', 'BEN')[number % 2]}: {verse}" for number, verse in enumerate(verses)]
    small = [verse[0].lower() + verse[1:] for verse in verses]
    for lines in (verses, turns, small):
        assert len(sentence_spans("\n".join(lines))) == 4


def test_a_line_that_is_short_because_an_address_is_below_it_is_joined() -> None:
    lines = (
        "The committee has looked into the matter for two years and it found that nothing at\n"
        "all had been done; see\n"
        f"https://roof.example/{'a' * 70} for\n"
        "what it wrote about the roof and the rain."
    )
    assert len(sentence_spans(lines)) == 1


@pytest.mark.parametrize("marks", ["“”", "''", "()"])
def test_a_long_quotation_or_parenthesis_is_cut_into_its_sentences(marks: str) -> None:
    inside = "We shall not give up on this town and its people. " * 20 + "Never."
    assert len(sentence_spans(f"She said: {marks[0]}{inside}{marks[1]}")) >= 20


def test_a_long_sentence_goes_on_behind_a_bracket_that_ends_in_a_full_stop() -> None:
    text = f"The senator (R-Tex.), who {'has never once in his life read a bill and ' * 8}says so, voted (R-Ky.) yes."
    assert sentence_spans(text) == [(0, len(text))]


def test_a_sentence_of_a_long_quotation_keeps_the_mark_that_opens_it() -> None:
    text = "She said: “" + "We shall not give up on this town. " * 12 + '"Never" is our word. We stay.”'
    assert '"Never" is our word.' in [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "piece",
    ["x", "你好。", "\n", '"a ', "A plain sentence of ten words stands here. "],
    ids=["one word", "no spaces", "line breaks", "open quotes", "prose"],
)
def test_four_times_the_text_is_cut_in_about_four_times_the_time(piece: str) -> None:
    quarter = piece * (60_000 // len(piece))
    assert cpu_seconds(cut, 4 * quarter) < 9 * cpu_seconds(cut, quarter) + 0.25
    assert len(cut(4 * quarter)) < 4 * len(quarter) / 40


@pytest.mark.parametrize("space", ["\xa0", "\u2009", "\u202f", "\u3000"])
def test_a_space_that_is_not_ascii_before_a_full_stop_stops_nothing(space: str) -> None:
    text = f"So did I{space}.{space}.{space}. but Plan B{space}. Now we wait."
    assert [text[start:end] for start, end in sentence_spans(text)][-1] == "Now we wait."
    as_ascii = sentence_spans(text.replace(space, " "))
    assert sentence_spans(text) == as_ascii
