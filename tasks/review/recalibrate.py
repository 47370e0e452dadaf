"""One calibration for all targets is fitted to a part of people's answers, and tested on the other part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from commentariat import InputError, ModelError
from models.answers import AnswerSettings
from models.calibration_file import calibration_text
from models.classifier import DocumentClassifier
from models.interface import STANCES, RawScore
from models.recalibration import ProbabilityQuality, as_config, quality, refitted
from tasks.classify import ClassifierChoice
from tasks.decide import raw_scores_of
from tasks.targets.question_key import QuestionKey
from warehouse import Reader
from warehouse.sql_files import load_sql

FEWEST = 100
"""Smallest number of answers for a calibration; with fewer, its six numbers would have too little basis."""

_OF_ALL = 20_000
_FITTED_ON = 6  # of ten articles
_CLASS: dict[str, int] = {name: number for number, name in enumerate((*STANCES, "not_about"))}


@dataclass(frozen=True, slots=True)
class Recalibrated:
    """A new calibration, tested on answers to which it was not fitted.

    Attributes
    ----------
    text
        The text of the file that the configuration can name.
    before, after
        The quality of the present calibration and of the new one, on the other part.
    fitted_on
        Number of answers to which it was fitted.
    """

    text: str
    before: ProbabilityQuality
    after: ProbabilityQuality
    fitted_on: int

    @property
    def is_better(self) -> bool:
        """Whether the new calibration has the smaller log loss on the other part."""
        return self.after.log_loss < self.before.log_loss


def recalibrate(reader: Reader, choice: ClassifierChoice) -> Recalibrated:
    """Fit a calibration of the configured model on six of ten articles with people's answers; test it on the others.

    Raises
    ------
    InputError
        When fewer than 100 answers can be used; the message says how many more are needed.
    ModelError
        When the model cannot be loaded, or has no calibration.
    """
    classifier = choice.load()
    if not isinstance(classifier, DocumentClassifier):
        raise ModelError(f"The model {choice.model!r} has no calibration that could be fitted.")
    parameters = {"weights_version": classifier.weights_version, "how_many": _OF_ALL}
    rows = reader.query(load_sql("review_raw_scores"), parameters).to_pylist()
    wordings = reader.query(load_sql("review_wording_scores"), parameters).to_pylist()
    raw = raw_scores_of(rows, wordings)
    answer_of = {QuestionKey.of(row): _CLASS[row["answer"]] for row in rows if row["answer"] is not None}
    _refuse_too_few(reader, len(answer_of))
    everything = [
        raw[key] for key in dict.fromkeys(QuestionKey.of(row) for row in rows if row["answer"] is None)
    ]
    fit, check = _parts(raw, answer_of)
    old = classifier.answer_settings
    new = AnswerSettings.from_config(as_config(refitted(old, *fit, everything)))
    before = quality(old, old.threshold(choice.stated_right), *check)
    after = quality(new, new.threshold(choice.stated_right), *check)
    about = {
        "fitted_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "fitted_on": len(fit[1]),
        "tried_on": len(check[1]),
        "stated_right": choice.stated_right,
        "before": _rounded(before),
        "after": _rounded(after),
    }
    return Recalibrated(
        calibration_text(classifier.weights_version, as_config(new), about), before, after, len(fit[1])
    )


_Part = tuple[list[RawScore], list[int]]


def _refuse_too_few(reader: Reader, usable: int) -> None:
    if usable >= FEWEST:
        return
    known = reader.query(load_sql("review_counts")).to_pylist()[0]
    split, differing = known["n"] - known["agreed"], known["models_differ"]
    unread = known["agreed"] - differing - usable
    reasons = [
        f"{split:,} on which people are split" if split else "",
        f"{differing:,} asked because another model answers differently" if differing else "",
        f"{unread:,} of which the configured model has no raw scores before `commentariat rescore`"
        if unread
        else "",
    ]
    left_out = ", ".join(reason for reason in reasons if reason)
    raise InputError(
        f"{usable:,} answers can be used, and a calibration needs {FEWEST}: {FEWEST - usable:,} more are needed"
        + (f" (left out: {left_out})" if left_out else "")
        + "; `commentariat review sample` draws what to ask"
    )


def _parts(raw: Mapping[QuestionKey, RawScore], answer_of: Mapping[QuestionKey, int]) -> tuple[_Part, _Part]:
    """Divide the answers by article, so that the test part holds no article that was used for fitting."""
    parts: tuple[_Part, _Part] = ([], []), ([], [])
    for question, right in answer_of.items():
        is_fitted_on = int(question.article_id[:8], 16) % 10 < _FITTED_ON
        scores, answers = parts[0 if is_fitted_on else 1]
        scores.append(raw[question])
        answers.append(right)
    if not parts[0][1] or not parts[1][1]:
        raise InputError("all answers are about the same few pieces: let people answer about more of them")
    return parts


def _rounded(scores: ProbabilityQuality) -> dict[str, float | int | None]:
    return {
        name: None if value != value else round(value, 4)  # noqa: PLR0124 - JSON has no form for NaN
        for name, value in asdict(scores).items()
    }
