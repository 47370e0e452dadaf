"""Questions that both people and the model have answered, and how they were drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasks.review.frames import answer_of
from tasks.review.weights import pools_of, weights_of

Mask = NDArray[np.bool_]
_DIGITS = 9
"""Digits of a growth that are kept: sums of weights have errors of rounding, and no growth must be exactly 1."""


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
    frame_size
        The number of questions about the target that could be asked now, of the outlets from which samples were drawn.
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
    frame_size: NDArray[np.float64]

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
            frame_size=numbers("frame_size"),
        )

    def where(self, mask: Mask) -> Judged:
        """Give some of them."""
        return Judged(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    @property
    def by_chance(self) -> Mask:
        """The questions that were drawn by chance [n]."""
        drawn: Mask = self.stratum != ""
        return drawn

    @cached_property
    def question(self) -> NDArray[np.int64]:
        """The number of the question of each [n]."""
        numbers: dict[tuple[str, str], int] = {}
        questions = zip(self.target.tolist(), self.article.tolist(), strict=True)
        return np.asarray(
            [numbers.setdefault(question, len(numbers)) for question in questions], dtype=np.int64
        )

    def questions(self, among: Mask) -> int:
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

    @cached_property
    def is_as_drawn(self) -> bool:
        """Whether the model now gives each question the answer that it gave when the question was drawn by chance."""
        drawn = zip(self.target.tolist(), self.stratum.tolist(), self.predicted.tolist(), strict=True)
        return all(answer_of(stratum, target) == predicted for target, stratum, predicted in drawn)

    @cached_property
    def is_answered(self) -> Mask:
        """Whether all questions of the draw to which each belongs are answered [n], and none has come in since."""
        answered: Mask = np.bincount(self.draw)[self.draw] >= self.stratum_size * self.growth
        return answered

    @cached_property
    def growth(self) -> NDArray[np.float64]:
        """How many times as many questions about the target there are as its answers were drawn from [n]; at least 1.

        The answers stand for the questions of today, of which there may be more than when they were drawn.
        """
        _, target = np.unique(self.target, return_inverse=True)
        # All of a target have the same size of the frame.
        times = np.bincount(target, self.frame_size) / np.bincount(target) / np.bincount(target, self.weights)
        growth: NDArray[np.float64] = np.maximum(1.0, np.round(times, _DIGITS))[target]
        return growth


def _pools(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Name the pool of each row of ``review_answers``; empty if its question was not drawn by chance."""
    drawn = [row for row in rows if row["stratum"]]
    columns = [
        np.asarray([row[name] for row in drawn]) for name in ("target", "sample", "stratum", "stratum_size")
    ]
    pools = iter(pools_of(*columns).tolist())
    return [next(pools) if row["stratum"] else "" for row in rows]
