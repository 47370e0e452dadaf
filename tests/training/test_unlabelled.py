"""Pairs without a label: what a larger network is asked about."""

import random
from collections import Counter

import numpy as np

from training.corpus import Single
from training.mixture import Neighbours
from training.neighbours import kept_in
from training.opeds import Asked, Piece
from training.unlabelled import SOURCE, Unlabelled
from tests.models.test_train_mixture import mixture, tiny_data

SUBJECT = ("Keep the ferry", "Sell the ferry")
SHARED = "The ferry is worth its fare"


def vectors(texts):
    """A vector for each text that depends on its words alone, so that texts with the same words are near."""
    rows = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.lower().rstrip(".").split():
            rows[row, sum(map(ord, word)) % 64] += 1
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def oped(number):
    return Piece(
        id=f"ferry-{number}",
        subject="ferries",
        style="plain",
        form="straight",
        opinion=True,
        title=f"Harbor {number}",
        topics=("10",),
        paragraphs=("The boat is late.", "It is loved."),
        targets=(Asked(SUBJECT[number], "favor", (0, None)), Asked(SHARED, "favor", (0, None), shared=True)),
    )


def unlabelled(*opeds):
    pairs, _, _, near = tiny_data()
    near = Neighbours(near.targets, vectors(near.targets), near.reports, vectors(near.reports))
    texts = [
        Single(
            "Whaling goes on in the north. Many boats left port today.", None, frozenset(), 1.0, "allsides:X"
        )
    ]
    return Unlabelled(pairs, texts, opeds, near, vectors, seed=1), near


def test_nothing_is_said_about_the_answer():
    draw, _ = unlabelled(oped(0), oped(1))
    pairs = [draw(random.Random(number)) for number in range(300)]
    assert all(pair.stance is None and pair.about is None for pair in pairs)
    assert Counter(pair.source for pair in pairs).keys() == {SOURCE, "opeds"}


def test_an_oped_is_asked_what_was_asked_of_another_on_its_subject():
    draw, _ = unlabelled(oped(0), oped(1))
    asked = [pair for pair in (draw(random.Random(n)) for n in range(300)) if pair.source == "opeds"]
    assert asked
    for pair in asked:
        own = 0 if pair.text.startswith("Harbor 0") else 1 if pair.text.startswith("Harbor 1") else None
        if own is not None:
            assert SUBJECT[own] != pair.target
        assert pair.target != SHARED  # both pieces have a label for it


def test_an_argument_is_asked_about_a_matter_near_its_own():
    draw, near = unlabelled()
    place = {target: number for number, target in enumerate(near.targets)}
    found = 0
    for number in range(300):
        pair = draw(random.Random(number))
        own = next((t for t in near.targets if pair.text.endswith(f" on {t.lower()} good")), None)
        if own is not None and pair.target in place and pair.target != own:
            likeness = float(near.target_vectors[place[own]] @ near.target_vectors[place[pair.target]])
            assert 0.4 < likeness < 0.95
            found += 1
    assert found > 10


def test_they_come_into_the_stream_only_where_asked_for():
    draw, _ = unlabelled(oped(0), oped(1))
    without, beside = mixture().block(2), mixture(unlabelled=draw).block(2)
    assert not any(pair.source == SOURCE for pair in without)
    share = sum(pair.stance is None for pair in beside) / len(beside)
    assert 0.3 < share < 0.7


def test_the_first_blocks_are_labelled_throughout():
    draw, _ = unlabelled(oped(0), oped(1))
    assert all(pair.stance is not None for pair in mixture(unlabelled=draw).block(0))


def test_vectors_are_made_once_for_the_same_texts(tmp_path):
    calls = []

    def embed(texts):
        calls.append(list(texts))
        return vectors(texts)

    first = kept_in(tmp_path / "vectors", embed)(["a boat", "a port"])
    again = kept_in(tmp_path / "vectors", embed)(["a boat", "a port"])
    kept_in(tmp_path / "vectors", embed)(["a boat", "a port "])
    assert calls == [["a boat", "a port"], ["a boat", "a port "]]
    assert np.array_equal(first, again)
