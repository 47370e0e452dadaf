"""``commentariat review``: importing and exporting people's answers, and measuring the model with them."""

from __future__ import annotations

import csv
import functools
import json
import math
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.cli.review import print_fit
from flows.settings.config import load_config
from models import load_classifier
from models.recalibration import ProbabilityQuality
from tasks.classify import ClassifierChoice
from tasks.review.recalibrate import Recalibrated
from tests.flows.cli.read_before import configure
from tests.flows.conftest import Command
from tests.warehouse import nights
from tests.warehouse.copies import new_warehouse
from tests.warehouse.given_answers import given
from warehouse import Warehouse, connect
from warehouse.annotations.inbox import Inbox

URL = nights.url(1, 0, 1)
TARGET = nights.TARGETS[0]
GOOD: dict[str, object] = {"url": URL, "target": TARGET, "answer": "favor", "annotator": "mo"}


@pytest.fixture
def warehouse(published: Path, tmp_path: Path) -> Path:
    """A warehouse of one's own with twelve published articles."""
    shutil.copytree(published, tmp_path / "commentary", symlinks=True)
    return tmp_path / "commentary"


def annotations_in(warehouse: Path) -> list[dict[str, object]]:
    with connect(warehouse) as reader:
        return reader.query(
            "SELECT * EXCLUDE (run_id) FROM annotation ORDER BY article_id, annotator"
        ).to_pylist()


def write_csv(path: Path, *rows: dict[str, object]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, dict.fromkeys(name for row in rows for name in row))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_spreadsheet_with_four_columns_is_taken_in_once(command: Command, warehouse: Path, tmp_path: Path):
    rows = [{"url": URL, "target": TARGET, "answer": "Favor", "sentences": "0-5; 6-9"}]
    rows += [{"url": nights.url(1, 0, 2), "target": TARGET, "answer": "not_about", "sentences": ""}]
    file = write_csv(tmp_path / "answers.csv", *rows)
    ended = command("review", "import", file, "--annotator", "mo", "-w", warehouse)
    assert (ended.code, ended.out) == (0, "2 answers added\n"), ended.err
    assert command("review", "import", file, "--annotator", "mo", "-w", warehouse).out == (
        "0 answers added, 2 were here already\n"
    )
    first = next(row for row in annotations_in(warehouse) if row["answer"] == "favor")
    assert first["sentence_start"] == [0, 6] and first["sentence_end"] == [5, 9]
    assert (first["annotator"], first["sampled_by"], first["statement"]) == (
        "mo",
        "chosen",
        f"We need {TARGET}.",
    )


@pytest.mark.parametrize("named", [{"url": f"{URL} "}, {"article_id": f" {nights.hash32(URL)}"}])
def test_white_space_beside_the_name_of_an_article_does_not_count(
    command: Command, warehouse: Path, tmp_path: Path, named: dict[str, object]
):
    file = write_csv(
        tmp_path / "answers.csv", named | {"target": TARGET, "answer": "favor", "annotator": "mo"}
    )
    ended = command("review", "import", file, "-w", warehouse)
    assert (ended.code, ended.out) == (0, "1 answers added\n"), ended.err


def test_tasks_of_label_studio_are_in_the_random_order_of_the_questions(
    command: Command, warehouse: Path, tmp_path: Path
):
    for name in ("q.jsonl", "q.json"):
        command(
            "review", "sample", tmp_path / name, "--size", 24, "--random", 1, "--name", "s", "-w", warehouse
        )
    questions = [json.loads(line) for line in (tmp_path / "q.jsonl").read_text("utf-8").splitlines()]
    tasks = json.loads((tmp_path / "q.json").read_text("utf-8"))
    asked = [(question["article_id"], question["target"]) for question in questions]
    assert asked != sorted(asked)
    assert [(task["data"]["article_id"], task["data"]["target"]) for task in tasks] == asked


@pytest.mark.parametrize("name", ["answers.csv", "answers.jsonl", "answers.json"])
def test_exported_answers_remain_in_every_sample_for_which_their_question_was_drawn(
    command: Command, warehouse: Path, tmp_path: Path, name: str
):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(warehouse, elsewhere, symlinks=True)
    drawn = {"sampled_by": "random", "stratum": f"{TARGET} / favor", "stratum_size": 13, "sampling_weight": 2}
    rows = [
        GOOD | drawn | {"sample": "s1"},
        GOOD | drawn | {"sample": "s2", "annotator": "ada"},
        GOOD | {"annotator": "kim", "answer": "against", "sampled_by": "chosen"},
    ]
    command("review", "import", write_csv(tmp_path / "given.csv", *rows), "-w", warehouse)
    command("review", "export", tmp_path / name, "-w", warehouse)
    assert command("review", "import", tmp_path / name, "-w", elsewhere).out == "3 answers added\n"
    draws = "SELECT sample, answer, annotators FROM gold_draw ORDER BY sample"
    found = []
    for folder in (warehouse, elsewhere):
        with connect(folder) as reader:
            found.append(reader.query(draws).to_pylist())
    assert found[0] == found[1]
    assert [row["sample"] for row in found[0]] == ["s1", "s2"]


