"""Each part of the loss depends on its own labels, and on nothing else."""

import math

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")

from training.batches import PairBatch  # noqa: E402
from training.losses import (  # noqa: E402
    ABOUT_WEIGHT,
    EVIDENCE_WEIGHT,
    SILENT_WEIGHT,
    WORDINGS_WEIGHT,
    pair_loss,
    sentence_logits,
)
from training.network import PairAnswers  # noqa: E402

NAN = float("nan")


def batch(stance, *, silent=None, about=None, weight=None, sentences=None, shown=None, wordings=()):
    count = len(stance)
    return PairBatch(
        inputs={},
        stance=torch.tensor(stance),
        silent=torch.tensor(silent or [False] * count),
        about=torch.tensor(about or [NAN] * count),
        weight=torch.tensor(weight or [1.0] * count),
        sentences=torch.tensor(sentences or [[0, 0]] * count),
        shown=torch.tensor(shown or [[False]] * count),
        wordings=torch.tensor(wordings, dtype=torch.long).reshape(-1, 2),
    )


def answers(stance, about=None, evidence=None):
    count = len(stance)
    return PairAnswers(
        torch.tensor(stance),
        torch.tensor(about or [[0.0]] * count),
        torch.tensor(evidence or [[0.0, 0.0]] * count),
    )


def test_the_stance_is_a_weighted_mean_of_cross_entropies_in_which_silent_texts_count_less():
    sure, even = [9.0, -9.0, -9.0], [0.0, 0.0, 0.0]
    assert float(pair_loss(answers([even]), batch([1]))) == pytest.approx(math.log(3))
    silent = [[True, False], [False, True]]
    counts = [float(pair_loss(answers([even, sure]), batch([2, 0], silent=one))) for one in silent]
    assert counts[0] == pytest.approx(math.log(3) * SILENT_WEIGHT / (1 + SILENT_WEIGHT), abs=1e-5)
    assert counts[1] == pytest.approx(math.log(3) / (1 + SILENT_WEIGHT), abs=1e-5)
    light = pair_loss(answers([even, sure]), batch([1, 0], weight=[0.5, 1.0]))
    assert float(light) == pytest.approx(math.log(3) / 3, abs=1e-5)


def test_relevance_counts_where_it_is_known():
    sure = [[9.0, -9.0, -9.0]] * 2
    given = answers(sure, about=[[0.0], [5.0]])
    known = float(pair_loss(given, batch([0, 0], about=[0.0, NAN])))
    assert known == pytest.approx(ABOUT_WEIGHT * math.log(2) / 2, abs=1e-5)
    right = float(pair_loss(given, batch([0, 0], about=[NAN, 1.0])))
    assert right < known / 10


def test_evidence_is_the_share_of_attention_on_sentences_that_show_the_stance():
    sure = [[9.0, -9.0, -9.0]]
    tokens = [[0, 1, 1, 2, 2, 3]]
    logits = [[7.0, 1.0, 3.0, 0.0, 2.0, 1.0]]  # the means of the sentences are 2, 1 and 1
    shown = [[False, True, False, True]]
    found = pair_loss(answers(sure, evidence=logits), batch([0], sentences=tokens, shown=shown))
    share = (math.exp(2) + math.exp(1)) / (math.exp(2) + 2 * math.exp(1))
    assert float(found) == pytest.approx(-EVIDENCE_WEIGHT * math.log(share), abs=1e-5)


def test_a_text_without_named_sentences_adds_no_evidence_loss():
    sure = [[9.0, -9.0, -9.0]]
    one = batch([0], sentences=[[1, 2]], shown=[[False, False, False]])
    assert float(pair_loss(answers(sure, evidence=[[3.0, 4.0]]), one)) == pytest.approx(0.0, abs=1e-5)
    cut_off = batch([0], sentences=[[1, 1]], shown=[[False, False, True]])
    assert float(pair_loss(answers(sure, evidence=[[3.0, 4.0]]), cut_off)) == pytest.approx(0.0, abs=1e-5)


def test_tokens_of_no_sentence_and_padding_get_no_share():
    logits = sentence_logits(torch.tensor([[9.0, 1.0, 3.0, 8.0]]), torch.tensor([[0, 2, 2, 0]]), 3)
    assert torch.softmax(logits, 1).tolist() == [[0.0, 0.0, 1.0]]


def test_two_wordings_with_different_answers_raise_the_loss():
    apart, same = [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]], [[2.0, 0.0, 0.0]] * 2

    def extra(stances):
        alone = pair_loss(answers(stances), batch([0, 0]))
        return float(pair_loss(answers(stances), batch([0, 0], wordings=[[0, 1]])) - alone)

    p = torch.softmax(torch.tensor(apart), 1)
    divergence = 0.5 * float(((p[0] - p[1]) * (p[0].log() - p[1].log())).sum())
    assert extra(same) == pytest.approx(0.0, abs=1e-6)
    assert extra(apart) == pytest.approx(WORDINGS_WEIGHT * divergence / 2, abs=1e-5)
