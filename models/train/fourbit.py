"""Word embeddings in four bits: two thirds of what a small encoder weighs are words it seldom reads.

Each row is cut into blocks, and each block gets a scale and a zero point of its own (as in ``GatherBlockQuantized`` of
ONNX Runtime, which reads such a table as it is). On MPNet's table that is hardly further from the original than one
scale for the whole table in eight bits. Networks are trained on the rounded table, so nothing is lost afterwards.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from commentariat import ModelError

#: Numbers that share a scale; narrow tables are cut into shorter blocks.
BLOCK = 64
_LEVELS = 15
#: Scales that are tried for a block: its range over so many steps. With several, rounding a table that was rounded
#: before finds the same grid again.
_STEPS = (15, 14, 13)


@dataclass(frozen=True, slots=True)
class Rounded:
    """A table [rows, width] in four bits.

    Attributes
    ----------
    codes
        [rows, width], 0 to 15.
    scales, zeros
        [rows, blocks]; a value is ``(code - zero) * scale``.
    """

    codes: NDArray[np.uint8]
    scales: NDArray[np.float16]
    zeros: NDArray[np.uint8]

    def values(self) -> NDArray[np.float32]:
        """Return the numbers that the table stands for, multiplied in half precision as the runtime does."""
        steps = self.codes.reshape(*self.zeros.shape, -1).astype(np.int8) - self.zeros[..., None].astype(
            np.int8
        )
        real = (steps.astype(np.float32) * self.scales[..., None].astype(np.float32)).astype(np.float16)
        return np.asarray(real.reshape(self.codes.shape), dtype=np.float32)


def rounded(table: NDArray[np.float32]) -> Rounded:
    """Round a table; one that was rounded before comes out as it is.

    Raises
    ------
    ModelError
        If its width is no multiple of 16, the shortest block that the runtime reads.
    """
    rows, width = table.shape
    block = next((size for size in (BLOCK, 32, 16) if width % size == 0), None)
    if block is None:
        raise ModelError(f"Word embeddings of width {width} cannot be cut into blocks of 16.")
    blocks = table.reshape(rows, width // block, block)
    low = np.minimum(blocks.min(axis=-1), 0.0)
    high = np.maximum(blocks.max(axis=-1), 0.0)
    best: Rounded | None = None
    least = np.full(low.shape, np.inf, dtype=np.float32)
    for steps in _STEPS:
        scales = np.maximum((high - low) / steps, 1e-6).astype(np.float16)
        step = scales.astype(np.float32)
        zeros = np.clip(np.round(-low / step), 0, _LEVELS)
        codes = np.clip(np.round(blocks / step[..., None]) + zeros[..., None], 0, _LEVELS)
        error = (((codes - zeros[..., None]) * step[..., None] - blocks) ** 2).sum(axis=-1)
        if best is None:
            best = Rounded(codes.astype(np.uint8), scales, zeros.astype(np.uint8))
        better = error < least * (1 - 1e-6)
        least = np.where(better, error, least)
        best.codes[better] = codes[better].astype(np.uint8)
        best.scales[better] = scales[better]
        best.zeros[better] = zeros[better].astype(np.uint8)
    assert best is not None
    return Rounded(best.codes.reshape(rows, width), best.scales, best.zeros)


def _packed(name: str, codes: NDArray[np.uint8]) -> onnx.TensorProto:
    flat = codes.reshape(-1)
    if len(flat) % 2:
        flat = np.append(flat, np.uint8(0))
    halves = (flat[0::2] | (flat[1::2] << 4)).astype(np.uint8)
    return helper.make_tensor(name, TensorProto.UINT4, codes.shape, halves.tobytes(), raw=True)


def put_into(graph: onnx.GraphProto, table: str) -> None:
    """Replace the lookup in an fp32 table of a graph by one in its four-bit form, in place.

    Raises
    ------
    ModelError
        If the graph has no such lookup.
    """
    old = next((one for one in graph.initializer if one.name == table), None)
    place = next((i for i, n in enumerate(graph.node) if n.op_type == "Gather" and n.input[0] == table), None)
    if old is None or place is None:
        raise ModelError(f"The graph has no lookup in {table}.")
    gather = graph.node[place]
    found = rounded(np.array(numpy_helper.to_array(old), dtype=np.float32))
    names = {part: f"{table}_{part}" for part in ("codes", "scales", "zeros")}
    graph.initializer.remove(old)
    graph.initializer.extend(
        [
            _packed(names["codes"], found.codes),
            numpy_helper.from_array(found.scales, names["scales"]),
            _packed(names["zeros"], found.zeros),
        ]
    )
    half = f"{gather.output[0]}_half"
    lookup = helper.make_node(
        "GatherBlockQuantized",
        [names["codes"], gather.input[1], names["scales"], names["zeros"]],
        [half],
        name=f"{gather.name}_four_bits",
        domain="com.microsoft",
        gather_axis=0,
        quantize_axis=1,
        block_size=found.codes.shape[1] // found.zeros.shape[1],
    )
    cast = helper.make_node(
        "Cast", [half], [gather.output[0]], name=f"{gather.name}_cast", to=TensorProto.FLOAT
    )
    graph.node.remove(gather)
    graph.node.insert(place, cast)
    graph.node.insert(place, lookup)
