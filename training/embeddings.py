"""Embeddings of passages and statements by the text graph of a model folder, kept in files between runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.calibration import Floats
from models.encoder import Encoder
from models.questions import as_statement
from training.hashes import DIGITS, name_of

#: A function that returns a vector of length 1 for each text: [texts, hidden].
Embed: TypeAlias = Callable[[Sequence[str]], Floats]


def embedder(encoder: Encoder) -> Embed:
    """Return a function that embeds texts with a text graph."""
    return lambda texts: encoder.run(texts, ["embedding"])["embedding"]


def vectors_of(statements: Sequence[str], embed: Embed) -> dict[str, Floats]:
    """Embed statements as in use, where a question is embedded as its statement, without a final full stop."""
    return dict(zip(statements, embed([as_statement(statement) for statement in statements]), strict=True))


def kept_in(folder: Path, graph: Path, embed: Embed) -> Embed:
    """Return a function that embeds each text only once: a folder keeps vectors with the hashes of their texts.

    Therefore a run that is resumed with more statements embeds only the new ones.

    Parameters
    ----------
    folder
        The folder for the files; it is created if it does not exist.
    graph
        The file of the text graph that `embed` runs; vectors of another graph are not used.
    embed
        The function to call for texts without a kept vector.
    """
    made_by = hashlib.sha256(graph.read_bytes()).hexdigest()[:DIGITS]

    def once(texts: Sequence[str]) -> Floats:
        names = [name_of(text) for text in texts]
        known = _kept(folder, made_by)
        new = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
        if new:
            vectors = np.asarray(embed(list(new.values())), dtype=np.float16)
            _keep(folder, made_by, list(new), vectors)
            known |= dict(zip(new, vectors, strict=True))
        return np.asarray([known[name] for name in names], dtype=np.float32)

    return once


def _kept(folder: Path, made_by: str) -> dict[str, NDArray[np.float16]]:
    vectors: dict[str, NDArray[np.float16]] = {}
    for path in sorted(folder.glob(f"{made_by}-*.npz")):
        with np.load(path) as part:
            vectors |= dict(zip(part["names"].tolist(), part["vectors"], strict=True))
    return vectors


def _keep(folder: Path, made_by: str, names: Sequence[str], vectors: NDArray[np.float16]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / f"{made_by}-{name_of(json.dumps(names))}.npz"
    partial = whole.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez(file, names=np.asarray(names), vectors=vectors)
    partial.replace(whole)
