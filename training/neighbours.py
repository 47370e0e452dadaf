"""Vectors of the untrained encoder: what is near a target before anything is learned."""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.compose import sentences
from training.corpus import Pair, Single
from training.mixture import Neighbours

#: Outlets whose unmarked pieces are agency reports or straight news, so that a passage rarely takes a side.
REPORTING = frozenset(
    {
        "allsides:Reuters",
        "allsides:Associated Press",
        "allsides:BBC News",
        "allsides:NPR Online News",
        "allsides:USA TODAY",
        "allsides:Wall Street Journal - News",
        "allsides:New York Times - News",
        "allsides:Washington Post - News",
        "allsides:The Hill",
        "allsides:Christian Science Monitor",
        "allsides:Politico",
        "allsides:CNN (Web News)",
        "nyt_front_page",
    }
)


def report_passages(singles: Sequence[Single], count: int, seed: int) -> list[str]:
    """Passages of one to three sentences from straight news, and front-page headlines."""
    rng = random.Random(f"{seed}:reports")
    reports = [single for single in singles if single.source in REPORTING and single.opinion != 1.0]
    rng.shuffle(reports)
    passages = []
    for single in reports[:count]:
        parts = [part for part in sentences(single.text) if 6 <= len(part.split()) <= 60]
        if not parts:
            continue
        start = rng.randrange(max(1, min(8, len(parts))))
        passages.append(" ".join(parts[start : start + rng.randint(1, 3)]))
    return passages


def find_neighbours(
    embed: Callable[[Sequence[str]], NDArray[np.float32]],
    pairs: Sequence[Pair],
    singles: Sequence[Single],
    *,
    reports: int = 9000,
    seed: int,
) -> Neighbours:
    """Embed every distinct target and a sample of news passages with the untrained encoder."""
    targets = sorted({pair.target for pair in pairs})
    passages = report_passages(singles, reports, seed)
    return Neighbours(targets, embed(targets), passages, embed(passages))


def kept_in(
    folder: Path, embed: Callable[[Sequence[str]], NDArray[np.float32]]
) -> Callable[[Sequence[str]], NDArray[np.float32]]:
    """Embed texts once: their vectors lie in a file of `folder` that is named after the texts' hash."""

    def once(texts: Sequence[str]) -> NDArray[np.float32]:
        kept = folder / f"{hashlib.sha256(json.dumps(list(texts)).encode()).hexdigest()[:16]}.npy"
        if kept.is_file():
            return np.asarray(np.load(kept), dtype=np.float32)
        vectors = embed(texts)
        folder.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial.npy")
        np.save(partial, vectors)
        partial.replace(kept)
        return vectors

    return once
