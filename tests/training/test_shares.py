"""Shares of two networks are compared on what the left-out pieces are asked."""

import re
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")

from models.packs import SHORT_PACK_TOKENS, screen_score  # noqa: E402
from models.settings import Thresholds  # noqa: E402
from training.checkpoints import Progress, save_checkpoint  # noqa: E402
from training.examples import Example  # noqa: E402
from training.export import WORTH_WEIGHT  # noqa: E402
from training.folder import write_tokenizer  # noqa: E402
from training.packing import phrases_of  # noqa: E402
from training.shares import Answer, Asked, ask, compare, figures, questions, table  # noqa: E402

#: For tests to which it does not matter what passes the screen.
THRESHOLDS = Thresholds(screen=0.3, full_pack=0.5)


@pytest.fixture(scope="module")
def phrases(vectors, text_graph):
    return phrases_of(list(vectors), text_graph)


def asked(kind, side, *, other=False, added=0.0):
    return Asked(Example("a target", "a text", None, None), kind, side, other, added)


def test_every_wording_of_a_side_and_every_silent_statement_is_asked_with_the_pack_of_use(prepared, phrases):
    one = prepared[0]
    hard, mistaken = one.piece.silent[:2], one.piece.silent[2:4]
    piece = replace(one.piece, hard=hard, mistaken=mistaken)
    found = list(questions([replace(one, piece=piece)], phrases, THRESHOLDS))
    own = one.piece.labels[0]
    assert [(item.example.target, item.kind, item.other) for item in found] == [
        (own.target, "own", False),
        (own.other_wording, "own", True),
        (one.piece.labels[1].target, "general", False),
        *((statement, "silent", False) for statement in hard + mistaken),
    ]
    assert all(any(item.example.shown) for item in found if item.side)


def test_answers_are_in_the_order_of_the_examples_and_do_not_depend_on_the_others(
    new_network, tokenizer, prepared, phrases
):
    network = new_network(1).eval()
    examples = [item.example for item in questions(prepared, phrases, THRESHOLDS)]
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


def test_the_worth_of_a_piece_is_added_to_its_relevance_if_it_passes_the_screen(prepared, phrases):
    worths = {(one.piece.id, text): one.worth(text, phrases[text]) for one in prepared for text in phrases}
    scores = sorted(screen_score(worth) for worth in worths.values())
    thresholds = Thresholds(screen=scores[len(scores) // 2], full_pack=scores[len(scores) * 3 // 4])
    found = list(questions(prepared, phrases, thresholds))
    asked_of = [
        (one.piece.id, wording)
        for one in prepared
        for label in one.piece.labels
        if label.stance != "neutral"
        for wording in filter(None, (label.target, label.other_wording))
    ]
    assert len(found) == len(asked_of) > 0
    for item, key in zip(found, asked_of, strict=True):
        best = sorted(worths[key])[-4:]
        passes = screen_score(worths[key]) >= thresholds.screen
        expected = WORTH_WEIGHT * sum(best) / len(best) if passes else float("-inf")
        assert item.added == pytest.approx(expected, rel=1e-5)
    assert len({item.added > float("-inf") for item in found}) == 2, "some pass, and some do not"


def test_a_piece_that_hardly_passes_the_screen_is_read_with_a_short_pack(prepared, phrases):
    long = max(prepared, key=lambda one: sum(one.layout.tokens))
    lengths = []
    for full_pack in (-9.0, 9.0):
        found = questions([long], phrases, Thresholds(screen=-9.0, full_pack=full_pack))
        lengths.append([len(item.example.text) for item in found])
    full, short = lengths
    assert sum(long.layout.tokens) > SHORT_PACK_TOKENS
    assert all(more > fewer for more, fewer in zip(full, short, strict=True))


def test_general_statements_are_ranked_by_the_relevance_of_use_and_screened_out_sides_are_not_found():
    items = [asked("general", 1, added=2.0), asked("silent", 0, added=0.0)]
    answers = [Answer(1.0, 0.0, None), Answer(1.0, 1.0, None)]
    assert figures(items, answers)["general among the most relevant"] == 1.0
    items = [asked("general", 1, added=float("-inf")), asked("general", 1, added=0.0)]
    assert figures(items, answers)["general among the most relevant"] == 0.5


def test_the_table_has_a_row_for_each_figure_and_a_column_for_each_share():
    assert table({"share 0": {"own": 0.5}, "share 1": {"own": 0.75}}).splitlines() == [
        "| | share 0 | share 1 |",
        "|---|---|---|",
        "| own | 0.500 | 0.750 |",
    ]


def test_each_share_of_the_other_network_has_its_figures(
    new_network, tokenizer, data, text_folder, tmp_path, capsys
):
    checkpoints = [tmp_path / name / "last.pt" for name in ("trained", "other")]
    for seed, path in enumerate(checkpoints):
        write_tokenizer(tokenizer, path.parent)
        network = new_network(seed)
        save_checkpoint(
            path, network, network.state_dict(), torch.optim.SGD(network.parameters()), Progress()
        )
    trained, other = checkpoints
    compare(data, trained, [other], [0.0, 1.0], 1, texts=text_folder)
    counts, head, *_ = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"[1-9]\d* pieces: [1-9]\d* own, [1-9]\d* general, 0 silent", counts)
    assert head == "| | share 0 | share 1 |"