@pytest.mark.parametrize("name", ["answers.csv", "answers.jsonl", "answers.json"])
def test_exported_answers_can_be_imported_elsewhere_and_are_equal(
    command: Command, warehouse: Path, tmp_path: Path, name: str
):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(warehouse, elsewhere, symlinks=True)
    drawn = {"sampled_by": "random", "sample": "s1", "stratum": f"{TARGET}/favor", "stratum_size": 13}
    rows: list[dict[str, object]] = [
        {"url": URL, "target": TARGET, "answer": "against", "sentences": "0-5", "annotator": "mo"},
        {
            "url": URL,
            "target": TARGET,
            "answer": "favor",
            "annotator": "ada",
            "note": 'She says "no", and; yes',
        },
        {"url": nights.url(1, 0, 2), "target": TARGET, "answer": "skip", "annotator": "mo", "note": "=1+1"}
        | drawn
        | {"sampling_weight": 13 / 3},
    ]
    write_csv(tmp_path / "given.csv", *rows)
    command("review", "import", tmp_path / "given.csv", "-w", warehouse)
    ended = command("review", "export", tmp_path / name, "-w", warehouse)
    assert (ended.code, ended.out) == (0, f"{tmp_path / name}  3 answers\n"), ended.err
    ended = command("review", "import", tmp_path / name, "-w", elsewhere)
    assert ended.code == 0, ended.err
    # Label Studio does not have our ids, and its answers have no time before they were given.
    known_there = {"annotation_id", "is_blind"} if name.endswith(".json") else set()
    assert [
        {key: value for key, value in row.items() if key not in known_there}
        for row in annotations_in(elsewhere)
    ] == [
        {key: value for key, value in row.items() if key not in known_there}
        for row in annotations_in(warehouse)
    ]


@pytest.mark.parametrize("name", ["answers.csv", "answers.jsonl", "answers.json"])
def test_exported_answers_are_not_stored_again_and_one_that_was_changed_in_label_studio_is(
    command: Command, warehouse: Path, tmp_path: Path, name: str
):
    asked: dict[str, object] = {"url": URL, "target": TARGET}
    drawn = {"sampled_by": "random", "sample": "s1", "stratum": "t / favor", "stratum_size": 13}
    rows = [
        asked | drawn | {"sampling_weight": 6.5, "annotator": "mo", "answer": "favor", "sentences": "0-5"},
        asked | {"annotator": "ada", "answer": "against", "note": "A  note", "is_blind": "true"},
    ]
    ended = command("review", "import", write_csv(tmp_path / "given.csv", *rows), "-w", warehouse)
    assert ended.out == "2 answers added\n", ended.err
    before = annotations_in(warehouse)
    file = tmp_path / name
    command("review", "export", file, "-w", warehouse)
    ended = command("review", "import", file, "-w", warehouse)
    assert ended.out == "0 answers added, 2 were here already\n", ended.err
    assert annotations_in(warehouse) == before
    if name == "answers.json":
        changed = file.read_text().replace('"against"', '"neutral"')
        file.write_text(changed.replace('"created_at"', '"updated_at": "2036-11-02T12:00:00Z", "created_at"'))
        ended = command("review", "import", file, "-w", warehouse)
        assert ended.out == "1 answers added, 1 were here already\n", ended.err
        answers = [(row["annotator"], row["answer"]) for row in annotations_in(warehouse)]
        assert sorted(answers) == [("ada", "against"), ("ada", "neutral"), ("mo", "favor")]


def test_an_answer_that_was_changed_back_in_label_studio_is_stored_once_more(
    command: Command, warehouse: Path, tmp_path: Path
):
    """Each of its exports is imported as it comes, and all of them once more afterwards."""
    given_at = {"answered_at": "2026-11-01T12:00:00Z"}
    command("review", "import", write_csv(tmp_path / "given.csv", GOOD | given_at), "-w", warehouse)
    first = tmp_path / "first.json"
    command("review", "export", first, "-w", warehouse)
    exports = [first]
    for day, answer in (("02", "against"), ("03", "favor"), ("04", "favor"), ("05", "against")):
        tasks = json.loads(first.read_text())
        (annotation,) = tasks[0]["annotations"]
        annotation["result"][0]["value"]["choices"] = [answer]
        annotation["updated_at"] = f"2026-11-{day}T12:00:00Z"
        exports.append(tmp_path / f"{day}.json")
        exports[-1].write_text(json.dumps(tasks))
    added = [command("review", "import", file, "-w", warehouse).out.split()[0] for file in exports]
    assert added == ["0", "1", "1", "0", "1"]
    again = [command("review", "import", file, "-w", warehouse).out.split()[0] for file in exports]
    assert again == ["0", "0", "0", "0", "0"]
    with connect(warehouse) as reader:
        rows = reader.query("SELECT answer FROM annotation ORDER BY answered_at").to_pylist()
        (counts,) = reader.query("SELECT answer FROM current_annotation").to_pylist()
    assert [row["answer"] for row in rows] == ["favor", "against", "favor", "against"]
    assert counts["answer"] == "against"


@pytest.mark.parametrize("name", ["answers.csv", "answers.jsonl", "answers.json"])
def test_a_question_that_was_drawn_by_chance_is_exported_with_its_draw(
    command: Command, warehouse: Path, tmp_path: Path, name: str
):
    """Ada answers it without a draw, and so does Mo, after he has answered it for the sample."""

    def draws(path: Path) -> list[tuple[object, ...]]:
        with connect(path) as reader:
            rows = reader.query(
                "SELECT sampled_by, sample, stratum, stratum_size, annotators FROM gold_answer"
            )
        return [tuple(row.values()) for row in rows.to_pylist()]

    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(warehouse, elsewhere, symlinks=True)
    asked: dict[str, object] = {"url": URL, "target": TARGET, "answer": "favor"}
    drawn = {"sampled_by": "random", "sample": "s1", "stratum": "t / favor", "stratum_size": 13}
    drawn |= {"sampling_weight": 6.5, "annotator": "mo", "answered_at": "2026-11-01T12:00:00Z"}
    later = {"annotator": "mo", "answer": "against", "answered_at": "2026-11-02T12:00:00Z"}
    rows = [asked | drawn, asked | later, asked | {"annotator": "ada"}]
    command("review", "import", write_csv(tmp_path / "given.csv", *rows), "-w", warehouse)
    command("review", "export", tmp_path / name, "-w", warehouse)
    ended = command("review", "import", tmp_path / name, "-w", elsewhere)
    assert ended.out == "2 answers added\n", ended.err
    assert draws(elsewhere) == draws(warehouse) == [("random", "s1", "t / favor", 13, 2)]


