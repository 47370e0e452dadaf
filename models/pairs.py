"""Scoring a pack with a target: the one pass of the network on which an answer is based."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.calibration import Floats, softmax
from models.encoder import Encoder
from models.packs import Pack

#: Outputs of the pair graph: [inputs, 3], [inputs, 1] and [inputs, tokens].
OUTPUTS = ("stance_logits", "relevance_logit", "evidence_logits")


@dataclass(frozen=True, slots=True)
class PairScore:
    """The result of one pass for a (statement, pack) pair: logits, and each sentence's evidence share.

    Attributes
    ----------
    stance
        Logits of favor, against, neutral [3].
    about
        Logit that the author shows a stance on the statement, or discusses it without taking a side.
    sentences
        Shares [sentences of the pack], which sum to 1; all are 0 if no sentence was read.
    """

    stance: Floats
    about: float
    sentences: Floats


class PairScorer(Protocol):
    """Any model that gives the stance of a text on a statement."""

    def score(self, pairs: Sequence[tuple[str, Pack]]) -> list[PairScore]:
        """Score (statement, pack) pairs; the result has the same order."""
        ...


class BundledPairs:
    """The pair graph of a model folder of the bundled form.

    The graph reads only the pack. But an author who writes about a matter in many passages more often takes a side on
    it than one who touches it once. Therefore the worth of the whole document is added to the logit of the relevance.

    Parameters
    ----------
    encoder
        The pair graph.
    worth_weight
        The weight of the document's worth (:attr:`models.packs.Pack.worth`).
    """

    def __init__(self, encoder: Encoder, worth_weight: float = 0.0) -> None:
        self._encoder = encoder
        self._worth_weight = worth_weight

    def score(self, pairs: Sequence[tuple[str, Pack]]) -> list[PairScore]:
        """Score (statement, pack) pairs; the result has the same order."""
        read = self._encoder.run_pairs([(statement, pack.text) for statement, pack in pairs], OUTPUTS)
        return [
            PairScore(
                stance=output.outputs["stance_logits"],
                # as a number of 32 bits, because it is stored as one and decided again from there
                about=float(
                    np.float32(output.outputs["relevance_logit"][0] + self._worth_weight * pack.worth)
                ),
                sentences=sentence_shares(output.outputs["evidence_logits"], output.starts, pack),
            )
            for output, (_, pack) in zip(read, pairs, strict=True)
        ]


def sentence_shares(token_logits: Floats, starts: Sequence[int], pack: Pack) -> Floats:
    """Turn one logit for each token into one share for each sentence.

    A sentence's logit is the mean of its tokens' logits. The head is linear, so this equals the head's output for the
    mean of the tokens' states. The shares are the softmax over the sentences that were read. Sentences cut off at the
    end of the input get 0.

    Parameters
    ----------
    token_logits
        [tokens].
    starts
        Position in the pack's text at which each token starts, in characters; -1 for tokens of the target and special
        tokens.
    pack
        The pack that was read.
    """
    sentence_of = np.searchsorted(np.asarray(pack.starts), np.asarray(starts), side="right") - 1
    sentence_of[np.asarray(starts) < 0] = -1
    counts = np.bincount(sentence_of[sentence_of >= 0], minlength=len(pack.starts))
    sums = np.bincount(
        sentence_of[sentence_of >= 0], weights=token_logits[sentence_of >= 0], minlength=len(pack.starts)
    )
    read = counts > 0
    if not read.any():
        return np.zeros(len(pack.starts), dtype=np.float32)
    logits = np.where(read, sums / np.maximum(counts, 1), -np.inf)
    return softmax(logits).astype(np.float32)
