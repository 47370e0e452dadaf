"""Weights of the encoder's layers in four bits on file, in eight bits when they are multiplied.

A weight is ``scale * multiple * code``: a scale for each output, a whole number from 1 to 15 for each block of 32
inputs, and a code from -8 to 7. ``multiple * code`` is a whole number between -120 and 105, so the graph that is
shipped holds codes and multiples and turns them into the eight-bit weights that the runtime multiplies fast. The
runtime does that once, when it loads the graph (constant folding): nothing is slower than with eight bits on file.

Each scale is chosen so that its row's largest weight is the end of the range. Networks are rounded once, when they
are exported (:mod:`training.rounding`).
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

#: Inputs that share a multiple.
BLOCK = 32
#: The largest multiple, and the code of a row's largest weight: 15 * -8 is the end of what eight bits hold.
_MOST, _LOWEST, _HIGHEST = 15, -8, 7


@dataclass(frozen=True, slots=True)
class FourBits:
    """A weight [outputs, inputs] in four bits."""

    codes: Tensor  #: int8 [outputs, inputs], -8 to 7
    multiples: Tensor  #: int8 [outputs, blocks], 1 to 15
    scales: Tensor  #: float32 [outputs]

    def values(self) -> Tensor:
        """Return the numbers that the codes stand for, float32 [outputs, inputs]."""
        whole = self.codes.reshape(*self.multiples.shape, -1) * self.multiples.unsqueeze(-1)
        return whole.reshape(self.codes.shape).float() * self.scales.unsqueeze(-1)


def in_four_bits(weight: Tensor, moments: Tensor | None = None) -> FourBits:
    """Round a weight, so that what it makes of its inputs changes as little as can be (GPTQ, Frantar et al. 2023).

    Inputs are rounded one after another. Where inputs go together, the error of each is made up for by those that are
    not rounded yet. Of each block's multiples the one with the least such error is taken.

    Parameters
    ----------
    weight
        [outputs, inputs].
    moments
        Sums of products of the inputs, [inputs, inputs], over what the layer reads in use. Without them every input
        counts alike and by itself: each weight goes to the number that is nearest.
    """
    weight = weight.detach().float().clone()
    outputs, inputs = weight.shape
    largest = weight.gather(1, weight.abs().argmax(1, keepdim=True)).squeeze(1)
    # the sign of the scale is such that the largest weight gets the lowest code, which reaches further than the highest
    scales = largest / (_MOST * _LOWEST)
    scales = torch.where(scales == 0, torch.full_like(scales, 1e-9), scales)
    weight /= scales.unsqueeze(1)
    carry = torch.eye(inputs) if moments is None else _carry(moments)
    codes, multiples = torch.zeros_like(weight), torch.ones(outputs, inputs // BLOCK)
    for number, start in enumerate(range(0, inputs, BLOCK)):
        end = start + BLOCK
        block, within = weight[:, start:end], carry[start:end, start:end]
        multiple = _multiples(block, 1 / within.diagonal().square())
        errors = torch.zeros_like(block)
        for column in range(BLOCK):
            code = (block[:, column] / multiple).round_().clamp_(_LOWEST, _HIGHEST)
            errors[:, column] = (block[:, column] - code * multiple) / within[column, column]
            codes[:, start + column] = code
            block[:, column:] -= errors[:, column, None] * within[column, column:]
        weight[:, end:] -= errors @ carry[start:end, end:]
        multiples[:, number] = multiple
    return FourBits(codes.to(torch.int8), multiples.to(torch.int8), scales)


def _carry(moments: Tensor) -> Tensor:
    """Upper triangle whose row i says how the error of input i spreads over the inputs behind it."""
    moments = moments.double().clone()
    diagonal = moments.diagonal()
    # a hundredth of the mean on top: inputs that were hardly seen must not take over the others' errors
    diagonal += 0.01 * diagonal.mean() + 1e-9
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(moments))
    return torch.linalg.cholesky(inverse, upper=True).float()


def _multiples(block: Tensor, counts: Tensor) -> Tensor:
    """Return the multiple of each row of a block [outputs, 32] that rounds it best, where inputs count as told."""
    fitting = (block.abs().amax(1) / -_LOWEST).round()
    least, best = torch.full_like(fitting, torch.inf), torch.ones_like(fitting)
    for step in (-1, 0, 1, 2):
        multiple = (fitting + step).clamp(1, _MOST)
        rounded = (block / multiple.unsqueeze(1)).round_().clamp_(_LOWEST, _HIGHEST) * multiple.unsqueeze(1)
        error = (rounded - block).square_() @ counts
        best = torch.where(error < least, multiple, best)
        least = torch.minimum(error, least)
    return best


def put_layers_into(model: onnx.ModelProto, weights: Mapping[str, FourBits]) -> None:
    """Replace eight-bit weights of a quantised graph by four-bit ones, in place.

    Parameters
    ----------
    model
        A graph from ``quantize_dynamic``: the weight NAME lies in NAME_quantized, NAME_scale and NAME_zero_point.
    weights
        What the weights are to be, by name.
    """
    graph = model.graph
    there = {one.name: one for one in graph.initializer}
    unpacking: list[onnx.NodeProto] = []
    for name, found in weights.items():
        for part in ("quantized", "scale", "zero_point"):
            graph.initializer.remove(there[f"{name}_{part}"])
        graph.initializer.extend(_constants(name, found))
        unpacking += _unpacked(name)
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1].removesuffix("_quantized") in weights:
            del node.input[3]  # a zero point; the runtime would subtract it, nought or not
    if unpacking:
        graph.initializer.extend(_SHARED)
        for node in reversed(unpacking):
            graph.node.insert(0, node)


def _constants(name: str, found: FourBits) -> list[onnx.TensorProto]:
    outputs, inputs = found.codes.shape
    codes = (found.codes.numpy().T - _LOWEST).astype(np.uint8).reshape(-1, BLOCK, outputs)
    constants = {
        "packed": codes[..., : outputs // 2] | (codes[..., outputs // 2 :] << 4),
        "multiples": found.multiples.numpy().T.astype(np.uint8)[:, None, :] << 4,
        "scale": found.scales.numpy(),
        "shape": np.array([inputs, outputs], dtype=np.int64),
    }
    return [
        numpy_helper.from_array(np.ascontiguousarray(value), f"{name}_{part}")
        for part, value in constants.items()
    ]


#: The eight-bit weight of every multiple (upper four bits of the place) and code (lower four bits).
_TABLE = np.array(
    [multiple * (code + _LOWEST) for multiple in range(16) for code in range(16)], dtype=np.int8
)
_SHARED = [
    numpy_helper.from_array(np.array(15, dtype=np.uint8), "four_bits"),
    numpy_helper.from_array(np.array(4, dtype=np.uint8), "four_places"),
    numpy_helper.from_array(_TABLE, "four_bit_table"),
]


def _unpacked(name: str) -> list[onnx.NodeProto]:
    """Nodes from the packed codes [blocks, 32, outputs / 2] to NAME_quantized, int8 [inputs, outputs]."""
    steps: list[tuple[str, list[str], str, dict[str, Any]]] = [
        ("BitwiseAnd", [f"{name}_packed", "four_bits"], "low", {}),
        ("BitShift", [f"{name}_packed", "four_places"], "high", {"direction": "RIGHT"}),
        ("Concat", [f"{name}_low", f"{name}_high"], "codes", {"axis": 2}),
        ("BitwiseOr", [f"{name}_codes", f"{name}_multiples"], "bytes", {}),
        ("Cast", [f"{name}_bytes"], "places", {"to": TensorProto.INT32}),
        ("Gather", ["four_bit_table", f"{name}_places"], "blocks", {"axis": 0}),
        ("Reshape", [f"{name}_blocks", f"{name}_shape"], "quantized", {}),
    ]
    return [
        helper.make_node(kind, given, [f"{name}_{made}"], name=f"{name}_{made}", **more)
        for kind, given, made, more in steps
    ]


def read_weight(values: dict[str, NDArray[np.generic]], name: str) -> NDArray[np.generic]:
    """NAME_quantized of a graph from its other constants, [inputs, outputs]."""
    packed, multiples = (values[f"{name}_{part}"].astype(np.uint8) for part in ("packed", "multiples"))
    places = np.concatenate([packed & 15, packed >> 4], axis=2) | multiples
    return values["four_bit_table"][places].reshape(values[f"{name}_shape"])
