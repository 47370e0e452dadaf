"""The share of packs that hold a named paragraph is counted by kind of statement, length and size."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")

from models.packs import screen_score
from models.similarity import NO_TOKENS, Phrase
from training.selection import SCREENS, Packed, drawn, main, measure, screen_table, table


def test_a_pack_of_everything_holds_every_named_paragraph_and_a_tiny_one_does_not(prepared, vectors):
    found = list(measure(prepared, vectors, (20, 5000)))
    assert all(one.held for one in found if one.tokens == 5000)
    assert not all(one.held for one in found if one.tokens == 20)
    # a statement written for the piece in two wordings and one of the bank, in two sizes
    assert len(found) == len(prepared) * 3 * 2
    assert sum(one.own for one in found) == len(prepared) * 2 * 2


def test_a_named_paragraph_that_does_not_exist_is_not_held(prepared, vectors):
    one = prepared[0]
    label = replace(one.piece.labels[0], paragraphs=(99,))
    lost = replace(one, piece=replace(one.piece, labels=(label,)))
    assert not any(packed.held for packed in measure([lost], vectors, (5000,)))


def test_statements_without_a_side_or_a_paragraph_do_not_count(prepared, vectors):
    one = prepared[0]
    labels = (
        replace(one.piece.labels[0], stance="neutral"),
        replace(one.piece.labels[0], paragraphs=()),
    )
    assert not list(measure([replace(one, piece=replace(one.piece, labels=labels))], vectors, (200,)))


def test_the_table_has_a_row_for_each_size_and_a_column_for_each_kind():
    found = [
        Packed(200, True, 500, True),
        Packed(200, True, 700, False),
        Packed(200, False, 2000, True),
        Packed(400, True, 500, True),
    ]
    head, _, small, large = table(found).splitlines()
    assert [cell.strip() for cell in head.split("|")[1:-1]] == [
        "tokens", "all", "own", "of a bank", "up to 600 words", "to 1200", "longer",
    ]  # fmt: skip
    assert small == "| 200 | 0.667 (3) | 0.500 (2) | 1.000 (1) | 1.000 (1) | 0.000 (1) | 1.000 (1) |"
    assert large == "| 400 | 1.000 (1) | 1.000 (1) | - | 1.000 (1) | - | - |"


def test_a_statement_passes_if_the_score_of_the_screen_reaches_the_threshold(prepared):
    one = prepared[0]
    label, silent = one.piece.labels[0], one.piece.silent[:1]
    bare = replace(one, piece=replace(one.piece, labels=(label,), silent=silent, near=()))
    alike = one.embeddings[3] / np.linalg.norm(one.embeddings[3])
    near, far = Phrase(alike, NO_TOKENS), Phrase(-alike, NO_TOKENS)
    found = screen_table([bare], {label.target: near, silent[0]: far})
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in found.splitlines()[2:]]
    score = screen_score(bare.worth(label.target, near))
    assert [row[0] for row in rows] == [str(least) for least in SCREENS]
    assert [row[1] for row in rows] == [f"{float(score >= least):.3f}" for least in SCREENS]
    assert {(row[2], row[3]) for row in rows} == {("-", "0.000")}


def test_the_command_prints_the_table(data, text_folder, capsys):
    given = ["--data", str(data), "--model", str(text_folder), "--pieces", "3", "--sizes", "30", "5000"]
    assert main(given) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:4]] == ["30", "5000"]
    assert "1.000" in lines[3]
    assert lines[5].startswith("| screen |")


def test_the_same_pieces_are_drawn_each_time(prepared):
    pieces = [one.piece for one in prepared]
    assert drawn(pieces, 4) == drawn(pieces, 4)
    assert len(drawn(pieces, 4)) == 4
    assert len(drawn(pieces, 400)) == len(pieces)
