"""Begin training with the weights of existing networks; a later source replaces weights of an earlier one."""

# mypy: disable-error-code="misc,unused-ignore"
# (if torch is not installed, mypy does not know its classes)

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from commentariat import ModelError
from training.checkpoints import load_checkpoint
from training.folder import GRAPHS
from training.network import PairNetwork
from training.shipped import EMBEDDINGS, shipped_weights
from training.text_network import TextNetwork

#: The parts of the text network that are trained.
_OF_TEXTS = ("branch", "topic_dense", "topic", "opinion")
_LAYER = re.compile(r"encoder\.whole\.encoder\.layer\.(\d+)\.")
#: Weights that an earlier form of the network did not have: they keep their initial value, zero.
_NEWER = ("evidence.weight", "evidence.bias")
_JOINT = "pair_dense.weight"


def read_weights(source: Path, graph: str) -> dict[str, Tensor]:
    """Read the weights of a checkpoint (``.pt``), a file of weights (``.safetensors``), or a graph of a model folder.

    Raises
    ------
    ModelError
        If the file does not exist.
    """
    if source.suffix == ".pt":
        weights: dict[str, Tensor] = load_checkpoint(source)["network"]
        return weights
    if source.suffix == ".safetensors":
        if not source.is_file():
            raise ModelError(f"No weights at {source}.")
        return {name: value.float() for name, value in load_file(source).items()}
    return shipped_weights(source / GRAPHS[graph])


def start_from(network: PairNetwork, sources: Sequence[Path], frozen: int = 0) -> None:
    """Replace the weights of a network by those of other networks, in place.

    Parameters
    ----------
    network
        A network with the weights of the base checkpoint.
    sources
        Model folders, checkpoints or files of weights; if several have a weight, the last one is used. A source without
        an evidence head has an earlier form, whose heads had four vectors as input: the fifth gets weights of zero.
    frozen
        Number of lower layers that keep the weights of the base checkpoint, as its embeddings do.

    Raises
    ------
    ModelError
        If a source has weights that the network lacks, or if weights of the trained parts are missing.
    """
    state: dict[str, Tensor] = {}
    own = network.state_dict()
    for source in sources:
        for name, value in read_weights(source, "pair").items():
            layer = _LAYER.match(name)
            if name.startswith(EMBEDDINGS) or (layer and int(layer[1]) < frozen):
                continue
            fitted = value
            if name == _JOINT and value.shape[1] < own[_JOINT].shape[1]:
                fitted = torch.nn.functional.pad(value, (0, own[_JOINT].shape[1] - value.shape[1]))
            if name not in own or fitted.shape != own[name].shape:
                raise ModelError(f"{source} is of another kind: {name} does not fit.")
            state[name] = fitted
    needed = {
        name
        for name in own
        if not name.startswith(EMBEDDINGS)
        and not ((layer := _LAYER.match(name)) and int(layer[1]) < frozen)
        and name not in _NEWER
    }
    if needed - state.keys():
        raise ModelError(
            f"{' and '.join(map(str, sources))} lack weights: {', '.join(sorted(needed - state.keys()))}."
        )
    network.load_state_dict(state, strict=False)


def start_texts_from(network: TextNetwork, source: Path) -> None:
    """Replace the branch and the heads of a text network by those of a model folder or checkpoint (``.pt``), in place.

    The encoder remains that of the base checkpoint.

    Raises
    ------
    ModelError
        If the source's branch has another form.
    """
    every = read_weights(source, "single")
    weights = {name: value for name, value in every.items() if name.split(".")[0] in _OF_TEXTS}
    own = {name for name in network.state_dict() if name.split(".")[0] in _OF_TEXTS}
    if weights.keys() != own:
        raise ModelError(f"{source} is of another kind: {sorted(weights.keys() ^ own)} do not match.")
    network.load_state_dict(weights, strict=False)
