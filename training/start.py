"""Begin training from networks that are there: weights of several sources, each laid over the one before."""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

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

#: Parts of the text network that are trained.
_OF_TEXTS = ("branch", "topic_dense", "topic", "opinion")
_LAYER = re.compile(r"encoder\.whole\.encoder\.layer\.(\d+)\.")
#: Weights that an earlier form of the network did not have: they stay as they start, at zero.
_NEWER = ("evidence.weight", "evidence.bias")
_JOINT = "pair_dense.weight"


def read_weights(source: Path, graph: str) -> dict[str, Tensor]:
    """Weights of a checkpoint (``.pt``), of a file of weights (``.safetensors``), or of a graph of a model folder.

    Raises
    ------
    ModelError
        If there is no such file.
    """
    if source.suffix == ".pt":
        found: dict[str, Tensor] = load_checkpoint(source)["network"]
        return found
    if source.suffix == ".safetensors":
        if not source.is_file():
            raise ModelError(f"No weights at {source}.")
        return {name: value.float() for name, value in load_file(source).items()}
    return shipped_weights(source / GRAPHS[graph])


def start_from(network: PairNetwork, sources: Sequence[Path], frozen: int = 0) -> None:
    """Give a network the weights of other ones, in place.

    Parameters
    ----------
    network
        Fresh from the base checkpoint.
    sources
        Model folders, checkpoints or files of weights; where several name a weight, the last one counts. Sources
        without evidence are of an earlier form, whose heads saw four vectors: the fifth gets weights of zero.
    frozen
        Lower layers that stay those of the base checkpoint, as its embeddings do.

    Raises
    ------
    ModelError
        If a source has weights that the network does not, or the trained parts of the network are not all there.
    """
    state: dict[str, Tensor] = {}
    own = network.state_dict()
    for source in sources:
        for name, value in read_weights(source, "pair").items():
            layer = _LAYER.match(name)
            if name.startswith(EMBEDDINGS) or (layer and int(layer[1]) < frozen):
                continue
            if name == _JOINT and value.shape[1] < own[_JOINT].shape[1]:
                value = torch.nn.functional.pad(value, (0, own[_JOINT].shape[1] - value.shape[1]))  # noqa: PLW2901
            if name not in own or value.shape != own[name].shape:
                raise ModelError(f"{source} is of another kind: {name} does not fit.")
            state[name] = value
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
    """Give a text network the branch and the heads of a model folder, or of a checkpoint (``.pt``), in place.

    The encoder stays the base's.

    Raises
    ------
    ModelError
        If the other branch has another form.
    """
    every = read_weights(source, "single")
    weights = {name: value for name, value in every.items() if name.split(".")[0] in _OF_TEXTS}
    own = {name for name in network.state_dict() if name.split(".")[0] in _OF_TEXTS}
    if weights.keys() != own:
        raise ModelError(f"{source} is of another kind: {sorted(weights.keys() ^ own)} do not match.")
    network.load_state_dict(weights, strict=False)
