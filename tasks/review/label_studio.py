"""Questions and answers in the form of Label Studio (labelstud.io): its tasks, and its export as JSON.

A task is one question about one article. docs/howto/review.md shows the labelling interface for it; its controls are
named ``answer`` (choices), ``evidence`` (labels on the text) and ``note`` (text area).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

Record = dict[str, Any]

ANSWER, EVIDENCE, NOTE, TEXT = "answer", "evidence", "note", "text"
UNIQUE_ID = "unique_id"
"""Label Studio's id of an answer. If the answer was exported here, it is ours, also after a change there."""
_EVIDENCE_LABEL = "says it"
_OF_ANSWER = ("annotation_id", "annotator", "answer", "sentences", "note", "is_blind", "answered_at")
"""Columns of a person's answer; all other columns belong to the question."""
_NO_EXPORT = (AttributeError, KeyError, TypeError, IndexError, OverflowError)
"""Errors of reading something else as an export; OverflowError if an offset is endless, because JSON may hold 1e999."""


def tasks_of(records: Iterable[Record]) -> list[Record]:
    """Make tasks from records as :mod:`tasks.review.exchange` writes them; answers become annotations of their task.

    A task has one draw, so that a question that was drawn by chance for several samples has a task for each of them.
    The tasks have the order of the records, which is random if they are a sample: a person may stop early.
    """
    questions: dict[tuple[str, ...], list[Record]] = {}
    for record in records:
        question = tuple(str(record[name]) for name in ("article_id", "revision", "target", "statement_hash"))
        questions.setdefault(question, []).append(record)
    return [
        _task(of_task)
        for of_question in questions.values()
        for of_task in _by_sample(sorted(of_question, key=_draw_order))
    ]


def _by_sample(of_question: list[Record]) -> list[list[Record]]:
    """Divide the records of a question, in the order of draws, by random sample; other answers join the last one."""
    last = of_question[-1]
    samples: dict[str, list[Record]] = {}
    for record in of_question:
        drawn = record if record.get("sampled_by") == "random" else last
        samples.setdefault(str(drawn.get("sample") or ""), []).append(record)
    return list(samples.values())


def _task(records: list[Record]) -> Record:
    """Make a task from the records of a question, of which the last one says how the question was drawn."""
    data = {name: value for name, value in max(records, key=_draw_order).items() if name not in _OF_ANSWER}
    answers = [_annotation(record) for record in records if record.get("answer")]
    return {"data": data} | ({"annotations": answers} if answers else {})


def _draw_order(record: Record) -> tuple[bool, str, str]:
    """Order records as the view ``gold_answer`` does: the last one says how the question was drawn.

    People may have answered the question of a task for a sample and without one.
    """
    # A time without a fraction of a second is written without one: with "Z", it would be sorted after the others.
    answered_at = str(record.get("answered_at") or "").removesuffix("Z")
    return record.get("sampled_by") == "random", answered_at, str(record.get("annotation_id") or "")


def records_of(content: object) -> Iterator[tuple[int, Record]]:
    """Read the answers from an export of Label Studio as JSON (not JSON-MIN), each with the number of its task.

    Tasks without an answer are left out.

    Raises
    ------
    TypeError, ValueError
        When it is not such an export; the message names the task.
    """
    return _of_each_task(content, _answers)


def _answers(task: Record) -> list[Record]:
    question = {**task["data"]}  # also of a task without an answer: other exports have no data
    return [question | _record(annotation) for annotation in task.get("annotations") or ()]


def questions_of(content: object) -> Iterator[tuple[int, Record]]:
    """Read the questions from tasks or from an export as JSON, with or without an answer, each with its task's number.

    Raises
    ------
    TypeError, ValueError
        When they are not tasks; the message names the task.
    """
    return _of_each_task(content, lambda task: [{**task["data"]}])


def _of_each_task(content: object, part: Callable[[Record], list[Record]]) -> Iterator[tuple[int, Record]]:
    if not isinstance(content, list):
        raise TypeError("its export is a list of tasks: choose the form JSON there")
    for number, task in enumerate(content, start=1):
        try:
            yield from ((number, record) for record in part(task))
        except _NO_EXPORT as error:
            raise ValueError(
                f"task {number} is none of its export as JSON, which is not the form JSON-MIN: {error!r}"
            ) from error


def _annotation(record: Record) -> Record:
    results: list[Record] = [
        {"from_name": ANSWER, "to_name": TEXT, "type": "choices", "value": {"choices": [record["answer"]]}}
    ]
    for start, end in _pairs(record.get("sentences")):
        value = {"start": start, "end": end, "labels": [_EVIDENCE_LABEL]}
        if record.get("text"):
            value["text"] = str(record["text"])[start:end]
        results.append({"from_name": EVIDENCE, "to_name": TEXT, "type": "labels", "value": value})
    if record.get("note"):
        results.append(
            {"from_name": NOTE, "to_name": TEXT, "type": "textarea", "value": {"text": [record["note"]]}}
        )
    named = {"completed_by": {"email": record["annotator"]}, "created_at": record["answered_at"]}
    return named | {UNIQUE_ID: record["annotation_id"], "result": results}


def _record(annotation: Record) -> Record:
    by = annotation.get("completed_by")
    who = by.get("email") or by.get("id") if isinstance(by, dict) else by
    record: Record = {
        "annotator": str(who) if isinstance(by, dict) else f"label-studio-{who}",
        "answer": "skip" if annotation.get("was_cancelled") else None,
        "answered_at": annotation.get("updated_at") or annotation.get("created_at"),
        "note": None,
        "is_blind": None,
        UNIQUE_ID: annotation.get(UNIQUE_ID),
    }
    sentences: list[str] = []
    for result in annotation["result"]:
        name, value = result["from_name"], result["value"]
        if name == ANSWER and record["answer"] is None:
            record["answer"] = value["choices"][0]
        elif name == EVIDENCE:
            sentences.append(f"{int(value['start'])}-{int(value['end'])}")
        elif name == NOTE:
            written = value["text"]
            record["note"] = "\n".join(written) if isinstance(written, list) else written
    return record | {"sentences": "; ".join(sentences)}


def _pairs(sentences: str | None) -> Iterator[tuple[int, int]]:
    for pair in (sentences or "").split(";"):
        if pair.strip():
            start, _, end = pair.strip().partition("-")
            yield int(start), int(end)
