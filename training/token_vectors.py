"""``python -m training.token_vectors``: give the text graph of a model folder vectors of tokens.

    python -m training.token_vectors --data DIR --model MODEL

:mod:`models.similarity` compares the tokens of a statement with those of a passage. The states of the sentence
encoder's last layer have a common part, which carries no meaning, and far more dimensions than this needs. So the
graph gets one more output: the states less their mean, projected on the directions in which they vary most, each of
them evened a little (divided by the fourth root of its variance), and scaled to length 1. Mean and directions are
fitted on passages of op-eds of the train split.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from commentariat import ModelError
from models import Document
from models.calibration import Floats
from models.encoder import Encoder
from models.folder import open_text_graph
from models.layout import lay_out
from models.similarity import TOKEN_VECTORS
from training.commands import exit_code_of
from training.opeds_data import read_opeds
from training.selection import drawn

#: Number of values of a vector.
WIDTH = 128
#: The scores of the screen from which a text is read at all and as a full pack, for a graph with these vectors. They
#: were chosen on the development op-eds (docs/results/experiments.md).
SCREEN, FULL_PACK = 0.585, 0.7
_PIECES = 150
#: The variance below which a direction is not evened any further, so that it is not divided by zero.
_LEAST = 1e-6


def states_of(graph: onnx.GraphProto) -> str:
    """Return the name of the states whose mean over the tokens is the embedding: those of the last layer norm."""
    made_by = {name: node for node in graph.node for name in node.output}
    found, seen = ["embedding"], set()
    for name in found:
        node = made_by.get(name)
        if node is None or name in seen:
            continue
        if node.op_type == "LayerNormalization":
            return name
        seen.add(name)
        found += node.input
    raise ModelError("The text graph has no layer norm before its embedding; export it again.")


def add_token_vectors(model: onnx.ModelProto, mean: Floats, directions: Floats) -> None:
    """Add the output to a text graph, in place; one that it has already is replaced.

    Parameters
    ----------
    model
        A text graph.
    mean
        Mean of the states [hidden].
    directions
        Matrix [hidden, width] by which states are multiplied.
    """
    graph = model.graph
    for part in (graph.node, graph.initializer, graph.output):
        for former in [item for item in part if item.name.startswith(TOKEN_VECTORS)]:
            part.remove(former)
    names = [f"{TOKEN_VECTORS}_{part}" for part in ("mean", "directions", "centred", "projected", "scaled")]
    mean_name, directions_name, centred, projected, scaled = names
    graph.initializer.append(numpy_helper.from_array(mean.astype(np.float32), mean_name))
    graph.initializer.append(numpy_helper.from_array(directions.astype(np.float32), directions_name))
    states = states_of(graph)
    for kind, inputs, output, attributes in (
        ("Sub", [states, mean_name], centred, {}),
        ("MatMul", [centred, directions_name], projected, {}),
        ("LpNormalization", [projected], scaled, {"axis": -1, "p": 2}),
        ("Cast", [scaled], TOKEN_VECTORS, {"to": onnx.TensorProto.FLOAT16}),
    ):
        graph.node.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
    shape = ["batch", "sequence", directions.shape[1]]
    graph.output.append(helper.make_tensor_value_info(TOKEN_VECTORS, onnx.TensorProto.FLOAT16, shape))


def fit(states: Floats, width: int = WIDTH) -> tuple[Floats, Floats]:
    """Fit the mean [hidden] and the directions [hidden, width] on states [tokens, hidden]."""
    mean = states.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov((states - mean).T))
    largest = np.argsort(-variances)[:width]
    directions = axes[:, largest] / np.maximum(variances[largest], _LEAST) ** 0.25
    return np.asarray(mean, dtype=np.float32), np.asarray(directions, dtype=np.float32)


def _states(model: onnx.ModelProto, folder: Path, texts: Sequence[str]) -> Iterator[Floats]:
    """Yield the states of each text's tokens."""
    wider = onnx.ModelProto()
    wider.CopyFrom(model)
    name = states_of(wider.graph)
    if name not in {output.name for output in wider.graph.output}:
        wider.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary)
        for tokenizer in folder.glob("tokenizer*.json"):
            (copy / tokenizer.name).write_bytes(tokenizer.read_bytes())
        onnx.save(wider, copy / "model.onnx")
        encoder = Encoder(copy, max_single=512, max_pair=512)
        yield from encoder.run_with_tokens(texts, ["embedding"], name)[1]


def write_token_vectors(data: Path, folder: Path) -> None:
    """Fit the projection, and write it into a folder's text graph; set its thresholds."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    path = folder / config["graphs"]["single"]
    model, count_tokens = onnx.load(path), open_text_graph(folder).count_tokens
    pieces = drawn(read_opeds(data, "train"), _PIECES)
    layouts = [lay_out(Document(piece.id, piece.text, piece.title), count_tokens) for piece in pieces]
    texts = [text for layout in layouts for text in layout.texts]
    add_token_vectors(model, *fit(np.concatenate(list(_states(model, folder, texts)))))
    onnx.save(model, path)
    config["thresholds"] |= {"screen": SCREEN, "full_pack": FULL_PACK}
    (folder / "config.json").write_text(
        json.dumps(config, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.token_vectors", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with opeds.parquet")
    parser.add_argument("--model", type=Path, required=True, help="model folder whose text graph is changed")
    args = parser.parse_args(arguments)
    return exit_code_of(lambda: write_token_vectors(args.data, args.model))


if __name__ == "__main__":
    sys.exit(main())
