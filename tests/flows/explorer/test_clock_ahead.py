"""A person's answer counts instead of the former one, also if that one was given while the clock was ahead."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.cli.waiting_answers import keep
from flows.explorer.answering import Asking
from flows.explorer.snapshots import Snapshots
from tasks.review.exchange import read_annotations
from tests.flows.explorer.conftest import started
from tests.flows.explorer.test_review import as_person, asked, drawn, give
from warehouse import connect
from warehouse.annotations.annotation import Annotation
from warehouse.annotations.inbox import Inbox

TOMORROW = datetime.now(UTC) + timedelta(days=1)


def answer(warehouse: Path, **values: Any) -> Annotation:
    question = asked(warehouse, warehouse.parent / "questions.jsonl")[0]
    return Annotation(**question.key._asdict(), statement=question.statement, annotator="ada", **values)


def answers_that_count(warehouse: Path) -> list[str]:
    with connect(warehouse) as reader:
        return reader.query("SELECT answer FROM current_annotation")["answer"].to_pylist()


def test_a_correction_in_the_browser_counts(own: Path) -> None:
    file = drawn(own, 26)
    Inbox(own).keep([answer(own, answer="favor", answered_at=TOMORROW)])
    with started(own, "review", "serve", file) as server:
        for number, corrected in enumerate(("against", "neutral")):
            give(server, 1, who="ada", given=str(number), answer=corrected)
            page = as_person(server, "ada", "/question/1").page
            assert [box.get("value") for box in page.cssselect("input[name=answer][checked]")] == [corrected]
    given = Inbox(own).waiting()
    microsecond = timedelta(microseconds=1)
    assert [one.answered_at - TOMORROW for one in given] == [timedelta(), microsecond, 2 * microsecond]


def test_a_correction_of_a_published_answer_counts(own: Path) -> None:
    file = drawn(own, 26)
    keep([answer(own, answer="favor", answered_at=TOMORROW)], own, own, None)
    with closing(Snapshots(own)) as snapshots:
        Asking(snapshots, asked(own, file)).keep(answer(own, answer="against"))
    keep([], own, own, None)
    assert answers_that_count(own) == ["against"]


@pytest.mark.parametrize("ids", [("", ""), ("a" * 32, "b" * 32)], ids=["without ids", "with ids"])
def test_a_correction_in_a_file_without_times_counts_and_can_be_imported_again(
    own: Path, ids: tuple[str, str]
) -> None:
    drawn(own, 26)
    former = answer(own, answer="favor", answered_at=TOMORROW)
    keep([former], own, own, None)
    file = own.parent / "corrected.csv"
    with file.open("w", newline="") as lines:
        same = {"article_id": former.article_id, "revision": former.revision, "target": former.target}
        same["annotator"] = "ada"
        writer = csv.DictWriter(lines, [*same, "answer", "annotation_id"])
        writer.writeheader()
        for corrected, annotation_id in zip(("against", "neutral"), ids, strict=True):
            writer.writerow(same | {"answer": corrected, "annotation_id": annotation_id})
    for _ in range(2):
        with connect(own) as reader:
            annotations, _ = read_annotations(file, reader)
        keep(annotations, own, own, None)
        assert answers_that_count(own) == ["neutral"]
    with connect(own) as reader:
        assert reader.query("SELECT count(*) AS n FROM annotation")["n"].to_pylist() == [3]


def test_an_answer_that_waits_and_is_imported_again_keeps_its_time(own: Path) -> None:
    drawn(own, 26)
    given = answer(own, answer="favor", answered_at=TOMORROW)
    Inbox(own).keep([given])
    file = own.parent / "again.jsonl"
    row = {name: value for name, value in given.row.items() if name != "answered_at" and value is not None}
    file.write_text(json.dumps(row))
    with connect(own) as reader:
        [again], _ = read_annotations(file, reader)
    assert (again.annotation_id, again.answered_at) == (given.annotation_id, TOMORROW)


def test_an_answer_after_one_of_the_last_moment_that_there_is_keeps_its_time(own: Path) -> None:
    drawn(own, 26)
    former = answer(own, answer="favor", answered_at=datetime.max.replace(tzinfo=UTC))
    later = answer(own, answer="against")
    assert later.after(former) == later
