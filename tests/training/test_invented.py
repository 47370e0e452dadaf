"""Some statements of invented op-eds become examples, with the side that the writer meant."""

import random

import pytest

pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")

from training.invented import ASKED, InventedExamples, invented_pieces
from training.opeds import OPEDS, read_pieces


@pytest.fixture(scope="module")
def drawn(invented, invented_vectors):
    examples = InventedExamples(invented, invented_vectors)
    return [group for seed in range(20) for group in examples.draw(3, random.Random(seed))]


def test_pieces_of_every_style_are_used(invented):
    styles = {one.piece.bank for one in invented}
    assert styles == set(ASKED)
    assert sum(one.piece.bank == "rivalry" for one in invented) == 6


def test_each_statement_has_its_side_and_the_paragraphs_that_show_it(drawn):
    assert all(len(group) == 1 for group in drawn)
    by_kind = {}
    for (one,) in drawn:
        by_kind.setdefault(one.target.split()[0], one)
    against, neutral, silent = by_kind["Keep"], by_kind["The"], by_kind["Bees"]
    assert (against.stance, against.about) == (1, 1.0)
    shown = [
        against.text[at:] for at, is_shown in zip(against.starts, against.shown, strict=True) if is_shown
    ]
    assert "waste of money" in shown[0]
    assert (neutral.stance, neutral.about) == (2, 1.0)
    assert (silent.stance, silent.about, silent.starts) == (None, 0.0, ())


def test_a_piece_is_asked_no_more_than_its_style_allows(invented, invented_vectors):
    plain = [one for one in invented if one.piece.bank == "plain"][:1]
    assert len(InventedExamples(plain, invented_vectors).draw(5, random.Random(0))) == ASKED["plain"]


def test_the_projects_invented_pieces_can_be_trained_on():
    pieces = invented_pieces(read_pieces(OPEDS, "train"))
    assert len(pieces) > 400
    labels = [label for piece in pieces for label in piece.labels]
    assert all(label.paragraphs for label in labels if label.stance != "neutral")
    assert sum(bool(piece.near) for piece in pieces) > 100
