"""Added statements are asked of a piece in addition to its own, and each label of the file names existing ones."""

import json
import tomllib
from dataclasses import replace

import pytest

from commentariat import InputError
from training.added_statements import LABELS, STATEMENTS, with_added_statements
from training.opeds_data import Label, OpEd

BANK = '[f]\nf1 = "the ferry"\nf2 = "Fares are too high"\nf3 = "Bridges are ugly"\nf4 = "the harbour board"\n'
PIECE = OpEd(
    "p1", "Title", "outlet", "lean", "opinion", "a", ("One.", "Two."),
    (Label("Trains are late", None, "favor", 1, (0,), own=True),), ("Buses are late",), ("the mayor",),
)  # fmt: skip
ROW = {"id": "p1", "bank": "f", "labels": {"f2": ["against", 1, [1]]}}


@pytest.fixture
def files(tmp_path):
    def written(row):
        (tmp_path / "some.toml").write_text(BANK, encoding="utf-8")
        (tmp_path / "some.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
        return tmp_path / "some.toml", tmp_path / "some.jsonl"

    return written


def test_a_piece_gets_labels_and_silent_statements_behind_its_own(files):
    other = replace(PIECE, id="p2")
    first, second = with_added_statements([PIECE, other], *files(ROW))
    assert first.labels[1] == Label("Fares are too high", None, "against", 1, (1,), own=False)
    assert first.silent == ("Buses are late", "the ferry", "Bridges are ugly", "the harbour board")
    assert second == other


def test_a_statement_that_was_asked_before_keeps_its_answer(files):
    asked = replace(PIECE, silent=("Fares are too high", "the harbour board"))
    (found,) = with_added_statements([asked], *files(ROW))
    assert found.labels == asked.labels
    assert found.silent == (*asked.silent, "the ferry", "Bridges are ugly")


@pytest.mark.parametrize("row", [{"id": "p1"}, ROW | {"bank": "q"}, ROW | {"labels": {"f2": "against"}}])
def test_a_broken_line_is_one_clear_message(files, row):
    with pytest.raises(InputError, match=r"some\.jsonl cannot be read as labels"):
        with_added_statements([PIECE], *files(row))


def test_every_line_of_the_file_names_statements_of_its_bank_and_each_piece_once():
    banks = tomllib.loads(STATEMENTS.read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    assert len({(row["id"], row["bank"]) for row in rows}) == len(rows) > 0
    for row in rows:
        bank = banks[row["bank"]]
        assert row["labels"].keys() <= bank.keys(), row["id"]
        for stance, clear, paragraphs in row["labels"].values():
            assert stance in {"favor", "against", "neutral"}, row["id"]
            assert clear in {1, 2}, row["id"]
            assert paragraphs == sorted(set(paragraphs)), row["id"]
            assert paragraphs[0] >= 0, row["id"]


def test_no_added_statement_is_one_of_those_that_no_network_may_learn():
    dev_statements = STATEMENTS.with_name("dev_statements.toml").read_text(encoding="utf-8")
    kept_out = {text.casefold() for text in tomllib.loads(dev_statements)["statements"].values()}
    banks = tomllib.loads(STATEMENTS.read_text(encoding="utf-8"))
    added = {text.casefold() for bank in banks.values() for text in bank.values()}
    assert not added & kept_out
    assert len(added) > 190
