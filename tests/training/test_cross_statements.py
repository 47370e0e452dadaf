"""Statements of other pieces are asked of a piece in addition to its own; the silent ones become hard ones."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from commentariat import InputError
from training.cross_statements import (
    EXCERPTS,
    FOLDER,
    IN_USER_WORDS,
    STATEMENTS,
    with_cross_statements,
    written_for_no_piece,
)
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
    def written(*rows):
        path = tmp_path / "some.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        (tmp_path / STATEMENTS).write_text('statements = ["the fare inspectors"]', encoding="utf-8")
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


def test_a_whole_piece_can_be_asked_what_was_written_for_excerpts(file):
    written = written_for_no_piece(EXCERPTS)[0]
    found, _ = with_cross_statements([FIRST, OTHER], file(ROW | {"mistaken": [name_of(written)]}))
    assert found.mistaken == (written,)


def test_a_statement_that_was_written_for_one_excerpt_is_asked_with_its_other_wording(file):
    _, _, target, other = read_lines(EXCERPTS)[0]["own"][0]
    row = ROW | {"labels": {name_of(target): ["favor", [1]]}}
    found, _ = with_cross_statements([FIRST, OTHER], file(row))
    assert found.labels[1:] == (Label(target, other or None, "favor", 2, (1,), own=False),)


def test_names_that_a_piece_only_mentions_are_asked_beside_its_near_statements(file):
    found, other = with_cross_statements([FIRST, OTHER], file(ROW | {"mentioned": ["the harbor"]}))
    assert (found.near, found.mentioned, other.mentioned) == (("the mayor",), ("the harbor",), ())
    assert "the harbor" in statements_of([found])


def test_a_piece_that_was_read_again_keeps_what_both_readings_answered(file):
    again = {
        "id": "p1",
        "labels": {name_of("the fare inspectors"): ["against", []]},
        "mistaken": [name_of("Fares are too high")],
    }
    row = ROW | {"labels": {name_of("Ferries are slow"): ["against", [1]]}}
    found, _ = with_cross_statements([FIRST, OTHER], file(row, again))
    assert [label.target for label in found.labels] == [
        "Trains are late", "Ferries are slow", "the fare inspectors",
    ]  # fmt: skip
    assert (found.silent, found.hard, found.mistaken) == ((), ("Buses are late",), ("Fares are too high",))
    assert "Fares are too high" in statements_of([found])


def test_answers_to_statements_in_the_words_of_a_user_are_marked(file):
    folder = file(ROW)
    in_user_words = {
        "id": "p1",
        "labels": {name_of("the fare inspectors"): ["against", []]},
        "mistaken": [name_of("The trains do not keep their times")],
    }
    (folder / IN_USER_WORDS).mkdir()
    (folder / IN_USER_WORDS / "1.jsonl").write_text(json.dumps(in_user_words), encoding="utf-8")
    found, other = with_cross_statements([FIRST, OTHER], folder)
    assert found.in_user_words == {"the fare inspectors", "The trains do not keep their times"}
    assert (len(found.labels), other.in_user_words) == (4, frozenset())


@pytest.mark.parametrize(
    "row", [{"id": "p1"}, ROW | {"silent": ["0123456789abcdef"]}, ROW | {"labels": {name_of("x"): "favor"}}]
)
def test_a_broken_line_is_one_clear_message(file, row):
    with pytest.raises(InputError, match="cannot be read as answers"):
        with_cross_statements([FIRST, OTHER], file(row))


def test_each_statement_of_a_piece_is_answered_once():
    rows = read_lines(FOLDER) + read_lines(FOLDER / IN_USER_WORDS)
    answered = Counter(
        (row["id"], name)
        for row in rows
        for name in (*row["labels"], *row.get("silent", ()), *row.get("mistaken", ()))
    )
    assert set(answered.values()) == {1}
    for row in rows:
        for stance, paragraphs in row["labels"].values():
            assert stance in {"favor", "against", "neutral"}, row["id"]
            assert paragraphs == sorted(set(paragraphs)), row["id"]
