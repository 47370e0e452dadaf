"""The examples of an op-ed in training: every labelled statement, and some that it does not speak about."""

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")

from training.examples import (
    BOTH_WORDINGS,
    DENIED,
    EASY,
    EXCERPT_DRAWN,
    GENERAL,
    HARD,
    IN_USER_WORDS_DRAWN,
    MANY_MISTAKEN,
    MENTIONED_DRAWN,
    MISTAKEN,
    MISTAKEN_DRAWN,
    NEAR,
    ONE_OF_OTHER_KINDS,
    OTHER,
    OTHER_WEIGHT,
    OWN,
    PHRASED,
    REWORDED,
    SHORT_DRAWN,
    OpEdExamples,
    times_drawn,
    training_pieces,
)
from training.excerpts import BANK as EXCERPT_BANK
from training.excerpts import SHORT
from training.packing import own_statements_of, wordings_of
from training.rewordings import Rewordings

DRAWS = 200


@pytest.fixture(scope="module")
def examples(prepared, vectors):
    return OpEdExamples(prepared, vectors, others=(4, 20))


@pytest.fixture(scope="module")
def drawn(examples):
    """Many draws of examples from the first piece."""
    return [examples.of_piece(0, random.Random(seed)) for seed in range(DRAWS)]


def share(truths):
    truths = list(truths)
    return sum(truths) / len(truths)


def of(groups, targets):
    """Return the examples whose targets are among `targets`, by group."""
    return [group for group in groups if group[0].target in targets]


def test_labelled_statements_are_asked_now_and_then_in_one_wording_or_both(drawn, prepared):
    piece = prepared[0].piece
    for label, chance in zip(piece.labels, (OWN, GENERAL), strict=True):
        asked = [of(groups, wordings_of(label)) for groups in drawn]
        assert {len(some) for some in asked} == {0, 1}
        assert share(map(bool, asked)) == pytest.approx(chance, abs=0.1)
        assert all({one.target for one in some[0]} <= set(wordings_of(label)) for some in asked if some)
    own = [some[0] for groups in drawn if (some := of(groups, wordings_of(piece.labels[0])))]
    assert share(len(group) == 2 for group in own) == pytest.approx(BOTH_WORDINGS, abs=0.15)
    assert all(group[0].stance == group[1].stance for group in own if len(group) == 2)
    alone = Counter(group[0].target for group in own if len(group) == 1)
    assert set(alone) == set(wordings_of(piece.labels[0]))


def test_a_label_gives_stance_relevance_and_the_sentences_that_show_it(drawn, prepared):
    piece = prepared[0].piece
    one = next(some[0][0] for groups in drawn if (some := of(groups, wordings_of(piece.labels[0]))))
    assert (one.stance, one.about, one.weight) == (0, 1.0, 1.0)
    marked = [
        one.text[start:].split(". ")[0] for start, shown in zip(one.starts, one.shown, strict=True) if shown
    ]
    assert marked
    assert all(sentence.rstrip(".") in piece.paragraphs[1] for sentence in marked)
    assert not all(one.shown)


def test_a_label_without_named_paragraphs_gives_no_evidence(prepared, vectors, monkeypatch):
    monkeypatch.setattr("training.examples.OWN", 1.0)
    one = prepared[0]
    label = replace(one.piece.labels[0], paragraphs=())
    bare = replace(one, piece=replace(one.piece, labels=(label,)))
    example = OpEdExamples([bare], vectors).of_piece(0, random.Random(0))[0][0]
    assert example.starts == example.shown == ()


def test_near_statements_are_asked_as_silent_most_of_the_times(drawn, prepared):
    near = prepared[0].piece.near[0]
    found = [[group[0] for group in groups if group[0].target == near] for groups in drawn]
    assert share(map(bool, found)) == pytest.approx(NEAR, abs=0.1)
    assert {(one.stance, one.about) for some in found for one in some} == {(None, 0.0)}


def test_silent_statements_of_the_bank_are_asked_the_nearest_more_often(prepared, vectors, monkeypatch):
    monkeypatch.setattr("training.examples.HARDEST", 5)
    one = replace(prepared[0], piece=replace(prepared[0].piece, labels=(), near=(), kind="news"))
    examples = OpEdExamples([one], vectors)
    silent = one.piece.silent
    nearest = sorted(silent, key=lambda text: -(one.embeddings @ vectors[text]).max())[:5]
    counts, sizes = Counter(), Counter()
    for seed in range(DRAWS):
        groups = examples.of_piece(0, random.Random(seed))
        counts.update(group[0].target for group in groups)
        sizes[len(groups)] += 1
    assert set(counts) == set(silent)
    assert sum(counts[text] for text in nearest) == HARD * DRAWS
    assert sizes[HARD + 1] / DRAWS == pytest.approx(EASY, abs=0.1)
    assert set(sizes) == {HARD, HARD + 1}


