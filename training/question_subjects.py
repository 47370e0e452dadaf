"""``python -m training.question_subjects --data DIR``: fit the weights that find the subject of a question.

The examples are the sentences of the training texts and the statements that training asks, as far as it is plain where
their subjects end. The share of right ends is printed for statements of the development pieces of banks a and b, which
are not trained on. It takes a few minutes on two cores.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.question_subjects import STEP, WEIGHTS
from models.sentences import sentence_spans
from models.subject_features import FEATURES, places
from training.commands import exit_code_of
from training.corpus import read_rows
from training.opeds_data import OpEd, read_opeds
from training.packing import own_statements_of
from training.rewordings import read_rewordings
from training.subject_examples import Example, example_of, in_question, small_words, varied
from training.training_set import training_set

log = logging.getLogger("training.question_subjects")

_SEED = 1
_EPOCHS = 3
_BATCH = 256
_RATE = 0.15
_DROPPED = 0.2
"""Share of the features of a place that are left out in a step, so that no weight relies on another."""
_STATEMENTS_DRAWN = 4
"""How often a statement is an example in an epoch: questions are more like statements than like other sentences."""


def read_examples(data: Path) -> tuple[list[Example], list[Example]]:
    """Make the examples to train on, in an order that is the same each time, and those of the development statements.

    Raises
    ------
    InputError
        If a file of the training data is missing or is not as it should be.
    """
    pieces = training_set(data)
    reworded = read_rewordings(pieces.statements).values()
    asked = _of_statements({*pieces.statements, *(text for row in reworded for text in row.sentences)})
    read = list(dict.fromkeys(filter(None, map(example_of, _sentences(data, pieces.whole)))))
    log.info("%d statements and %d other sentences", len(asked), len(read))
    small, rng = small_words(read), random.Random(_SEED)
    made = list(varied([*read, *asked * _STATEMENTS_DRAWN], small, rng))
    rng.shuffle(made)
    held_out = _of_statements(set(own_statements_of(read_opeds(data, "dev", banks="ab"))))
    return made, [in_question(example, small) for example in held_out]


def _of_statements(statements: set[str]) -> list[Example]:
    made = (example_of(statement, is_statement=True) for statement in sorted(statements))
    return [example for example in made if example]


def _sentences(data: Path, pieces: Sequence[OpEd]) -> Iterator[str]:
    texts = chain(
        (paragraph for piece in pieces for paragraph in piece.paragraphs),
        (
            row["text"]
            for name in ("topic", "stance")
            for row in read_rows(data, name)
            if row["split"] == "train"
        ),
        (
            row[column]
            for row in read_rows(data, "nli")
            if row["split"] == "train"
            for column in ("text", "target")
        ),
    )
    for text in texts:
        yield from (text[start:end] for start, end in sentence_spans(text))


def fit(examples: Sequence[Example], epochs: int = _EPOCHS) -> NDArray[np.int8]:
    """Fit the weights by AdaGrad on the log likelihood of the right places, and round them to eight bits."""
    described = [np.array(places(example.verb, example.words), dtype=np.int32) for example in examples]
    ends = [example.end - 1 for example in examples]
    torch.manual_seed(_SEED)
    weights, squares = torch.zeros(FEATURES), torch.full((FEATURES,), 2.5e-4)
    sums, steps = torch.zeros(FEATURES), 0
    for epoch in range(epochs):
        loss = 0.0
        for batch in torch.randperm(len(examples)).split(_BATCH):
            loss += _step(weights, squares, [described[i] for i in batch], [ends[i] for i in batch])
            if epoch:  # the mean of the weights over all steps but those of the first epoch
                sums += weights
                steps += 1
        log.info("epoch %d: mean loss %.4f", epoch + 1, loss / len(examples))
    return (sums / steps / STEP).round().clamp(-127, 127).to(torch.int8).numpy()


def _step(
    weights: torch.Tensor, squares: torch.Tensor, described: Sequence[NDArray[np.int32]], ends: Sequence[int]
) -> float:
    """Change the weights after one batch, in place; return the sum of its losses."""
    features = torch.from_numpy(np.concatenate(described)).long()
    lengths = [len(places_of) for places_of in described]
    right = torch.tensor([0, *accumulate(lengths[:-1])]) + torch.tensor(ends)
    kept = (torch.rand(features.shape) > _DROPPED).float()
    scores = (weights[features] * kept).sum(1).split(lengths)
    probabilities = torch.cat([place_scores.softmax(0) for place_scores in scores])
    loss = -float(probabilities[right].clamp(min=1e-9).log().sum())
    probabilities[right] -= 1
    changes = (probabilities[:, None] * kept).reshape(-1)
    gradient = torch.zeros(FEATURES).index_add(0, features.reshape(-1), changes)
    squares += gradient * gradient
    weights -= _RATE * gradient / squares.sqrt()
    return loss


def share_right(weights: NDArray[np.int8], examples: Sequence[Example]) -> float:
    """Return the share of examples whose likeliest end is the right one."""
    scores = (
        weights[np.array(places(example.verb, example.words))].sum(axis=1, dtype=np.int64)
        for example in examples
    )
    right = [
        int(of_places.argmax()) == example.end - 1
        for of_places, example in zip(scores, examples, strict=True)
    ]
    return sum(right) / len(right)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the weights and write them."""
    parser = argparse.ArgumentParser(
        prog="python -m training.question_subjects",
        description="Fit the weights that find the subject of a yes-or-no question.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the training data")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="file for the weights (%(default)s)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    def work() -> None:
        examples, held_out = read_examples(options.data)
        weights = fit(examples)
        np.save(options.out, weights)
        sys.stdout.write(
            f"right ends: {share_right(weights, held_out):.3f} of {len(held_out)} development statements\n"
        )

    return exit_code_of(work)


if __name__ == "__main__":
    raise SystemExit(main())
