"""Statements that training never asks: their labels, and the words that no training file of the project may have."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="the calibration needs the extra `train` (scipy)")

from models.questions import as_statement
from tests.training.test_repeated_statements import piece, written_in_the_project
from training.opeds_data import read_dev_statements, read_untrained_statements

TRAINING = Path(__file__).parents[2] / "training"
BANK = tomllib.loads((TRAINING / "untrained_statements.toml").read_text(encoding="utf-8"))["statements"]
ROWS = [
    json.loads(line) for line in (TRAINING / "untrained_statements.jsonl").read_text("utf-8").splitlines()
]


def test_no_training_file_of_the_project_has_a_new_statement():
    asked = written_in_the_project()
    assert len(asked) > 10_000
    assert not {text for text in BANK.values() if as_statement(text).lower() in asked}


def test_every_label_is_of_a_statement_of_the_list_and_no_cell_is_labelled_and_left_out():
    assert len({row["id"] for row in ROWS}) == len(ROWS) == 343
    for row in ROWS:
        left_out = set(row.get("left_out", ()))
        assert left_out | set(row["labels"]) <= set(BANK), row["id"]
        assert not left_out & set(row["labels"]), row["id"]
        for stance, clear in row["labels"].values():
            assert stance in {"favor", "against", "neutral"}, row["id"]
            assert clear in {1, 2}, row["id"]


def test_a_piece_is_asked_all_new_statements_but_those_on_which_labels_are_divided():
    divided = next(row for row in ROWS if row.get("left_out") and row["labels"])
    one, other = read_untrained_statements(
        [replace(piece(0, [], ["x"]), id=row["id"]) for row in (divided, ROWS[0])]
    )
    asked = {label.target for label in one.labels} | set(one.silent)
    assert asked == set(BANK.values()) - {BANK[key] for key in divided["left_out"]}
    assert {label.target for label in one.labels} == {BANK[key] for key in divided["labels"]}
    assert other.id == ROWS[0]["id"]


def test_the_same_pieces_are_asked_the_statements_of_both_lists():
    pieces = [replace(piece(0, [], []), id=row["id"]) for row in ROWS] + [piece("elsewhere", [], [])]
    assert len(read_untrained_statements(pieces)) == len(read_dev_statements(pieces)) == 343
