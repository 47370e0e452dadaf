"""Answers of people in files, both ways: CSV, JSON lines, and the form of Label Studio.

One row is one answer, and the columns are the same in both directions, so that what was exported can be imported into
another warehouse with the same pieces. Only what names the piece, the target and the answer is needed.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

import pyarrow as pa

from commentariat import InputError
from tasks.review.label_studio import Record, records_of, tasks_of
from warehouse import Reader
from warehouse.annotation import Annotation, Draw, id_of
from warehouse.forms import write
from warehouse.own_tables import decoded, likely_delimiter
from warehouse.statements import statement

ExchangeForm = Literal["csv", "jsonl", "label-studio"]
FORMS: Mapping[str, ExchangeForm] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "label-studio",
}
"""What the ending of a file means."""

_SHOWN = 5
_PAIR = re.compile(r"(\d{1,9}) ?- ?(\d{1,9})")  # bounded, since files come from outside


def form_of(path: Path) -> ExchangeForm:
    """Say what form a file has, by its ending.

    Raises
    ------
    InputError
        The ending is none of them.
    """
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise InputError(
            f"{path}: a file of answers ends in .csv, .tsv, .jsonl or .ndjson, or in .json for Label Studio"
        )
    return form


def write_records(table: pa.Table, path: Path) -> None:
    """Write questions or answers to a file, in the form that its ending says.

    Raises
    ------
    InputError
        The file cannot be written, or has another ending.
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
                write(table.schema, table.to_batches(), form, file)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


def exported(reader: Reader, *, texts: bool) -> pa.Table:
    """Give what people have said as a table with the columns of a file."""
    table = reader.query(statement("annotations_to_export"), {"texts": texts})
    return table if texts else table.drop_columns(["text"])


def read_annotations(path: Path, reader: Reader, *, annotator: str | None = None) -> list[Annotation]:
    """Read a file of answers and find the pieces and targets that they are about; rows without an answer are left out.

    Parameters
    ----------
    annotator
        Who answered where a row does not say.

    Raises
    ------
    InputError
        The file cannot be read, or rows cannot be used; the message numbers them, and nothing is to be kept then.
    """
    records = [record for record in _read(path) if _text(record, "answer")]  # others were not asked yet
    if not records:
        raise InputError(f"{path}: there is no answer in it")
    known = _Known.of(reader, records)
    annotations: list[Annotation] = []
    wrong: list[str] = []
    for number, record in enumerate(records, start=1):
        try:
            annotations.append(_annotation(record, known, annotator))
        except InputError as error:
            wrong.append(f"answer {number}: {error}")
    if wrong:
        more = f"\n  and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        told = "\n  ".join(wrong[:_SHOWN])
        raise InputError(
            f"{path}: {len(wrong)} of {len(records)} answers cannot be used, and nothing was imported:\n  {told}{more}"
        )
    return annotations


@dataclass(frozen=True, slots=True)
class _Known:
    """The pieces and wordings that a file may mean."""

    pieces: dict[tuple[str, int], int]  # length of the text
    latest: dict[str, int]
    of_url: dict[str, str]
    wordings: dict[tuple[str, str], str]  # the statement
    today: dict[str, str]  # the hash of the wording of today, or else of the latest one

    @classmethod
    def of(cls, reader: Reader, records: Iterable[Record]) -> _Known:
        ids = {str(record["article_id"]) for record in records if record.get("article_id")}
        urls = {str(record["url"]) for record in records if record.get("url")}
        named = {"article_ids": sorted(ids), "urls": sorted(urls)}
        articles = reader.query(statement("articles_named"), named).to_pylist()
        targets = reader.query(statement("wordings_known")).to_pylist()
        return cls(
            pieces={(row["article_id"], row["revision"]): row["char_count"] for row in articles},
            latest={row["article_id"]: row["revision"] for row in articles},
            of_url={row["url"]: row["article_id"] for row in articles},
            wordings={(row["target"], row["statement_hash"]): row["statement"] for row in targets},
            today={row["target"]: row["statement_hash"] for row in targets},
        )


