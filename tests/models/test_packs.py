"""The passages of a document that may show a stance on a target become one input, in the order of the text."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import Document
from models.layout import Layout, lay_out, title_of
from models.packs import (
    PACK_TOKENS,
    choose_passages,
    pack,
    screen_score,
    worth_of_document,
    worth_of_passages,
)
from models.search_terms import search_terms
from tests.models.token_counts import words_as_tokens

PARAGRAPHS = (
    "The harbour is full again. Boats lie three deep at the quay, and the cafés have put out their chairs. "
    "Nobody complains.",
    "The council wants a toll for cars. It would cost four euros a day, and it should have come ten years ago!",
    "“A toll kills trade,” says the shopkeeper. He has said so of every change since 1987.",
    "你好。مرحبا بالعالم. 😀 One more sentence stands here.",
    "Short.",
    "word " * 150,
)
TEXTS = st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=14).map("\n\n".join)
TITLES = st.one_of(st.none(), st.just(" "), st.just("Tolls now."), st.text(max_size=300))


def laid_out(text: str, title: str | None = None) -> Layout:
    return lay_out(Document("x", text, title), words_as_tokens)


@st.composite
def documents_with_worths(draw: st.DrawFn) -> tuple[Layout, np.ndarray]:
    layout = laid_out(draw(TEXTS), draw(TITLES))
    number = len(layout.passages)
    worth = draw(st.lists(st.floats(-1, 1.25, width=32), min_size=number, max_size=number))
    return layout, np.asarray(worth, dtype=np.float32)


@given(documents_with_worths(), st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_a_pack_is_the_title_and_sentences_of_the_text_in_its_order(drawn, budget) -> None:
    layout, worth = drawn
    text, title = layout.document.text, title_of(layout.document.title)
    packed = pack(layout, worth, budget)
    assert packed.sentences
    assert set(packed.sentences) <= {span for passage in layout.passages for span in passage.sentences}
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(packed.sentences))
    words = [text[start:end] for start, end in packed.sentences]
    assert packed.text == " ".join([title, *words] if title else words)
    for start, sentence in zip(packed.starts, words, strict=True):
        assert packed.text[start : start + len(sentence)] == sentence


@given(documents_with_worths(), st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_a_pack_keeps_its_budget_unless_a_single_passage_is_over_it(drawn, budget) -> None:
    layout, worth = drawn
    taken = pack(layout, worth, budget).sentences
    passages = [at for at, one in enumerate(layout.passages) if set(one.sentences) <= set(taken)]
    used = layout.title_tokens + sum(layout.tokens[at] for at in passages)
    assert used <= budget or len(passages) == 1
    assert sum(len(layout.passages[at].sentences) for at in passages) == len(taken)


@given(
    st.lists(st.tuples(st.floats(-1, 1.25, width=32), st.integers(1, 64)), min_size=1, max_size=40),
    st.integers(-50, 400),
)
def test_the_best_passage_is_packed_and_no_further_passage_would_fit(passages, budget) -> None:
    worth = np.asarray([one for one, _ in passages], dtype=np.float32)
    tokens = [length for _, length in passages]
    chosen = choose_passages(worth, tokens, budget)
    assert chosen == sorted(set(chosen))
    best = int(worth.argmax())
    if all(worth[best] > one + 0.11 for one in np.delete(worth, best)):  # bonus of first and last: smaller
        assert best in chosen
    used = sum(tokens[at] for at in chosen)
    left = set(range(len(passages))) - set(chosen)
    assert all(used + tokens[at] > budget or used > 0.95 * budget for at in left)


def test_a_short_text_keeps_its_closing_line_although_it_is_least_like_the_target() -> None:
    worth = np.asarray([0.5, 0.5, 0.5, 0.5, 0.1], dtype=np.float32)
    assert choose_passages(worth, [58, 58, 58, 58, 6], 240) == [0, 1, 2, 3, 4]


def test_a_text_that_fits_is_its_own_pack() -> None:
    text = "\n\n".join(PARAGRAPHS[:3])
    layout = laid_out(text, "The toll.")
    packed = pack(layout, np.zeros(len(layout.passages), dtype=np.float32))
    assert packed.text == "The toll. " + " ".join(text.split())


def test_passages_of_most_worth_are_read_and_keep_the_order_of_the_text() -> None:
    layout = laid_out("\n\n".join(f"{number} " + "word " * 40 for number in range(30)))
    worth = np.zeros(len(layout.passages), dtype=np.float32)
    worth[[20, 4, 11]] = 1.0, 0.8, 0.9
    read = pack(layout, worth, sum(layout.tokens[at] for at in (20, 4, 11))).text
    assert [word for word in read.split() if word != "word"] == ["4", "11", "20"]


def test_the_worth_of_a_document_is_the_mean_of_its_four_best_passages_in_the_pack_or_not() -> None:
    layout = laid_out("\n\n".join("word " * 40 for _ in range(30)))
    worth = np.zeros(len(layout.passages), dtype=np.float32)
    worth[[20, 4, 11, 7, 28]] = 0.9, 0.8, 0.7, 0.2, 0.1
    assert pack(layout, worth, budget=layout.tokens[20]).worth == pytest.approx(2.6 / 4)


def test_the_worth_of_a_document_is_that_for_the_wording_without_aliases() -> None:
    layout = laid_out("We need the toll.")
    worth, of_wording = np.asarray([0.9], dtype=np.float32), np.asarray([0.6], dtype=np.float32)
    assert pack(layout, worth, of_wording=of_wording).worth == pytest.approx(0.6)


def test_the_worth_of_a_short_document_is_the_mean_of_the_passages_that_it_has() -> None:
    layout = laid_out("We need the toll.")
    assert pack(layout, np.asarray([0.6], dtype=np.float32)).worth == pytest.approx(0.6)


def test_of_passages_of_equal_worth_the_opening_and_the_end_come_first() -> None:
    assert choose_passages(np.zeros(9, dtype=np.float32), [10] * 9, 20) == [0, 8]
    better_inside = np.asarray([0, 0, 0.06, 0.06, 0], dtype=np.float32)
    assert choose_passages(better_inside, [10] * 5, 20) == [2, 3]


def test_a_long_passage_makes_room_for_a_shorter_one_that_still_fits() -> None:
    worth = np.asarray([0, 0.9, 0.8, 0.7, 0], dtype=np.float32)
    assert choose_passages(worth, [60, 60, 60, 30, 60], 100) == [1, 3]


def test_a_title_leaves_less_room_for_the_text() -> None:
    text = "\n\n".join("word " * 40 for _ in range(30))
    with_title, without = laid_out(text, "word " * 40), laid_out(text)
    worth = np.zeros(len(without.passages), dtype=np.float32)
    assert len(pack(with_title, worth).sentences) == len(pack(without, worth).sentences) - 1


def test_a_full_pack_and_a_long_statement_fit_into_the_pair_graph(classifier) -> None:
    long = PACK_TOKENS + len(classifier._encoder.tokenizer("", "")["input_ids"]) + 60
    assert long <= classifier._settings.max_pair_tokens


@pytest.mark.parametrize(
    ("title", "read"),
    [
        (None, ""),
        (" \n", ""),
        ("...", ""),
        (" Tolls now ", "Tolls now."),
        ("Tolls now.", "Tolls now."),
        ("Why not?", "Why not?."),
        ("x" * 500, "x" * 200 + "."),
    ],
)
def test_a_title_is_read_as_a_sentence_of_bounded_length(title: str | None, read: str) -> None:
    assert title_of(title) == read


def test_the_worth_of_a_passage_is_its_similarity_plus_shared_words_or_an_alias() -> None:
    layout = laid_out(
        "\n\n".join(["Cars pay a toll. " * 10, "Congestion pricing works. " * 10, "Soup. " * 20])
    )
    assert len(layout.passages) == 3
    terms = search_terms("A toll for cars", ("congestion pricing",))
    worth = worth_of_passages(layout, terms, np.asarray([1.0, 0.8, 1.1], dtype=np.float32))
    assert worth == pytest.approx([1.0 + 0.15, 0.8 + 0.15, 1.1])


def test_the_screen_counts_the_best_passage_and_the_best_four() -> None:
    worth = np.asarray([0.1, 0.9, 0.5, 0.3, 0.3, 0.2], dtype=np.float32)
    assert worth_of_document(worth) == pytest.approx(0.5)
    assert screen_score(worth) == pytest.approx((0.9 + 0.5) / 2)
    assert screen_score(worth[:1]) == pytest.approx(0.1)
