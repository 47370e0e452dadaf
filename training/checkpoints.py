"""Networks with the weights of a training checkpoint, and a runner (see :mod:`training.answers`) over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from transformers import PreTrainedTokenizerBase

from commentariat import ModelError
from training.answers import Runner
from training.figures import Array
from training.loop import Progress, load_checkpoint
from training.network import PairNetwork, base_checkpoint, load_encoder
from training.scores import run
from training.text_network import TextNetwork, fresh_text_network
from training.vocabulary import keep_embeddings, with_pieces

#: Longest inputs the model is asked about, in tokens; it was trained on up to 112 and 96.
MAX_PAIR_TOKENS, MAX_TARGET_TOKENS, MAX_SINGLE_TOKENS = 256, 64, 256
_LAYER = "encoder.whole.encoder.layer."


def load_pair_network(
    checkpoint: Path, base: Path | None = None
) -> tuple[PairNetwork, PreTrainedTokenizerBase, Progress]:
    """Pair network in evaluation mode, and how far it was trained. `base` is the encoder it started from."""
    state = load_checkpoint(checkpoint)
    weights = state["network"]
    layers = 1 + max(int(name[len(_LAYER) :].split(".")[0]) for name in weights if name.startswith(_LAYER))
    encoder, tokenizer = load_encoder(base_checkpoint(base), layers=layers)
    network = PairNetwork(encoder)
    pieces = pieces_of(state, len(tokenizer))
    keep_embeddings(network, pieces)
    tokenizer = with_pieces(tokenizer, pieces)
    network.load_state_dict(weights)
    return network.eval(), tokenizer, Progress(**state["progress"])


def load_text_network(
    checkpoint: Path, base: Path | None = None
) -> tuple[TextNetwork, PreTrainedTokenizerBase]:
    """Text network in evaluation mode, and the tokenizer for it."""
    state = load_checkpoint(checkpoint)
    network, tokenizer = fresh_text_network(base_checkpoint(base), state["branch"])
    pieces = pieces_of(state, len(tokenizer))
    keep_embeddings(network, pieces)
    network.load_state_dict(state["network"])
    return network.eval(), with_pieces(tokenizer, pieces)


def pieces_of(state: Mapping[str, Any], size: int) -> Sequence[int]:
    """Word pieces, of the base's `size`, that a checkpoint reads."""
    pieces: list[int] | None = state.get("pieces")
    return range(size) if pieces is None else pieces


def runner_of(
    pairs: PairNetwork, texts: TextNetwork | None, tokenizer: PreTrainedTokenizerBase, *, bf16: bool = False
) -> Runner:
    """Answer with the torch networks, in fp32 unless told otherwise; without `texts`, pairs alone."""

    def answer(first: Sequence[str], second: Sequence[str] | None) -> dict[str, Array]:
        if second is None:
            if texts is None:
                raise ModelError("Only pairs can be asked: no text network was given.")
            return run(texts, tokenizer, first, None, limit=MAX_SINGLE_TOKENS, bf16=bf16)
        return run(pairs, tokenizer, first, second, limit=MAX_PAIR_TOKENS, bf16=bf16)

    return answer


def untrained_embedder() -> Callable[[Sequence[str]], Array]:
    """Embeddings of the sentence encoder, so that the sets built by nearness are the same for every model.

    In fp32 on every machine: a cosine next to a threshold would else add a row here and not there.
    """
    network, tokenizer = fresh_text_network(base_checkpoint(), branch=1)
    network.eval()

    def embed(texts: Sequence[str]) -> Array:
        return run(network, tokenizer, texts, None, limit=96, bf16=False)["embedding"]

    return embed