def test_an_answer_to_a_question_that_is_drawn_at_random_for_a_second_sample_is_stored_for_it_too(
    command: Command, warehouse: Path, tmp_path: Path
):
    asked: dict[str, object] = {"url": URL, "target": TARGET, "answer": "favor", "annotator": "mo"}
    first = asked | {"sampled_by": "least_certain", "sample": "s1"}
    second = asked | {"sampled_by": "random", "sample": "s2", "stratum": "t / favor", "stratum_size": 40}
    for row, added in ((first, "1 answers added\n"), (second | {"sampling_weight": 4}, "1 answers added\n")):
        file = write_csv(tmp_path / f"{row['sample']}.csv", row)
        assert command("review", "import", file, "-w", warehouse).out == added
        assert command("review", "import", file, "-w", warehouse).out == (
            "0 answers added, 1 were here already\n"
        )
    with connect(warehouse) as reader:
        drawn = reader.query("SELECT sampled_by, sample, stratum_size, annotators FROM gold_draw").to_pylist()
    assert [tuple(row.values()) for row in drawn] == [("random", "s2", 40, 1)]


def test_the_command_that_adds_waiting_answers_is_of_the_same_warehouse(command: Command, warehouse: Path):
    Inbox(warehouse).keep([given(0)])
    ended = command("review", "score", "-w", warehouse)
    assert f"`commentariat publish -w {warehouse}`" in ended.err


def counting_in(warehouse: Path) -> list[str]:
    with connect(warehouse) as reader:
        return reader.query("SELECT answer FROM current_annotation").to_pydict()["answer"]


def test_an_answer_that_was_changed_back_needs_its_time_and_the_import_says_so(
    command: Command, warehouse: Path, tmp_path: Path
):
    answer = {"url": URL, "target": TARGET, "answer": "favor", "annotator": "mo"}
    favor = write_csv(tmp_path / "favor.csv", answer)
    against = write_csv(tmp_path / "against.csv", answer | {"answer": "against"})
    for file in (favor, against):
        ended = command("review", "import", file, "-w", warehouse)
        assert ended.out == "1 answers added\n" and "not stored again" not in ended.err
    ended = command("review", "import", against, "-w", warehouse)
    assert ended.out == "0 answers added, 1 were here already\n" and "not stored again" not in ended.err
    ended = command("review", "import", favor, "-w", warehouse)
    assert (ended.code, ended.out) == (0, "0 answers added, 1 were here already\n")
    assert "favor.csv: 1 answers are not stored again" in ended.err and "answered_at" in ended.err
    assert "row 2: mo answered favor before, and against at 20" in ended.err
    assert counting_in(warehouse) == ["against"]
    timed = write_csv(tmp_path / "timed.csv", answer | {"answered_at": datetime.now(UTC).isoformat()})
    ended = command("review", "import", timed, "-w", warehouse)
    assert ended.out == "1 answers added\n" and "not stored again" not in ended.err
    assert counting_in(warehouse) == ["favor"]


def asked_otherwise(warehouse: Path, **changes: object) -> None:
    """Ask about the target in another form from the next day on."""
    row = {"target": TARGET, "statement": f"We need {TARGET}.", "aliases": ["chips"], "active": True}
    row |= {
        "statement_hash": nights.hash32("asked otherwise"),
        "asked_from": nights.START + timedelta(days=1),
    }
    with Warehouse(warehouse).writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", {"target": nights.table([row | changes])})
        writer.finish("asked otherwise")
        writer.publish()


def revised(warehouse: Path) -> None:
    """Store a later revision of the articles, which is shorter."""
    with Warehouse(warehouse).writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(1, 0, revision=2, text=nights.TEXT[:42]))
        writer.finish("revised")
        writer.publish()


def test_a_file_can_be_imported_again_after_the_target_has_got_another_alias(
    command: Command, warehouse: Path, tmp_path: Path
):
    file = write_csv(tmp_path / "answers.csv", GOOD, GOOD | {"annotator": "ada"})
    command("review", "import", file, "-w", warehouse)
    asked_otherwise(warehouse)
    ended = command("review", "import", file, "-w", warehouse)
    assert ended.out == "0 answers added, 2 were here already\n" and "not stored again" not in ended.err
    against = write_csv(tmp_path / "against.csv", GOOD | {"answer": "against"})
    assert command("review", "import", against, "-w", warehouse).out == "1 answers added\n"
    ended = command("review", "import", file, "-w", warehouse)
    assert ended.out == "0 answers added, 2 were here already\n"
    assert "1 answers are not stored again, because they were changed" in ended.err
    assert sorted(counting_in(warehouse)) == ["against", "favor"]


def test_a_row_with_the_statement_that_was_shown_is_an_answer_to_that_wording(
    command: Command, warehouse: Path, tmp_path: Path
):
    file = write_csv(tmp_path / "answers.csv", GOOD | {"statement": f"We  need {TARGET}."})
    never = write_csv(tmp_path / "never.csv", GOOD | {"statement": f"Nobody needs {TARGET}."})
    asked_otherwise(warehouse, statement=f"We do not need {TARGET}.")
    assert command("review", "import", file, "-w", warehouse).out == "1 answers added\n"
    (stored,) = annotations_in(warehouse)
    assert stored["statement_hash"] == nights.hash32(TARGET)
    assert command("review", "import", file, "-w", warehouse).out == "0 answers added, 1 were here already\n"
    ended = command("review", "import", never, "-w", warehouse)
    assert ended.code == 2 and f"row 2: the target '{TARGET}' was never worded 'Nobody needs" in ended.err


