"""Turning examples into tensors: tokenise, sort by length, and cut into batches of about equal numbers of tokens."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self, TypeVar

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from models import STANCES
from models.questions import as_statement
from training.corpus import Single
from training.examples import Example, Group
from training.network import INPUTS

IGNORE = -100
#: Largest number of tokens of a pair, in training and in use, and of a text for topics and embeddings, in use.
MAX_PAIR_TOKENS, MAX_SINGLE_TOKENS = 420, 256
_NEUTRAL = STANCES.index("neutral")
#: Relative noise that is added to lengths before sorting, so that batches differ between epochs.
_NOISE = 0.03

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _OnDevice:
    """Tensors that are moved to a device together."""

    inputs: dict[str, Tensor]

    def to(self, device: str) -> Self:
        """Return a copy on another device."""
        moved: dict[str, Any] = {
            field.name: getattr(self, field.name).to(device)
            for field in fields(self)
            if field.name != "inputs"
        }
        return replace(self, inputs={name: value.to(device) for name, value in self.inputs.items()}, **moved)


@dataclass(frozen=True, slots=True)
class PairBatch(_OnDevice):
    """The pairs of one training step.

    Attributes
    ----------
    stance
        [batch] index of the class; neutral where the text does not speak about the target.
    silent
        [batch] whether the example has no stance, because the text does not speak about the target. It is False for the
        neutral texts of VAST, which count as not speaking about it either (:class:`training.examples.Example`).
    about
        [batch] 1 if the text shows a stance on the target, 0 if it does not speak about it, nan if it is not known.
    weight
        [batch] weight of the example in the loss.
    sentences
        [batch, tokens] number of the token's sentence, from 1; 0 for tokens outside the text's sentences.
    shown
        [batch, sentences + 1] whether the sentence shows the stance; the first column is False.
    wordings
        [n, 2] rows of two wordings of one statement.
    """

    stance: Tensor
    silent: Tensor
    about: Tensor
    weight: Tensor
    sentences: Tensor
    shown: Tensor
    wordings: Tensor

    @property
    def tokens(self) -> int:
        """Number of tokens without padding."""
        return int(self.inputs["attention_mask"].sum())


@dataclass(frozen=True, slots=True)
class TextBatch(_OnDevice):
    """The single texts of one training step."""

    topics: Tensor  #: [batch, topics] 1.0 / 0.0 / nan = unknown
    primary: Tensor  #: [batch] topic index; the number of topics for "none of them"; or IGNORE
    opinion: Tensor  #: [batch] 1.0 / 0.0 / nan


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of one input, and the sentence of each token (0: none)."""

    ids: dict[str, list[int]]
    sentences: list[int]

    def __len__(self) -> int:
        return len(self.sentences)


def encode_pairs(tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example]) -> list[Encoded]:
    """Cut pairs into tokens as the classifier does, which turns a question into the statement that it asks about."""
    if not examples:
        return []
    got = tokenizer(
        [as_statement(example.target) for example in examples],
        [example.text for example in examples],
        truncation="longest_first",
        max_length=MAX_PAIR_TOKENS,
        return_token_type_ids=True,
        return_offsets_mapping=True,
    )
    encoded = []
    for row, example in enumerate(examples):
        ids = {name: got[name][row] for name in INPUTS}
        sentences = [
            bisect_right(example.starts, start) if of_text and end > start else 0
            for (start, end), of_text in zip(got["offset_mapping"][row], ids["token_type_ids"], strict=True)
        ]
        encoded.append(Encoded(ids, sentences))
    return encoded


def pad(encoded: Sequence[Encoded], pad_id: int) -> tuple[dict[str, Tensor], Tensor]:
    """Stack encodings, padded to the longest one; return the network's inputs, and the sentence of each token."""
    longest = max(map(len, encoded))
    fills = {"input_ids": pad_id, "attention_mask": 0, "token_type_ids": 0}
    inputs = {
        name: torch.tensor([encoding.ids[name] + [fill] * (longest - len(encoding)) for encoding in encoded])
        for name, fill in fills.items()
    }
    return inputs, torch.tensor(
        [encoding.sentences + [0] * (longest - len(encoding)) for encoding in encoded]
    )


