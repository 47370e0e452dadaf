"""Leave out word pieces that English commentary hardly uses, so that the model's files are smaller.

A word that was left out is cut into smaller word pieces, in the same way as a word that was never in the vocabulary.
The special tokens are kept, every word piece of one or two ASCII characters (so that any English word can still be
spelled), and the word pieces that occur often enough in the training texts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from torch import nn
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

from training.corpus import singles, stance_pairs
from training.network import INPUTS
from training.text_network import TextNetwork

#: Number of texts that are cut into word pieces in one call, so that the tokenizer uses every core.
_AT_ONCE = 1000


def kept_word_pieces(tokenizer: PreTrainedTokenizerBase, texts: Iterable[str], size: int) -> list[int]:
    """Return the ids of the word pieces to keep, at most `size`, ascending.

    Parameters
    ----------
    tokenizer
        A WordPiece tokenizer.
    texts
        Texts like those that the model will read.
    size
        Largest number of word pieces; those that occur in none of the texts are left out in any case.
    """
    seen: Counter[int] = Counter()
    read = list(texts)
    for start in range(0, len(read), _AT_ONCE):
        for ids in tokenizer(read[start : start + _AT_ONCE], add_special_tokens=False)["input_ids"]:
            seen.update(ids)
    always = set(tokenizer.all_special_ids) | {
        place
        for word_piece, place in tokenizer.get_vocab().items()
        if word_piece.isascii() and len(word_piece.removeprefix("##")) <= 2
    }
    often = [place for place, _ in seen.most_common() if place not in always]
    return sorted(always | set(often[: max(0, size - len(always))]))


def commentary_word_pieces(data: Path, tokenizer: PreTrainedTokenizerBase, size: int) -> list[int]:
    """Return the ids of the word pieces that the training texts use most (see :func:`kept_word_pieces`)."""
    read = [text for pair in stance_pairs(data, "train") for text in (pair.target, pair.text)]
    read += [single.text for single in singles(data, "train")]
    return kept_word_pieces(tokenizer, read, size)


def with_word_pieces(tokenizer: PreTrainedTokenizerBase, kept: Sequence[int]) -> PreTrainedTokenizerFast:
    """Return a tokenizer with only the kept word pieces; the id of each is its position in `kept`."""
    place = {old: new for new, old in enumerate(kept)}
    state = json.loads(tokenizer.backend_tokenizer.to_str())
    vocabulary = state["model"]["vocab"]
    state["model"]["vocab"] = {
        word_piece: place[old] for word_piece, old in vocabulary.items() if old in place
    }
    state |= {"padding": None, "truncation": None}  # the base checkpoint's files ask for 128 tokens
    for token in state["added_tokens"]:
        token["id"] = place[token["id"]]
    for special in state["post_processor"]["special_tokens"].values():
        special["ids"] = [place[old] for old in special["ids"]]
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # no annotations there
        tokenizer_object=type(tokenizer.backend_tokenizer).from_str(json.dumps(state)),
        model_max_length=512,
        model_input_names=list(INPUTS),
        **{name: str(token) for name, token in tokenizer.special_tokens_map.items()},
    )


def keep_embeddings(network: TextNetwork, kept: Sequence[int]) -> None:
    """Remove all word embeddings of a network except those of the kept word pieces, in place."""
    embeddings = network.encoder.whole.embeddings
    rows = embeddings.word_embeddings.weight.detach()[torch.tensor(kept)]
    embeddings.word_embeddings = nn.Embedding.from_pretrained(rows, freeze=True)
    network.encoder.config.vocab_size = len(kept)
