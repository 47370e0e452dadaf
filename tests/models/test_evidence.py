"""The sentences that are kept and shown as evidence: few, the best first, the author's own before quoted ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Document, SentenceScore
from models.evidence import KEPT, choose_evidence, mean_scores, sentence_scores
from models.layout import lay_out
from models.packs import pack
from tests.models.token_counts import words_as_tokens

TEXT = (
    "Zoos should be closed. Critics say that zoos save some species.\n\n***\n\nFew animals are ever set free. "
    "The cages are small. Visitors learn little. Nobody needs them."
)
SCORES = st.lists(
    st.tuples(st.integers(0, 40), st.floats(0, 1, exclude_min=True, width=32), st.booleans()),
    unique_by=lambda one: one[0],
    max_size=8,
).map(lambda some: tuple(SentenceScore(10 * at, 10 * at + 9, score, quoted) for at, score, quoted in some))


def own(start: int, score: float) -> SentenceScore:
    return SentenceScore(start, start + 5, score, quoted=False)


def quoted(start: int, score: float) -> SentenceScore:
    return SentenceScore(start, start + 5, score, quoted=True)


def kept(shares: list[float]) -> list[tuple[str, bool]]:
    layout = lay_out(Document("zoos", TEXT), words_as_tokens)
    packed = pack(layout, np.ones(len(layout.passages), dtype=np.float32))
    found = sentence_scores(layout, packed, np.asarray(shares, dtype=np.float32))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    return [(TEXT[one.start : one.end], one.quoted) for one in found]


def test_sentences_are_kept_with_the_largest_share_first_and_those_of_others_are_marked():
    assert kept([0.3, 0.4, 0.0, 0.2, 0.1, 0.0, 0.0]) == [
        ("Critics say that zoos save some species.", True),
        ("Zoos should be closed.", False),
        ("Few animals are ever set free.", False),
        ("The cages are small.", False),
    ]


def test_sentences_without_letters_or_not_read_are_never_kept():
    assert kept([0.1, 0.0, 0.9, 0.0, 0.0, 0.0, 0.0]) == [("Zoos should be closed.", False)]


def test_a_sentence_of_the_author_is_kept_rather_than_a_quoted_one_with_a_little_more():
    found = kept([0.3, 0.12, 0.0, 0.2, 0.18, 0.11, 0.0])
    assert len(found) == KEPT
    assert ("Visitors learn little.", False) in found
    assert not any(is_quoted for _, is_quoted in found)


def test_the_authors_own_sentence_is_shown_before_a_quoted_one():
    shown = choose_evidence("favor", (quoted(0, 0.5), own(10, 0.3)))
    assert [(one.start, one.quoted, one.stance) for one in shown] == [
        (10, False, "favor"),
        (0, True, "favor"),
    ]


def test_a_quoted_sentence_with_more_than_twice_the_share_comes_first():
    assert [one.start for one in choose_evidence("favor", (quoted(0, 0.7), own(10, 0.3)))] == [0, 10]


def test_a_second_sentence_is_shown_only_beside_a_first_that_is_not_far_better():
    assert [one.start for one in choose_evidence("against", (own(0, 0.5), own(10, 0.25)))] == [0, 10]
    assert [one.start for one in choose_evidence("against", (own(0, 0.5), own(10, 0.24)))] == [0]


def test_without_sentences_there_is_no_evidence():
    assert choose_evidence("favor", ()) == ()


@given(SCORES)
def test_the_shown_evidence_does_not_depend_on_the_order_of_stored_sentences(scores):
    shown = choose_evidence("favor", scores)
    assert choose_evidence("favor", scores[::-1]) == shown
    assert len(shown) <= 2
    assert bool(shown) == bool(scores)


def test_shares_are_averaged_over_wordings_and_a_missing_sentence_counts_as_zero():
    found = mean_scores([(own(0, 0.5), own(10, 0.3)), (own(10, 0.5), quoted(20, 0.2)), ()])
    assert [(one.start, one.quoted) for one in found] == [(10, False), (0, False), (20, True)]
    assert [one.score for one in found] == pytest.approx([0.8 / 3, 0.5 / 3, 0.2 / 3])


@given(st.lists(SCORES, min_size=1, max_size=4))
def test_mean_shares_are_few_descending_and_32_bit_numbers_and_those_of_one_wording_stay(wordings):
    found = mean_scores(wordings)
    scores = [one.score for one in found]
    assert len(found) <= KEPT
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= one <= 1 and one == float(np.float32(one)) for one in scores)
    assert mean_scores([found]) == found
    assert mean_scores([]) == ()
