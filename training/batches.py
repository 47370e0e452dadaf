"""From examples to tensors: tokenise, sort by length, cut into batches of about equal numbers of tokens."""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from training.corpus import Pair, Single
from training.opeds import SOURCE as OPEDS

IGNORE = -100


@dataclass(frozen=True, slots=True)
class Batch:
    """One step's input of pairs."""

    inputs: dict[str, Tensor]
    stance: Tensor  #: [batch] class index or IGNORE
    weight: Tensor  #: [batch]
    about: Tensor  #: [batch] 1.0 / 0.0 / nan = unknown

    def to(self, device: str) -> Batch:
        """Copy on another device."""
        return Batch(
            {name: value.to(device) for name, value in self.inputs.items()},
            self.stance.to(device), self.weight.to(device), self.about.to(device),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextBatch:
    """One step's input of single texts."""

    inputs: dict[str, Tensor]
    topics: Tensor  #: [batch, topics] 1.0 / 0.0 / nan = unknown
    primary: Tensor  #: [batch] topic index, `topics` count for none of them, or IGNORE
    opinion: Tensor  #: [batch] 1.0 / 0.0 / nan

    def to(self, device: str) -> TextBatch:
        """Copy on another device."""
        return TextBatch(
            {name: value.to(device) for name, value in self.inputs.items()},
            self.topics.to(device), self.primary.to(device), self.opinion.to(device),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes of batches."""

    tokens: int = 3072  #: padded tokens a batch
    pair_tokens: int = 112  #: longest pair; the passage is cut
    oped_tokens: int = (
        208  #: longest pair with a passage of an op-ed, which is read with the title and the next one
    )
    single_tokens: int = 96


def pad(encoded: Sequence[dict[str, list[int]]], pad_id: int = 0, multiple: int = 8) -> dict[str, Tensor]:
    """Stack encodings, padded to the longest one, rounded up to a multiple."""
    longest = -(-max(len(e["input_ids"]) for e in encoded) // multiple) * multiple
    out = {}
    for name, fill in (("input_ids", pad_id), ("attention_mask", 0), ("token_type_ids", 0)):
        out[name] = torch.tensor([e[name] + [fill] * (longest - len(e[name])) for e in encoded])
    return out


def encode(
    tokenizer: PreTrainedTokenizerBase, first: Sequence[str], second: Sequence[str] | None, limit: int
) -> list[dict[str, list[int]]]:
    """Token ids of texts or of (target, passage) pairs; in a pair only the passage is cut."""
    if not first:
        return []
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


def pair_batches(
    pairs: Sequence[Pair], tokenizer: PreTrainedTokenizerBase, limits: Limits, seed: str
) -> list[Batch]:
    """All batches of some pairs, in random order."""
    rng = random.Random(seed)
    encoded = _encoded_pairs(tokenizer, pairs, limits)
    out = []
    for group in by_length([len(e["input_ids"]) for e in encoded], limits.tokens, rng):
        chosen = [pairs[i] for i in group]
        out.append(
            Batch(
                inputs=pad([encoded[i] for i in group]),
                stance=torch.tensor([IGNORE if p.stance is None else p.stance for p in chosen]),
                weight=torch.tensor([0.4 + 0.6 * min(1.0, p.weight) for p in chosen]),
                about=torch.tensor([float("nan") if p.about is None else p.about for p in chosen]),
            )
        )
    rng.shuffle(out)
    return out


def _encoded_pairs(
    tokenizer: PreTrainedTokenizerBase, pairs: Sequence[Pair], limits: Limits
) -> list[dict[str, list[int]]]:
    found: dict[int, dict[str, list[int]]] = {}
    for limit, long in ((limits.pair_tokens, False), (limits.oped_tokens, True)):
        rows = [i for i, pair in enumerate(pairs) if (pair.source == OPEDS) == long]
        encoded = encode(tokenizer, [pairs[i].target for i in rows], [pairs[i].text for i in rows], limit)
        found |= dict(zip(rows, encoded, strict=True))
    return [found[i] for i in range(len(pairs))]


def text_batches(
    singles: Sequence[Single], topics: int, tokenizer: PreTrainedTokenizerBase, limits: Limits, seed: str
) -> list[TextBatch]:
    """All batches of some single texts, in random order."""
    rng = random.Random(seed)
    encoded = encode(tokenizer, [s.text for s in singles], None, limits.single_tokens)
    out = []
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
        opinion = torch.tensor([float("nan") if s.opinion is None else s.opinion for s in chosen])
        out.append(TextBatch(pad([encoded[i] for i in group]), gold, primary, opinion))
    rng.shuffle(out)
    return out
