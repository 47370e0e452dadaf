"""Vectors of the untrained encoder: what is near a target before anything is learned."""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.train.compose import sentences
from models.train.corpus import Pair, Single
from models.train.mixture import Neighbours

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
    cache: Path | None,
    reports: int = 9000,
    seed: int,
) -> Neighbours:
    """Embed every distinct target and a sample of news passages with the untrained encoder (cached in a file)."""
    targets = sorted({pair.target for pair in pairs})
    passages = report_passages(singles, reports, seed)
    if cache is not None and cache.is_file():
        stored = np.load(cache)
        if len(stored["targets"]) == len(targets) and len(stored["reports"]) == len(passages):
            return Neighbours(targets, stored["targets"], passages, stored["reports"])
    found = Neighbours(targets, embed(targets), passages, embed(passages))
    if cache is not None:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, targets=found.target_vectors, reports=found.report_vectors)
    return found
