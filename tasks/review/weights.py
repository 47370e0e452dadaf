"""The number of questions that each answer stands for, if questions were drawn by chance in one or several samples."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.review.frames import AMONG, covers


class _Division(NamedTuple):
    """A way to divide the questions about a target into parts; its parts do not overlap."""

    target: str
    is_by_outlet: bool
    outlets: str
    """The outlets from which the questions were drawn, as in the name of the part; empty if from all of them."""


def weights_of(
    target: NDArray[np.str_],
    outlet: NDArray[np.str_],
    stratum: NDArray[np.str_],
    stratum_size: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give the number of questions that each answer stands for [n].

    The answers to a part stand for all of it, whichever samples they were drawn for: several samples of the same part
    are one larger sample. Parts can overlap if one sample was drawn from all outlets and another from some, or if only
    one of them had parts for each outlet. Then each counts in proportion to the share of its questions that is
    answered, among those that could draw from this outlet.

    Parameters
    ----------
    target, outlet
        The target and outlet of each question [n].
    stratum, stratum_size
        The part from which each was drawn, and the number of questions in it [n].
    """
    names = stratum.tolist()
    known = {one: _division(*one) for one in set(zip(target.tolist(), names, strict=True))}
    divisions = [known[one] for one in zip(target.tolist(), names, strict=True)]
    in_part, in_division = Counter(names), Counter(divisions)
    sizes: dict[_Division, dict[str, float]] = defaultdict(dict)
    for division, name, size in zip(divisions, names, stratum_size.tolist(), strict=True):
        sizes[division][name] = max(size, sizes[division].get(name, 0))
    answered = {one: in_division[one] / sum(parts.values()) for one, parts in sizes.items()}
    of_target: dict[str, list[_Division]] = defaultdict(list)
    for one in answered:
        of_target[one.target].append(one)
    pairs = list(zip(divisions, outlet.tolist(), strict=True))
    share = {
        (own, name): answered[own]
        / sum(answered[one] for one in of_target[own.target] if one == own or covers(one.outlets, name))
        for own, name in set(pairs)
    }
    counts = np.asarray([in_part[name] for name in names], dtype=np.float64)
    weights: NDArray[np.float64] = stratum_size / counts * np.asarray([share[pair] for pair in pairs])
    return weights


def _division(target: str, stratum: str) -> _Division:
    part, _, outlets = stratum.removeprefix(f"{target} / ").partition(AMONG)
    return _Division(target, " / " in part, outlets)
