"""What each kind of batch is asked, as one number to minimise."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from models.train.batches import IGNORE, Batch
from models.train.network import Answers

ABOUT_WEIGHT, OPINION_WEIGHT, SCREEN_WEIGHT = 0.5, 0.3, 0.5
SCREEN_TEMPERATURE = 0.05


def _known_bce(logits: Tensor, gold: Tensor) -> Tensor:
    known = ~torch.isnan(gold)
    if not bool(known.any()):
        return logits.sum() * 0.0
    return functional.binary_cross_entropy_with_logits(logits[known], gold[known])


def pair_loss(answers: Answers, batch: Batch) -> Tensor:
    """Weighted cross-entropy of the stance, plus relevance where it is known."""
    assert batch.stance is not None and batch.weight is not None and batch.about is not None
    each = functional.cross_entropy(
        answers.stance_logits, batch.stance, ignore_index=IGNORE, reduction="none", label_smoothing=0.05
    )
    weight = batch.weight * (batch.stance != IGNORE)
    stance = (each * weight).sum() / weight.sum().clamp(min=1e-6)
    return stance + ABOUT_WEIGHT * _known_bce(answers.relevance_logit.squeeze(-1), batch.about)


def single_loss(answers: Answers, batch: Batch) -> Tensor:
    """Topic and opinion.

    Topics get a sigmoid loss (so that "none" is all low) and a softmax loss over the codes and a "none" whose
    logit is zero (so that the primary one stands out).
    """
    assert batch.topics is not None and batch.primary is not None and batch.opinion is not None
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


def screen_loss(answers: Answers, batch: Batch) -> Tensor:
    """Contrast each text's own target with the other targets of the batch, and each target's texts.

    InfoNCE (van den Oord et al. 2018) in both directions; equal targets count as one class.
    """
    assert batch.groups is not None
    targets, texts = answers.embedding.chunk(2)
    scores = texts @ targets.T / SCREEN_TEMPERATURE
    same = (batch.groups[:, None] == batch.groups[None, :]).float()
    share = same / same.sum(1, keepdim=True)
    forward = functional.cross_entropy(scores, share)
    backward = functional.cross_entropy(scores.T, share.T / share.T.sum(1, keepdim=True))
    return SCREEN_WEIGHT * (forward + backward) / 2


def loss_of(answers: Answers, batch: Batch) -> Tensor:
    """Loss of a batch of any kind."""
    return {"pair": pair_loss, "single": single_loss, "screen": screen_loss}[batch.kind](answers, batch)
