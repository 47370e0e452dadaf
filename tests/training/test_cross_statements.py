"""Statements of other pieces join what is asked of a piece; silent ones are hard ones."""

import json
from dataclasses import replace

import pytest

from commentariat import InputError
from training.cross_statements import FOLDER, with_cross_statements
from training.hashes import name_of
from training.opeds_data import Label, OpEd
from training.packing import statements_of
from training.rewordings import read_lines

OWN = Label("Trains are late", "The trains do not keep their times", "favor", 1, (0,), own=True)
FIRST = OpEd(
    "p1", "Title", "outlet", "lean", "opinion", "c", ("One.", "Two."),
    (OWN,), ("Buses are late", "Fares are too high"), ("the mayor",),
)  # fmt: skip
OTHER = replace(
    FIRST, id="p2", labels=(replace(OWN, target="Ferries are slow", other_wording=None),), silent=()
)
ROW = {
    "id": "p1",
    "labels": {name_of("Ferries are slow"): ["against", [1]], name_of("Fares are too high"): ["favor", [0]]},
    "silent": [name_of("Buses are late")],
}


@pytest.fixture
def file(tmp_path):
    def written(row):
        path = tmp_path / "some.jsonl"
        path.write_text(json.dumps(row) + "\n", encoding="utf-8")
        return tmp_path

    return written


def test_a_piece_gets_the_answers_to_statements_of_others(file):
    found, other = with_cross_statements([FIRST, OTHER], file(ROW))
    assert found.labels == (
        OWN,
        Label("Ferries are slow", None, "against", 2, (1,), own=False),
        Label("Fares are too high", None, "favor", 2, (0,), own=False),
    )
    assert found.silent == ()
    assert found.hard == ("Buses are late",)
    assert other == OTHER
    assert "Buses are late" in statements_of([found])


def test_a_statement_in_its_other_wording_has_the_first_one_beside_it(file):
    row = {
        "id": "p2",
        "labels": {name_of("The trains do not keep their times"): ["neutral", []]},
        "silent": [],
    }
    _, found = with_cross_statements([FIRST, OTHER], file(row))
    assert found.labels[1] == Label(
        "The trains do not keep their times", "Trains are late", "neutral", 2, (), own=False
    )


@pytest.mark.parametrize(
    "row", [{"id": "p1"}, ROW | {"silent": ["0123456789abcdef"]}, ROW | {"labels": {name_of("x"): "favor"}}]
)
def test_a_broken_line_is_one_clear_message(file, row):
    with pytest.raises(InputError, match="cannot be read as answers"):
        with_cross_statements([FIRST, OTHER], file(row))


def test_every_line_of_the_file_answers_each_statement_once():
    rows = read_lines(FOLDER)
    assert len({row["id"] for row in rows}) == len(rows) > 0
    for row in rows:
        assert not row["labels"].keys() & set(row["silent"]), row["id"]
        assert len(set(row["silent"])) == len(row["silent"]), row["id"]
        for stance, paragraphs in row["labels"].values():
            assert stance in {"favor", "against", "neutral"}, row["id"]
            assert paragraphs == sorted(set(paragraphs)), row["id"]
