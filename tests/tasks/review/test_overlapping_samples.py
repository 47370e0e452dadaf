"""Samples that overlap, in a warehouse: the draws of questions, people's answers, and what is computed from both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.review.measure import score
from tasks.review.sample import Wanted, draw
from tests.warehouse import nights
from tests.warehouse.answers import TARGET, Answer, answers_of, rows_of, written
from tests.warehouse.copies import new_warehouse
from warehouse import Reader, Warehouse, connect
from warehouse.annotations.annotation import Annotation, Draw
from warehouse.annotations.inbox import Inbox
from warehouse.annotations.joining import join_annotations

Answering = Callable[[dict[str, Any]], str]


def answer_sample(warehouse: Warehouse, wanted: Wanted, answering: Answering, *, day: int) -> None:
    """Draw a sample, answer all its questions on a day, and bring the answers into the warehouse."""
    with connect(warehouse.root) as reader:
        questions = draw(reader, wanted).questions.to_pylist()
    drawn = ("sampled_by", "sample", "stratum", "stratum_size", "sampling_weight")
    asked = ("article_id", "revision", "target", "statement_hash", "statement")
    answers = [
        Annotation(
            **{name: question[name] for name in asked},
            annotator="mo",
            answer=answering(question),  # type: ignore[arg-type]
            draw=Draw(**{name: question[name] for name in drawn}),
            answered_at=nights.START + timedelta(days=day),
            annotation_id=hashlib.md5(f"{wanted.name}{question['article_id']}".encode()).hexdigest(),
        )
        for question in questions
    ]
    Inbox(warehouse.root).keep(answers)
    with warehouse.writing(flow="review", create=False) as writer:
        join_annotations(writer)
        writer.publish()


def only(rows: dict[str, pa.Table], numbers: range) -> dict[str, pa.Table]:
    """Give the rows of some of the articles, by their numbers."""
    ids = {nights.hash32(f"article {n}") for n in numbers}
    return {
        name: nights.table([row for row in table.to_pylist() if row["article_id"] in ids])
        for name, table in rows.items()
    }


def corrected(reader: Reader) -> dict[str, Any]:
    rows = reader.saved("corrected_shares").to_pylist()
    return next(row for row in rows if (row["target"], row["stance"]) == (TARGET, "favor"))


def precision(reader: Reader) -> dict[str, Any]:
    rows, _ = score(reader)
    return next(row for row in rows.to_pylist() if row["measure"] == "precision of sides")


def test_a_sample_from_one_outlet_does_not_change_the_corrected_share_of_all(tmp_path: Path):
    """The model states favor everywhere; it is right about 200 articles of outlet X, and wrong about 200 of Y."""
    answers = [replace(answer, outlet=outlet) for outlet in "XY" for answer in answers_of(*["favor"] * 200)]
    warehouse = written(tmp_path / "warehouse", answers)

    def truth(question: dict[str, Any]) -> str:
        return "favor" if question["outlet"] == "X" else "against"

    answer_sample(warehouse, Wanted(60, "s1", 1, targets=(TARGET,)), truth, day=1)
    with connect(warehouse.root) as reader:
        before = corrected(reader)
    answer_sample(warehouse, Wanted(200, "s2", 1, targets=(TARGET,), outlets=("X",)), truth, day=2)
    with connect(warehouse.root) as reader:
        after, measured = corrected(reader), precision(reader)
    assert after == before
    assert (after["corrected"], after["labelled"]) == (0.5, 60)
    assert (round(measured["share"], 4), measured["answers"]) == (0.5, 230)


def test_a_second_sample_after_articles_were_added_leaves_shares_and_precision_right(tmp_path: Path):
    """Of 60 stated sides in favor half are wrong, and every other answer is right; a side in favor is added too."""
    favor = Answer("favor", True, 7_000, 1_000, 500, "X", "2026-01")
    against = replace(favor, stance="against", favor=1_000, against=7_000)
    neither = Answer("neutral", False, 100, 100, 100, "X", "2026-01")
    rows = rows_of([favor] * 60 + [against] * 300 + [neither] * 640 + [favor] + [neither] * 9)
    ids = [nights.hash32(f"article {n}") for n in range(1_010)]

    def truth(question: dict[str, Any]) -> str:
        stated = question["stratum"].split(" / ")[1]
        is_wrong = stated == "favor" and ids.index(question["article_id"]) % 2
        return "against" if is_wrong else stated

    warehouse = new_warehouse(tmp_path / "warehouse")
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("1", nights.reference_rows() | only(rows, range(1_000)))
        writer.publish()
    answer_sample(warehouse, Wanted(400, "t1", 1, targets=(TARGET,)), truth, day=1)
    with warehouse.writing(run_id="b", flow="test") as writer:
        writer.commit("1", only(rows, range(1_000, 1_010)))
        writer.publish()
    answer_sample(warehouse, Wanted(400, "t2", 1, targets=(TARGET,)), truth, day=2)
    with connect(warehouse.root) as reader:
        share, measured = corrected(reader), precision(reader)
    assert abs(share["corrected"] - 31 / 361) < 0.003
    assert share["labelled"] < 700, "a question that is in both samples is counted once"
    assert abs(measured["share"] - 331 / 361) < 0.003
    assert measured["low"] <= 331 / 361 <= measured["high"]


def test_a_sample_of_all_articles_of_its_day_leaves_a_wide_interval_when_ten_times_as_many_are_stored(
    tmp_path: Path,
):
    """Half of the sides in favor are wrong. All 60 articles are answered, and then there are 600."""
    favor = Answer("favor", True, 7_000, 1_000, 500, "X", "2026-01")
    against = replace(favor, stance="against", favor=1_000, against=7_000)
    rows = rows_of([favor, against] * 300)
    ids = [nights.hash32(f"article {n}") for n in range(600)]

    def truth(question: dict[str, Any]) -> str:
        return "favor" if ids.index(question["article_id"]) % 4 == 0 else "against"

    warehouse = new_warehouse(tmp_path / "warehouse")
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("1", nights.reference_rows() | only(rows, range(60)))
        writer.publish()
    answer_sample(warehouse, Wanted(60, "t1", 1, targets=(TARGET,)), truth, day=1)
    with connect(warehouse.root) as reader:
        before, measured_before = corrected(reader), precision(reader)
    with warehouse.writing(run_id="b", flow="test") as writer:
        writer.commit("1", only(rows, range(60, 600)))
        writer.publish()
    with connect(warehouse.root) as reader:
        after, measured = corrected(reader), precision(reader)
    assert (before["corrected"], after["corrected"]) == (0.25, 0.25)
    assert after["corrected_high"] - after["corrected_low"] > 0.14, "only 60 of 600 were read"
    assert measured_before["share"] == measured_before["low"] == measured_before["high"] == measured["share"]
    assert measured["high"] - measured["low"] > 0.14


def test_articles_of_other_outlets_do_not_widen_the_interval_of_a_sample_from_one_outlet(tmp_path: Path):
    answers = [
        replace(answer, outlet=outlet)
        for outlet, size in {"X": 40, "Y": 400}.items()
        for answer in answers_of(*["favor", "against"] * (size // 2))
    ]
    warehouse = written(tmp_path / "warehouse", answers)
    answer_sample(warehouse, Wanted(40, "s", 1, targets=(TARGET,), outlets=("X",)), lambda _: "favor", day=1)
    with connect(warehouse.root) as reader:
        measured = precision(reader)
    assert measured["share"] == measured["low"] == measured["high"] == 0.5
