"""Attention as one operator of ONNX Runtime, in place of the nine that tracing leaves.

Much of what those take is moving heads about and adding the same mask to the scores of every layer. The operator moves
nothing, and what is added to the scores is added up once for all layers. Answers stay the same bit for bit where
nothing is masked, as in texts that are read one by one.

That holds for heads of 16, 64 or 256 numbers, whose scores are multiplied by a power of two. Others (those of MiniLM
have 32) are left as they were traced: the operator multiplies elsewhere, and makes nothing faster there.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without onnx installed, its classes are unknown to the checker)

from __future__ import annotations

import math

from onnx import NodeProto, helper
from onnxruntime.transformers.onnx_model import OnnxModel

from commentariat import ModelError

#: From the softmax back to the product of queries and keys, each the first input of the one before. Both add a mask;
#: MPNet adds relative positions before it.
_WAYS = (("Add", "Mul", "MatMul"), ("Add", "Add", "Div", "MatMul"))


def fuse_attention(model: OnnxModel, heads: int) -> None:
    """Put ``MultiHeadAttention`` in the place of the attentions of an encoder's graph, in place.

    Parameters
    ----------
    model
        A graph whose attention was traced as it is written out, with a mask as wide as the scores.
    heads
        Heads of each layer.

    Raises
    ------
    ModelError
        If an attention has a form that is not known here.
    """
    sums: dict[tuple[str, ...], str] = {}
    for softmax in model.get_nodes_by_op_type("Softmax"):
        if "/attention/" not in softmax.name:  # of a head, over the tokens of the text
            continue
        way = next((found for kinds in _WAYS if (found := _back(model, softmax, kinds))), None)
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
    found: list[NodeProto] | None = model.match_parent_path(node, list(kinds), [0] * len(kinds))
    return found


def _before_heads(model: OnnxModel, node: NodeProto, index: int) -> str:
    """Name the states [batch, tokens, hidden] that an input of a product was made from."""
    way: list[NodeProto] | None = model.match_parent_path(node, ["Transpose", "Reshape"], [index, 0])
    if way is None:
        raise _unknown(node)
    return str(way[-1].input[0])


def _add_up(model: OnnxModel, added: tuple[str, ...], name: str) -> str:
    """Name the sum of what a layer adds to its scores."""
    if len(added) == 1:
        return added[0]
    model.add_node(helper.make_node("Add", list(added), [name], name=name))
    return name


def _scale(model: OnnxModel, scaling: NodeProto) -> float:
    """Return what the scores are multiplied by."""
    by = model.get_constant_value(scaling.input[1])
    if by is None:
        raise _unknown(scaling)
    return 1.0 / float(by) if scaling.op_type == "Div" else float(by)


def _unknown(node: NodeProto) -> ModelError:
    return ModelError(
        f"The attention at {node.name} was traced in another form than transformers 5 writes it: install the extra "
        "`train` as the project names it, and export again."
    )
