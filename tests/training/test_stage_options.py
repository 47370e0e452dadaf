"""Every option of the commands with many options reaches the function that does the work."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

from training import __main__ as pairs_command
from training import shares, texts
from training.loop import Budget, Recipe
from training.pairs import Layers


@pytest.fixture
def called_with(monkeypatch):
    """A function that starts a command, and returns the arguments with which it called a function of its module."""

    def start(module, function, options):
        calls = []
        monkeypatch.setattr(module, function, lambda *places, **settings: calls.append((places, settings)))
        assert module.main(options.split()) == 0
        (call,) = calls
        return call

    return start


def test_the_options_of_the_pair_network_reach_its_training(called_with):
    options = (
        "--data d --base b --texts t --out o --start s.pt r.pt --opeds p --layers 5 --frozen 1 --resting 3"
    )
    options += " --minutes 8 --tokens 4e3 --rate 0.1 --decay 0.5 --batch-tokens 64 --seed 9 --resume"
    options += " --save-every 7 --vectors v --threads 1 --device cuda"
    assert called_with(pairs_command, "train_pairs", options) == (
        (Path("d"), Path("b"), Path("t"), Path("o")),
        {
            "budget": Budget(8.0, 4000),
            "recipe": Recipe(peak_rate=0.1, decay=0.5, batch_tokens=64, seed=9),
            "layers": Layers(5, frozen=1, resting=3),
            "start": [Path("s.pt"), Path("r.pt")],
            "opeds": Path("p"),
            "vectors": Path("v"),
            "resume": True,
            "save_every": 7,
            "threads": 1,
            "device": "cuda",
        },
    )


def test_the_options_of_the_text_network_reach_its_training(called_with):
    options = (
        "--data d --out o.pt --base b --start s.pt --word-pieces 50 --opeds p --opeds-share 0.5 --branch 1"
    )
    options += " --epochs 4 --rate 0.1 --seed 9 --device cuda --threads 1"
    recipe = texts.TextRecipe(branch=1, word_pieces=50, opeds_share=0.5, epochs=4, rate=0.1, seed=9)
    assert called_with(texts, "train_texts", options) == (
        (Path("d"), Path("o.pt"), recipe),
        {"base": Path("b"), "start": Path("s.pt"), "opeds": Path("p"), "device": "cuda"},
    )


def test_the_options_of_the_comparison_of_shares_reach_it(called_with):
    options = "--data d --checkpoint c.pt --other o.pt q.pt --shares 0.2 0.4 --frozen 3 --texts t"
    assert called_with(shares, "compare", options) == (
        (Path("d"), Path("c.pt"), [Path("o.pt"), Path("q.pt")], [0.2, 0.4], 3),
        {"texts": Path("t")},
    )
