"""What the model is worth, measured by what people say: shares with intervals that fit how the questions were drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from math import sqrt
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tasks.review.agreement import agreement
from warehouse import Reader
from warehouse.statements import statement

By = Literal["target", "outlet", "month"]

_SIDES = ("favor", "against")
_Z = 1.959964
_Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval, and the answers it rests on."""

    share: float
    low: float
    high: float
    answers: int


@dataclass(frozen=True, slots=True)
class Judged:
    """Answers of the model to questions that people have answered too, n of them.

    Attributes
    ----------
    answer, predicted
        What people say and what the model answered; the model may be ``unsure``.
    p_side
        The larger probability of the two sides; NaN where the model gives none.
    is_shown
        1 where the first sentence of evidence is one that people named, 0 where it is not, NaN where none was named.
    target, outlet, month
        Of the question.
    stratum, stratum_size, sample
        How it was drawn; an empty stratum for what was not drawn by chance.
    """

    answer: NDArray[np.str_]
    predicted: NDArray[np.str_]
    p_side: NDArray[np.float64]
    is_shown: NDArray[np.float64]
    target: NDArray[np.str_]
    outlet: NDArray[np.str_]
    month: NDArray[np.str_]
    stratum: NDArray[np.str_]
    stratum_size: NDArray[np.float64]
    sample: NDArray[np.str_]

    @classmethod
    def of_rows(cls, rows: Sequence[dict[str, Any]]) -> Judged:
        """Make it of the rows of ``review_answers``."""

        def texts(name: str) -> NDArray[np.str_]:
            return np.asarray([row[name] or "" for row in rows], dtype=np.str_)

        def numbers(name: str) -> NDArray[np.float64]:
            return np.asarray([np.nan if row[name] is None else float(row[name]) for row in rows])

        return cls(
            answer=texts("answer"),
            predicted=texts("predicted"),
            p_side=numbers("p_side"),
            is_shown=numbers("is_shown"),
            target=texts("target"),
            outlet=texts("outlet"),
            month=texts("month"),
            stratum=texts("stratum"),
            stratum_size=numbers("stratum_size"),
            sample=texts("sample"),
        )

    def where(self, mask: _Mask) -> Judged:
        """Give some of them."""
        return Judged(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    @property
    def by_chance(self) -> _Mask:
        """Which were drawn by chance [n]."""
        drawn: _Mask = self.stratum != ""
        return drawn

    @property
    def weights(self) -> NDArray[np.float64]:
        """How many questions each stands for [n]: of each part those that were answered stand for all of it.

        Of several samples each counts by its answers.
        """
        parts = list(zip(self.sample, self.stratum, strict=True))
        in_part, in_sample = Counter(parts), Counter(self.sample.tolist())
        answered = np.asarray([in_part[part] for part in parts], dtype=np.float64)
        share = np.asarray([in_sample[one] for one in self.sample.tolist()]) / max(1, len(self.answer))
        weights: NDArray[np.float64] = self.stratum_size / answered * share
        return weights


def share_of(judged: Judged, part: _Mask, whole: _Mask) -> Share | None:
    """Give the share of ``part`` in ``whole``, of all questions that could have been drawn; None without a whole.

    Where everything was drawn by chance it is a ratio of weighted sums, whose variance is that of its linearised
    residuals within each part that was drawn from; else it is a plain share. The interval is Wilson's (1927), at the
    number of questions that would have this variance.
    """
    count = int(whole.sum())
    if not count:
        return None
    part = part & whole
    if not judged.by_chance.all():
        return _wilson(float(part.sum()) / count, count, count)
    weights = judged.weights
    total = float(weights[whole].sum())
    share = float(weights[part].sum()) / total
    residuals = weights * (part - share * whole)
    variance = 0.0
    for stratum in set(zip(judged.sample, judged.stratum, strict=True)):
        its = residuals[(judged.sample == stratum[0]) & (judged.stratum == stratum[1])]
        size = float(judged.stratum_size[judged.stratum == stratum[1]][0])
        spread = len(its) * float(its.var(ddof=1)) if len(its) > 1 else float(its @ its)
        # As much, at least, as if one answer more were otherwise: a part where all agree is not known without error.
        here = (judged.sample == stratum[0]) & (judged.stratum == stratum[1])
        seen = int((whole & here).sum())
        least = float(weights[here][0]) ** 2 * seen * (seen + 1) / (seen + 2) ** 2
        variance += max(spread, least) * (1 - len(its) / size)
    like = share * (1 - share) * total**2 / variance if variance > 0 and 0 < share < 1 else count
    return _wilson(share, like, count)


def scores(judged: Judged, among: _Mask) -> Iterator[tuple[str, Share | None]]:
    """Measure the model on some of the questions: the name of each measure, and what it comes to."""
    stated = np.isin(judged.predicted, _SIDES) & among
    sided = np.isin(judged.answer, _SIDES) & among
    right = judged.predicted == judged.answer
    named = ~np.isnan(judged.is_shown)
    yield "precision of sides", share_of(judged, right, stated)
    yield "mean probability of the sides stated", _promised(judged, stated)
    yield "recall of sides", share_of(judged, right, sided)
    yield "invented: stated where people see no side", share_of(judged, ~sided, stated)
    yield "stated on the other side", share_of(judged, sided & ~right, stated)
    yield "unsure where people see a side", share_of(judged, judged.predicted == "unsure", sided)
    yield "evidence is what people named", share_of(judged, judged.is_shown == 1, named & right & sided)


def _promised(judged: Judged, stated: _Mask) -> Share | None:
    """Give the mean probability of the stated sides: what their precision is where the model is calibrated."""
    known = stated & ~np.isnan(judged.p_side)
    if not known.any():
        return None
    weights = judged.weights if judged.by_chance.all() else np.ones(len(known))
    mean = float(np.average(judged.p_side[known], weights=weights[known]))
    return Share(mean, mean, mean, int(known.sum()))


def _wilson(share: float, like: float, answers: int) -> Share:
    middle = (share * like + _Z**2 / 2) / (like + _Z**2)
    half = _Z / (like + _Z**2) * sqrt(max(0.0, share * (1 - share) * like) + _Z**2 / 4)
    return Share(share, max(0.0, middle - half), min(1.0, middle + half), answers)


def score(reader: Reader, by: By | None = None) -> tuple[pa.Table, tuple[str, ...]]:
    """Measure people against each other and the model against people.

    Parameters
    ----------
    by
        Measured for each target, outlet or month too.

    Returns
    -------
    pa.Table, tuple of str
        ``questions, measure, share, low, high, answers``, a row each; and what must be known to read it.
    """
    voices = reader.query(statement("review_voices")).to_pylist()
    judged = Judged.of_rows(reader.query(statement("review_answers")).to_pylist())
    notes: list[str] = []
    if judged.by_chance.any():
        if left := int((~judged.by_chance).sum()):
            notes.append(
                f"{left:,} answers to questions that were not drawn by chance are left out of what is said of the model"
            )
        judged = judged.where(judged.by_chance)
    elif len(judged.answer):
        notes.append(
            "no question was drawn by chance: these shares are those of what was looked at, not of all pieces; "
            "`commentariat review sample` draws some"
        )
    rows = [_agreement("all", voices), *_measured("all", judged, np.ones(len(judged.answer), dtype=np.bool_))]
    if by is not None:
        groups: NDArray[np.str_] = getattr(judged, by)
        for group in sorted(set(groups.tolist())):
            if by == "target":
                rows.append(_agreement(group, [voice for voice in voices if voice["target"] == group]))
            rows += _measured(group, judged, groups == group)
    return pa.Table.from_pylist([row for row in rows if row["answers"]], _SCHEMA), tuple(notes)


_SCHEMA = pa.schema(
    [pa.field(name, pa.string()) for name in ("questions", "measure")]
    + [pa.field(name, pa.float32()) for name in ("share", "low", "high")]
    + [pa.field("answers", pa.int64())]
)


def _agreement(group: str, voices: list[dict[str, Any]]) -> dict[str, Any]:
    answers = [
        [voice["answer"] for voice in some] for _, some in groupby(voices, lambda voice: voice["question"])
    ]
    found = agreement(answers)
    measure = {"questions": group, "measure": "agreement of people (alpha)", "answers": found.questions}
    return measure | {"share": found.alpha, "low": found.low, "high": found.high}


def _measured(group: str, judged: Judged, among: _Mask) -> Iterator[dict[str, Any]]:
    for measure, found in scores(judged, among):
        if found is not None:
            yield {"questions": group, "measure": measure} | asdict(found)