@pytest.mark.parametrize("what", ["the statement", "the text"])
def test_a_file_can_be_imported_again_after_the_question_has_changed(
    command: Command, warehouse: Path, tmp_path: Path, what: str
):
    rows = [GOOD | {"sentences": "43-68"}, GOOD | {"url": nights.url(1, 0, 2)}]
    file = write_csv(tmp_path / "answers.csv", *rows)
    command("review", "import", file, "-w", warehouse)
    if what == "the statement":
        asked_otherwise(warehouse, statement=f"We do not need {TARGET}.")
    else:
        revised(warehouse)
    ended = command("review", "import", file, "-w", warehouse)
    assert (ended.code, ended.out) == (0, "0 answers added, 2 were here already\n"), ended.err
    assert "2 answers are not stored again, because they were given to another wording" in ended.err
    assert "row 3: mo answered favor at 20" in ended.err and "answered_at" in ended.err
    timed = write_csv(tmp_path / "timed.csv", rows[1] | {"answered_at": datetime.now(UTC).isoformat()})
    ended = command("review", "import", timed, "-w", warehouse)
    assert ended.out == "1 answers added\n" and "not stored again" not in ended.err
    assert command("review", "import", timed, "-w", warehouse).out == "0 answers added, 1 were here already\n"


def test_in_a_file_with_all_answers_of_a_person_the_last_one_to_a_question_is_compared(
    command: Command, warehouse: Path, tmp_path: Path
):
    favor: dict[str, object] = {"url": URL, "target": TARGET, "answer": "favor", "annotator": "mo"}
    against = favor | {"answer": "against"}
    command("review", "import", write_csv(tmp_path / "first.csv", favor), "-w", warehouse)
    both = write_csv(tmp_path / "both.csv", favor, against)
    for added in ("1 answers added, 1 were here already\n", "0 answers added, 2 were here already\n"):
        ended = command("review", "import", both, "-w", warehouse)
        assert ended.out == added and "not stored again" not in ended.err
    again = write_csv(tmp_path / "again.csv", favor, against, favor)
    assert "row 4: mo answered favor before" in command("review", "import", again, "-w", warehouse).err


def test_a_file_that_is_imported_again_during_a_night_does_not_undo_a_later_answer(
    command: Command, warehouse: Path, tmp_path: Path
):
    favor = write_csv(tmp_path / "favor.csv", GOOD)
    against = write_csv(tmp_path / "against.csv", GOOD | {"answer": "against"})
    with Warehouse(warehouse).writing(run_id="night-2", flow="nightly"):
        for file in (favor, against):
            assert "not stored again" not in command("review", "import", file, "-w", warehouse).err
        ended = command("review", "import", favor, "-w", warehouse)
        assert "row 2: mo answered favor before, and against at 20" in ended.err
        assert "2 answers wait and are not counted yet" in command("review", "score", "-w", warehouse).err
    command("publish", "-w", warehouse)
    assert counting_in(warehouse) == ["against"]


def test_an_exported_answer_that_was_changed_is_not_taken_for_the_stored_one(
    command: Command, warehouse: Path, tmp_path: Path
):
    given = {"url": URL, "target": TARGET, "answer": "favor", "annotator": "mo"}
    command("review", "import", write_csv(tmp_path / "given.csv", given), "-w", warehouse)
    command("review", "export", tmp_path / "out.csv", "-w", warehouse)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8-sig") as opened:
        (row,) = csv.DictReader(opened)
    ended = command("review", "import", tmp_path / "out.csv", "-w", warehouse)
    assert ended.out == "0 answers added, 1 were here already\n" and "not stored again" not in ended.err
    changed = {**row, "answer": "against"}
    ended = command("review", "import", write_csv(tmp_path / "changed.csv", changed), "-w", warehouse)
    assert ended.code == 2 and "row 2: its annotation_id is that of another answer" in ended.err
    copied = [row, {**row, "annotator": "ada"}]
    ended = command("review", "import", write_csv(tmp_path / "copied.csv", *copied), "-w", warehouse)
    assert ended.code == 2 and "row 3: its annotation_id is that of another answer" in ended.err
    assert counting_in(warehouse) == ["favor"]
    changed |= {"annotation_id": "", "answered_at": ""}
    ended = command("review", "import", write_csv(tmp_path / "new.csv", changed), "-w", warehouse)
    assert ended.out == "1 answers added\n" and counting_in(warehouse) == ["against"]


def test_an_export_names_the_split_of_the_training_data_for_each_article(
    command: Command, warehouse: Path, tmp_path: Path
):
    rows = [
        {"url": nights.url(1, batch, n), "target": target, "answer": "neutral", "annotator": "mo"}
        for batch in range(3)
        for n in range(4)
        for target in nights.TARGETS
    ]
    command("review", "import", write_csv(tmp_path / "given.csv", *rows), "-w", warehouse)
    command("review", "export", tmp_path / "out.jsonl", "-w", warehouse, "--texts")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    parts = {(line["article_id"], line["split"]) for line in lines}
    assert len(lines) == 24 and len(parts) == 12, "an article is in one part alone"
    assert {line["split"] for line in lines} <= {"train", "dev", "test"}
    assert {line["text"] for line in lines} == {nights.TEXT}


@pytest.mark.parametrize("name", ["import", "serve"])
def test_a_mistake_in_the_configuration_is_reported_before_anybody_answers(
    command: Command, warehouse: Path, tmp_path: Path, name: str
):
    (tmp_path / "commentariat.toml").write_text("[fetch]\ndelay = 1\n")
    file = write_csv(tmp_path / "answers.csv", GOOD)
    ended = command("review", name, file)
    assert ended.code == 2 and "delay" in ended.err
    assert not Inbox(warehouse).waiting_by_id()


def test_if_answers_cannot_be_added_the_message_says_that_they_are_kept(
    command: Command, warehouse: Path, tmp_path: Path
):
    max((warehouse / "log").glob("*.json")).write_text("damaged")
    ended = command("review", "import", write_csv(tmp_path / "answers.csv", GOOD))
    assert ended.code == 4
    assert (
        "1 answers are kept, and join the warehouse when a run ends; now they cannot be added: " in ended.err
    )
    assert len(Inbox(warehouse).waiting_by_id()) == 1


