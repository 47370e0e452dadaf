"""The figures that all measurements use. They need only NumPy, so benchmarks need no torch for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def share_of(hits: Sequence[bool]) -> float:
    """Return the share of True; NaN if there are no values."""
    return float(np.mean(hits)) if len(hits) else float("nan")


def macro_f1(
    gold: Sequence[int | str], predicted: Sequence[int | str], classes: Sequence[int | str]
) -> float:
    """Return the mean F1 over `classes`; a class absent from both counts as 0, as in scikit-learn."""
    g, p = np.asarray(gold), np.asarray(predicted)
    scores = []
    for c in classes:
        hit = int(((g == c) & (p == c)).sum())
        given, true = int((p == c).sum()), int((g == c).sum())
        scores.append(2 * hit / (given + true) if given + true else 0.0)
    return float(np.mean(scores))


def macro_f1_by_source(
    sources: Sequence[str], gold: Sequence[int], predicted: Sequence[int]
) -> dict[str, float]:
    """Return the macro-F1 of the rows of each source, over the classes that occur in this source."""
    rows_of: dict[str, list[int]] = {}
    for row, source in enumerate(sources):
        rows_of.setdefault(source, []).append(row)
    scores = {}
    for source, rows in sorted(rows_of.items()):
        true = [gold[row] for row in rows]
        scores[source] = macro_f1(true, [predicted[row] for row in rows], sorted(set(true)))
    return scores


def likeliest(sources: Sequence[str], gold: Sequence[int], logits: Array) -> list[int]:
    """Return each row's likeliest answer among the classes of its source; some sources have no neutral rows."""
    last: dict[str, int] = {}
    for source, true in zip(sources, gold, strict=True):
        last[source] = max(true, last.get(source, 0))
    return [int(row[: last[source] + 1].argmax()) for source, row in zip(sources, logits, strict=True)]
