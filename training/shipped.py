"""Read the weights of a network back from a graph of a model folder.

Training checkpoints are large and not shipped; the eight-bit graph is. Its weights carry one scale a channel, which
loses next to nothing that further training would not move anyway.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

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
from training.evening import EVENED
from training.graph import module_of

#: The embeddings are never trained: they are the base checkpoint's.
EMBEDDINGS = "encoder.whole.embeddings."
#: What the graph calls the parts of a quantised weight.
_PARTS = ("_quantized", "_scale", "_zero_point")
_NETWORK = "network."


def shipped_weights(graph: Path) -> dict[str, Tensor]:
    """Weights of a graph but those of its embeddings, by the names they have in the network.

    Raises
    ------
    ModelError
        If there is no such file.
    """
    if not graph.is_file():
        raise ModelError(f"No graph at {graph}: name a model folder with {graph.name} in it.")
    model = onnx.load(graph).graph
    values = {
        one.name: numpy_helper.to_array(one)
        for one in model.initializer
        if not one.name.removeprefix(_NETWORK).startswith(EMBEDDINGS)
    }
    found = {
        name.removeprefix(_NETWORK): value
        for name, value in values.items()
        if name.startswith(_NETWORK) and not name.endswith((*_PARTS, EVENED))
    }
    for name in values:
        if name.startswith(_NETWORK) and name.endswith("_quantized"):
            found[name.removeprefix(_NETWORK).removesuffix("_quantized")] = _real(values, name)
    makers = {output: node for node in model.node for output in node.output}
    for node in model.node:
        weight = node.input[1] if node.op_type in {"MatMul", "MatMulInteger"} else ""
        if weight in values:  # [inputs, outputs]
            real = _real(values, weight) if weight.endswith("_quantized") else values[weight]
            found[f"{module_of(node)}.weight"] = real.T * _evened_by(node, makers, values)
    for name in [name for name in found if name.endswith("_Transposed")]:  # of a head, [inputs, outputs]
        found[name.removesuffix("_Transposed")] = found.pop(name).T
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


def _real(values: Mapping[str, NDArray[np.generic]], quantized: str) -> NDArray[np.float32]:
    stem = quantized.removesuffix("_quantized")
    zero = values.get(f"{stem}_zero_point", np.int8(0)).astype(np.float32)
    real = (values[quantized].astype(np.float32) - zero) * values[f"{stem}_scale"].astype(np.float32)
    return np.asarray(real, dtype=np.float32)
