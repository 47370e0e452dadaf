"""People's answers in files, for import and export: CSV, JSON lines, and the form of Label Studio.

One row is one answer. The columns are the same for import and export, so that exported answers can be imported into
another warehouse with the same articles. Only the columns that name the article, the target and the answer are needed.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from commentariat import InputError
from tasks.review.earlier import Earlier, Given
from tasks.review.label_studio import UNIQUE_ID, Record, tasks_of
from tasks.review.questions import Known
from tasks.review.records import flag_of, form_of, moment_of, read_records, sentences_of, text_of
from warehouse import Reader
from warehouse.annotations.annotation import Annotation, id_of
from warehouse.exporting.forms import write
from warehouse.sql_files import load_sql

_SHOWN = 5


def write_records(table: pa.Table, path: Path) -> None:
    """Write questions or answers to a file; the ending of its name determines the form.

    Raises
    ------
    InputError
        When the file cannot be written, or has another ending.
    """
    form = form_of(path)
    try:
        if form == "label-studio":
            lines = io.BytesIO()
            write(table.schema, table.to_batches(), "jsonl", lines)
            tasks = tasks_of(json.loads(line) for line in lines.getvalue().decode().split("\n") if line)
            path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        else:
            with path.open("wb") as file:
                between = "\t" if path.suffix.lower() == ".tsv" else ","
                write(table.schema, table.to_batches(), form, file, between=between, for_spreadsheet=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


def exported(reader: Reader, *, texts: bool) -> pa.Table:
    """Give people's answers as a table with the columns of a file."""
    table = reader.query(load_sql("annotations_to_export"), {"texts": texts})
    return table if texts else table.drop_columns(["text"])


def read_annotations(
    path: Path, reader: Reader, *, annotator: str | None = None
) -> tuple[list[Annotation], str]:
    """Read a file of answers and find their articles and targets; rows without an answer are left out.

    Parameters
    ----------
    annotator
        The annotator of rows that name none.

    Returns
    -------
    list of Annotation, str
        The answers; and a remark for people on those that are not stored again, because each of them is stored, but
        was changed afterwards. It is empty if there are none.

    Raises
    ------
    InputError
        When the file cannot be read, or when rows cannot be used. The message gives their places in the file.
        Nothing must be stored then.
    """
    rows = list(read_records(path))
    # the other rows are questions without an answer
    answered = [(place, record) for place, record in rows if text_of(record, "answer")]
    if not answered:
        names = dict.fromkeys(name for _, record in rows for name in record)
        if names and "answer" not in names:
            columns = ", ".join(names)[:300]
            raise InputError(
                f"{path}: it has no column named answer, only {columns}: rename the one that holds them"
            )
        raise InputError(f"{path}: there is no answer in it")
    known = Known.of(reader, [record for _, record in answered])
    given: list[Given] = []
    wrong: list[str] = []
    for place, record in answered:
        try:
            given.append(_given(place, record, known, annotator))
        except InputError as error:
            wrong.append(f"{place}: {error}")
    earlier = Earlier.of(reader, given)
    wrong += earlier.with_the_id_of_another()
    wrong += [
        f"{answer.place}: {fault}" for answer in earlier.given if (fault := _beyond_the_text(answer, known))
    ]
    if wrong:
        raise InputError(
            f"{path}: {len(wrong)} of {len(answered)} answers cannot be used, and nothing was imported:"
            + _listed(wrong)
        )
    return [answer.annotation for answer in earlier.given], "\n".join(_remarks(path, earlier))


def _remarks(path: Path, earlier: Earlier) -> Iterator[str]:
    if changed := earlier.changed_since():
        yield (
            f"{path}: {len(changed)} answers are not stored again, because they were changed after they had been "
            f"given. If they were changed back, give the time as answered_at:{_listed(changed)}"
        )
    if former := earlier.to_other_questions():
        yield (
            f"{path}: {len(former)} answers are not stored again, because they were given to another wording or about "
            "another text of the article than the present ones. If they are answers to the present ones, give the time "
            f"as answered_at:{_listed(former)}"
        )


def _listed(lines: Sequence[str]) -> str:
    more = f"\n  and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return "".join(f"\n  {line}" for line in lines[:_SHOWN]) + more


def _beyond_the_text(answer: Given, known: Known) -> str:
    """Say that a sentence is not in the text of the revision; empty if all are. An earlier answer has its revision."""
    length = known.lengths.get((answer.annotation.article_id, answer.annotation.revision))
    if length is None or all(end <= length for _, end in answer.annotation.sentences):
        return ""
    return f"a sentence ends after the text, which has {length:,} characters"


def _given(place: str, record: Record, known: Known, annotator: str | None) -> Given:
    question = known.question(record)
    sentences = tuple(sentences_of(record.get("sentences")))
    who = text_of(record, "annotator") or annotator
    if not who:
        raise InputError("nobody is named as annotator: add the column, or --annotator")
    answer = (text_of(record, "answer") or "").lower()
    note, answered_at = text_of(record, "note"), moment_of(text_of(record, "answered_at"))
    content = (who, answer, sentences, note, answered_at)
    named_id = text_of(record, "annotation_id")
    annotation_id = named_id or id_of(*question.key, *content)
    if not re.fullmatch("[0-9a-f]{32}", annotation_id):
        raise InputError(f"the annotation_id {annotation_id!r} is not 32 hex digits: leave the column out")
    annotation = Annotation(
        **question.key._asdict(),
        statement=question.statement,
        annotator=who,
        answer=cast("Any", answer),  # checked by Annotation
        sentences=sentences,
        note=note,
        is_blind=flag_of(record, "is_blind"),
        draw=question.draw,
        answered_at=answered_at or datetime.now(UTC),
        annotation_id=annotation_id,
    )
    return Given(
        place,
        annotation,
        is_dated=bool(answered_at or named_id),
        is_timed=answered_at is not None,
        exported_id=text_of(record, UNIQUE_ID) or "",
        former_ids=() if named_id else tuple(id_of(*key, *content) for key in known.former(record, question)),
    )
