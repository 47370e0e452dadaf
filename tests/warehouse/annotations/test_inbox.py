"""An answer is stored as soon as it is given, and comes into the warehouse exactly once, despite kills."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from commentariat import AuditError, InputError, WarehouseError
from tests.warehouse import nights
from tests.warehouse.contents import files_with
from tests.warehouse.forked import started
from tests.warehouse.given_answers import given, join
from warehouse import Warehouse, connect
from warehouse.annotations.annotation import Annotation, Draw
from warehouse.annotations.inbox import FOLDER, Inbox
from warehouse.annotations.joining import Joined, join_annotations
from warehouse.sql_files import load_sql
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify


def ids(warehouse: Warehouse) -> list[str]:
    with connect(warehouse.root) as reader:
        return reader.query("SELECT annotation_id FROM annotation")["annotation_id"].to_pylist()


def join_all(warehouse: Warehouse) -> Joined:
    with warehouse.writing(flow="review", create=False) as writer:
        joined = join_annotations(writer)
        writer.finish("answers")
        writer.publish()
    return joined


def giving(root: Path, annotator: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.warehouse.given_answers", str(root), annotator, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def exit_code_of_joining(root: Path, die_at: str) -> int | None:
    process = started(join, root, die_at)
    process.join()
    return process.exitcode


def test_an_answer_given_while_a_night_writes_is_kept_at_once_and_joins_when_the_night_ends(filled):
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        Inbox(filled.root).keep([given(1, note="Über alles, \n zwei Zeilen")])
        assert [one.annotation_id for one in Inbox(filled.root).waiting()] == [given(1).annotation_id]
        writer.commit("0001", nights.batch(2, 0))
        writer.finish("4 articles")
        writer.publish()
    assert ids(filled) == [given(1).annotation_id]
    assert Inbox(filled.root).is_empty
    with connect(filled.root) as reader:
        (row,) = reader.query("SELECT * EXCLUDE (run_id, month) FROM annotation").to_pylist()
    assert Annotation.of_row(row) == given(1, note="Über alles, \n zwei Zeilen")
    assert filled.commits()[-1].kind == "finish", "a night is over once its answers are in"
    assert verify(filled.root).findings == ()


def test_a_kill_loses_no_answer_that_was_acknowledged_and_doubles_none(filled):
    """Two processes answer at once; one is killed, and so are processes that bring the answers into the warehouse."""
    givers = [giving(filled.root, "ada", 1_000_000), giving(filled.root, "bo", 40)]
    acknowledged: list[str] = []
    for step in ("staged", "file renamed", "logged"):
        acknowledged += [line.strip() for line in (givers[0].stdout.readline(), givers[1].stdout.readline())]
        assert exit_code_of_joining(filled.root, step) == -signal.SIGKILL
    givers[0].kill()
    acknowledged += givers[0].stdout.read().split()
    acknowledged += givers[1].stdout.read().split()
    assert (givers[0].wait(), givers[1].wait()) == (-signal.SIGKILL, 0)
    join_all(filled)
    found = ids(filled)
    assert len(found) == len(set(found)) >= 40
    assert set(acknowledged) <= set(found)
    assert len(set(found) - set(acknowledged)) <= 1, "at most the one that was written when the kill came"
    assert Inbox(filled.root).is_empty
    assert verify(filled.root).findings == ()


def test_answers_that_a_killed_run_had_published_leave_the_inbox_when_the_next_run_begins(filled):
    Inbox(filled.root).keep([given(0)])
    with filled.writing(flow="review", create=False) as writer:
        writer.finish("answers")
    assert exit_code_of_joining(filled.root, "link swapped") == -signal.SIGKILL
    assert ids(filled) == [given(0).annotation_id]
    with filled.writing(flow="takedown", create=False):
        pass
    assert Inbox(filled.root).waiting() == []


def test_the_beginning_of_a_line_whose_writer_was_killed_spoils_no_other(filled):
    inbox = Inbox(filled.root)
    inbox.keep([given(0)])
    (file,) = (filled.root / FOLDER).glob("*.jsonl")
    with file.open("ab") as torn:
        torn.write(given(1).as_line().encode()[:70])
    assert len(inbox.waiting()) == 1
    inbox.keep([given(2)])
    join_all(filled)
    assert set(ids(filled)) == {given(0).annotation_id, given(2).annotation_id}


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c", "\r", "\r\n"])
def test_an_answer_may_contain_every_character_that_ends_a_line_somewhere(filled, mark):
    kept = given(0, note=f"One{mark}two", annotator=f"m{mark}o")
    Inbox(filled.root).keep([kept, given(1)])
    assert Inbox(filled.root).waiting() == [kept, given(1)]
    assert join_all(filled).answers == 2
    with connect(filled.root) as reader:
        found = reader.query("SELECT note FROM annotation WHERE note IS NOT NULL")["note"].to_pylist()
    assert found == [kept.note]


def test_numbers_that_no_table_can_store_stop_neither_a_run_nor_a_takedown(filled, caplog):
    """An earlier version took such answers; they lie in the inbox."""
    inbox, largest = Inbox(filled.root), 2**31 - 1
    draw = Draw("random", "s", "x", stratum_size=largest, sampling_weight=largest)
    inbox.keep([given(0, draw=draw), given(1)])
    (file,) = (filled.root / FOLDER).glob("*.jsonl")
    row = json.loads(given(2, draw=draw).as_line())
    wrong = [{"stratum_size": 2**31}, {"sentence_end": [2**40]}, {"revision": 2**31}]
    with file.open("a") as earlier:
        earlier.writelines(json.dumps(row | one) + "\n" for one in wrong)
    with filled.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, reason="Asked for.", urls=[nights.url(1, 0, 3)])
    assert set(ids(filled)) == {given(0).annotation_id, given(1).annotation_id}
    assert inbox.is_empty
    warned = [record.getMessage() for record in caplog.records if "is no answer" in record.getMessage()]
    assert len(warned) == 3 and "stratum_size" in warned[0]


def test_half_of_a_character_that_another_program_put_into_the_inbox_stops_no_run(filled, caplog):
    Inbox(filled.root).keep([given(0)])
    (file,) = (filled.root / FOLDER).glob("*.jsonl")
    with file.open("a") as other:
        other.write(json.dumps(json.loads(given(1).as_line()) | {"note": "half \ud83d"}) + "\n")
    assert join_all(filled).answers == 1
    warned = [record.getMessage() for record in caplog.records if "is no answer" in record.getMessage()]
    assert len(warned) == 1 and "note has half of a character, U+D83D" in warned[0]
    assert Inbox(filled.root).is_empty


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_blind": "yes"},
        {"is_blind": 1},
        {"article_id": 5},
        {"statement": None},
        {"statement_hash": ["h"]},
        {"annotator": {"name": "mo"}},
        {"note": 7},
        {"revision": 1.5},
        {"revision": True},
        {"sentence_start": [0.5]},
        {"sample": 3},
        {"stratum_size": 2.5},
        {"annotation_id": 12},
        {"answered_at": "0001-01-01T00:00:00+14:00"},
    ],
    ids=str,
)
def test_a_value_of_the_wrong_type_that_another_program_put_into_the_inbox_stops_no_run(
    filled, caplog, wrong
):
    draw = Draw("random", "s", "x", stratum_size=3, sampling_weight=1.5)
    Inbox(filled.root).keep([given(0)])
    (file,) = (filled.root / FOLDER).glob("*.jsonl")
    with file.open("a") as other:
        row = json.loads(given(1, draw=draw).as_line())
        other.write(json.dumps(row | wrong) + "\n")
    join_all(filled)
    assert Inbox(filled.root).is_empty and given(0).annotation_id in ids(filled)
    (warned,) = [one.getMessage() for one in caplog.records if "is no answer" in one.getMessage()]
    assert "it must be" in warned


def test_a_line_that_is_no_answer_is_left_out_with_a_warning_and_stops_nothing(filled, caplog):
    Inbox(filled.root).keep([given(0)])
    (file,) = (filled.root / FOLDER).glob("*.jsonl")
    with file.open("ab") as other:
        other.write(b'{"note": "of another program"}\n')
    Inbox(filled.root).keep([given(1)])
    with file.open("ab") as torn:
        torn.write(given(2).as_line().encode()[:70])
    assert join_all(filled).answers == 2
    warned = [record.getMessage() for record in caplog.records if "is no answer" in record.getMessage()]
    assert len(warned) == 1 and "line 2 of " in warned[0], "the torn line was never acknowledged"
    assert Inbox(filled.root).is_empty


def test_answers_that_an_audit_refuses_again_stay_in_the_inbox_and_the_refusal_is_reported(
    filled, monkeypatch
):
    refused: list[str] = []

    def refuse(batch: str, _: object) -> None:
        refused.append(batch)
        raise AuditError("no")

    with filled.writing(flow="review", create=False) as writer:
        Inbox(filled.root).keep([given(0)])
        monkeypatch.setattr(writer, "commit", refuse)
        with pytest.raises(AuditError, match="no"):
            writer.finish("answers")
    assert len(refused) == 2
    assert Inbox(filled.root).waiting() == [given(0)]


def test_an_answer_handed_over_twice_is_there_once(filled):
    Inbox(filled.root).keep([given(0), given(0)])
    assert join_all(filled).answers == 1
    Inbox(filled.root).keep([given(0), given(1)])
    assert join_all(filled).answers == 1
    assert len(ids(filled)) == 2


def test_a_takedown_also_removes_peoples_answers_about_the_piece_from_the_inbox(filled):
    inbox = Inbox(filled.root)
    inbox.keep([given(0, note="A zeppelin over the harbor."), given(1)])
    join_all(filled)
    inbox.keep([given(4, note="The zeppelin again.")])  # this is about the same piece as answer 0
    with filled.writing(run_id="t", flow="takedown") as writer:
        receipt = take_down(writer, reason="Asked for.", urls=[nights.url(1, 0, 0)])
    assert receipt.rows["annotation"] == 2
    assert ids(filled) == [given(1).annotation_id]
    assert files_with(filled.root, "zeppelin") == []
    assert not [file for file in (filled.root / FOLDER).glob("*.jsonl") if "zeppelin" in file.read_text()]
    inbox.keep([given(8)])  # from a page that was still open
    assert join_all(filled) == Joined(0, 1)
    assert inbox.is_empty
    assert verify(filled.root).findings == ()


def test_compaction_keeps_every_answer(filled):
    for number in range(3):
        Inbox(filled.root).keep([given(number)])
        join_all(filled)
    before = sorted(ids(filled))
    with filled.writing(run_id="c", flow="compact") as writer:
        compact(writer, min_files=2)
        writer.publish()
    assert sorted(ids(filled)) == before and len(before) == 3


def test_of_several_answers_of_one_person_the_latest_counts_and_most_people_decide(filled):
    answers = [
        given(0, answer="favor"),
        given(4, answer="against"),  # a later answer of the same person
        given(0, annotator="ada", answer="against"),
        given(0, annotator="bo", answer="neutral"),
        given(0, annotator="cy", answer="skip"),
        given(1, answer="favor"),
        given(1, annotator="ada", answer="against"),
    ]
    Inbox(filled.root).keep(answers)
    join_all(filled)
    with connect(filled.root) as reader:
        gold = reader.query("SELECT article_id, answer, annotators FROM gold_answer").to_pylist()
    by_piece = {row["article_id"]: (row["answer"], row["annotators"]) for row in gold}
    assert by_piece == {given(0).article_id: ("against", 3), given(1).article_id: (None, 2)}


def test_a_question_that_was_drawn_by_chance_remains_so_if_it_is_answered_again(filled):
    draw = Draw("random", "s", "x", stratum_size=3, sampling_weight=1.5)
    Inbox(filled.root).keep([given(0, answer="favor", draw=draw), given(4, answer="against")])
    join_all(filled)
    with connect(filled.root) as reader:
        (row,) = reader.query("FROM gold_answer").to_pylist()
    assert (row["answer"], row["annotators"]) == ("against", 1)
    assert (row["sampled_by"], row["stratum"], row["stratum_size"]) == ("random", "x", 3)


def test_a_question_that_was_drawn_for_two_samples_is_in_both_with_one_joint_answer(filled):
    first = Draw("random", "s1", "x", stratum_size=3, sampling_weight=1.5)
    second = Draw("random", "s2", "y", stratum_size=9, sampling_weight=3.0)
    Inbox(filled.root).keep(
        [
            given(0, answer="favor", draw=first),
            given(1, answer="favor", draw=first),
            given(4, answer="against", draw=second),  # about the same piece as answer 0
            given(8, answer="against", draw=Draw("most_copied", "s3")),
            given(2, answer="neutral", draw=Draw("most_copied", "s3")),
            given(6, answer="neutral"),  # about the same piece as answer 2
        ]
    )
    join_all(filled)
    columns = "article_id, answer, annotators, sampled_by, sample, stratum_size"
    with connect(filled.root) as reader:
        draws = reader.query(f"SELECT {columns} FROM gold_draw ORDER BY ALL").to_pylist()
        gold = reader.query(f"SELECT {columns} FROM gold_answer ORDER BY ALL").to_pylist()
    expected = [
        (given(0).article_id, "against", 1, "random", "s1", 3),
        (given(0).article_id, "against", 1, "random", "s2", 9),
        (given(1).article_id, "favor", 1, "random", "s1", 3),
        (given(2).article_id, "neutral", 1, "chosen", None, None),
    ]
    assert sorted(tuple(row.values()) for row in draws) == sorted(expected)
    latest = [row for row in expected if row[:1] + row[4:5] != (given(0).article_id, "s1")]
    assert sorted(tuple(row.values()) for row in gold) == sorted(latest)


def test_all_answers_that_are_equally_frequent_are_listed(filled):
    answers = [
        given(0, answer=answer, annotator=name)
        for name, answer in zip("abc", ("favor", "skip", "against"), strict=True)
    ]
    Inbox(filled.root).keep([*answers, given(1, answer="neutral")])
    join_all(filled)
    with connect(filled.root) as reader:
        rows = reader.query("SELECT article_id, most_frequent, answer FROM gold_draw").to_pylist()
    assert {row["article_id"]: (row["most_frequent"], row["answer"]) for row in rows} == {
        given(0).article_id: (["against", "favor"], None),
        given(1).article_id: (["neutral"], "neutral"),
    }


@pytest.mark.parametrize(
    "changed",
    [{"aliases": ["chips", "wafers"]}, {"also": ["Sell no chips."], "denied": ["Chips are for all."]}],
    ids=["aliases", "other wordings"],
)
def test_answers_still_count_if_the_statement_of_their_target_stays_the_same(
    filled, changed: dict[str, object]
):
    target, earlier, present = nights.TARGETS[0], given(0).statement_hash, nights.hash32("the same statement")

    def asked(day: int, **changes: object) -> dict[str, pa.Table]:
        row = {"target": target, "statement": given(0).statement, "aliases": ["chips"], "active": True}
        return {"target": nights.table([row | {"asked_from": nights.START.replace(day=day)} | changes])}

    def questions_with_answers() -> dict[str, set[str]]:
        with connect(filled.root) as reader:
            known = reader.query(load_sql("answers_of"), {"annotator": "mo"})
            nothing = {"article_ids": [], "asked_targets": [], "outlets": []}
            rest = reader.query(load_sql("review_doubtful"), nothing | {"targets": [target], "how_many": 50})
            return {
                "joint": set(reader.query("FROM gold_answer")["statement_hash"].to_pylist()),
                "known": set(known["statement_hash"].to_pylist()),
                "measured": set(reader.query(load_sql("review_answers"))["article_id"].to_pylist()),
                "not asked": {given(0).article_id, given(1).article_id} - set(rest["article_id"].to_pylist()),
            }

    Inbox(filled.root).keep([given(0), given(1)])
    join_all(filled)
    articles = {given(0).article_id, given(1).article_id}
    counted = {"measured": articles, "not asked": articles}
    assert questions_with_answers() == {"joint": {earlier}, "known": {earlier}} | counted

    labels = nights.labels([given(n).article_id for n in range(4)], targets=(target,))
    answers = {
        name: nights.table([row | {"statement_hash": present} for row in rows.to_pylist() if row["target"]])
        for name, rows in labels.items()
        if name != "topic"
    }
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", asked(2, statement_hash=present, **changed) | answers)
        writer.finish("the same statement")
        writer.publish()
    assert questions_with_answers() == {"joint": {present}, "known": {earlier, present}} | counted

    with filled.writing(run_id="night-3", flow="nightly") as writer:
        other = {"statement": "Chips should be sold.", "statement_hash": nights.hash32("another statement")}
        writer.commit("1", asked(3, **other))
        writer.finish("another statement")
        writer.publish()
    found = questions_with_answers()
    assert (found["joint"], found["measured"]) == ({earlier}, set())


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer": "pro"},
        {"annotator": " "},
        {"sentences": ((5, 5),)},
        {"sentences": ((0, 2**31),)},
        {"revision": 2**31},
        {"revision": 0},
        {"note": "n" * 5_000},
        {"note": "half \ud83d"},
        {"annotator": "\udce9"},
    ],
)
def test_an_impossible_answer_is_refused_when_it_is_given(wrong):
    fields = {"annotator": "mo", "answer": "favor", "target": "t", "statement": "S", "statement_hash": "h"}
    with pytest.raises(InputError):
        Annotation(**({"article_id": "a" * 32, "revision": 1} | fields | wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"sampled_by": "luck"},
        {"sampled_by": "random", "sample": "s"},
        {"sampled_by": "random"},
        {"sampled_by": "least_certain"},
        {"sample": "s"},
        {"sampled_by": "random", "sample": "s", "stratum": "x", "stratum_size": 3, "sampling_weight": 0.5},
        {
            "sampled_by": "random",
            "sample": "s",
            "stratum": "x",
            "stratum_size": 2**31,
            "sampling_weight": 2.0,
        },
        {"sampled_by": "least_certain", "sample": "s", "sampling_weight": 2.0},
        {"sampled_by": "least_certain", "sample": "half \ud83d"},
    ],
)
def test_how_a_question_was_drawn_must_fit_together(wrong):
    with pytest.raises(InputError):
        Draw(**wrong)


def test_an_inbox_that_cannot_be_written_acknowledges_nothing(filled):
    (filled.root / FOLDER).mkdir()
    (filled.root / FOLDER / "annotations.jsonl").mkdir()  # a folder, which cannot be opened for writing
    with pytest.raises(WarehouseError, match="Keeping answers"):
        Inbox(filled.root).keep([given(0)])
