"""The quality of the model, measured by people's answers: shares with intervals that fit the sampling of questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tasks.review.agreement import agreement
from tasks.review.judged import Judged, Mask
from tasks.review.remarks import on_former_questions, remarks_on
from tasks.wilson import wilson
from warehouse import Reader
from warehouse.sql_files import load_sql

By = Literal["target", "outlet", "month"]

_SIDES = ("favor", "against")


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval, and the number of answers on which it is based."""

    share: float
    low: float
    high: float
    answers: int


def share_of(judged: Judged, part: Mask, whole: Mask, *, by_model: bool = False) -> Share | None:
    """Give the share of ``part`` in ``whole``, of all questions that could have been drawn; None if ``whole`` is empty.

    If everything was drawn by chance, it is a ratio of weighted sums. Its variance is that of its linearised residuals
    within each part from which questions were drawn. Otherwise it is a plain share. The interval is Wilson's (1927),
    for the number of questions that would have this variance. Near 0 and 1 this number would be too small, because no
    or few answers differ; there it is that of a share moved a little towards the middle, and at most the effective
    number of answers (Kish 1965). A share of questions that are all answered has no error.

    Parameters
    ----------
    by_model
        Whether the questions in ``whole`` are some of those in which the model states a side. If it still gives the
        answers that it gave when they were drawn, only the parts of its stated sides hold such questions.
    """
    count = judged.questions(whole)
    if not count:
        return None
    part = part & whole
    if not judged.by_chance.all():
        return _known_from(float(part.sum()) / count, count, count)
    weights = judged.weights
    total = float(weights[whole].sum())
    share = float(weights[part].sum()) / total
    variance = _variance(judged, weights * (part - share * whole), whole)
    effective = total**2 / float((np.bincount(judged.question[whole], weights[whole]) ** 2).sum())
    if variance <= 0:  # each part in which one of these questions was found is answered
        may_hold = np.isin(judged.target, judged.target[whole])
        if by_model and judged.is_as_drawn:
            may_hold &= np.isin(judged.predicted, _SIDES)
        if (judged.is_answered | ~may_hold).all():
            return Share(share, share, share, count)
        return _known_from(share, effective, count)
    moved = (share * effective + 2) / (effective + 4)
    like = max(_spread(share) / variance * total**2, min(effective, _spread(moved) / variance * total**2))
    return _known_from(share, like, count)


def _known_from(share: float, like: float, answers: int) -> Share:
    return Share(share, *wilson(share, like), answers)


def _variance(judged: Judged, residuals: NDArray[np.float64], whole: Mask) -> float:
    """Give the variance of a weighted sum from the residuals within each draw."""
    draw = judged.draw
    answers = np.bincount(draw)
    # All of a draw have the same size and growth.
    sizes = np.bincount(draw, judged.stratum_size * judged.growth) / answers
    squares = np.bincount(draw, (residuals - (np.bincount(draw, residuals) / answers)[draw]) ** 2)
    several = answers * squares / np.maximum(answers - 1, 1)
    spread = np.where(answers > 1, several, np.bincount(draw, residuals**2))
    # At least as much as if one more answer were different: a part in which all agree is not known without error.
    seen = np.bincount(draw, whole)
    least = np.bincount(draw, judged.weights**2) / answers * seen * (seen + 1) / (seen + 2) ** 2
    return float((np.maximum(spread, least) * np.maximum(0.0, 1 - answers / sizes)).sum())


def scores(judged: Judged, among: Mask) -> Iterator[tuple[str, Share | None]]:
    """Measure the model on some of the questions; gives the name and the value of each measure."""
    stated = np.isin(judged.predicted, _SIDES) & among
    sided = np.isin(judged.answer, _SIDES) & among
    right = judged.predicted == judged.answer
    named = ~np.isnan(judged.is_shown)
    yield "precision of sides", share_of(judged, right, stated, by_model=True)
    yield "mean probability of the sides stated", _promised(judged, stated)
    yield "recall of sides", share_of(judged, right, sided)
    yield "invented: stated where people see no side", share_of(judged, ~sided, stated, by_model=True)
    yield "stated on the other side", share_of(judged, sided & ~right, stated, by_model=True)
    yield "unsure where people see a side", share_of(judged, judged.predicted == "unsure", sided)
    yield "evidence is what people named", share_of(judged, judged.is_shown == 1, named & right & sided)


def _promised(judged: Judged, stated: Mask) -> Share | None:
    """Give the mean probability of the stated sides; it equals their precision if the model is calibrated."""
    known = stated & ~np.isnan(judged.p_side)
    if not known.any():
        return None
    weights = judged.weights if judged.by_chance.all() else np.ones(len(known))
    mean = float(np.average(judged.p_side[known], weights=weights[known]))
    return Share(mean, mean, mean, judged.questions(known))


def _spread(share: float) -> float:
    return share * (1 - share)


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
        # People may agree or disagree on a target about which no question was drawn by chance.
        of_people = {answer["target"] for answer in by_person} if by == "target" else set()
        for group in sorted({*groups.tolist(), *of_people}):
            if by == "target":
                rows.append(_agreement(group, [answer for answer in by_person if answer["target"] == group]))
            rows += _measured(group, judged, groups == group)
    (former,) = reader.query(load_sql("review_no_longer_asked")).to_pylist()
    notes = (*remarks_on(answers), *on_former_questions(former["questions"]))
    return pa.Table.from_pylist([row for row in rows if row["answers"]], _SCHEMA), notes


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


def _measured(group: str, judged: Judged, among: Mask) -> Iterator[dict[str, Any]]:
    for measure, share in scores(judged, among):
        if share is not None:
            yield {"questions": group, "measure": measure} | asdict(share)
