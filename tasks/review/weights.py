"""The number of questions that each answer stands for, if questions were drawn by chance in one or several samples."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tasks.review.frames import AMONG, covers

_Parts: TypeAlias = dict[str, set[float]]
"""The sizes that the parts of a sample had, by the names of the parts."""


class _Division(NamedTuple):
    """A way to divide the questions about a target into parts; its parts do not overlap."""

    target: str
    is_by_outlet: bool
    outlets: str
    """The outlets from which the questions were drawn, as in the name of the part; empty if from all of them."""


def pools_of(
    target: NDArray[np.str_],
    sample: NDArray[np.str_],
    stratum: NDArray[np.str_],
    stratum_size: NDArray[np.float64],
) -> NDArray[np.str_]:
    """Name the pool of each answer [n]: samples are one larger sample if all parts that both have had the same sizes.

    After a change of the model or of the articles, a part of the same name holds other questions, and its answers do
    not stand for those of an earlier sample. A pool has the name of the sample with the most parts. A saved query,
    ``corrected_shares``, makes the same pools.

    Parameters
    ----------
    target, sample
        The target of each question, and the sample for which it was drawn [n].
    stratum, stratum_size
        The part from which each was drawn, and the number of questions in it [n].
    """
    drawn = list(zip(target.tolist(), sample.tolist(), strict=True))
    parts: dict[tuple[str, str], _Parts] = defaultdict(lambda: defaultdict(set))
    for pair, name, size in zip(drawn, stratum.tolist(), stratum_size.tolist(), strict=True):
        parts[pair][name].add(size)
    samples: dict[str, list[str]] = defaultdict(list)
    for about, name in sorted(parts, key=lambda pair: (-sum(map(len, parts[pair].values())), pair[1])):
        samples[about].append(name)
    pool = {
        (about, own): next(
            name for name in samples[about] if name == own or _agree(parts[about, own], parts[about, name])
        )
        for about, own in parts
    }
    return np.asarray([pool[pair] for pair in drawn], dtype=np.str_)


def _agree(own: _Parts, other: _Parts) -> bool:
    shared = own.keys() & other.keys()
    return bool(shared) and all(len(own[name] | other[name]) == 1 for name in shared)


def weights_of(
    target: NDArray[np.str_],
    outlet: NDArray[np.str_],
    pool: NDArray[np.str_],
    stratum: NDArray[np.str_],
    stratum_size: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give the number of questions that each answer stands for [n].

    The answers to a part stand for all of it, whichever samples of the pool they were drawn for. Each pool is about all
    questions, and counts by its number of answers. Parts can overlap if one sample was drawn from all outlets and
    another from some, or if only one of them had parts for each outlet. Then each counts in proportion to the share of
    its questions that is answered, among those that could draw from this outlet.

    Parameters
    ----------
    target, outlet, pool
        The target and outlet of each question, and its pool, as in :func:`pools_of` [n].
    stratum, stratum_size
        The part from which each was drawn, and the number of questions in it [n].
    """
    names = stratum.tolist()
    known = {part: _division(*part) for part in set(zip(target.tolist(), names, strict=True))}
    divisions = [known[part] for part in zip(target.tolist(), names, strict=True)]
    pools = list(zip(divisions, pool.tolist(), strict=True))
    in_division, in_pool = Counter(divisions), Counter(pools)
    in_part = Counter(zip(pools, names, strict=True))
    sizes: dict[_Division, dict[str, float]] = defaultdict(dict)
    for division, name, size in zip(divisions, names, stratum_size.tolist(), strict=True):
        sizes[division][name] = max(size, sizes[division].get(name, 0))
    answered = {division: in_division[division] / sum(parts.values()) for division, parts in sizes.items()}
    of_target: dict[str, list[_Division]] = defaultdict(list)
    for division in answered:
        of_target[division.target].append(division)
    pairs = list(zip(divisions, outlet.tolist(), strict=True))
    share = {
        (own, name): answered[own]
        / sum(
            answered[division]
            for division in of_target[own.target]
            if division == own or covers(division.outlets, name)
        )
        for own, name in set(pairs)
    }
    of_pool = np.asarray([in_pool[own_pool] / in_division[own_pool[0]] for own_pool in pools])
    counts = np.asarray([in_part[part] for part in zip(pools, names, strict=True)], dtype=np.float64)
    among_all = np.asarray([share[pair] for pair in pairs])
    weights: NDArray[np.float64] = stratum_size / counts * of_pool * among_all
    return weights


def _division(target: str, stratum: str) -> _Division:
    part, _, outlets = stratum.removeprefix(f"{target} / ").partition(AMONG)
    return _Division(target, " / " in part, outlets)
