"""Go on from a model that is there: a shipped ``pair.onnx``, or a checkpoint, as the weights of a network.

Training checkpoints are large and not shipped; the int8 graph is. Its weights carry one scale a channel, which loses
next to nothing that further training would not move anyway. What was frozen in training (word embeddings, lower
layers) is taken from the base checkpoint instead, bit for bit.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from commentariat import ModelError
from training.folder import GRAPHS
from training.fourbit_layers import read_weight
from training.graph import module_of
from training.loop import load_checkpoint
from training.network import PairNetwork
from training.rounding import EVENED
from training.text_network import TextNetwork

#: Parts of the network that the shipped graph holds with fewer word pieces or in coarser numbers than the base does.
_FROM_BASE = ("encoder.whole.embeddings.",)
#: Parts of the text network that are trained.
_OF_TEXTS = ("branch", "topic_dense", "topic", "opinion")
#: What the graph calls the parts of a quantised weight.
_PARTS = ("_quantized", "_scale", "_zero_point", "_packed", "_multiples", "_shape")
_LAYER = re.compile(r"encoder\.whole\.encoder\.layer\.(\d+)\.")


def shipped_weights(graph: Path) -> dict[str, Tensor]:
    """Weights of a pair graph but those of its embeddings, by the names they have in :class:`PairNetwork`.

    Raises
    ------
    ModelError
        If there is no such file.
    """
    if not graph.is_file():
        raise ModelError(f"No graph at {graph}: name a model folder with pair.onnx in it.")
    model = onnx.load(graph).graph
    values = {
        one.name: numpy_helper.to_array(one)
        for one in model.initializer
        if not one.name.removeprefix("network.").startswith(_FROM_BASE)
    }
    for name in [name.removesuffix("_packed") for name in values if name.endswith("_packed")]:
        values[f"{name}_quantized"] = read_weight(values, name)
    found = {
        name.removeprefix("network."): value
        for name, value in values.items()
        if name.startswith("network.") and not name.endswith((*_PARTS, EVENED))
    }
    for name in [name for name in values if name.endswith("_quantized") and name.startswith("network.")]:
        found[name.removeprefix("network.").removesuffix("_quantized")] = _real(values, name)
    makers = {output: node for node in model.node for output in node.output}
    for node in model.node:
        weight = node.input[1] if node.op_type in {"MatMul", "MatMulInteger"} else ""
        if weight in values:  # [inputs, outputs]
            real = _real(values, weight) if weight.endswith("_quantized") else values[weight]
            found[f"{module_of(node)}.weight"] = real.T * _evened_by(node, makers, values)
    turned = [
        name for name in found if name.endswith("_Transposed")
    ]  # how the heads' weights are stored, [in, out]
    found |= {name.removesuffix("_Transposed"): found.pop(name).T for name in turned}
    return {name: torch.tensor(np.ascontiguousarray(value)) for name, value in found.items()}


def _evened_by(
    product: onnx.NodeProto, makers: Mapping[str, onnx.NodeProto], values: Mapping[str, NDArray[np.generic]]
) -> NDArray[np.float32]:
    """Return what the inputs of a product are multiplied by before they are scaled; 1 where nothing is.

    Queries, keys and values read the same inputs, so a graph keeps the factors of the three once.
    """
    node = makers.get(product.input[0])
    if node is not None and node.op_type == "DynamicQuantizeLinear":
        node = makers.get(node.input[0])
    named = [name for name in (node.input if node is not None else ()) if name.endswith(EVENED)]
    return values[named[0]].astype(np.float32) if named else np.ones(1, dtype=np.float32)


def _real(values: dict[str, NDArray[np.generic]], quantized: str) -> NDArray[np.float32]:
    stem = quantized.removesuffix("_quantized")
    zero = values.get(f"{stem}_zero_point", np.int8(0)).astype(np.float32)
    real = (values[quantized].astype(np.float32) - zero) * values[f"{stem}_scale"].astype(np.float32)
    return np.asarray(real, dtype=np.float32)


def _weights(source: Path, graph: str) -> dict[str, Tensor]:
    """Weights of a checkpoint (``.pt``), or of a graph of a model folder."""
    found: dict[str, Tensor] = (
        load_checkpoint(source)["network"]
        if source.suffix == ".pt"
        else shipped_weights(source / GRAPHS[graph])
    )
    return found


def start_from(
    network: PairNetwork, source: Path, keep: Sequence[int] | None = None, frozen: int = 0
) -> None:
    """Give a network the weights of another one, in place.

    Parameters
    ----------
    network
        As many layers as `keep` names (or as the other has), fresh from the base checkpoint.
    source
        A model folder, or a checkpoint (``.pt``).
    keep
        Layers of the other to take over, from the bottom up.
    frozen
        Lower layers that stay those of the base checkpoint.

    Raises
    ------
    ModelError
        If the layers do not fit.
    """
    every = _weights(source, "pair")
    weights = {name: value for name, value in every.items() if not name.startswith(_FROM_BASE)}
    there = sorted({int(match[1]) for name in weights if (match := _LAYER.match(name))})
    kept = there if keep is None else list(keep)
    layers = network.encoder.config.num_hidden_layers
    if len(kept) != layers or not set(kept) <= set(there):
        raise ModelError(f"{source} has the layers {there}; {kept} of them do not make {layers}.")
    state: dict[str, Tensor] = {}
    for name, value in weights.items():
        match = _LAYER.match(name)
        if match is None:
            state[name] = value
        elif int(match[1]) in kept and (place := kept.index(int(match[1]))) >= frozen:
            state[name.replace(match[0], f"encoder.whole.encoder.layer.{place}.")] = value
    wrong = network.load_state_dict(state, strict=False)
    left = [
        name
        for name in wrong.missing_keys
        if not name.startswith(_FROM_BASE) and not ((m := _LAYER.match(name)) and int(m[1]) < frozen)
    ]
    if left or wrong.unexpected_keys:
        raise ModelError(f"{source} is of another kind: {left or wrong.unexpected_keys} do not match.")


def start_texts_from(network: TextNetwork, source: Path) -> None:
    """Give a text network the branch and the heads of a model folder, or of a checkpoint (``.pt``), in place.

    The encoder stays the base's.

    Raises
    ------
    ModelError
        If the other branch has another form.
    """
    every = _weights(source, "single")
    weights = {name: value for name, value in every.items() if name.split(".")[0] in _OF_TEXTS}
    own = {name for name in network.state_dict() if name.split(".")[0] in _OF_TEXTS}
    if weights.keys() != own:
        raise ModelError(f"{source} is of another kind: {sorted(weights.keys() ^ own)} do not match.")
    network.load_state_dict(weights, strict=False)
