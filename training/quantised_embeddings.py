"""Word embeddings in eight bits. They are a fifth of the weights of a pair graph, and a text needs few of them.

Each row of the table has a scale of its own, because the rows of frequent words are shorter than those of rare ones.
The graph looks up the codes and scales of the words in its input and multiplies them.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (if onnx is not installed, mypy does not know its classes)

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from commentariat import ModelError

_MOST = 127


def quantise_lookup(graph: onnx.GraphProto, table: str) -> None:
    """Replace the lookup in an fp32 table [rows, width] of a graph by a lookup in its eight-bit form, in place.

    Raises
    ------
    ModelError
        If the graph has no such lookup.
    """
    old = next((tensor for tensor in graph.initializer if tensor.name == table), None)
    place = next((i for i, n in enumerate(graph.node) if n.op_type == "Gather" and n.input[0] == table), None)
    if old is None or place is None:
        raise ModelError(f"The graph has no lookup in {table}.")
    values = numpy_helper.to_array(old).astype(np.float32)
    scales = np.maximum(np.abs(values).max(axis=1, keepdims=True) / _MOST, 1e-12).astype(np.float32)
    codes = np.round(values / scales).astype(np.int8)
    gather = graph.node[place]
    ids = gather.input[1]
    graph.initializer.remove(old)
    graph.initializer.extend(
        [numpy_helper.from_array(codes, f"{table}_codes"), numpy_helper.from_array(scales, f"{table}_scales")]
    )
    graph.node.remove(gather)
    nodes = [
        helper.make_node("Gather", [f"{table}_codes", ids], [f"{table}_codes_read"]),
        helper.make_node("Cast", [f"{table}_codes_read"], [f"{table}_codes_32"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [f"{table}_scales", ids], [f"{table}_scales_read"]),
        helper.make_node("Mul", [f"{table}_codes_32", f"{table}_scales_read"], [gather.output[0]]),
    ]
    for number, node in enumerate(nodes):
        node.name = f"{gather.name}_{number}"
        graph.node.insert(place + number, node)
