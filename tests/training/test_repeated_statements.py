"""Measured statements that training asks too are found, and their documented number is the counted one."""

import json
import shutil
import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("scipy", reason="the calibration needs the extra `train` (scipy)")

from models.questions import as_statement
from training import cross_statements, excerpts, rewordings
from training.cross_statements import IN_USER_WORDS, written_for_no_piece
from training.hashes import name_of
from training.invented import invented_pieces
from training.opeds import OPEDS, read_pieces
from training.opeds_data import FILE, Label, OpEd
from training.packing import statements_of
from training.repeated_statements import as_compared, asked_in_training, main, repeated, without_repeated
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
    for folder in (cross_statements.FOLDER, cross_statements.FOLDER / IN_USER_WORDS):
        found.update(text for row in read_lines(folder) for text in row.get("mentioned", ()))
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


def with_a_reworded_statement(data, folder):
    """Copy the data, and ask a piece a statement that has rewordings of each kind; return these."""
    shutil.copytree(data, folder, dirs_exist_ok=True)
    known = {name_of(text): text for text in written_for_no_piece(cross_statements.FOLDER)}
    reworded = next(
        row for row in read_lines(rewordings.FOLDER) if row["of"] in known and row["same"] and row["denials"]
    )
    rows = pq.read_table(data / FILE).to_pylist()
    for row in rows:
        row["near"] = [*row["near"], known[reworded["of"]]]
    pq.write_table(pa.Table.from_pylist(rows), folder / FILE)
    return reworded


def test_every_source_of_training_is_searched(data, tmp_path):
    reworded = with_a_reworded_statement(data, tmp_path)
    inference = [
        {"text": "x y", "target": target, "label": "neutral", "source": source, "split": split}
        for target, source, split in (
            ("A boat is late.", "mnli", "train"),
            ("A bus is late.", "mnli", "dev"),
            ("A tram is late.", "sick", "train"),
        )
    ]
    pq.write_table(pa.Table.from_pylist(inference), tmp_path / "nli.parquet")
    found = asked_in_training(tmp_path)
    assert "the ferry of our town is worth its price" in found["written for a piece"]
    assert "our town does well to pay for the ferry" in found["written for a piece"]
    assert "the town should have a new library" in found["bank, near or silent"]
    assert "the ferry should be larger than the zoo" in found["bank, near or silent"]
    for key in ("same", "denials"):
        assert set(map(as_compared, reworded[key])) <= found["other wording or denial"]
    spoken_about = invented_pieces(read_pieces(OPEDS, "train"))[0].labels[0].target
    assert as_compared(spoken_about) in found["invented op-eds"]
    assert "the ferry" in found["short arguments"]
    assert found["inference"] == {"a boat is late"}


def test_a_missing_file_is_reported(tmp_path, capsys):
    assert main(["--data", str(tmp_path)]) != 0
    assert "opeds.parquet" in capsys.readouterr().err