def test_answers_imported_while_a_night_writes_are_kept_and_join_when_it_ends(
    command: Command, warehouse: Path, tmp_path: Path
):
    file = write_csv(
        tmp_path / "answers.csv", {"url": URL, "target": TARGET, "answer": "favor", "annotator": "mo"}
    )
    with Warehouse(warehouse).writing(run_id="night-2", flow="nightly") as writer:
        ended = command("review", "import", file, "-w", warehouse)
        assert ended.code == 0, ended.err
        assert ended.out.startswith("1 answers are kept and join the warehouse when the run that is writing")
        assert annotations_in(warehouse) == []
        scored = command("review", "score", "-w", warehouse)
        assert scored.code == 2 and "1 answers wait and are not counted yet" in scored.err
        assert "nobody has answered" not in scored.err
        writer.finish("nothing new")
        writer.publish()
    assert len(annotations_in(warehouse)) == 1


def test_answers_that_waited_are_not_counted_as_those_of_the_file(
    command: Command, warehouse: Path, tmp_path: Path
):
    rows = [GOOD | {"annotator": "ada"}, GOOD | {"annotator": "bo"}]
    file = write_csv(tmp_path / "answers.csv", *rows)
    command("review", "import", file, "-w", warehouse)
    Inbox(warehouse).keep([*map(given, range(3)), given(3, url="https://nowhere.example/")])
    assert command("review", "import", file, "-w", warehouse).out == (
        "3 answers added, 2 were here already, 1 left out: their articles are no longer stored\n"
    )


def test_tasks_have_the_texts_however_the_ending_of_the_file_is_written(
    command: Command, warehouse: Path, tmp_path: Path
):
    command("review", "import", write_csv(tmp_path / "answers.csv", GOOD), "-w", warehouse)
    assert command("review", "export", tmp_path / "tasks.JSON", "-w", warehouse).code == 0
    assert [task["data"]["text"] for task in json.loads((tmp_path / "tasks.JSON").read_text())] == [
        nights.TEXT
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"answer": "pro"}, "row 4: the answer is 'pro'"),
        ({"url": "https://nowhere.example/"}, "row 4: there is no article https://nowhere.example/"),
        ({"target": "bicycles"}, "row 4: there is no target 'bicycles'"),
        ({"annotator": ""}, "row 4: nobody is named as annotator"),
        ({"sentences": "5000-5001"}, "row 4: a sentence ends after the text"),
        ({"sentences": "the first"}, "row 4: 'the first' names no sentence"),
        ({"answered_at": "yesterday"}, "row 4: answered_at is 'yesterday'"),
        (
            {"answered_at": "0001-01-01T00:00:00+01:00"},
            "row 4: answered_at is '0001-01-01T00:00:00+01:00': it must be",
        ),
        ({"sampling_weight": "many"}, "row 4: sampling_weight is 'many'"),
        ({"sampled_by": "random"}, "row 4: sampled_by is 'random' and sample None"),
        ({"annotation_id": "7"}, "row 4: the annotation_id '7'"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_nothing_is_imported(
    command: Command, warehouse: Path, tmp_path: Path, row: dict[str, object], message: str
):
    good: dict[str, object] = {"url": URL, "target": TARGET, "answer": "favor", "annotator": "mo"}
    unanswered = good | {"answer": ""}
    file = write_csv(tmp_path / "answers.csv", good, unanswered, good | row)
    ended = command("review", "import", file, "-w", warehouse)
    assert ended.code == 2 and message in ended.err and "nothing was imported" in ended.err
    assert "Traceback" not in ended.err
    assert annotations_in(warehouse) == [] and Inbox(warehouse).is_empty


UNANSWERED = GOOD | {"answer": None}
NO_TARGET = GOOD | {"target": "bicycles"}


def task_of(row: dict[str, object]) -> dict[str, object]:
    """Return the row as a task of Label Studio."""
    result = {
        "from_name": "answer",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [row["answer"]]},
    }
    annotations = [{"completed_by": 7, "result": [result]}] if row["answer"] else []
    return {"data": {"url": row["url"], "target": row["target"]}, "annotations": annotations}


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("answers.csv", f"url;target;answer\n{URL};{TARGET};favor\n\n{URL};bicycles;favor\n", "row 4"),
        ("answers.jsonl", "\n\n".join(json.dumps(row) for row in (GOOD, UNANSWERED, NO_TARGET)), "line 5"),
        ("answers.json", json.dumps([task_of(row) for row in (GOOD, UNANSWERED, NO_TARGET)]), "task 3"),
    ],
)
def test_an_answer_is_named_by_its_place_in_the_file_whatever_stands_between(
    command: Command, warehouse: Path, tmp_path: Path, name: str, content: str, place: str
):
    (tmp_path / name).write_text(content)
    ended = command("review", "import", tmp_path / name, "--annotator", "mo", "-w", warehouse)
    assert ended.code == 2 and f"{place}: there is no target 'bicycles'" in ended.err, ended.err


CUT_NOTE = "Well \ud83d"  # in the middle of an emoji
CUT_TASK = {
    "data": {"url": URL, "target": TARGET},
    "annotations": [
        {
            "completed_by": {"email": "mo"},
            "result": [
                {"from_name": "answer", "value": {"choices": ["favor"]}},
                {"from_name": "note", "value": {"text": [CUT_NOTE]}},
            ],
        }
    ],
}
CUT_ROW = f"url,target,answer,annotator,note\n{URL},{TARGET},favor,mo,{CUT_NOTE}\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("answers.jsonl", json.dumps(GOOD | {"note": CUT_NOTE}).encode()),
        ("answers.json", json.dumps([CUT_TASK]).encode()),
        ("answers.csv", CUT_ROW.encode("utf-16", "surrogatepass")),
    ],
)
def test_of_a_note_that_was_cut_in_a_character_only_this_character_is_lost(
    command: Command, warehouse: Path, tmp_path: Path, name: str, content: bytes
):
    (tmp_path / name).write_bytes(content)
    ended = command("review", "import", tmp_path / name, "-w", warehouse)
    assert (ended.code, ended.out) == (0, "1 answers added\n"), ended.err
    (row,) = annotations_in(warehouse)
    assert (row["annotator"], row["answer"], row["note"]) == ("mo", "favor", "Well \ufffd")


