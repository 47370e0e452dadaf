"""The answers of a second model as rows: in the same tables as the first model's answers, under their own version."""

from collections.abc import Iterable
from datetime import datetime

from tasks.load import Row
from tasks.outcome import printable
from tasks.second_model.ask import SecondAnswer, SecondReading
from tasks.second_model.prompt import second_version
from tasks.targets.statement_hash import statement_hash

_LONGEST_REASON = 500


def second_rows(readings: Iterable[SecondReading], asked_with: str, at: datetime) -> dict[str, list[Row]]:
    """Rows of ``stance``, ``evidence``, ``scored`` and ``second_reading``.

    Only questions with an answer are in ``scored``; the others are asked again. Probabilities and scores are empty.

    Parameters
    ----------
    asked_with
        The way of asking; see :func:`tasks.second_model.prompt.asked_with`.
    at
        Time of the answers.
    """
    rows: dict[str, list[Row]] = {"stance": [], "evidence": [], "scored": [], "second_reading": []}
    for reading in readings:
        article = {"article_id": reading.inquiry.article_id, "revision": reading.inquiry.revision}
        article |= {"model_version": second_version(asked_with, reading.model)}
        for answer in reading.answers:
            asked = {"target": answer.target.id, "statement_hash": statement_hash(answer.target)}
            answered = article | asked
            rows["stance"].append(answered | _stance_row(answer))
            rows["evidence"] += [
                answered
                | {"stance": answer.stance, "start": sentence.start, "end": sentence.end}
                | {"score": None, "quoted": sentence.quoted}
                for sentence in answer.evidence
            ]
            rows["scored"].append(answered | {"task": "stance", "n_rows": 1})
        rows["second_reading"].append(article | _reading_row(reading, asked_with, at))
    return rows


def models_in(readings: Iterable[SecondReading], asked_with: str) -> dict[str, str]:
    """Give the names of the models that answered, by their versions."""
    answered = (reading.model for reading in readings if reading.answers)
    return {second_version(asked_with, model): model for model in answered}


def _stance_row(answer: SecondAnswer) -> Row:
    probabilities = dict.fromkeys(("p_favor", "p_against", "p_neutral", "relevance"))
    return {"stance": answer.stance, "about": answer.about, **probabilities}


def _reading_row(reading: SecondReading, asked_with: str, asked_at: datetime) -> Row:
    asked, answered = len(reading.inquiry.targets), len(reading.answers)
    if reading.failure:
        outcome, reason = "failed", reading.failure
    elif answered == asked:
        outcome, reason = "answered", None
    else:
        outcome = "partly" if answered else "refused"
        reason = "; ".join(f"{target}: {why}" for target, why in reading.problems.items()) or "no answer"
    return {
        "asked_with": asked_with,
        "why": reading.inquiry.why,
        "targets": [target.id for target in reading.inquiry.targets],
        "answered": answered,
        "outcome": outcome,
        "reason": printable(reason)[:_LONGEST_REASON] if reason else None,
        "requests": reading.requests,
        "tokens_in": reading.tokens_in,
        "tokens_out": reading.tokens_out,
        "seconds": reading.seconds,
        "asked_at": asked_at,
    }
