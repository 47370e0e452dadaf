"""Excerpts of op-eds are used in training, with labels that name sentences."""

import json
import tomllib
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commentariat import InputError
from training.cross_statements import STATEMENTS as STATEMENTS_FILE
from training.cross_statements import written_for_no_piece
from training.excerpts import FOLDER, parts_of, read_excerpts
from training.hashes import name_of
from training.opeds_data import Label
from training.rewordings import read_lines

TEXT = "Trains for the valley\nThe trains are late. We should pay for more of them.\nIt can be done."
GENERAL = ("The state should pay for trains", "Buses are better than trains")
STATEMENTS = {name_of(one): one for one in GENERAL}
ROW = {
    "of": name_of(TEXT),
    "own": [["favor", [1], "More trains are worth their price", "It pays to run more trains"]],
    "near": ["the railway's new timetable"],
    "labels": {name_of(GENERAL[0]): ["favor", [1, 2]]},
    "silent": [name_of(GENERAL[1])],
}


@pytest.fixture
def data(tmp_path):
    rows = [
        {"text": text, "label": "transport", "scheme": "allsides", "source": "A Paper", "split": split}
        for text, split in ((TEXT, "train"), (TEXT + " Now.", "dev"))
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "topic.parquet")
    return tmp_path


def labels_in(folder, *rows):
    folder.mkdir()
    (folder / STATEMENTS_FILE).write_text('statements = ["The valley is too quiet"]', encoding="utf-8")
    (folder / "1.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def test_an_excerpt_has_a_title_and_each_sentence_is_a_paragraph(data):
    (piece,) = read_excerpts(data, STATEMENTS, labels_in(data / "labels", ROW))
    assert (piece.title, piece.kind, piece.outlet) == ("Trains for the valley", "opinion", "A Paper")
    assert piece.paragraphs == (
        "The trains are late.",
        "We should pay for more of them.",
        "It can be done.",
    )
    assert piece.paragraph_at(piece.text.index("pay")) == 1


def test_an_excerpt_has_own_statements_and_the_answers_to_those_of_others(data):
    (piece,) = read_excerpts(data, STATEMENTS, labels_in(data / "labels", ROW))
    assert piece.labels == (
        Label("More trains are worth their price", "It pays to run more trains", "favor", 2, (1,), own=True),
        Label(GENERAL[0], None, "favor", 2, (1, 2), own=False),
    )
    assert (piece.near, piece.hard, piece.silent) == (("the railway's new timetable",), (GENERAL[1],), ())


def test_a_comment_has_no_title_and_is_left_out_if_a_text_of_dev_is_the_same(data):
    comment, held_back = "Trains are dear.\nPay for them anyway.", "Buses are dear. Walk."
    rows = [
        {"text": text, "target": target, "label": "favor", "source": "vast", "split": split}
        for text, target, split in (
            (comment, "trains", "train"),
            (held_back, "buses", "train"),
            (held_back, "walks", "dev"),
        )
    ]
    pq.write_table(pa.Table.from_pylist(rows), data / "stance.parquet")
    asked = [ROW | {"of": name_of(text), "own": []} for text in (comment, held_back)]
    (piece,) = read_excerpts(data, STATEMENTS, labels_in(data / "labels", *asked))
    assert (piece.title, piece.outlet) == ("", "vast")
    assert piece.paragraphs == ("Trains are dear.", "Pay for them anyway.")


def test_an_excerpt_can_be_asked_what_was_written_for_another_excerpt(data):
    other = "Buses for the valley\nBuses are cheap. They go everywhere."
    row = ROW | {"of": name_of(other), "own": [["favor", [0], "Buses cost little", ""]]}
    asked = ROW | {"silent": [name_of("Buses cost little")]}
    rows = [
        {"text": text, "label": "transport", "scheme": "allsides", "source": "A Paper", "split": "train"}
        for text in (TEXT, other)
    ]
    pq.write_table(pa.Table.from_pylist(rows), data / "topic.parquet")
    piece, _ = read_excerpts(data, STATEMENTS, labels_in(data / "labels", asked, row))
    assert piece.hard == ("Buses cost little",)


def test_an_excerpt_can_be_asked_what_was_written_for_no_piece(data):
    (piece,) = read_excerpts(
        data, STATEMENTS, labels_in(data / "labels", ROW | {"silent": [name_of("The valley is too quiet")]})
    )
    assert piece.hard == ("The valley is too quiet",)


def test_texts_of_the_dev_split_are_never_read(data):
    folder = labels_in(data / "labels", ROW | {"of": name_of(TEXT + " Now.")})
    assert read_excerpts(data, STATEMENTS, folder) == []


def test_a_folder_without_articles_has_no_excerpts(tmp_path):
    assert read_excerpts(tmp_path, STATEMENTS) == []


@pytest.mark.parametrize("row", [{"of": name_of(TEXT)}, ROW | {"silent": ["0123456789abcdef"]}])
def test_a_broken_line_is_one_clear_message(data, row):
    with pytest.raises(InputError, match="cannot be read as labels of excerpts"):
        read_excerpts(data, STATEMENTS, labels_in(data / "labels", row))


def test_a_text_without_a_body_has_no_sentence():
    assert parts_of("Only a title") == ("Only a title", ())


def test_each_excerpt_is_labelled_once_and_each_statement_has_one_answer():
    rows = read_lines(FOLDER)
    assert set(Counter(row["of"] for row in rows).values()) == {1}
    for row in rows:
        assert not set(row["labels"]) & set(row["silent"]), row["of"]
        for stance, shown, statement, _ in row["own"]:
            assert stance in {"favor", "against"}, row["of"]
            assert statement.strip(), row["of"]
            assert shown == sorted(set(shown)), row["of"]


def test_no_statement_on_which_answers_are_calibrated_is_asked_of_an_excerpt():
    dev_statements = tomllib.loads(FOLDER.with_name("dev_statements.toml").read_text(encoding="utf-8"))[
        "statements"
    ]
    assert not {one.casefold() for one in written_for_no_piece(FOLDER)} & {
        one.casefold() for one in dev_statements.values()
    }
