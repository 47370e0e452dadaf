"""A phrase is compared with each passage as a whole and token by token."""

import numpy as np
import pytest

from models.similarity import NO_TOKENS, PassageVectors, Phrase, encode, phrase_of

ALONG, ACROSS = np.asarray([1, 0], dtype=np.float32), np.asarray([0, 1], dtype=np.float32)
BETWEEN = np.asarray([0.6, 0.8], dtype=np.float32)


def test_the_similarity_is_the_cosine_plus_the_mean_of_the_largest_cosines_of_tokens() -> None:
    passages = PassageVectors(
        np.stack([ALONG, ACROSS]), [np.stack([ACROSS, BETWEEN]), np.stack([ALONG, ACROSS, -ALONG])]
    )
    phrase = Phrase(BETWEEN, np.stack([ALONG, ACROSS]))
    assert passages.similarity([phrase]) == pytest.approx([0.6 + (0.6 + 1) / 2, 0.8 + (1 + 1) / 2])


def test_the_nearest_phrase_counts_for_each_passage() -> None:
    passages = PassageVectors(np.stack([ALONG, ACROSS]), [ALONG[None], ACROSS[None]])
    phrases = [Phrase(ALONG, ALONG[None]), Phrase(ACROSS, ACROSS[None])]
    assert passages.similarity(phrases) == pytest.approx([2.0, 2.0])
    assert passages.similarity(phrases[:1]) == pytest.approx([2.0, 0.0])


def test_without_tokens_only_the_whole_passages_are_compared() -> None:
    nothing = np.zeros((0, 2), dtype=np.float32)
    phrase = Phrase(ALONG, ALONG[None])
    assert PassageVectors(np.stack([ALONG, BETWEEN])).similarity([phrase]) == pytest.approx([1.0, 0.6])
    with_one = PassageVectors(np.stack([ALONG, BETWEEN, ALONG]), [nothing, BETWEEN[None], nothing])
    assert with_one.similarity([phrase]) == pytest.approx([1.0, 0.6 + 0.6, 1.0])
    assert with_one.similarity([Phrase(ALONG, NO_TOKENS)]) == pytest.approx([1.0, 0.6, 1.0])


def test_a_long_document_is_compared_as_a_whole_though_its_tokens_are_multiplied_in_parts() -> None:
    random = np.random.default_rng(5)
    rows = random.standard_normal((3_001, 128)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    ends = [700, 701, 2_900, 3_001]
    tokens = [rows[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    phrase = Phrase(ALONG, rows[random.integers(0, 3_001, 9)])
    expected = [(phrase.tokens @ part.T).max(axis=1).mean() for part in tokens]
    passages = PassageVectors(np.stack([ACROSS] * len(tokens)), tokens)
    assert passages.similarity([phrase]) == pytest.approx(expected, abs=1e-5)


def test_the_bundled_graph_gives_a_vector_of_length_one_for_each_token_but_the_special_ones(
    classifier,
) -> None:
    encoder = classifier._encoder
    texts = ["Ports need cranes.", "Snow fell on the old harbour town for three days."]
    encoded, tokens = encode(encoder, texts, ["embedding"])
    assert [len(rows) for rows in tokens] == encoder.count_tokens(texts)
    assert [len(rows) for rows in tokens] == [len(encoder.tokens_of(text)) for text in texts]
    for rows in tokens:
        assert np.linalg.norm(rows.astype(np.float32), axis=1) == pytest.approx(1, abs=1e-2)
    assert encoded["embedding"] == pytest.approx(encoder.run(texts, ["embedding"])["embedding"])


def test_words_without_meaning_of_their_own_are_no_tokens_of_a_phrase(classifier) -> None:
    encoder = classifier._encoder
    assert len(phrase_of("We should not have the tolls, should we?", encoder).tokens) == len(
        encoder.tokens_of("tolls")
    )
    assert len(phrase_of("Should we?", encoder).tokens) == len(encoder.tokens_of("Should we?"))


def test_one_sentence_on_the_matter_makes_a_passage_nearer_by_its_tokens(classifier) -> None:
    encoder = classifier._encoder
    filler = "The festival opened on Friday with a parade, and the brass bands played until midnight. "
    texts = [filler + "Congestion charges are unfair.", filler + "The beer tents were full."]
    encoded, tokens = encode(encoder, texts, ["embedding"])
    phrase = phrase_of("Drivers should pay a congestion charge", encoder)
    whole = PassageVectors(encoded["embedding"]).similarity([phrase])
    with_tokens = PassageVectors(encoded["embedding"], tokens).similarity([phrase])
    assert with_tokens[0] - with_tokens[1] > 1.5 * (whole[0] - whole[1]) > 0
