"""The prompt: all sentences of a piece, in parts that fit, and a fingerprint that changes with the question."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.second_model.answers import CheckedAnswer, joined
from tasks.second_model.prompt import (
    asked_with,
    estimated_tokens,
    parts_of,
    second_version,
    sentences_of,
    visible,
)


def test_every_sentence_is_in_exactly_one_part_and_no_part_is_too_long():
    text = " ".join(f"This is sentence number {n}, and it says a little." for n in range(120))
    sentences = sentences_of(text, "en")
    parts = parts_of("Title", text, sentences, 300)
    assert len(parts) > 5
    assert [part.first for part in parts] == [1, *(part.last + 1 for part in parts[:-1])]
    assert parts[-1].last == len(sentences) == 120
    assert all(estimated_tokens(part.text) <= 300 for part in parts)


def test_a_sentence_longer_than_a_part_is_cut_and_keeps_its_number():
    text = "word " * 3_000
    (only,) = {
        (part.first, part.last) for part in parts_of(None, text, sentences_of(text[:14_000], "en")[:1], 300)
    }
    assert only == (1, 1)


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(16, 400))
def test_any_text_can_be_cut(text: str, room: int):
    sentences = sentences_of(text, None)
    parts = parts_of(text, text, sentences, room)
    assert (not parts) == (not sentences)
    if parts:
        assert (parts[0].first, parts[-1].last) == (1, len(sentences))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_sent_texts_are_one_line_without_square_brackets(text: str):
    seen = visible(text)
    assert not set(seen) & set("[]\n\r\u2028\u2029\x0b\x0c\x85")
    assert visible(seen) == seen


def test_parts_that_disagree_cannot_be_decided_and_parts_that_are_silent_do_not_count():
    favor, against, silent = (
        CheckedAnswer("favor", (3,)),
        CheckedAnswer("against", (9,)),
        CheckedAnswer("not_about", ()),
    )
    assert joined([silent, favor, silent]) == favor
    assert joined([favor, against]) == CheckedAnswer("cannot_tell", (3, 9))
    assert joined([silent, silent]) == silent
    assert joined([silent, CheckedAnswer("no_side", (4,))]) == CheckedAnswer("no_side", (4,))


def test_another_model_is_another_question_and_another_version():
    assert asked_with("a") != asked_with("b")
    assert asked_with("a") == asked_with("a")
    versions = {second_version(asked, model) for asked in ("1", "2") for model in ("x", "y")}
    assert len(versions) == 4
    assert all(version.startswith("second-") for version in versions)