def _annotation(record: Record, known: _Known, annotator: str | None) -> Annotation:
    article_id = _text(record, "article_id") or known.of_url.get(_text(record, "url") or "", "")
    if article_id not in known.latest:
        raise InputError(
            f"there is no piece {article_id or _text(record, 'url')}: name its article_id or url"
        )
    revision = _number(record, "revision") or known.latest[article_id]
    length = known.pieces.get((article_id, int(revision)))
    if length is None:
        raise InputError(f"the piece {article_id} has no revision {revision}")
    target = _text(record, "target") or ""
    wording = _text(record, "statement_hash") or known.today.get(target, "")
    if (target, wording) not in known.wordings:
        raise InputError(
            f"there is no target {target!r}" + (f" worded {wording}" if target in known.today else "")
        )
    sentences = tuple(_sentences(record.get("sentences")))
    if any(end > length for _, end in sentences):
        raise InputError(f"a sentence ends after the text, which has {length:,} characters")
    who = _text(record, "annotator") or annotator
    if not who:
        raise InputError("nobody is named as annotator: add the column, or --annotator")
    answer = (_text(record, "answer") or "").lower()
    note, answered_at = _text(record, "note"), _moment(_text(record, "answered_at"))
    said = (article_id, revision, target, wording, who, answer, sentences, note, answered_at)
    annotation_id = _text(record, "annotation_id") or id_of(*said)
    if not re.fullmatch("[0-9a-f]{32}", annotation_id):
        raise InputError(f"the annotation_id {annotation_id!r} is not 32 hex digits: leave the column out")
    return Annotation(
        article_id=article_id,
        revision=int(revision),
        target=target,
        statement_hash=wording,
        statement=_text(record, "statement") or known.wordings[target, wording],
        annotator=who,
        answer=cast("Any", answer),  # checked by Annotation
        sentences=sentences,
        note=note,
        is_blind=_flag(record, "is_blind"),
        draw=_draw(record),
        answered_at=answered_at or datetime.now(UTC),
        annotation_id=annotation_id,
    )


def _draw(record: Record) -> Draw:
    sampled_by = _text(record, "sampled_by") or "chosen"
    size = _number(record, "stratum_size")
    return Draw(
        sampled_by=cast("Any", sampled_by),  # checked by Draw
        sample=_text(record, "sample"),
        stratum=_text(record, "stratum"),
        stratum_size=None if size is None else int(size),
        sampling_weight=_number(record, "sampling_weight"),
    )


def _read(path: Path) -> Iterator[Record]:
    form = form_of(path)
    try:
        text = decoded(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    try:
        if form == "label-studio":
            yield from records_of(json.loads(text))
        elif form == "jsonl":
            for line in text.split("\n"):
                if line.strip():
                    record = json.loads(line)
                    if not isinstance(record, dict):
                        raise InputError(f"{path}: a line is not an object: {line[:80]}")
                    yield record
        else:
            yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=likely_delimiter(text))
    except (TypeError, ValueError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as {form}: {error}") from error


def _text(record: Record, name: str) -> str | None:
    value = record.get(name)
    return None if value is None or not str(value).strip() else str(value).strip()


def _number(record: Record, name: str) -> float | None:
    text = _text(record, name)
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        raise InputError(f"{name} is {text!r}: it is a number") from None


def _flag(record: Record, name: str) -> bool | None:
    text = (_text(record, name) or "").lower()
    if text and text not in ("true", "false"):
        raise InputError(f"{name} is {text!r}: it is true, false or empty")
    return None if not text else text == "true"


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"answered_at is {text!r}: it is a time like 2026-11-30T12:00:00Z") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _sentences(value: object) -> Iterator[tuple[int, int]]:
    """Read ``120-188; 301-350``, or a list of pairs or of objects with start and end."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            try:
                start, end = (one["start"], one["end"]) if isinstance(one, dict) else one
                yield int(start), int(end)
            except (KeyError, TypeError, ValueError):
                raise InputError(f"{one!r} names no sentence: give its start and end") from None
        return
    for one in str(value or "").split(";"):
        if one.strip():
            pair = _PAIR.fullmatch(one.strip())
            if pair is None:
                raise InputError(f"{one.strip()!r} names no sentence: write its offsets, like 120-188")
            yield int(pair[1]), int(pair[2])
