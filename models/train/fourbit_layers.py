"""Weights of the encoder's layers in four bits on file, in eight bits when they are multiplied.

A weight is ``scale * multiple * code``: a scale for each output, a whole number from 1 to 15 for each block of 32
inputs, and a code from -8 to 7. ``multiple * code`` is a whole number between -120 and 105, so the graph that is
shipped holds codes and multiples and turns them into the eight-bit weights that the runtime multiplies fast. The
runtime does that once, when it loads the graph (constant folding): nothing is slower than with eight bits on file.

Each scale is chosen so that its row's largest weight is the end of the range. Networks are rounded once, when they
are exported.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

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
_ZERO = 128  #: the eight-bit weights are unsigned (see :func:`models.train.graph.write_int8`)


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


def in_four_bits(weight: Tensor) -> FourBits:
    """Round a weight [outputs, inputs]; of each block's multiples the one with the least squared error is taken."""
    weight = weight.detach().float()
    outputs, inputs = weight.shape
    largest = weight.gather(1, weight.abs().argmax(1, keepdim=True)).squeeze(1)
    # the sign of the scale is such that the largest weight gets the lowest code, which reaches further than the highest
    scales = largest / (_MOST * _LOWEST)
    scales = torch.where(scales == 0, torch.full_like(scales, 1e-9), scales)
    blocks = (weight / scales.unsqueeze(1)).reshape(outputs, inputs // BLOCK, BLOCK)
    fitting = (blocks.abs().amax(-1) / -_LOWEST).round()
    least = torch.full_like(fitting, torch.inf)
    codes, multiples = torch.zeros_like(blocks), torch.ones_like(fitting)
    for step in (-1, 0, 1, 2):
        multiple = (fitting + step).clamp(1, _MOST)
        code = (blocks / multiple.unsqueeze(-1)).round_().clamp_(_LOWEST, _HIGHEST)
        error = (code * multiple.unsqueeze(-1)).sub_(blocks).square_().sum(-1)
        better = error < least
        least = torch.where(better, error, least)
        multiples = torch.where(better, multiple, multiples)
        codes = torch.where(better.unsqueeze(-1), code, codes)
    return FourBits(codes.reshape(outputs, inputs).to(torch.int8), multiples.to(torch.int8), scales)


def put_layers_into(model: onnx.ModelProto, weights: dict[str, NDArray[np.float32]]) -> None:
    """Replace the eight-bit weights of a quantised graph by their four-bit form, in place.

    Parameters
    ----------
    model
        A graph from ``quantize_dynamic``: the weight NAME lies in NAME_quantized, NAME_scale and NAME_zero_point.
    weights
        The weights [inputs, outputs] before they were quantised, by name.
    """
    graph = model.graph
    there = {one.name: one for one in graph.initializer}
    unpacking: list[onnx.NodeProto] = []
    for name, weight in weights.items():
        if f"{name}_quantized" not in there or weight.shape[0] % BLOCK or weight.shape[1] % 2:
            continue
        found = in_four_bits(torch.tensor(weight.T))
        for part in ("quantized", "scale", "zero_point"):
            graph.initializer.remove(there[f"{name}_{part}"])
        graph.initializer.extend(_constants(name, found))
        unpacking += _unpacked(name)
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
        "zero_point": np.full(outputs, _ZERO, dtype=np.uint8),
        "shape": np.array([inputs, outputs], dtype=np.int64),
    }
    return [
        numpy_helper.from_array(np.ascontiguousarray(value), f"{name}_{part}")
        for part, value in constants.items()
    ]


#: The eight-bit weight of every multiple (upper four bits of the place) and code (lower four bits).
_TABLE = np.array(
    [_ZERO + multiple * (code + _LOWEST) for multiple in range(16) for code in range(16)], dtype=np.uint8
)
_SHARED = [
    numpy_helper.from_array(np.array(15, dtype=np.uint8), "four_bits"),
    numpy_helper.from_array(np.array(4, dtype=np.uint8), "four_places"),
    numpy_helper.from_array(_TABLE, "four_bit_table"),
]


def _unpacked(name: str) -> list[onnx.NodeProto]:
    """Nodes from the packed codes [blocks, 32, outputs / 2] to NAME_quantized, uint8 [inputs, outputs]."""
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


def read_weight(values: dict[str, NDArray[np.generic]], name: str) -> NDArray[np.uint8]:
    """NAME_quantized of a graph from its other constants: uint8 [inputs, outputs]."""
    packed, multiples = (values[f"{name}_{part}"].astype(np.uint8) for part in ("packed", "multiples"))
    places = np.concatenate([packed & 15, packed >> 4], axis=2) | multiples
    return np.asarray(_TABLE[places].reshape(values[f"{name}_shape"]), dtype=np.uint8)
