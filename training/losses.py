"""What each kind of batch is asked, as one number to minimise."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.batches import IGNORE, Batch, TextBatch
from training.network import PairAnswers
from training.text_network import TextAnswers

ABOUT_WEIGHT, OPINION_WEIGHT = 0.5, 0.3
#: Share of the teacher's answers in a student's loss, and the temperature they are compared at (Hinton et al. 2015).
TAUGHT, SOFTNESS = 0.6, 2.0


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


def taught_loss(answers: PairAnswers, batch: Batch, teacher: PairAnswers) -> Tensor:
    """Labels and a larger network's answers together; where there is no label, the teacher's answer alone."""
    soft = functional.kl_div(
        functional.log_softmax(answers.stance_logits / SOFTNESS, dim=-1),
        functional.log_softmax(teacher.stance_logits / SOFTNESS, dim=-1),
        log_target=True,
        reduction="batchmean",
    )
    about = functional.binary_cross_entropy_with_logits(
        answers.relevance_logit, torch.sigmoid(teacher.relevance_logit)
    )
    return (1 - TAUGHT) * pair_loss(answers, batch) + TAUGHT * (SOFTNESS**2 * soft + ABOUT_WEIGHT * about)


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
