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
from models.train.network import INPUTS, OUTPUTS
from models.train.scores import Array


class OnnxModel:
    """A model folder: ``model.onnx``, tokenizer files and ``config.json``."""

    def __init__(self, folder: Path, *, threads: int = 0, file: str = "model.onnx") -> None:
        if not (folder / "config.json").is_file():
            raise ModelError(f"No model in {folder}: config.json is missing.")
        self.folder = folder
        self.config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(
            str(folder / file), options, providers=["CPUExecutionProvider"]
        )

    def run(
        self, first: Sequence[str], second: Sequence[str] | None, *, tokens: int = 4096
    ) -> dict[str, Array]:
        """Compute the outputs for texts or for (target, passage) pairs, in the given order."""
        limit = self.config["max_single_tokens" if second is None else "max_pair_tokens"]
        encoded = encode(self.tokenizer, first, second, limit)
        out: dict[str, Array] = {}
        for group in by_length([len(e["input_ids"]) for e in encoded], tokens, random.Random(0)):
            inputs = {name: value.numpy() for name, value in pad([encoded[i] for i in group]).items()}
            got = self.session.run(list(OUTPUTS), {name: inputs[name] for name in INPUTS})
            for name, values in zip(OUTPUTS, got, strict=True):
                if name not in out:
                    out[name] = np.zeros((len(encoded), values.shape[1]), dtype=np.float32)
                out[name][group] = values
        return out
