"""A runner (see :mod:`models.train.answers`) over a torch checkpoint or over the untrained encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from transformers import PreTrainedTokenizerBase

from models.train.answers import Runner
from models.train.folder import MAX_PAIR_TOKENS, MAX_SINGLE_TOKENS
from models.train.loop import Progress, load_checkpoint
from models.train.network import StanceNetwork, base_checkpoint, load_base
from models.train.scores import Array, run
from models.train.topics import CODES


def load_network(
    checkpoint: Path, base: Path | None = None
) -> tuple[StanceNetwork, PreTrainedTokenizerBase, Progress]:
    """Network with the weights of a training checkpoint, in evaluation mode, and how far it was trained."""
    network, tokenizer = load_base(base_checkpoint(base), len(CODES))
    state = load_checkpoint(checkpoint)
    network.load_state_dict(state["network"])
    return network.eval(), tokenizer, Progress(**state["progress"])


def runner_of(network: StanceNetwork, tokenizer: PreTrainedTokenizerBase, *, bf16: bool = False) -> Runner:
    """Answer with a torch network, in fp32 unless told otherwise."""

    def answer(first: Sequence[str], second: Sequence[str] | None) -> dict[str, Array]:
        limit = MAX_SINGLE_TOKENS if second is None else MAX_PAIR_TOKENS
        outputs: dict[str, Array] = run(network, tokenizer, first, second, limit=limit, bf16=bf16)
        return outputs

    return answer


def untrained_embedder(base: Path | None = None) -> Callable[[Sequence[str]], Array]:
    """Embeddings of the base encoder, so that the sets built by nearness are the same for every model."""
    network, tokenizer = load_base(base_checkpoint(base), len(CODES))
    runner = runner_of(network.eval(), tokenizer, bf16=True)

    def embed(texts: Sequence[str]) -> Array:
        return runner(texts, None)["embedding"]

    return embed
