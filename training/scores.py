"""Run a network over pairs or texts."""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from transformers import PreTrainedTokenizerBase

from training.batches import by_length, encode, pad
from training.figures import Array
from training.network import PairNetwork, bf16_pays
from training.text_network import TextNetwork


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
        with (
            torch.no_grad(),
            torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16 and bf16_pays(device.type)),
        ):
            answers = network(**inputs)
        for name in network.OUTPUTS:
            values = getattr(answers, name).float().cpu().numpy()
            if name not in out:
                out[name] = np.zeros((len(encoded), values.shape[1]), dtype=np.float32)
            out[name][group] = values
    return out
