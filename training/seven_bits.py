"""``python -m training.seven_bits MODEL --out NEW``: round the weights of a model folder's graphs to seven bits.

A processor without VNNI multiplies numbers of eight bits exactly and at its full speed only if the sum of two products
of an unsigned and a signed one fits into 16 bits (:mod:`models.graphs`). It does if the signed one, the weight, is
between -64 and 63: 2 x 255 x 64 is less than 2 to the power of 15. The answers are as good as with weights in eight
bits (docs/results/experiments.md).

Exports round in the same way. The command is for a folder that was exported with weights in eight bits.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from commentariat import ModelError
from models.graphs import WEIGHT_BITS
from training.commands import exit_code_of

#: Bounds of a signed number of seven bits.
_LEAST, _MOST = -64, 63


def narrow_weights(model: onnx.ModelProto) -> None:
    """Round the weights of all products to signed numbers of seven bits, in place, and note this in the graph.

    Every column of a weight matrix gets a scale and a zero point of its own, so that its values fill the range.

    Parameters
    ----------
    model
        A graph with dynamically quantised products, whose weights have eight bits, signed or unsigned.

    Raises
    ------
    ModelError
        If a product's scale is not where ONNX Runtime's quantiser puts it.
    """
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    for weight, zero, scale in _products(model.graph, set(tensors)):
        real = numpy_helper.to_array(tensors[weight]).astype(np.float32)
        real -= numpy_helper.to_array(tensors[zero]).astype(np.float32)
        real *= numpy_helper.to_array(tensors[scale])
        codes, zeros, scales = _rounded(real)
        for name, values in ((weight, codes), (zero, zeros), (scale, scales)):
            tensors[name].CopyFrom(numpy_helper.from_array(values, name))
    notes = {note.key: note.value for note in model.metadata_props}
    onnx.helper.set_model_props(model, notes | {WEIGHT_BITS: "7"})


def _products(graph: onnx.GraphProto, known: set[str]) -> Iterator[tuple[str, str, str]]:
    """Give the names of the weight, the zero point and the scale of each product."""
    makers = {output: node for node in graph.node for output in node.output}
    users = {name: node for node in graph.node for name in node.input}
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        scaled = users[
            users[node.output[0]].output[0]
        ]  # the product is cast, and then multiplied by both scales
        scales = [
            name for side in scaled.input if side in makers for name in makers[side].input if name in known
        ]
        if len(scales) != 1:
            raise ModelError(f"{node.name}: its scale is not found; export the model again.")
        yield node.input[1], node.input[3], scales[0]


def _rounded(real: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.float32]]:
    """Round a matrix [inputs, outputs]; returns the codes, and for each output the zero point and the scale."""
    lowest, highest = np.minimum(real.min(axis=0), 0), np.maximum(real.max(axis=0), 0)
    scales = np.maximum(highest - lowest, np.finfo(np.float32).tiny) / (_MOST - _LEAST)
    zeros = np.clip(np.rint(_LEAST - lowest / scales), _LEAST, _MOST)
    codes = np.clip(np.rint(real / scales + zeros), _LEAST, _MOST)
    return codes.astype(np.int8), zeros.astype(np.int8), scales.astype(np.float32)


def round_folder(model: Path, out: Path) -> None:
    """Write a copy of a model folder whose graphs have weights in seven bits.

    Raises
    ------
    ModelError
        If there is no graph in the folder, or `out` exists.
    """
    graphs = sorted(model.glob("*.onnx"))
    if not graphs:
        raise ModelError(f"{model} has no graph (.onnx): name a model folder.")
    if out.exists():
        raise ModelError(f"{out} exists: name a folder that does not.")
    shutil.copytree(model, out)
    for path in graphs:
        graph = onnx.load(path)
        narrow_weights(graph)
        onnx.save(graph, out / path.name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.seven_bits",
        description="Round the weights of a model folder's graphs to seven bits.",
    )
    parser.add_argument("model", type=Path, help="model folder with weights in eight bits")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    args = parser.parse_args(arguments)
    return exit_code_of(lambda: round_folder(args.model, args.out))


if __name__ == "__main__":
    sys.exit(main())
