"""The logits of tokens become shares of sentences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.packs import Pack
from models.pairs import BundledPairs, sentence_shares

#: A title of ten characters, and three sentences after it.
PACK = Pack("x" * 50, ((0, 9), (10, 19), (20, 29)), (10, 20, 30))


def shares(*tokens: tuple[int, float], pack: Pack = PACK) -> np.ndarray:
    return sentence_shares(
        np.asarray([logit for _, logit in tokens], dtype=np.float32), [at for at, _ in tokens], pack
    )


@given(st.lists(st.tuples(st.integers(-1, 49), st.floats(-50, 50, width=32)), max_size=60))
def test_shares_sum_to_one_over_the_sentences_that_were_read(tokens) -> None:
    found = shares(*tokens)
    read = {at // 10 for at, _ in tokens if at >= 10}
    assert found.shape == (3,)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1.0 if read else 0.0, abs=1e-5)
    for number in range(3):
        assert number + 1 in read or (number == 2 and 4 in read) or found[number] == 0


def test_a_sentence_that_was_cut_off_has_no_share() -> None:
    assert shares((10, -40.0), (22, -45.0))[2] == 0
    assert shares((10, -40.0), (22, -45.0))[:2].sum() == pytest.approx(1.0)


def test_a_sentence_counts_by_the_mean_of_its_tokens_whatever_their_number() -> None:
    long = shares((10, 2.0), (20, 1.0), (22, 2.0), (24, 3.0))
    assert long[:2] == pytest.approx([0.5, 0.5])
    favored = shares((10, 0.0), (20, np.log(3.0)))
    assert favored[:2] == pytest.approx([0.25, 0.75])


def test_tokens_of_the_target_and_of_the_title_do_not_count() -> None:
    assert shares((-1, 30.0), (0, 30.0), (9, 30.0), (10, 0.0), (20, 0.0), (30, 0.0)) == pytest.approx(
        [1 / 3] * 3
    )


def test_a_pack_without_sentences_has_no_shares() -> None:
    assert shares((0, 1.0), pack=Pack("title.", (), ())).shape == (0,)


def test_the_bundled_graph_gives_shares_to_what_it_read_and_none_to_what_was_cut_off(classifier) -> None:
    sentences = ["A toll for cars is a good idea. "] * 60
    starts = tuple(int(at) for at in np.cumsum([0, *map(len, sentences[:-1])]))
    packed = Pack("".join(sentences), tuple((at, at + 31) for at in starts), starts)
    (score,) = classifier._pairs.score([("Cars should pay a toll", packed)])
    assert score.stance.shape == (3,)
    assert score.sentences.sum() == pytest.approx(1.0, abs=1e-5)
    read = np.flatnonzero(score.sentences)
    assert read.tolist() == list(range(len(read)))
    assert 30 < len(read) < 60


def test_the_worth_of_the_document_raises_the_relevance_by_its_weight_and_nothing_else(classifier) -> None:
    weighing = BundledPairs(classifier._pairs._encoder, worth_weight=4.0)
    text = "A toll for cars is a good idea."
    (of_little, of_much) = weighing.score(
        [("Cars should pay a toll", Pack(text, ((0, 31),), (0,), worth)) for worth in (0.0, 0.5)]
    )
    assert of_much.about - of_little.about == pytest.approx(2.0, abs=1e-5)
    assert of_much.stance.tolist() == of_little.stance.tolist()


def test_no_pairs_give_no_scores(classifier) -> None:
    assert classifier._pairs.score([]) == []