def test_hard_statements_are_asked_in_place_of_the_nearest(prepared, vectors):
    silent = prepared[0].piece.silent
    hard, rest = silent[-5:], silent[:-5]
    piece = replace(prepared[0].piece, labels=(), near=(), kind="news", hard=hard, silent=rest)
    examples = OpEdExamples([replace(prepared[0], piece=piece)], vectors)
    counts = Counter(
        group[0].target for seed in range(DRAWS) for group in examples.of_piece(0, random.Random(seed))
    )
    assert sum(counts[text] for text in hard) == HARD * DRAWS
    assert sum(counts[text] for text in rest) / DRAWS == pytest.approx(EASY, abs=0.1)


def test_mistaken_statements_are_asked_as_silent_more_often_than_not(prepared, vectors):
    silent = prepared[0].piece.silent
    piece = replace(prepared[0].piece, labels=(), near=(), silent=(), kind="news", mistaken=silent[:1])
    examples = OpEdExamples([replace(prepared[0], piece=piece)], vectors)
    drawn = [examples.of_piece(0, random.Random(seed)) for seed in range(DRAWS)]
    assert share(map(bool, drawn)) == pytest.approx(MISTAKEN, abs=0.1)
    assert {(one.target, one.stance, one.about) for groups in drawn for (one,) in groups} == {
        (silent[0], None, 0.0)
    }


def test_other_wordings_keep_the_side_and_denials_have_the_other_one(prepared, vectors, embed, monkeypatch):
    monkeypatch.setattr("training.examples.OWN", 1.0)
    one = prepared[0]
    label = replace(one.piece.labels[0], stance="favor")
    statement, silent = label.target, one.piece.silent[0]
    rewordings = {
        statement: Rewordings(
            ("Said in other words", "Said in yet other ones"), ("The other camp is right",)
        ),
        silent: Rewordings(("A matter in other words",), ("The contrary of it",)),
    }
    new = [text for some in rewordings.values() for text in some.every]
    every = {**vectors, **dict(zip(new, embed(new), strict=True))}
    alone = replace(one, piece=replace(one.piece, labels=(label,), near=(), silent=(silent,), kind="news"))
    examples = OpEdExamples([alone], every, rewordings=rewordings)
    stances, denials, of_bank = Counter(), 0, Counter()
    for seed in range(DRAWS):
        groups = examples.of_piece(0, random.Random(seed))
        for group in groups:
            stances.update((asked.target, asked.stance) for asked in group)
            assert len({asked.stance for asked in group}) == 1
        denials += sum(group[0].target == "The other camp is right" for group in groups)
        of_bank.update(group[0].target for group in groups if group[0].stance is None)
    favor, against = 0, 1
    known = {*wordings_of(label), "Said in other words", "Said in yet other ones"}
    assert {text for text, stance in stances if stance == favor} == known
    assert {text for text, stance in stances if stance == against} == {"The other camp is right"}
    assert denials / DRAWS == pytest.approx(DENIED, abs=0.1)
    assert 1 - of_bank[silent] / of_bank.total() == pytest.approx(REWORDED, abs=0.1)
    assert set(of_bank) == {silent, "A matter in other words", "The contrary of it"}


def test_passages_that_aliases_choose_are_chosen_by_the_wording_that_is_asked_too(
    prepared, vectors, embed, monkeypatch
):
    for name, value in (("OWN", 1.0), ("ALIASED", 1.0), ("PACK_TOKENS", (40,))):
        monkeypatch.setattr(f"training.examples.{name}", value)
    one = max(prepared, key=lambda each: len(each.layout.texts))
    label = replace(one.piece.labels[0], paragraphs=(), own=True)
    known = [vectors[wording] for wording in wordings_of(label)]
    # a wording whose own vector changes the choice
    asked, every, expected = next(
        (text, {**vectors, text: vector}, with_it)
        for text in one.layout.texts
        if (vector := embed([text])[0]) is not None
        and (with_it := one.pack(text, np.stack([vector, *known]), 40).text)
        != one.pack(text, np.stack(known), 40).text
    )
    alone = replace(one, piece=replace(one.piece, labels=(label,), near=(), silent=(), kind="news"))
    examples = OpEdExamples([alone], every, rewordings={label.target: Rewordings((asked,))})
    read = {
        example.text
        for seed in range(DRAWS)
        for group in examples.of_piece(0, random.Random(seed))
        for example in group
        if example.target == asked
    }
    assert read == {expected}


