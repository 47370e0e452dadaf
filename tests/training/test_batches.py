"""Batches hold inputs of similar length, whole groups, and the sentence of every token."""

import random

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")

from training.batches import MAX_PAIR_TOKENS, by_length, encode_pairs, pair_batches, text_batches  # noqa: E402
from training.corpus import Single  # noqa: E402
from training.examples import Example  # noqa: E402

TEXT = "A word on it. We need the zoo. It is late."
STARTS = (14, 31)  # the title is no sentence


def test_every_token_has_the_number_of_its_sentence(tokenizer):
    (encoded,) = encode_pairs(tokenizer, [Example("the zoo", TEXT, 0, 1.0, STARTS, (True, False))])
    pieces = tokenizer.convert_ids_to_tokens(encoded.ids["input_ids"])
    read = "".join(piece for piece, number in zip(pieces, encoded.sentences, strict=True) if number == 1)
    assert read == "weneedthezoo."
    of_target = encoded.sentences[: pieces.index("[SEP]") + 1]
    assert set(of_target) == {0}
    assert [encoded.sentences[pieces.index("on")], encoded.sentences[-1]] == [0, 0]


def test_a_question_is_read_as_the_statement_that_it_asks_about(tokenizer):
    asked, stated = encode_pairs(
        tokenizer,
        [Example(one, TEXT, 0, 1.0) for one in ("Should the zoo be late?", "The zoo should be late")],
    )
    assert asked == stated


def test_a_batch_has_the_labels_of_each_example(tokenizer):
    wordings = tuple(Example(one, TEXT, 0, 1.0, STARTS, (False, True)) for one in ("the zoo", "a zoo"))
    silent = (Example("the ferry", TEXT, None, 0.0, weight=0.6),)
    short = (Example("the park", "We need it.", 2, None, weight=0.8),)
    (batch,) = pair_batches([silent, wordings, short], tokenizer, 4096, "0")
    rows = {(int(s), bool(q)) for s, q in zip(batch.stance, batch.silent, strict=True)}
    assert rows == {(0, False), (2, True), (2, False)}
    first, second = batch.wordings[0].tolist()
    assert batch.wordings.shape == (1, 2)
    assert second == first + 1
    assert batch.stance[[first, second]].tolist() == [0, 0]
    assert batch.shown[first].tolist() == [False, False, True]
    one = int(batch.silent.nonzero())
    assert not batch.shown[one].any()
    assert float(batch.about[one]) == 0.0
    assert float(batch.weight[one]) == pytest.approx(0.6)
    assert torch.isnan(batch.about).sum() == 1
    assert batch.tokens == int(batch.inputs["attention_mask"].sum()) < batch.inputs["input_ids"].numel()


def test_groups_stay_together_and_batches_within_their_tokens(tokenizer):
    draw = random.Random(0)
    groups = [
        tuple(
            Example(f"zoo {n}", "it is late " * draw.randint(1, 30), 0, 1.0)
            for _ in range(draw.choice((1, 2)))
        )
        for n in range(60)
    ]
    batches = pair_batches(groups, tokenizer, 400, "0")
    assert len(batches) > 5
    assert sum(len(batch.stance) for batch in batches) == sum(map(len, groups))
    assert sum(len(batch.wordings) for batch in batches) == sum(len(group) == 2 for group in groups)
    for batch in batches:
        assert batch.inputs["input_ids"].numel() <= 400 or len(batch.stance) <= 2
        for first, second in batch.wordings.tolist():
            same = batch.inputs["token_type_ids"][first] == 0
            ids = batch.inputs["input_ids"]
            target = ids[first][same & (batch.inputs["attention_mask"][first] > 0)]
            assert torch.equal(target, ids[second][: len(target)])


def test_a_long_text_is_cut_and_sentences_that_are_cut_off_show_nothing(tokenizer):
    starts = tuple(range(0, 6000, 60))
    long = Example(
        "zoo", ("the council met on monday. " * 400)[:6000], 0, 1.0, starts, (False,) * 99 + (True,)
    )
    (batch,) = pair_batches([(long,)], tokenizer, 4096, "0")
    assert batch.inputs["input_ids"].shape[1] == MAX_PAIR_TOKENS
    assert not batch.shown.any()
    assert batch.shown.shape[1] == int(batch.sentences.max()) + 1


def test_items_of_like_length_go_together():
    lengths = [10, 200, 11, 190, 12, 210]
    batches = by_length(lengths, int, 640, random.Random(1))
    assert sorted(map(sorted, batches)) == [[10, 11, 12], [190, 200, 210]]


def test_the_topics_of_a_text_are_known_unknown_or_none(tokenizer):
    texts = [
        Single("a bill", (1, 0), frozenset({2}), None, "us_bills"),
        Single("the weather", (), frozenset(), 0.0, "us_bills"),
        Single("an article", None, frozenset(), 1.0, "allsides"),
    ]
    (batch,) = text_batches(texts, 3, tokenizer, 512, 96, "0")
    by_primary = {int(one): row for row, one in enumerate(batch.primary)}
    assert set(by_primary) == {1, 3, -100}
    gold = batch.topics[by_primary[1]]
    assert gold[:2].tolist() == [1.0, 1.0]
    assert torch.isnan(gold[2])
    assert batch.topics[by_primary[3]].tolist() == [0.0, 0.0, 0.0]
    assert torch.isnan(batch.topics[by_primary[-100]]).all()
    assert float(batch.opinion[by_primary[-100]]) == 1.0
