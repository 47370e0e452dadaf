"""Run a network over pairs or texts and compute the figures used everywhere."""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from models.train.batches import by_length, encode, pad
from models.train.network import PairNetwork
from models.train.text_network import TextNetwork

Array = NDArray[np.float32]


def run(
    network: PairNetwork | TextNetwork,
    tokenizer: PreTrainedTokenizerBase,
    first: Sequence[str],
    second: Sequence[str] | None,
    *,
    limit: int = 256,
    bf16: bool = True,
    tokens: int = 6144,
) -> dict[str, Array]:
    """All outputs of the network for texts, or for (target, passage) pairs, in the given order."""
    device = next(network.parameters()).device
    encoded = encode(tokenizer, first, second, limit)
    out: dict[str, Array] = {}
    for group in by_length([len(e["input_ids"]) for e in encoded], tokens, random.Random(0)):
        inputs = {name: value.to(device) for name, value in pad([encoded[i] for i in group]).items()}
        with torch.no_grad(), torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16):
            answers = network(**inputs)
        for name in network.OUTPUTS:
            values = getattr(answers, name).float().cpu().numpy()
            if name not in out:
                out[name] = np.zeros((len(encoded), values.shape[1]), dtype=np.float32)
            out[name][group] = values
    return out


def macro_f1(gold: Sequence[int], predicted: Sequence[int], classes: Sequence[int]) -> float:
    """Mean F1 over `classes` (a class absent from both counts as 0, as in scikit-learn)."""
    g, p = np.asarray(gold), np.asarray(predicted)
    scores = []
    for c in classes:
        hit = int(((g == c) & (p == c)).sum())
        said, true = int((p == c).sum()), int((g == c).sum())
        scores.append(2 * hit / (said + true) if said + true else 0.0)
    return float(np.mean(scores))


def softmax(logits: Array) -> Array:
    """Row-wise softmax."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def calibration_error(probabilities: Array, gold: Sequence[int], bins: int = 15) -> float:
    """Compute the expected calibration error of the top answer (Guo et al. 2017), equal-width bins."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == np.asarray(gold)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        inside = place == b
        if inside.any():
            error += inside.mean() * abs(float(right[inside].mean()) - float(confidence[inside].mean()))
    return float(error)