def by_length(
    items: Sequence[Item],
    length: Callable[[Item], int],
    tokens: int,
    rng: random.Random,
    count: Callable[[Item], int] = lambda _: 1,
) -> list[list[Item]]:
    """Put items of similar length into batches of at most `tokens`, padding included; batches are in random order.

    ``count`` returns the number of inputs of an item, ``length`` the number of tokens of the longest of them.
    """
    noisy = sorted((length(item) * rng.uniform(1 - _NOISE, 1 + _NOISE), n) for n, item in enumerate(items))
    batches: list[list[Item]] = []
    batch: list[Item] = []
    longest = inputs = 0
    for _, number in noisy:
        item = items[number]
        longest, inputs = max(longest, length(item)), inputs + count(item)
        if batch and longest * inputs > tokens:
            batches.append(batch)
            batch, longest, inputs = [], length(item), count(item)
        batch.append(item)
    if batch:
        batches.append(batch)
    rng.shuffle(batches)
    return batches


def pair_batches(
    groups: Sequence[Group], tokenizer: PreTrainedTokenizerBase, tokens: int, seed: str
) -> list[PairBatch]:
    """Make batches of examples, in random order; the examples of a group are in one batch."""
    encoded = iter(encode_pairs(tokenizer, [example for group in groups for example in group]))
    items = [[(example, next(encoded)) for example in group] for group in groups]
    batches = by_length(
        items, lambda item: max(len(encoding) for _, encoding in item), tokens, random.Random(seed), len
    )
    return [_pair_batch(batch, tokenizer.pad_token_id) for batch in batches]


def _pair_batch(groups: Sequence[Sequence[tuple[Example, Encoded]]], pad_id: int) -> PairBatch:
    examples = [example for group in groups for example, _ in group]
    inputs, sentences = pad([encoded for group in groups for _, encoded in group], pad_id)
    shown = torch.zeros(len(examples), 1 + int(sentences.max()), dtype=torch.bool)
    for row, example in enumerate(examples):
        marks = torch.tensor(example.shown[: shown.shape[1] - 1], dtype=torch.bool)
        shown[row, 1 : 1 + len(marks)] = marks
    wordings, row = [], 0
    for group in groups:
        if len(group) == 2:
            wordings.append([row, row + 1])
        row += len(group)
    return PairBatch(
        inputs=inputs,
        stance=torch.tensor([_NEUTRAL if example.stance is None else example.stance for example in examples]),
        silent=torch.tensor([example.stance is None for example in examples]),
        about=torch.tensor(
            [float("nan") if example.about is None else example.about for example in examples]
        ),
        weight=torch.tensor([example.weight for example in examples]),
        sentences=sentences,
        shown=shown,
        wordings=torch.tensor(wordings, dtype=torch.long).reshape(-1, 2),
    )


def text_batches(
    singles: Sequence[Single],
    topics: int,
    tokenizer: PreTrainedTokenizerBase,
    tokens: int,
    limit: int,
    seed: str,
) -> list[TextBatch]:
    """Make batches of single texts, each cut to at most `limit` tokens, in random order."""
    rng = random.Random(seed)
    got = tokenizer(
        [single.text for single in singles], truncation=True, max_length=limit, return_token_type_ids=True
    )
    items = [
        (single, Encoded({name: got[name][row] for name in INPUTS}, [0] * len(got["input_ids"][row])))
        for row, single in enumerate(singles)
    ]
    return [
        _text_batch(batch, topics, tokenizer.pad_token_id)
        for batch in by_length(items, lambda item: len(item[1]), tokens, rng)
    ]


def _text_batch(items: Sequence[tuple[Single, Encoded]], topics: int, pad_id: int) -> TextBatch:
    gold = torch.full((len(items), topics), float("nan"))
    primary = torch.full((len(items),), IGNORE)
    for row, (single, _) in enumerate(items):
        if single.topics is None:
            continue
        gold[row] = 0.0
        gold[row, list(single.silent)] = float("nan")
        gold[row, list(single.topics)] = 1.0
        primary[row] = single.topics[0] if single.topics else topics
    return TextBatch(
        inputs=pad([encoded for _, encoded in items], pad_id)[0],
        topics=gold,
        primary=primary,
        opinion=torch.tensor(
            [float("nan") if single.opinion is None else single.opinion for single, _ in items]
        ),
    )
