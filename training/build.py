"""``python -m training.build NAME``: make a model from the data, all stages in one command.

``recipes.toml`` says how each model is made. Every stage leaves its checkpoint in the folder of the run; a command
that was stopped goes on where it was when it is given again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commentariat import ConfigError, ModelError
from training import __main__ as pairs
from training import export, mean, texts
from training.commands import exit_code_of
from training.folder import check_same_pieces
from training.loop import Recipe, load_checkpoint
from training.measure import Figure
from training.network import load_encoder
from training.report import markdown
from training.vocabulary import commentary_pieces, with_pieces

RECIPES = Path(__file__).with_name("recipes.toml")
_MODELS = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class ModelRecipe:
    """How a model is made.

    Attributes
    ----------
    layers, frozen, pieces
        Layers of the base checkpoint that the pair graph keeps, how many of them are not trained, and word pieces.
    texts_of
        A model that is there, by name, whose text graph is taken over: such a recipe has no stages of `texts`.
    pairs, texts
        Stages of the pair graph and of the text graph, each the options of ``python -m training`` and of
        ``python -m training.texts``. A stage starts from the one before, or from the one that ``after`` counts
        to; ``mean`` is its share in a mean of weights with the one before.
    """

    layers: int
    frozen: int
    pieces: int
    texts_of: str | None = None
    pairs: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)


def read_recipe(name: str, path: Path = RECIPES) -> ModelRecipe:
    """Find the recipe of a model.

    Raises
    ------
    ModelError
        If there is none of that name; the message says which there are.
    ConfigError
        If the file cannot be read, or the recipe has unknown or missing keys or says twice where its texts come from.
    """
    try:
        recipes = tomllib.loads(path.read_text(encoding="utf-8"))
        if name not in recipes:
            raise ModelError(f"No recipe for {name!r} in {path}. There are: {', '.join(sorted(recipes))}.")
        recipe = ModelRecipe(**recipes[name])
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise ConfigError(f"{path} cannot be read as recipes: {error}") from error
    if recipe.texts_of and recipe.texts:
        raise ConfigError(f"{path}: {name} has both texts_of and stages of texts: leave one of them out.")
    return recipe


def build(recipe: ModelRecipe, data: Path, base: Path, run: Path, out: Path, threads: int) -> None:
    """Train both graphs, stage by stage, and write the model folder."""
    common = ["--data", str(data), "--threads", str(threads), "--pieces", str(recipe.pieces)]
    frozen, base_of_pairs = ["--frozen", str(recipe.frozen)], ["--base", str(base)]

    def train_pairs(checkpoint: Path, stage: dict[str, Any], start: list[str]) -> int:
        resume = ["--resume"] if checkpoint.is_file() else []
        if resume and load_checkpoint(checkpoint)["progress"]["step"] >= stage.get("steps", Recipe().steps):
            return 0
        shape = [*common, *base_of_pairs, "--layers", str(recipe.layers), *frozen]
        places = ["--out", str(checkpoint.parent), "--vectors", str(run / "vectors")]
        return pairs.main([*shape, *places, *resume, *start, *_options(stage)])

    def train_texts(checkpoint: Path, stage: dict[str, Any], start: list[str]) -> int:
        if checkpoint.is_file():
            return 0
        return texts.main([*common, "--out", str(checkpoint), *start, *_options(stage)])

    if recipe.texts_of:  # now, not after hours of training
        tokenizer = load_encoder(base, layers=1)[1]
        pieces = commentary_pieces(data, tokenizer, recipe.pieces)
        check_same_pieces(_MODELS / recipe.texts_of, with_pieces(tokenizer, pieces))
    of_pairs = _staged("pairs", recipe.pairs, run, train_pairs, [*base_of_pairs, *frozen])
    of_texts = (
        _MODELS / recipe.texts_of if recipe.texts_of else _staged("texts", recipe.texts, run, train_texts, [])
    )
    # a folder under the model's name is complete: nobody loads what is not calibrated yet
    made, figures = run / "model", run / "figures.json"
    parts = ["--pairs", str(of_pairs), "--texts", str(of_texts), *base_of_pairs]
    _done(export.main(["--data", str(data), *parts, "--out", str(made), "--figures", str(figures)]))
    (made / "MODEL_CARD.md").write_text(_card(out.name, recipe, figures), encoding="utf-8")
    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(made, partial)
    shutil.rmtree(out, ignore_errors=True)
    partial.rename(out)


def _staged(
    name: str,
    stages: Sequence[dict[str, Any]],
    run: Path,
    train: Callable[[Path, dict[str, Any], list[str]], int],
    of_mean: list[str],
) -> Path:
    """Train a graph stage by stage (`train` fills a checkpoint); return the checkpoint that is to be exported."""
    results: list[Path] = []
    for number, given in enumerate(stages, start=1):
        folder = run / f"{name}-{number}"
        trained, averaged = folder / "last.pt", folder / "mean.pt"
        start = ["--start", str(results[given.get("after", number - 1) - 1])] if results else []
        stage = {key: value for key, value in given.items() if key not in {"mean", "after"}}
        _done(train(trained, stage, start))
        if "mean" in given and not averaged.is_file():
            both = ["--first", str(results[-1]), "--second", str(trained), "--share", str(given["mean"])]
            _done(mean.main([*both, *of_mean, "--out", str(averaged)]))
        results.append(averaged if "mean" in given else trained)
    if not results:
        raise ModelError(f"The recipe has no stage for the {name}: nothing to export.")
    return results[-1]


_CARD = """# {name}

Stance towards a free-text target, relevance, topic (Comparative Agendas Project major topics) and opinion-or-news for
English commentary: the lower {layers} layers of the base encoder for pairs, MiniLM-L6 with a branch for topics.
Built by `python -m training.build`; the stages are in `training/recipes.toml`.

Data, licences, intended use and limits are those of the bundled model: see `models/fast/MODEL_CARD.md`.

## Figures

On the dev splits, as answered by single passages.

{table}
"""


def _card(name: str, recipe: ModelRecipe, figures: Path) -> str:
    found = {key: Figure(**one) for key, one in json.loads(figures.read_text(encoding="utf-8")).items()}
    return _CARD.format(name=name, layers=recipe.layers, table=markdown(found))


def _options(given: dict[str, Any]) -> list[str]:
    """Turn ``{"decay_steps": 100, "without_opeds": true, "styles": ["plain"]}`` into command line options."""
    said: list[str] = []
    for key, value in given.items():
        values = [] if value is True else value if isinstance(value, list) else [value]
        said += [f"--{key.replace('_', '-')}", *map(str, values)]
    return said


def _done(code: int) -> None:
    """Stop at a stage that failed; it has said why."""
    if code:
        sys.exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.build", description=__doc__)
    parser.add_argument("name", help="a recipe: fast, accurate")
    parser.add_argument("--data", type=Path, required=True, help="folder with the .parquet files")
    parser.add_argument("--base", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--run", type=Path, help="folder for checkpoints (default: training/NAME)")
    parser.add_argument(
        "--out", type=Path, help="model folder to write (default: the one that is found by name)"
    )
    parser.add_argument("--recipes", type=Path, default=RECIPES, help="file of recipes (the project's own)")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: torch decides)")
    args = parser.parse_args(arguments)
    return exit_code_of(
        lambda: build(
            read_recipe(args.name, args.recipes),
            args.data,
            args.base,
            args.run or Path("training") / args.name,
            args.out or _MODELS / args.name,
            args.threads,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
