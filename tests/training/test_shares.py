"""Shares of two networks are compared on what the left-out pieces are asked."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")

from training.examples import Example  # noqa: E402
from training.shares import Answer, Asked, ask, figures, questions, table  # noqa: E402


def asked(kind, side, *, other=False):
    return Asked(Example("a target", "a text", None, None), kind, side, other)


def test_every_wording_of_a_side_and_every_silent_statement_is_asked_with_the_pack_of_use(prepared, vectors):
    one = prepared[0]
    hard = one.piece.silent[:2]
    found = list(questions([replace(one, piece=replace(one.piece, hard=hard))], vectors))
    own = one.piece.labels[0]
    assert [(item.example.target, item.kind, item.other) for item in found] == [
        (own.target, "own", False),
        (own.other_wording, "own", True),
        (one.piece.labels[1].target, "general", False),
        *((statement, "silent", False) for statement in hard),
    ]
    assert all(any(item.example.shown) for item in found if item.side)


def test_answers_are_in_the_order_of_the_examples_and_do_not_depend_on_the_others(
    new_network, tokenizer, prepared, vectors
):
    network = new_network(1).eval()
    examples = [item.example for item in questions(prepared, vectors)]
    together = ask(network, tokenizer, examples)
    alone = [ask(network, tokenizer, [example])[0] for example in examples]
    for one, other in zip(together, alone, strict=True):
        assert one.lean == pytest.approx(other.lean, abs=1e-4)
        assert one.about == pytest.approx(other.about, abs=1e-4)
        assert one.shown == other.shown
    assert {one.shown for one in together} & {True, False}


def test_the_figures_compare_wordings_and_rank_general_statements_by_relevance():
    items = [asked("own", 1), asked("own", 1, other=True), asked("own", -1), asked("own", -1, other=True)]
    items += [asked("general", -1), asked("general", 1), asked("silent", 0), asked("silent", 0)]
    leans = (2.0, -1.0, -2.0, -1.0, -1.0, -1.0, 3.0, 3.0)
    about = (0.0, 0.0, 0.0, 0.0, 5.0, -5.0, 1.0, -1.0)
    shown = (True, None, False, None, None, None, None, None)
    answers = [Answer(*one) for one in zip(leans, about, shown, strict=True)]
    assert figures(items, answers) == {
        "own": 1.0,
        "their other wording": 0.5,
        "both on one side": 0.5,
        "both right": 0.5,
        "mean right": 1.0,
        "general": 0.5,
        "general among the most relevant": 0.5,
        "evidence": 0.5,
    }


def test_the_table_has_a_row_for_each_figure_and_a_column_for_each_share():
    assert table({"share 0": {"own": 0.5}, "share 1": {"own": 0.75}}).splitlines() == [
        "| | share 0 | share 1 |",
        "|---|---|---|",
        "| own | 0.500 | 0.750 |",
    ]