def test_a_phrase_is_asked_in_place_of_its_statement_and_has_the_side_that_it_was_given(
    prepared, vectors, embed
):
    one = prepared[0]
    label = replace(one.piece.labels[0], stance="favor")
    silent = one.piece.silent[0]
    rewordings = {
        label.target: Rewordings(favored=("what it praises",), opposed=("what it blames",)),
        silent: Rewordings(favored=("what may be spoken about",)),
    }
    new = [text for some in rewordings.values() for text in some.every]
    every = {**vectors, **dict(zip(new, embed(new), strict=True))}
    alone = replace(one, piece=replace(one.piece, labels=(label,), near=(), silent=(silent,), kind="news"))
    examples = OpEdExamples([alone], every, rewordings=rewordings)
    asked = Counter(
        (group[0].target, group[0].stance)
        for seed in range(2 * DRAWS)
        for group in examples.of_piece(0, random.Random(seed))
    )
    favor, against = 0, 1
    phrases = asked["what it praises", favor] + asked["what it blames", against]
    statements = sum(asked[text, favor] for text in wordings_of(label))
    assert set(asked) <= {
        ("what it praises", favor),
        ("what it blames", against),
        *((text, favor) for text in wordings_of(label)),
        (silent, None),
    }
    assert (phrases + statements) / (2 * DRAWS) == pytest.approx(OWN, abs=0.1)
    assert phrases / (phrases + statements) == pytest.approx(PHRASED, abs=0.1)


def test_a_phrase_from_another_piece_is_asked_as_a_silent_one(prepared, vectors, embed):
    own = own_statements_of([other.piece for other in prepared])
    rewordings = {statement: Rewordings(favored=(f"the matter of {statement}",)) for statement in own}
    new = [text for some in rewordings.values() for text in some.every]
    every = {**vectors, **dict(zip(new, embed(new), strict=True))}
    examples = OpEdExamples(prepared, every, others=(4, 20), rewordings=rewordings)
    others = [
        group[0].target
        for seed in range(DRAWS)
        for group in examples.of_piece(0, random.Random(seed))
        if group[0].weight == OTHER_WEIGHT
    ]
    assert share(target.startswith("the matter of") for target in others) == pytest.approx(PHRASED, abs=0.15)


def test_statements_written_for_other_pieces_are_silent_ones_of_less_weight(drawn, prepared, vectors):
    one = prepared[0]
    own = own_statements_of([other.piece for other in prepared])
    order = sorted(own, key=lambda text: -(one.embeddings @ vectors[text]).max())
    others = [[group[0] for group in groups if group[0].weight == OTHER_WEIGHT] for groups in drawn]
    asked = {example.target for some in others for example in some}
    assert asked <= set(order[4:20])
    assert not asked & set(wordings_of(one.piece.labels[0]))
    assert {(example.stance, example.about) for some in others for example in some} == {(None, 0.0)}
    assert share(map(bool, others)) == pytest.approx(OTHER, abs=0.1)
    assert max(map(len, others)) == 1


def test_reports_are_not_asked_statements_written_for_other_pieces(examples, prepared):
    number = next(row for row, one in enumerate(prepared) if one.piece.kind == "news")
    groups = [group for seed in range(20) for group in examples.of_piece(number, random.Random(seed))]
    assert groups
    assert all(group[0].weight == 1.0 for group in groups)


def test_packs_have_several_sizes(drawn):
    assert len({len(group[0].text) for groups in drawn for group in groups}) >= 3


def test_pieces_that_are_left_out_or_empty_are_not_trained_on(prepared):
    pieces = [one.piece for one in prepared[:3]]
    empty = replace(pieces[2], paragraphs=("", " "))
    assert training_pieces([*pieces[:2], empty], frozenset({pieces[0].id})) == [pieces[1]]


def test_of_reports_and_other_pieces_a_part_is_trained_on(prepared):
    reports = [replace(prepared[0].piece, kind="news", id=f"r{number}") for number in range(400)]
    found = training_pieces(reports, frozenset())
    assert len(found) / len(reports) == pytest.approx(1 / ONE_OF_OTHER_KINDS, abs=0.06)
    assert training_pieces(reports, frozenset()) == found


def test_pieces_on_which_a_network_was_often_wrong_are_drawn_most(prepared):
    piece = replace(prepared[0].piece, mistaken=())
    mistaken = tuple(f"statement {number}" for number in range(MANY_MISTAKEN))
    assert times_drawn(piece) == 1
    assert times_drawn(replace(piece, mistaken=mistaken[1:])) == 1
    assert times_drawn(replace(piece, mistaken=mistaken)) == MISTAKEN_DRAWN
    assert times_drawn(replace(piece, mistaken=mistaken, mentioned=("a name",))) == MENTIONED_DRAWN
    in_user_words = frozenset(mistaken)
    assert (
        times_drawn(replace(piece, mentioned=("a name",), in_user_words=in_user_words)) == IN_USER_WORDS_DRAWN
    )
    assert times_drawn(replace(piece, bank=EXCERPT_BANK, mistaken=mistaken)) == EXCERPT_DRAWN
    assert times_drawn(replace(piece, bank=EXCERPT_BANK, outlet=min(SHORT))) == SHORT_DRAWN
