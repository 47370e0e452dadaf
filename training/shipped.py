"""Read the weights of a network from a graph of a model folder.

Checkpoints of training are large and are not part of a model folder; the rounded graph is. Its weights have one scale
for each channel. Their rounding errors are small compared with the changes that further training makes.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (if torch is not installed, mypy does not know its classes)

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from commentariat import ModelError
from training.graph import module_of
from training.smooth_quant import EVENED

#: Start of the names of the embeddings. They are never trained and remain those of the base checkpoint.
EMBEDDINGS = "encoder.whole.embeddings."
#: Endings of the names of a quantised weight's parts in the graph.
_PARTS = ("_quantized", "_scale", "_zero_point")
_NETWORK = "network."


def shipped_weights(graph: Path) -> dict[str, Tensor]:
    """Return the weights of a graph, except its embeddings, by their names in the network.

    Raises
    ------
    ModelError
        If the file does not exist.
    """
    if not graph.is_file():
        raise ModelError(f"No graph at {graph}: name a model folder with {graph.name} in it.")
    model = onnx.load(graph).graph
    values = {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in model.initializer
        if not tensor.name.removeprefix(_NETWORK).startswith(EMBEDDINGS)
    }
    weights = {
        name.removeprefix(_NETWORK): value
        for name, value in values.items()
        if name.startswith(_NETWORK) and not name.endswith((*_PARTS, EVENED))
    }
    for name in values:
        if name.startswith(_NETWORK) and name.endswith("_quantized"):
            weights[name.removeprefix(_NETWORK).removesuffix("_quantized")] = _real(values, name)
    makers = {output: node for node in model.node for output in node.output}
    for node in model.node:
        weight = node.input[1] if node.op_type in {"MatMul", "MatMulInteger"} else ""
        if weight in values:  # [inputs, outputs]
            real = _real(values, weight) if weight.endswith("_quantized") else values[weight]
            weights[f"{module_of(node)}.weight"] = real.T * _evened_by(node, makers, values)
    for name in [
        name for name in weights if name.endswith("_Transposed")
    ]:  # weights of heads, [inputs, outputs]
        weights[name.removesuffix("_Transposed")] = weights.pop(name).T
    return {name: torch.tensor(np.ascontiguousarray(value)) for name, value in weights.items()}


def _evened_by(
    product: onnx.NodeProto, makers: Mapping[str, onnx.NodeProto], values: Mapping[str, NDArray[np.generic]]
) -> NDArray[np.float32]:
    """Return the factors by which the inputs of a product are multiplied before they are scaled; 1 if there are none.

    Queries, keys and values have the same inputs, so a graph has one set of factors for all three.
    """
    node = makers.get(product.input[0])
    if node is not None and node.op_type == "DynamicQuantizeLinear":
        node = makers.get(node.input[0])
    named = [name for name in (node.input if node is not None else ()) if name.endswith(EVENED)]
    return values[named[0]].astype(np.float32) if named else np.ones(1, dtype=np.float32)


def _real(values: Mapping[str, NDArray[np.generic]], quantized: str) -> NDArray[np.float32]:
    stem = quantized.removesuffix("_quantized")
    zero = values.get(f"{stem}_zero_point", np.int8(0)).astype(np.float32)
    real = (values[quantized].astype(np.float32) - zero) * values[f"{stem}_scale"].astype(np.float32)
    return np.asarray(real, dtype=np.float32)
