"""What each kind of batch is asked, as one number to minimise."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from models.train.batches import IGNORE, Batch, TextBatch
from models.train.network import PairAnswers
from models.train.text_network import TextAnswers

ABOUT_WEIGHT, OPINION_WEIGHT = 0.5, 0.3


def _known_bce(logits: Tensor, gold: Tensor) -> Tensor:
    known = ~torch.isnan(gold)
    if not bool(known.any()):
        return logits.sum() * 0.0
    return functional.binary_cross_entropy_with_logits(logits[known], gold[known])


def pair_loss(answers: PairAnswers, batch: Batch) -> Tensor:
    """Weighted cross-entropy of the stance, plus relevance where it is known."""
    each = functional.cross_entropy(
        answers.stance_logits, batch.stance, ignore_index=IGNORE, reduction="none", label_smoothing=0.05
    )
    weight = batch.weight * (batch.stance != IGNORE)
    stance = (each * weight).sum() / weight.sum().clamp(min=1e-6)
    return stance + ABOUT_WEIGHT * _known_bce(answers.relevance_logit.squeeze(-1), batch.about)


def text_loss(answers: TextAnswers, batch: TextBatch) -> Tensor:
    """Topic and opinion.

    Topics get a sigmoid loss (so that "none" is all low) and a softmax loss over the codes and a "none" whose
    logit is zero (so that the primary one stands out).
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
