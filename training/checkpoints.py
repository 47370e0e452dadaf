"""Writing and reading checkpoints of training, and building networks with their weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import MPNetConfig, MPNetModel, PreTrainedTokenizerBase

from commentariat import ModelError
from models.tokenizer import load_tokenizer
from training.network import MPNetEncoder, PairNetwork, base_checkpoint
from training.text_network import TextNetwork, fresh_text_network
from training.vocabulary_pruning import keep_embeddings, with_word_pieces


@dataclass(slots=True)
class Progress:
    """The progress of a run.

    Attributes
    ----------
    step
        Steps done.
    block, used
        The number of the mixture's present block, and how many of its batches were used.
    tokens
        Tokens read, without padding.
    seconds
        Time spent on steps.
    """

    step: int = 0
    block: int = 0
    used: int = 0
    tokens: int = 0
    seconds: float = 0.0


def save_checkpoint(
    path: Path,
    network: PairNetwork,
    weights: Mapping[str, Tensor],
    optimizer: torch.optim.Optimizer,
    progress: Progress,
) -> None:
    """Write a checkpoint of a pair network, with all data needed to build the network and to resume the training.

    The file is written whole or not at all.
    """
    partial = path.with_suffix(".partial")
    torch.save(
        {
            "network": dict(weights),
            "config": network.encoder.config.to_diff_dict(),
            "optimizer": optimizer.state_dict(),
            "progress": asdict(progress),
            "random": torch.get_rng_state(),
        },
        partial,
    )
    partial.replace(path)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint.

    Raises
    ------
    ModelError
        If the file does not exist.
    """
    if not path.is_file():
        raise ModelError(f"No checkpoint at {path}.")
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def load_pair_network(checkpoint: Path) -> tuple[PairNetwork, PreTrainedTokenizerBase, Progress]:
    """Load a pair network in evaluation mode, the tokenizer beside its checkpoint, and the progress of its training.

    Raises
    ------
    ModelError
        If the file does not exist, or is no checkpoint of a pair network.
    """
    state = load_checkpoint(checkpoint)
    if "config" not in state:
        raise ModelError(f"{checkpoint} is no checkpoint of `python -m training`.")
    config = MPNetConfig(**state["config"])
    whole = MPNetModel(config, add_pooling_layer=False)
    network = PairNetwork(MPNetEncoder(whole, config.num_hidden_layers))
    network.load_state_dict(state["network"])
    return network.eval(), load_tokenizer(checkpoint.parent), Progress(**state["progress"])


def load_text_network(
    checkpoint: Path, base: Path | None = None
) -> tuple[TextNetwork, PreTrainedTokenizerBase]:
    """Load a text network in evaluation mode, and its tokenizer; `base` is the encoder with which training began.

    Raises
    ------
    ModelError
        If the file or the encoder does not exist, or the file is no checkpoint of a text network.
    """
    state = load_checkpoint(checkpoint)
    if "branch" not in state:
        raise ModelError(f"{checkpoint} is no checkpoint of `python -m training.texts`.")
    network, tokenizer = fresh_text_network(base_checkpoint(base), state["branch"])
    word_pieces = range(len(tokenizer)) if state["pieces"] is None else state["pieces"]
    keep_embeddings(network, word_pieces)
    network.load_state_dict(state["network"])
    return network.eval(), with_word_pieces(tokenizer, word_pieces)
