"""The calibration is fitted on general statements that training never asks."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("scipy", reason="the calibration needs the extra `train` (scipy)")

from tests.training.test_repeated_statements import piece
from training.opeds_data import FILE
from training.statements_to_calibrate_on import statements_to_calibrate_on

TRAINING = Path(__file__).parents[2] / "training"
LISTS = ("dev_statements.toml", "untrained_statements.toml")


def statements(name: str) -> set[str]:
    return set(tomllib.loads((TRAINING / name).read_text(encoding="utf-8"))["statements"].values())


def pieces_asked_both_lists():
    lines = (TRAINING / "untrained_statements.jsonl").read_text(encoding="utf-8").splitlines()
    return [replace(piece(0, [], []), id=json.loads(line)["id"]) for line in lines]


def asked(data: Path) -> dict[str, set[str]]:
    lists = statements_to_calibrate_on(data, pieces_asked_both_lists())
    return {
        name: {text for one in some for text in (*one.silent, *(label.target for label in one.labels))}
        for name, some in lists.items()
    }


def test_both_lists_are_used_without_the_statements_that_training_asks(data: Path, tmp_path: Path):
    rows = pq.read_table(data / FILE).to_pylist()
    for row in rows:
        if row["split"] == "train":
            row["near"] = ["facebook"]
            row["silent"] += ["Can the FBI be trusted?"]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / FILE)
    dev, untrained = (statements(name) for name in LISTS)
    found = asked(tmp_path)
    assert {"Facebook", "The FBI can be trusted"} <= dev | untrained
    assert found[LISTS[1]] == untrained - {"The FBI can be trusted"}
    assert found[LISTS[0]] and found[LISTS[0]] <= dev - {"Facebook"}


def test_without_such_a_text_in_training_a_statement_is_calibrated_on(data: Path):
    found = asked(data)
    assert "Facebook" in found[LISTS[0]]
    assert found[LISTS[1]] == statements(LISTS[1])