def test_a_name_with_half_of_a_character_is_refused_and_nothing_is_imported(
    command: Command, warehouse: Path, tmp_path: Path
):
    file = write_csv(tmp_path / "answers.csv", {"url": URL, "target": TARGET, "answer": "favor"})
    ended = command("review", "import", file, "--annotator", "Andr\udce9", "-w", warehouse)
    assert ended.code == 2 and "--annotator 'Andr\ufffd': this is not UTF-8" in ended.err, ended.err
    assert annotations_in(warehouse) == [] and Inbox(warehouse).is_empty


ENDLESS = {"from_name": "evidence", "value": {"start": 0, "end": math.inf}}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("answers.xlsx", "PK"),
        ("answers.csv", ""),
        ("answers.jsonl", "[1]\n"),
        ("answers.jsonl", "{"),
        ("answers.json", "{}"),
        ("answers.json", '[{"annotations": [{"result": 5}]}]'),
        ("answers.jsonl", json.dumps(GOOD | {"sentences": [[0, math.inf]]})),
        (
            "answers.json",
            json.dumps([{"data": {}, "annotations": [{"completed_by": 7, "result": [ENDLESS]}]}]),
        ),
    ],
)
def test_a_file_that_cannot_be_read_as_answers_is_reported_in_one_line(
    command: Command, warehouse: Path, tmp_path: Path, name: str, content: str
):
    (tmp_path / name).write_text(content)
    ended = command("review", "import", tmp_path / name, "-w", warehouse)
    assert ended.code == 2 and name in ended.err and "Traceback" not in ended.err


def test_another_export_of_label_studio_is_named_and_not_taken_for_one_without_answers(
    command: Command, warehouse: Path, tmp_path: Path
):
    (tmp_path / "min.json").write_text(json.dumps([GOOD | {"annotator": 7, "annotation_id": 7}]))
    ended = command("review", "import", tmp_path / "min.json", "-w", warehouse)
    assert (
        ended.code == 2
        and "task 1 is none of its export as JSON, which is not the form JSON-MIN" in ended.err
    )


def test_an_export_of_label_studio_can_be_imported(command: Command, warehouse: Path, tmp_path: Path):
    """The file has the form of its JSON export, with a user by number, a skipped task, evidence and a note."""
    data = {"article_id": nights.hash32(URL), "target": TARGET, "text": nights.TEXT}
    answer = {"from_name": "answer", "to_name": "text", "type": "choices", "value": {"choices": ["against"]}}
    shown = {"start": 22, "end": 42, "text": nights.SENTENCE, "labels": ["says it"]}
    result = [
        answer,
        {"from_name": "evidence", "to_name": "text", "type": "labels", "value": shown},
        {"from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": ["plain"]}},
    ]
    annotations = [
        {
            "id": 1,
            "completed_by": 7,
            "was_cancelled": False,
            "result": result,
            "created_at": "2026-11-28T07:00:00.5Z",
        },
        {
            "id": 2,
            "completed_by": {"id": 8, "email": "ada@example.org"},
            "was_cancelled": True,
            "result": [],
            "created_at": "2026-11-28T07:00:01Z",
        },
    ]
    (tmp_path / "export.json").write_text(json.dumps([{"id": 1, "data": data, "annotations": annotations}]))
    ended = command("review", "import", tmp_path / "export.json", "-w", warehouse)
    assert ended.code == 0, ended.err
    ada, seven = annotations_in(warehouse)
    assert (ada["annotator"], ada["answer"]) == ("ada@example.org", "skip")
    assert (seven["annotator"], seven["answer"], seven["note"]) == ("label-studio-7", "against", "plain")
    assert (seven["sentence_start"], seven["sentence_end"]) == ([22], [42])


def test_a_sample_is_drawn_answered_and_scored(command: Command, warehouse: Path, tmp_path: Path):
    file = tmp_path / "questions.csv"
    ended = command(
        "review", "sample", file, "--size", 22, "--random", 0.7, "--name", "first", "-w", warehouse
    )
    assert ended.code == 0, ended.err
    assert ended.out.startswith(
        f"{file}  22 questions: 6 least_certain, 15 random, 1 wordings_differ; sample first"
    ), ended.out
    again = command("review", "sample", tmp_path / "again.csv", "--size", 22, "--random", 0.7, "--name", "first",
                    "-w", warehouse)  # fmt: skip
    assert again.code == 0 and (tmp_path / "again.csv").read_bytes() == file.read_bytes()
    with file.open(newline="", encoding="utf-8-sig") as opened:
        questions = list(csv.DictReader(opened))
    assert len({(row["article_id"], row["target"]) for row in questions}) == 22
    drawn = [row for row in questions if row["sampled_by"] == "random"]
    assert sum(float(row["sampling_weight"]) for row in drawn) == pytest.approx(24), (
        "they stand for all questions"
    )
    assert all(row["text"] == nights.TEXT for row in questions)
    command(
        "review", "import", write_csv(tmp_path / "none.csv", *questions), "--annotator", "mo", "-w", warehouse
    )
    assert annotations_in(warehouse) == [], "what is not answered yet is no answer"
    for row in questions[:20]:
        row["answer"] = "favor"
    ended = command(
        "review", "import", write_csv(tmp_path / "mo.csv", *questions), "--annotator", "mo", "-w", warehouse
    )
    assert ended.out == "20 answers added\n", ended.err
    ended = command("review", "score", "--by", "target", "-f", "csv", "-w", warehouse)
    assert ended.code == 0, ended.err
    rows = {(row["questions"], row["measure"]): row for row in csv.DictReader(ended.out.splitlines())}
    precision = rows["all", "precision of sides"]
    assert 0 < float(precision["low"]) < float(precision["share"]) < float(precision["high"]) < 1
    assert float(rows["all", "invented: stated where people see no side"]["share"]) == 0
    assert (TARGET, "recall of sides") in rows
    assert "were not drawn by chance are left out" in ended.err


