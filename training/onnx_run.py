"""Run a model folder the way the product does, for measuring."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from commentariat import ModelError
from models.encoder import Encoder
from training.figures import Array


class OnnxModel:
    """A model folder: two graphs, tokenizer files and ``config.json``."""

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        if not (folder / "config.json").is_file():
            raise ModelError(f"No model in {folder}: config.json is missing.")
        self.folder = folder
        self.config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.encoders = {
            use: Encoder(
                folder,
                max_single=self.config["max_single_tokens"],
                max_pair=self.config["max_pair_tokens"],
                threads=threads,
                graph=file,
            )
            for use, file in self.config["graphs"].items()
        }

    def run(self, first: Sequence[str], second: Sequence[str] | None) -> dict[str, Array]:
        """Compute the outputs for texts or for (target, passage) pairs, in the given order."""
        encoder = self.encoders["single" if second is None else "pair"]
        asked = list(first) if second is None else list(zip(first, second, strict=True))
        return encoder.run(asked, list(encoder.outputs))
