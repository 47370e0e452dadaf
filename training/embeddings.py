"""Embeddings of passages and statements by the text graph of a model folder, kept in files between runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from models.calibration import Floats
from models.encoder import Encoder
from models.settings import read_settings

#: Gives each text a vector of length 1: [texts, hidden].
Embed: TypeAlias = Callable[[Sequence[str]], Floats]


def open_text_graph(folder: Path, threads: int | None = None) -> Encoder:
    """Open the text graph of a model folder.

    Raises
    ------
    ModelError
        If the folder has none.
    """
    settings = read_settings(folder)
    return Encoder(
        folder,
        max_single=settings.max_single_tokens,
        max_pair=settings.max_pair_tokens,
        threads=threads,
        graph=settings.single_graph,
        required=("embedding",),
        pieces=settings.pieces,
    )


def embedder(encoder: Encoder) -> Embed:
    """Embed texts with a text graph."""
    return lambda texts: encoder.run(texts, ["embedding"])["embedding"]


def kept_in(folder: Path, graph: Path, embed: Embed) -> Embed:
    """Embed the same texts only once: their vectors lie in a file that is named after the texts and the graph.

    Parameters
    ----------
    folder
        Where the files are written; it is made.
    graph
        The file of the text graph that `embed` runs.
    embed
        What to call for texts that are not there yet.
    """
    made_by = hashlib.sha256(graph.read_bytes()).hexdigest()

    def once(texts: Sequence[str]) -> Floats:
        name = hashlib.sha256(json.dumps([made_by, *texts]).encode()).hexdigest()[:16]
        kept = folder / f"{name}.npy"
        if kept.is_file():
            return np.asarray(np.load(kept), dtype=np.float32)
        vectors = embed(texts)
        folder.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial.npy")
        np.save(partial, vectors.astype(np.float16))
        partial.replace(kept)
        return np.asarray(np.load(kept), dtype=np.float32)

    return once