def test_what_a_file_says_cannot_command_the_terminal(command: Command, warehouse: Path, tmp_path: Path):
    title = "\x1b]0;owned\x07"  # it would set the title of the terminal
    drawn = {
        "sampled_by": "random",
        "sample": f"s{title}",
        "stratum": f"{TARGET} / favor",
        "stratum_size": 13,
    }
    file = write_csv(tmp_path / "answers.csv", GOOD | drawn | {"sampling_weight": 1.3})
    command("review", "import", file, "-w", warehouse)
    scored = command("review", "score", "-w", warehouse)
    assert "for the sample s ]0;owned" in scored.err and "\x1b" not in scored.err
    file = write_csv(tmp_path / "wrong.csv", GOOD | {"url": f"https://{title}/"})
    refused = command("review", "import", file, "-w", warehouse)
    assert refused.code == 2 and "owned" in refused.err and "\x1b" not in refused.err
    assert "\n  row 2: " in refused.err, "the lines of a message stay"


def test_the_most_reprinted_pieces_can_be_asked_first(command: Command, warehouse: Path, tmp_path: Path):
    asked = tmp_path / "questions.csv"
    arguments = (
        "review",
        "sample",
        asked,
        "--size",
        1,
        "--random",
        0,
        "--why",
        "most_copied",
        "-w",
        warehouse,
    )
    assert "no answer to be looked at" in command(*arguments).err, "nothing was reprinted"
    found = {"outlet": "Reprints", "found_at": nights.START, "how": "near", "similarity": 0.97}
    copies = [
        found
        | {
            "article_id": nights.hash32(f"copy {n}"),
            "url": f"https://reprints.example/{n}",
            "duplicate_of": nights.hash32(url),
        }
        for n, url in enumerate((nights.url(1, 0, 0), nights.url(1, 1, 1), nights.url(1, 1, 1)))
    ]
    with Warehouse(warehouse).writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("copies", {"duplicate": nights.table(copies)})
        writer.publish()
    assert command(*arguments).code == 0
    with asked.open(newline="", encoding="utf-8-sig") as opened:
        (row,) = csv.DictReader(opened)
    assert (row["url"], row["sampled_by"], row["sampling_weight"]) == (nights.url(1, 1, 1), "most_copied", "")
    again = {**row, "answer": "favor", "annotator": "mo"}
    assert (
        command("review", "import", write_csv(tmp_path / "a.csv", again), "-w", warehouse).out
        == "1 answers added\n"
    )


def test_a_random_part_that_is_too_small_and_an_empty_score_are_reported(
    command: Command, warehouse: Path, tmp_path: Path
):
    ended = command("review", "sample", tmp_path / "q.csv", "--size", 4, "-w", warehouse)
    assert ended.code == 2 and "too few for" in ended.err
    ended = command("review", "score", "-w", warehouse)
    assert ended.code == 2 and "nobody has answered a question yet" in ended.err


@pytest.mark.parametrize("what", ["the statement", "the text"])
def test_answers_to_questions_that_are_not_asked_now_are_named_and_not_counted_as_none(
    command: Command, warehouse: Path, tmp_path: Path, what: str
):
    other = {"url": nights.url(1, 1, 1), "target": nights.TARGETS[1], "answer": "favor", "annotator": "mo"}
    skipped = GOOD | {"url": nights.url(1, 0, 2), "answer": "skip"}
    command("review", "import", write_csv(tmp_path / "a.csv", GOOD, skipped), "-w", warehouse)
    assert "not asked now" not in command("review", "score", "-w", warehouse).err
    if what == "the statement":
        asked_otherwise(warehouse, statement=f"We do not need {TARGET}.")
    else:
        revised(warehouse)
    ended = command("review", "score", "-w", warehouse)
    assert ended.code == 2 and "people's answers to 1 questions are left out" in ended.err
    assert "`commentariat review sample` draws questions" in ended.err and "nobody" not in ended.err
    command("review", "import", write_csv(tmp_path / "b.csv", other), "-w", warehouse)
    ended = command("review", "score", "-w", warehouse)
    assert ended.code == 0 and "people's answers to 1 questions are left out" in ended.err


def test_agreement_is_measured_on_a_target_about_which_no_question_was_drawn_by_chance(
    command: Command, warehouse: Path, tmp_path: Path
):
    drawn = {"sampled_by": "random", "sample": "s", "stratum": f"{TARGET} / favor", "stratum_size": 3}
    chosen = GOOD | {"target": nights.TARGETS[1]}
    rows = [GOOD | drawn | {"sampling_weight": 3}, chosen, chosen | {"annotator": "ada"}]
    command("review", "import", write_csv(tmp_path / "a.csv", *rows), "-w", warehouse)
    ended = command("review", "score", "--by", "target", "-f", "csv", "-w", warehouse)
    assert f"{nights.TARGETS[1]},agreement of people (alpha),,,,1" in ended.out.splitlines(), ended.out


@functools.cache
def bundled_weights() -> str:
    """Return the version of the bundled weights; each process of the tests imports this file, and few run it."""
    return load_classifier("fast", threads=1).weights_version


def asked_of(count: int, answers: int, folder: Path) -> Path:
    """A warehouse with articles that the bundled model has read, and people's answers to some of its questions."""
    path = folder / "commentary"
    with new_warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit(
            "reference rows", nights.reference_rows() | nights.model_row(nights.MODEL, 1, bundled_weights())
        )
        rows = nights.batch(1, 0, articles=count)
        ids = [nights.hash32(nights.url(1, 0, n)) for n in range(count)]
        writer.commit("1", rows | nights.raw_scores(ids, weights=bundled_weights()))
        writer.finish("made up")
        writer.publish()
    given = []
    for n in range(answers):
        article, m = divmod(n, 2)
        right = nights.answer(article, m)
        answer = {None: "not_about", "unsure": "favor"}.get(right, right)
        row = {
            "url": nights.url(1, 0, article),
            "target": nights.TARGETS[m],
            "answer": answer,
            "annotator": "mo",
        }
        given.append(row)
    write_csv(folder / "given.csv", *given)
    return path


