"""The losses that training minimises, for batches of pairs and of single texts."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.batches import IGNORE, PairBatch, TextBatch
from training.network import PairAnswers
from training.text_network import TextAnswers

#: Weights of the parts of a pair's loss other than the stance, whose weight is 1.
ABOUT_WEIGHT, EVIDENCE_WEIGHT, WORDINGS_WEIGHT = 0.4, 0.3, 2.0
#: Weight of the stance loss of a text that does not speak about its target; the relevance is trained on that already.
SILENT_WEIGHT = 0.2
OPINION_WEIGHT = 0.3
_NOT_READ = -1e4


def pair_loss(answers: PairAnswers, batch: PairBatch) -> Tensor:
    """Return the sum of the losses of stance, relevance, evidence, and of differences between two wordings.

    The stance loss is a weighted mean, so that a batch of silent statements counts as much as a batch of sides. The
    other losses are means over all examples.
    """
    others = (
        ABOUT_WEIGHT * _about(answers, batch)
        + EVIDENCE_WEIGHT * _evidence(answers, batch)
        + WORDINGS_WEIGHT * _wordings(answers, batch)
    )
    return _stance(answers, batch) + others / len(batch.stance)


def _stance(answers: PairAnswers, batch: PairBatch) -> Tensor:
    each = functional.cross_entropy(answers.stance_logits, batch.stance, reduction="none")
    weight = batch.weight * torch.where(batch.silent, SILENT_WEIGHT, 1.0)
    return (each * weight).sum() / weight.sum()


def _about(answers: PairAnswers, batch: PairBatch) -> Tensor:
    known = ~torch.isnan(batch.about)
    each = functional.binary_cross_entropy_with_logits(
        answers.relevance_logit.squeeze(-1)[known], batch.about[known], reduction="none"
    )
    return (each * batch.weight[known]).sum()


def sentence_logits(evidence: Tensor, sentences: Tensor, count: int) -> Tensor:
    """Return the mean of the token logits of each sentence, [batch, count]; very low for a sentence without a token.

    Parameters
    ----------
    evidence, sentences
        [batch, tokens]: a logit and the number of a sentence for each token.
    count
        Number of sentences, including number 0 (no sentence), which counts as not read.
    """
    shape = (len(evidence), count)
    tokens = torch.zeros(shape, device=evidence.device).scatter_add(1, sentences, torch.ones_like(evidence))
    sums = torch.zeros(shape, device=evidence.device).scatter_add(1, sentences, evidence)
    read = tokens > 0
    read[:, 0] = False
    return (sums / tokens.clamp(min=1)).masked_fill(~read, _NOT_READ)


def _evidence(answers: PairAnswers, batch: PairBatch) -> Tensor:
    """Return the listwise loss: minus the logarithm of the share of attention on sentences that show the stance."""
    logits = sentence_logits(answers.evidence_logits, batch.sentences, batch.shown.shape[1])
    shown = batch.shown & (logits > _NOT_READ)
    each = logits.logsumexp(1) - logits.masked_fill(~shown, _NOT_READ).logsumexp(1)
    return (each * shown.any(1)).sum()


def _wordings(answers: PairAnswers, batch: PairBatch) -> Tensor:
    """Return the mean of the two Kullback-Leibler divergences between the stances of two wordings."""
    first, second = (
        functional.log_softmax(answers.stance_logits[rows], dim=-1) for rows in batch.wordings.unbind(1)
    )
    return 0.5 * ((first.exp() - second.exp()) * (first - second)).sum()


def _known_bce(logits: Tensor, gold: Tensor) -> Tensor:
    known = ~torch.isnan(gold)
    if not bool(known.any()):
        return logits.sum() * 0.0
    return functional.binary_cross_entropy_with_logits(logits[known], gold[known])


def text_loss(answers: TextAnswers, batch: TextBatch) -> Tensor:
    """Return the sum of the losses of topic and opinion.

    Topics have two losses: a sigmoid loss, which lowers all logits of a text without a topic, and a softmax loss over
    the codes and "none", whose logit is zero, which raises the primary topic above the others.
    """
    logits = answers.topic_logits
    loss = OPINION_WEIGHT * _known_bce(answers.opinion_logit.squeeze(-1), batch.opinion)
    known = batch.primary != IGNORE
    if bool(known.any()):
        silent = torch.isnan(batch.topics[known])
        masked = logits[known].masked_fill(silent, -1e4)
        with_none = torch.cat([masked, torch.zeros_like(masked[:, :1])], dim=-1)
        loss = loss + functional.cross_entropy(with_none, batch.primary[known])
        loss = loss + 4.0 * _known_bce(logits, batch.topics)
    return loss
