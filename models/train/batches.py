"""From examples to tensors: tokenise, sort by length, cut into batches of about equal numbers of tokens."""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from models.train.corpus import Pair, Single
from models.train.mixture import Block

Kind = Literal["pair", "single", "screen"]
IGNORE = -100


@dataclass(frozen=True, slots=True)
class Batch:
    """One step's input. Which of the label tensors are set depends on `kind`."""

    kind: Kind
    inputs: dict[str, Tensor]
    stance: Tensor | None = None  #: [batch] class index or IGNORE
    weight: Tensor | None = None  #: [batch]
    about: Tensor | None = None  #: [batch] 1.0 / 0.0 / nan = unknown
    topics: Tensor | None = None  #: [batch, topics] 1.0 / 0.0 / nan = unknown
    primary: Tensor | None = None  #: [batch] topic index, `topics` count for none of them, or IGNORE
    opinion: Tensor | None = None  #: [batch] 1.0 / 0.0 / nan
    groups: Tensor | None = None  #: [batch / 2] equal for equal targets (screen: targets first, then texts)


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes of batches."""

    tokens: int = 3072  #: padded tokens a batch
    pair_tokens: int = 120  #: longest pair; the passage is cut
    single_tokens: int = 96


def pad(encoded: Sequence[dict[str, list[int]]], pad_id: int = 0) -> dict[str, Tensor]:
    """Stack encodings, padded to the longest one (a multiple of 8)."""
    longest = -(-max(len(e["input_ids"]) for e in encoded) // 8) * 8
    out = {}
    for name, fill in (("input_ids", pad_id), ("attention_mask", 0), ("token_type_ids", 0)):
        out[name] = torch.tensor([e[name] + [fill] * (longest - len(e[name])) for e in encoded])
    return out


def encode(
    tokenizer: PreTrainedTokenizerBase, first: Sequence[str], second: Sequence[str] | None, limit: int
) -> list[dict[str, list[int]]]:
    """Token ids of texts or of (target, passage) pairs; in a pair only the passage is cut."""
    if second is None:
        got = tokenizer(list(first), truncation=True, max_length=limit)
    else:
        # a target is a statement, not an essay: 64 tokens are plenty, and the passage must keep room
        short = [" ".join(target.split()[:48]) for target in first]
        got = tokenizer(short, list(second), truncation="longest_first", max_length=limit)
    return [
        {name: got[name][i] for name in ("input_ids", "attention_mask", "token_type_ids")}
        for i in range(len(first))
    ]


def by_length(lengths: Sequence[int], tokens: int, rng: random.Random) -> list[list[int]]:
    """Group indices so that padded batches hold at most `tokens`; similar lengths go together."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] * rng.uniform(0.93, 1.07))
    groups: list[list[int]] = []
    group: list[int] = []
    longest = 0
    for i in order:
        grown = max(longest, -(-lengths[i] // 8) * 8)
        if group and grown * (len(group) + 1) > tokens:
            groups.append(group)
            group, grown = [], -(-lengths[i] // 8) * 8
        group.append(i)
        longest = grown
    if group:
        groups.append(group)
    rng.shuffle(groups)
    return groups


def _pair_batches(
    pairs: Sequence[Pair], tokenizer: PreTrainedTokenizerBase, limits: Limits, rng: random.Random
) -> Iterator[Batch]:
    encoded = encode(tokenizer, [p.target for p in pairs], [p.text for p in pairs], limits.pair_tokens)
    for group in by_length([len(e["input_ids"]) for e in encoded], limits.tokens, rng):
        chosen = [pairs[i] for i in group]
        yield Batch(
            kind="pair",
            inputs=pad([encoded[i] for i in group]),
            stance=torch.tensor([IGNORE if p.stance is None else p.stance for p in chosen]),
            weight=torch.tensor([0.4 + 0.6 * min(1.0, p.weight) for p in chosen]),
            about=torch.tensor([float("nan") if p.about is None else p.about for p in chosen]),
        )


def _single_batches(
    singles: Sequence[Single],
    topics: int,
    tokenizer: PreTrainedTokenizerBase,
    limits: Limits,
    rng: random.Random,
) -> Iterator[Batch]:
    encoded = encode(tokenizer, [s.text for s in singles], None, limits.single_tokens)
    for group in by_length([len(e["input_ids"]) for e in encoded], limits.tokens, rng):
        chosen = [singles[i] for i in group]
        gold = torch.full((len(chosen), topics), float("nan"))
        primary = torch.full((len(chosen),), IGNORE)
        for row, single in enumerate(chosen):
            if single.topics is None:
                continue
            gold[row] = 0.0
            gold[row, list(single.silent)] = float("nan")
            gold[row, list(single.topics)] = 1.0
            primary[row] = single.topics[0] if single.topics else topics
        yield Batch(
            kind="single",
            inputs=pad([encoded[i] for i in group]),
            topics=gold,
            primary=primary,
            opinion=torch.tensor([float("nan") if s.opinion is None else s.opinion for s in chosen]),
        )


def _screen_batches(
    pairs: Sequence[Pair], tokenizer: PreTrainedTokenizerBase, limits: Limits, size: int = 40
) -> Iterator[Batch]:
    for start in range(0, len(pairs) - size + 1, size):
        chosen = pairs[start : start + size]
        names = sorted({p.target for p in chosen})
        texts = [p.target for p in chosen] + [p.text for p in chosen]
        yield Batch(
            kind="screen",
            inputs=pad(encode(tokenizer, texts, None, 80)),
            groups=torch.tensor([names.index(p.target) for p in chosen]),
        )


def batches_of(
    block: Block, topics: int, tokenizer: PreTrainedTokenizerBase, limits: Limits, seed: str
) -> list[Batch]:
    """All batches of a block, in random order."""
    rng = random.Random(seed)
    out = [
        *_pair_batches(block.pairs, tokenizer, limits, rng),
        *_single_batches(block.singles, topics, tokenizer, limits, rng),
        *_screen_batches(block.screen, tokenizer, limits),
    ]
    rng.shuffle(out)
    return out
