"""Replacing the nine operators that tracing writes for attention by one operator of ONNX Runtime.

The nine operators spend much of their time on rearranging the heads in memory, and on adding the same mask to the
scores of every layer. The one operator rearranges nothing, and the sum of mask and positions is computed once for all
layers. Answers remain the same bit for bit if no token is masked, as in texts that are read one by one.

This is true of heads of 16, 64 or 256 numbers, because their scores are multiplied by a power of two. Other heads
(those of MiniLM have 32 numbers) remain as they were traced: for them the operator multiplies at another step, and is
not faster.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (if onnx is not installed, mypy does not know its classes)

from __future__ import annotations

import math

from onnx import NodeProto, helper
from onnxruntime.transformers.onnx_model import OnnxModel

from commentariat import ModelError

#: Operators from the softmax back to the product of queries and keys; each gives the first input of the one named
#: before it. Both forms add a mask; in MPNet's form, relative positions are added before the mask.
_WAYS = (("Add", "Mul", "MatMul"), ("Add", "Add", "Div", "MatMul"))


def fuse_attention(model: OnnxModel, heads: int) -> None:
    """Replace the attentions of an encoder's graph by ``MultiHeadAttention``; the graph itself is changed.

    Parameters
    ----------
    model
        A graph whose attention was traced operator by operator, with a mask of the same width as the scores.
    heads
        Number of heads in each layer.

    Raises
    ------
    ModelError
        If an attention has an unknown form.
    """
    sums: dict[tuple[str, ...], str] = {}
    for softmax in model.get_nodes_by_op_type("Softmax"):
        if "/attention/" not in softmax.name:  # the softmax of the evidence head, over the tokens of the text
            continue
        way = next((nodes for kinds in _WAYS if (nodes := _back(model, softmax, kinds))), None)
        product = model.get_children(softmax)[0]
        onward = model.match_child_path(product, ["Transpose", "Reshape"])
        if way is None or onward is None:
            raise _unknown(softmax)
        *adds, scaling, scores = way
        scale = _scale(model, scaling)
        if math.frexp(scale)[0] != 0.5:  # the mantissa of a power of two
            continue
        added = tuple(add.input[1] for add in adds)
        if added not in sums:
            sums[added] = _add_up(model, added, f"{softmax.name}_added")
        states = [
            _before_heads(model, node, index) for node, index in ((scores, 0), (scores, 1), (product, 1))
        ]
        attention = helper.make_node(
            "MultiHeadAttention",
            [*states, "", "", sums[added]],
            [onward[-1].output[0]],
            name=f"{softmax.name}_attention",
            domain="com.microsoft",
            num_heads=heads,
            scale=scale,
        )
        model.remove_node(onward[-1])
        model.add_node(attention)
    model.prune_graph()
    model.topological_sort()


def _back(model: OnnxModel, node: NodeProto, kinds: tuple[str, ...]) -> list[NodeProto] | None:
    nodes: list[NodeProto] | None = model.match_parent_path(node, list(kinds), [0] * len(kinds))
    return nodes


def _before_heads(model: OnnxModel, node: NodeProto, index: int) -> str:
    """Return the name of the states [batch, tokens, hidden] from which an input of a product was computed."""
    way: list[NodeProto] | None = model.match_parent_path(node, ["Transpose", "Reshape"], [index, 0])
    if way is None:
        raise _unknown(node)
    return str(way[-1].input[0])


def _add_up(model: OnnxModel, added: tuple[str, ...], name: str) -> str:
    """Return the name of the sum of all tensors that a layer adds to its scores."""
    if len(added) == 1:
        return added[0]
    model.add_node(helper.make_node("Add", list(added), [name], name=name))
    return name


def _scale(model: OnnxModel, scaling: NodeProto) -> float:
    """Return the factor of the scores."""
    by = model.get_constant_value(scaling.input[1])
    if by is None:
        raise _unknown(scaling)
    return 1.0 / float(by) if scaling.op_type == "Div" else float(by)


def _unknown(node: NodeProto) -> ModelError:
    return ModelError(
        f"The attention at {node.name} does not have the form that tracing with transformers 5 gives: install the "
        "extra `train` of this project, and export again."
    )
