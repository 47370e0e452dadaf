"""Run a model folder the way the product does, for measuring: onnxruntime, length-bucketed batches."""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from transformers import AutoTokenizer

from commentariat import ModelError
from models.train.batches import by_length, encode, pad
from models.train.network import INPUTS
from models.train.scores import Array


class OnnxModel:
    """A model folder: two graphs, tokenizer files and ``config.json``."""

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        if not (folder / "config.json").is_file():
            raise ModelError(f"No model in {folder}: config.json is missing.")
        self.folder = folder
        self.config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.sessions = {
            use: onnxruntime.InferenceSession(str(folder / file), options, providers=["CPUExecutionProvider"])
            for use, file in self.config["graphs"].items()
        }

    def run(self, first: Sequence[str], second: Sequence[str] | None, *, tokens: int = 1) -> dict[str, Array]:
        """Compute the outputs for texts or for (target, passage) pairs, in the given order.

        With `tokens` = 1 each input is run alone, as the product does: in a batch, one input's largest value sets
        the int8 scale of all the others.
        """
        single = second is None
        session = self.sessions["single" if single else "pair"]
        limit = self.config["max_single_tokens" if single else "max_pair_tokens"]
        encoded = encode(self.tokenizer, first, second, limit)
        names = [output.name for output in session.get_outputs()]
        asked = {one.name for one in session.get_inputs()}
        out: dict[str, Array] = {}
        for group in by_length([len(e["input_ids"]) for e in encoded], tokens, random.Random(0)):
            rows = [encoded[i] for i in group]
            inputs = {
                name: value.numpy() for name, value in pad(rows, multiple=1 if len(rows) == 1 else 8).items()
            }
            got = session.run(names, {name: inputs[name] for name in INPUTS if name in asked})
            for name, values in zip(names, got, strict=True):
                if name not in out:
                    out[name] = np.zeros((len(encoded), values.shape[1]), dtype=np.float32)
                out[name][group] = values
        return out
