"""The training stream is reproducible, complete and labelled as its construction says."""

import random
from collections import Counter

import numpy as np
import pytest

from training import compose
from training.corpus import Pair, Single
from training.mixture import Carousel, Mixture, Neighbours
from training.topics import CODES, cap_codes, editorial_tags


def tiny_data():
    motions = ["We should ban whaling", "We should legalize organ trade", "Zoos should be abolished"]
    pairs = [
        Pair(
            motion,
            f"argument {i} on {motion.lower()} {'good' if side == 0 else 'bad'}",
            side,
            1.0,
            "ibm_arg_30k",
        )
        for motion in motions
        for i in range(4)
        for side in (0, 1)
    ]
    pairs += [Pair(f"subject {i}", f"comment {i} says a few things", i % 3, None, "vast") for i in range(9)]
    nli = [Pair("A man sleeps on a bed", "A man is asleep", 0, 1.0, "nli")] * 5
    texts = [Single(f"A bill to do thing {i}.", (i % 3,), frozenset(), None, "us_bills") for i in range(6)]
    texts += [
        Single("The minister spoke. " * 40, (2,), frozenset(), 0.0, "allsides:Reuters") for _ in range(4)
    ]
    targets = sorted({pair.target for pair in pairs})
    draw = np.random.default_rng(0)

    def unit(n):
        v = draw.normal(size=(n, 16)).astype(np.float32)
        return v / np.linalg.norm(v, axis=1, keepdims=True)

    reports = ["The committee met on Monday to discuss fishing.", "A report on kidneys was published."]
    return pairs, nli, texts, Neighbours(targets, unit(len(targets)), reports, unit(len(reports)))


def mixture(**changes):
    pairs, nli, texts, near = tiny_data()
    return Mixture(pairs, nli, texts, near, **{"seed": 3, "block_size": 400, "warm_blocks": 1} | changes)


def test_a_block_depends_on_seed_and_number_alone():
    first, second = mixture(), mixture()
    first.block(0)
    assert first.block(2) == second.block(2)
    assert mixture(seed=4).block(2) != second.block(2)


def test_blocks_go_on_where_the_last_one_stopped():
    carousel = Carousel(list(range(10)), "rows", 1)
    seen = [carousel.at(position) for position in range(20)]
    assert sorted(seen[:10]) == sorted(seen[10:]) == list(range(10))
    assert seen[:10] != seen[10:]


def test_every_kind_of_example_is_there_and_neutral_is_common():
    pairs = mixture().block(1)
    sources = Counter(pair.source for pair in pairs)
    assert {"ibm_arg_30k", "vast", "nli", "mismatch", "empty"} <= set(sources)
    assert sources["mention_built"] > 0
    assert {"rebuttal", "concession", "both_sides", "several", "surrounded"} & set(sources)
    assert sum(pair.stance == 2 for pair in pairs) > 0.2 * len(pairs)


def test_a_text_without_its_target_is_never_on_a_side():
    for pair in mixture().block(1):
        if pair.source in {"mismatch", "empty", "mention_built", "both_sides"}:
            assert pair.stance == 2
        if pair.source == "empty":
            assert pair.target == ""
            assert pair.about == 0.0


def test_a_rebuttal_keeps_the_authors_side_and_quotes_the_other():
    mine = Pair("zoos", "zoos save species", 0, 1.0, "x")
    theirs = Pair("zoos", "zoos are prisons", 1, 1.0, "x")
    for seed in range(30):
        for build in (compose.rebuttal, compose.concession):
            built = build(mine, theirs, random.Random(seed))
            assert built.stance == 0
            assert "save species" in built.text
            assert "prisons" in built.text
        assert compose.both_sides(mine, theirs, random.Random(seed)).stance == 2


def test_an_argument_in_mid_sentence_loses_its_full_stop():
    assert compose.fill(
        "{1} Critics who say that {0} miss the point.", "zoos are prisons.", "They save species."
    ) == ("They save species. Critics who say that zoos are prisons miss the point.")
    assert compose.fill("Granted, {0} But {1}", "zoos cost money", "they teach") == (
        "Granted, zoos cost money. But they teach."
    )


def test_every_topic_mapping_leads_to_known_codes():
    assert len(CODES) == 21
    assert len(editorial_tags()) == 108
    for codes in editorial_tags().values():
        assert set(codes) <= set(CODES)
    for label in ("24", "26", "27", "28", "29", "30", "31", "99", "3"):
        assert set(cap_codes(label)) <= set(CODES)


@pytest.mark.parametrize("text", ["", "One sentence only", "Two here. And there."])
def test_sentences_lose_no_word(text):
    assert " ".join(compose.sentences(text)).split() == text.split()