@pytest.fixture(scope="module")
def enough_answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a warehouse, and with as many answers as a calibration needs; not to be written to."""
    folder = tmp_path_factory.mktemp("enough-answers")
    asked_of(90, 150, folder)
    return folder


@pytest.mark.parametrize("what", ["sample", "export"])
def test_a_file_in_which_somebody_may_have_worked_is_not_replaced(
    command: Command, published: Path, tmp_path: Path, what: str
):
    file = tmp_path / "questions.csv"
    file.touch()
    assert command("review", what, file, "-w", published).code == 0, "an empty file holds no work"
    file.write_text("filled in")
    ended = command("review", what, file, "-w", published)
    assert ended.code == 2 and f"{file}: already there" in ended.err and "--force" in ended.err
    assert file.read_text() == "filled in"
    assert command("review", what, file, "--force", "-w", published).code == 0
    assert file.read_text() != "filled in"


def test_under_a_hundred_answers_nothing_is_fitted_and_it_says_how_many_more_it_takes(
    command: Command, tmp_path: Path
):
    path = asked_of(60, 37, tmp_path)
    configure(tmp_path)
    with Warehouse(path).writing(run_id="night-2", flow="nightly") as writer:
        command("review", "import", tmp_path / "given.csv")
        ended = command("review", "recalibrate")
        assert ended.code == 2 and "0 answers can be used" in ended.err
        assert "37 answers wait and are not counted yet" in ended.err
        writer.finish("nothing new")
        writer.publish()
    ended = command("review", "recalibrate")
    assert "wait" not in ended.err
    assert ended.code == 2 and "37 answers can be used" in ended.err and "63 more are needed" in ended.err
    assert not (tmp_path / "calibration.json").exists() and path.exists()


def test_a_calibration_is_fitted_and_the_configuration_that_names_it_gives_another_model_version(
    command: Command, enough_answers: Path, tmp_path: Path
):
    shutil.copytree(enough_answers, tmp_path, symlinks=True, dirs_exist_ok=True)
    configure(tmp_path)
    command("review", "import", tmp_path / "given.csv")
    ended = command("review", "recalibrate")
    assert ended.code == 0, ended.out + ended.err
    assert "before  log loss" in ended.out and "after   log loss" in ended.out
    named = 'calibration = "calibration.json"'
    assert named in ended.out
    config = load_config(configure(tmp_path, named))
    choice = ClassifierChoice(threads=1, calibration=config.model.calibration_text())
    assert choice.weights_version == bundled_weights()
    assert choice.version != ClassifierChoice(threads=1).version
    fitted = (tmp_path / "calibration.json").read_text()
    ended = command("review", "recalibrate", "--anyway")
    assert ended.code == 2 and "calibration.json: already there" in ended.err and not ended.out
    assert (tmp_path / "calibration.json").read_text() == fitted
    assert command("review", "recalibrate", "--anyway", "--force").code == 0
    ended = command("review", "score", "--format", "csv")
    assert ended.code == 0 and "the configured calibration was fitted at 20" in ended.err
    (tmp_path / "calibration.json").unlink()
    ended = command("review", "score", "--format", "csv")
    assert ended.code == 0 and "was fitted" not in ended.err


@pytest.mark.parametrize("found", [None, "{}", '{"weights_version": "others", "answer": {}}'])
def test_a_calibration_that_cannot_be_used_does_not_keep_a_new_one_from_being_fitted(
    command: Command, enough_answers: Path, tmp_path: Path, found: str | None
):
    shutil.copytree(enough_answers, tmp_path, symlinks=True, dirs_exist_ok=True)
    configure(tmp_path, 'calibration = "calibration.json"')
    command("review", "import", tmp_path / "given.csv")
    if found is not None:
        (tmp_path / "calibration.json").write_text(found)
    ended = command("review", "recalibrate", "--anyway", "--force")
    assert ended.code == 0, ended
    assert "calibration.json is lost, damaged or of other weights" in ended.err
    assert json.loads((tmp_path / "calibration.json").read_text())["weights_version"] == bundled_weights()
    ended = command("review", "recalibrate", "--anyway", "--force")
    assert ended.code == 0 and "is lost" not in ended.err


def test_no_share_is_given_of_sides_of_which_none_is_stated(capsys: pytest.CaptureFixture[str]):
    none = ProbabilityQuality(
        log_loss=0.5, brier=0.25, stated=0, right=math.nan, promised=math.nan, answers=9
    )
    print_fit(Recalibrated("", none, replace(none, stated=4, right=0.75, promised=0.8), 12))
    before, after = capsys.readouterr().out.splitlines()[1:]
    assert before.endswith("0 sides stated")
    assert after.endswith("4 sides stated, 75% of them right where 80% are expected")


def test_a_calibration_is_named_as_the_configuration_of_another_folder_can_read_it(
    command: Command, enough_answers: Path, tmp_path: Path
):
    press = tmp_path / "press"
    shutil.copytree(enough_answers, press, symlinks=True)
    config = ("-c", configure(press).relative_to(tmp_path))
    command("review", "import", press / "given.csv", *config)
    for file, named in (("calibration.json", f"{tmp_path}/calibration.json"), ("press/own.json", "own.json")):
        ended = command("review", "recalibrate", file, "--anyway", *config)
        line = f'calibration = "{named}"'
        assert (
            f"Put {line} into [model] and run `commentariat rescore -c press/commentariat.toml`" in ended.out
        )
        fitted = load_config(configure(press, line)).model.calibration_text()
        assert fitted == (tmp_path / file).read_text() != ""
        configure(press)
