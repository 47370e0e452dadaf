"""The quality of the model, measured by people's answers: shares with intervals that fit the sampling of questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from math import sqrt
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tasks.review.agreement import agreement
from tasks.review.remarks import remarks_on
from tasks.review.weights import pools_of, weights_of
from warehouse import Reader
from warehouse.sql_files import load_sql

By = Literal["target", "outlet", "month"]

_SIDES = ("favor", "against")
_Z = 1.959964
_Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval, and the number of answers on which it is based."""

    share: float
    low: float
    high: float
    answers: int


@dataclass(frozen=True)  # without slots, so that what all measures use is computed once
class Judged:
    """The model's answers to questions that people have answered too, n of them.

    A question that was drawn by chance for samples of several pools is there once for each pool, because each pool
    stands for all questions. Samples are drawn independently of each other, so that the variances of the pools are
    added although some questions are in several of them.

    Attributes
    ----------
    answer, predicted
        People's answer and the model's answer; the model's may be ``unsure``.
    p_side
        The larger probability of the two sides; NaN if the model gives none.
    is_shown
        1 if the first sentence of evidence is one that people named, 0 if it is not, NaN if people named none.
    target, outlet, month
        The target, outlet and month of the question.
    article
        The article that the question is about.
    pool
        The pool of the samples for which the question was drawn by chance (see :func:`pools_of`); empty if it was not.
    stratum, stratum_size
        The part from which the question was drawn by chance, and the number of questions in the part at that time; the
        stratum is empty if it was not drawn by chance.
    """

    answer: NDArray[np.str_]
    predicted: NDArray[np.str_]
    p_side: NDArray[np.float64]
    is_shown: NDArray[np.float64]
    target: NDArray[np.str_]
    outlet: NDArray[np.str_]
    month: NDArray[np.str_]
    article: NDArray[np.str_]
    pool: NDArray[np.str_]
    stratum: NDArray[np.str_]
    stratum_size: NDArray[np.float64]

    @classmethod
    def of_rows(cls, rows: Sequence[dict[str, Any]]) -> Judged:
        """Make the object from the rows of ``review_answers``; questions on which people are split are left out."""
        answered = [row for row in rows if row["answer"] is not None]
        once: dict[
            tuple[str, ...], dict[str, Any]
        ] = {}  # the samples of a pool are one sample, with a question once
        for row, pool in zip(answered, _pools(answered), strict=True):
            place = (row["target"], pool, row["stratum"], row["article_id"])
            once.setdefault(place, row | {"pool": pool})
        rows = list(once.values())

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
            article=texts("article_id"),
            pool=texts("pool"),
            stratum=texts("stratum"),
            stratum_size=numbers("stratum_size"),
        )

    def where(self, mask: _Mask) -> Judged:
        """Give some of them."""
        return Judged(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    @property
    def by_chance(self) -> _Mask:
        """The questions that were drawn by chance [n]."""
        drawn: _Mask = self.stratum != ""
        return drawn

    @cached_property
    def question(self) -> NDArray[np.int64]:
        """The number of the question of each [n]."""
        numbers: dict[tuple[str, str], int] = {}
        questions = zip(self.target.tolist(), self.article.tolist(), strict=True)
        return np.asarray(
            [numbers.setdefault(question, len(numbers)) for question in questions], dtype=np.int64
        )

    def questions(self, among: _Mask) -> int:
        """Count the questions among some of them."""
        return len(np.unique(self.question[among]))

    @cached_property
    def draw(self) -> NDArray[np.int64]:
        """The number of the draw to which each belongs [n]: the same part holds other questions in another pool."""
        numbers: dict[tuple[str, str, float], int] = {}
        draws = zip(self.pool.tolist(), self.stratum.tolist(), self.stratum_size.tolist(), strict=True)
        return np.asarray([numbers.setdefault(draw, len(numbers)) for draw in draws], dtype=np.int64)

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The number of questions that each stands for [n], if all were drawn by chance."""
        return weights_of(self.target, self.outlet, self.pool, self.stratum, self.stratum_size)


def _pools(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Name the pool of each row of ``review_answers``; empty if its question was not drawn by chance."""
    drawn = [row for row in rows if row["stratum"]]
    columns = [
        np.asarray([row[name] for row in drawn]) for name in ("target", "sample", "stratum", "stratum_size")
    ]
    pools = iter(pools_of(*columns).tolist())
    return [next(pools) if row["stratum"] else "" for row in rows]


def share_of(judged: Judged, part: _Mask, whole: _Mask) -> Share | None:
    """Give the share of ``part`` in ``whole``, of all questions that could have been drawn; None if ``whole`` is empty.

    If everything was drawn by chance, it is a ratio of weighted sums. Its variance is that of its linearised residuals
    within each part from which questions were drawn. Otherwise it is a plain share. The interval is Wilson's (1927),
    for the number of questions that would have this variance. Near 0 and 1 this number would be too small, because no
    or few answers differ; there it is that of a share moved a little towards the middle, and at most the effective
    number of answers (Kish 1965).
    """
    count = judged.questions(whole)
    if not count:
        return None
    part = part & whole
    if not judged.by_chance.all():
        return _wilson(float(part.sum()) / count, count, count)
    weights = judged.weights
    total = float(weights[whole].sum())
    share = float(weights[part].sum()) / total
    variance = _variance(judged, weights * (part - share * whole), whole)
    effective = total**2 / float((np.bincount(judged.question[whole], weights[whole]) ** 2).sum())
    if variance <= 0:
        return _wilson(share, effective, count)
    moved = (share * effective + 2) / (effective + 4)
    like = max(_spread(share) / variance * total**2, min(effective, _spread(moved) / variance * total**2))
    return _wilson(share, like, count)


def _variance(judged: Judged, residuals: NDArray[np.float64], whole: _Mask) -> float:
    """Give the variance of a weighted sum from the residuals within each draw."""
    draw = judged.draw
    answers = np.bincount(draw)
    sizes = np.bincount(draw, judged.stratum_size) / answers  # all of a draw have the same one
    squares = np.bincount(draw, (residuals - (np.bincount(draw, residuals) / answers)[draw]) ** 2)
    several = answers * squares / np.maximum(answers - 1, 1)
    spread = np.where(answers > 1, several, np.bincount(draw, residuals**2))
    # At least as much as if one more answer were different: a part in which all agree is not known without error.
    seen = np.bincount(draw, whole)
    least = np.bincount(draw, judged.weights**2) / answers * seen * (seen + 1) / (seen + 2) ** 2
    return float((np.maximum(spread, least) * np.maximum(0.0, 1 - answers / sizes)).sum())


def scores(judged: Judged, among: _Mask) -> Iterator[tuple[str, Share | None]]:
    """Measure the model on some of the questions; gives the name and the value of each measure."""
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
    """Give the mean probability of the stated sides; it equals their precision if the model is calibrated."""
    known = stated & ~np.isnan(judged.p_side)
    if not known.any():
        return None
    weights = judged.weights if judged.by_chance.all() else np.ones(len(known))
    mean = float(np.average(judged.p_side[known], weights=weights[known]))
    return Share(mean, mean, mean, judged.questions(known))


def _spread(share: float) -> float:
    return share * (1 - share)


def _wilson(share: float, like: float, answers: int) -> Share:
    middle = (share * like + _Z**2 / 2) / (like + _Z**2)
    half = _Z / (like + _Z**2) * sqrt(max(0.0, share * (1 - share) * like) + _Z**2 / 4)
    return Share(share, max(0.0, middle - half), min(1.0, middle + half), answers)


def score(reader: Reader, by: By | None = None) -> tuple[pa.Table, tuple[str, ...]]:
    """Measure people's agreement with each other, and the model against people's answers.

    Parameters
    ----------
    by
        Measure each target, outlet or month too.

    Returns
    -------
    pa.Table, tuple of str
        ``questions, measure, share, low, high, answers``, one row for each measure; and remarks that are needed to read
        it.
    """
    by_person = reader.query(load_sql("review_answers_by_person")).to_pylist()
    answers = reader.query(load_sql("review_answers")).to_pylist()
    judged = Judged.of_rows(answers)
    if judged.by_chance.any():
        judged = judged.where(judged.by_chance)
    rows = [
        _agreement("all", by_person),
        *_measured("all", judged, np.ones(len(judged.answer), dtype=np.bool_)),
    ]
    if by is not None:
        groups: NDArray[np.str_] = getattr(judged, by)
        for group in sorted(set(groups.tolist())):
            if by == "target":
                rows.append(_agreement(group, [answer for answer in by_person if answer["target"] == group]))
            rows += _measured(group, judged, groups == group)
    return pa.Table.from_pylist([row for row in rows if row["answers"]], _SCHEMA), remarks_on(answers)


_SCHEMA = pa.schema(
    [pa.field(name, pa.string()) for name in ("questions", "measure")]
    + [pa.field(name, pa.float32()) for name in ("share", "low", "high")]
    + [pa.field("answers", pa.int64())]
)


def _agreement(group: str, by_person: list[dict[str, Any]]) -> dict[str, Any]:
    answers = [
        [row["answer"] for row in of_question]
        for _, of_question in groupby(by_person, lambda row: row["question"])
    ]
    agreed = agreement(answers)
    measure = {"questions": group, "measure": "agreement of people (alpha)", "answers": agreed.questions}
    return measure | {"share": agreed.alpha, "low": agreed.low, "high": agreed.high}


def _measured(group: str, judged: Judged, among: _Mask) -> Iterator[dict[str, Any]]:
    for measure, share in scores(judged, among):
        if share is not None:
            yield {"questions": group, "measure": measure} | asdict(share)
