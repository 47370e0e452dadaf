"""Measured statements that training asks too are found, and their documented number is the counted one."""

import json
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="the calibration needs the extra `train` (scipy)")

from models.questions import as_statement
from training import cross_statements, excerpts, rewordings
from training.cross_statements import written_for_no_piece
from training.invented import invented_pieces
from training.opeds import OPEDS, read_pieces
from training.opeds_data import Label, OpEd
from training.packing import statements_of
from training.repeated_statements import asked_in_training, main, repeated, without_repeated
from training.rewordings import read_lines

ROOT = Path(__file__).parents[2]
TRAINING = ROOT / "training"
#: Measured statements that are in ``opeds.parquet`` or ``stance.parquet``, which are not part of the project.
ONLY_IN_DATA = {"Donald Trump's supporters", "feminism"}


def measured():
    bank = tomllib.loads((TRAINING / "dev_statements.toml").read_text(encoding="utf-8"))["statements"]
    lines = (TRAINING / "dev_statements.jsonl").read_text(encoding="utf-8").splitlines()
    sides = dict.fromkeys(bank.values(), 0)
    for line in filter(None, lines):
        for key, (stance, _) in json.loads(line)["labels"].items():
            sides[bank[key]] += stance != "neutral"
    return sides


def written_in_the_project():
    """Return every statement of the project's own training files, in small letters."""
    found = {
        one for folder in (cross_statements.FOLDER, excerpts.FOLDER) for one in written_for_no_piece(folder)
    }
    for row in read_lines(rewordings.FOLDER):
        found.update(one for key in ("same", "denials", "favored", "opposed") for one in row.get(key, ()))
    for row in read_lines(excerpts.FOLDER):
        found.update(one for _, _, *wordings in row["own"] for one in wordings if one)
        found.update(row["near"])
    added = tomllib.loads((TRAINING / "added_statements.toml").read_text(encoding="utf-8"))
    found.update(one for bank in added.values() for one in bank.values())
    found.update(statements_of(invented_pieces(read_pieces(OPEDS, "train"))))
    return {as_statement(one).lower() for one in found}


def test_the_documented_number_of_repeated_statements_is_that_of_the_training_files():
    sides = measured()
    known = written_in_the_project()
    found = {one for one in sides if as_statement(one).lower() in known} | ONLY_IN_DATA
    counted = sum(sides[one] for one in found)
    documented = " ".join((ROOT / "docs/results/model.md").read_text(encoding="utf-8").split())
    assert (
        f"it is {len(found)} of the {len(sides)} statements, with {counted} of the {sum(sides.values())} sides"
        in documented
    )
    assert f"training asks {len(found)} of them too" in (TRAINING / "dev_statements.toml").read_text(
        encoding="utf-8"
    )


def piece(number, labels, silent):
    return OpEd(str(number), "", "", "", "opinion", "e", ("A text.",), tuple(labels), tuple(silent), ())


def label(target, stance="favor", *, own=False):
    return Label(target, None, stance, 1, (), own=own)


def pieces():
    return [
        piece(
            1, [label("The zoo"), label("A mayor is needed", "neutral"), label("Mine", own=True)], ["Trams"]
        ),
        piece(2, [label("The zoo", "against"), label("Trams")], ["A mayor is needed"]),
    ]


def test_sides_on_repeated_statements_are_counted_and_statements_of_a_piece_are_not():
    found = repeated(pieces(), {"the zoo", "a mayor is needed", "mine"})
    assert found.statements == {"The zoo": 2, "A mayor is needed": 0}
    assert (found.sides, found.of_statements, found.of_sides) == (2, 3, 3)


def test_a_question_is_the_statement_that_it_is_read_as():
    assert repeated([piece(1, [label("Is nuclear power safe?")], [])], {"nuclear power is safe"}).sides == 1


def test_pieces_without_repeated_statements_keep_all_others():
    first, second = without_repeated(pieces(), {"the zoo", "trams", "mine"})
    assert [one.target for one in first.labels] == ["A mayor is needed", "Mine"] and first.silent == ()
    assert second.labels == () and second.silent == ("A mayor is needed",)


def test_every_source_of_training_is_searched(data):
    found = asked_in_training(data)
    assert "the ferry of our town is worth its price" in found["written for a piece"]
    assert "our town does well to pay for the ferry" in found["written for a piece"]
    assert "the town should have a new library" in found["bank, near or silent"]
    assert "the ferry should be larger than the zoo" in found["bank, near or silent"]
    assert "the ferry" in found["short arguments"]
    assert found["invented op-eds"]


def test_a_missing_file_is_reported(tmp_path, capsys):
    assert main(["--data", str(tmp_path)]) != 0
    assert "opeds.parquet" in capsys.readouterr().err
