"""``python -m training.new_branch --data DIR --model MODEL --texts FOLDER --out NEW``: topics of another text graph.

The screen and the packs depend on the embedding, so answers about targets must be calibrated and measured again if the
encoder of a text graph changes, even by rounding. This command takes from the text graph in FOLDER only what the
embedding and the vectors of tokens do not depend on: the branch and the heads for topics and opinion. Their calibration
is fitted on dev again. All else is that of MODEL.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import onnx

from commentariat import ModelError
from models.similarity import TOKEN_VECTORS
from training.calibrate_topics import calibrate_topics
from training.commands import exit_code_of
from training.folder import GRAPHS, read_config, write_config
from training.topic_figures import dev_texts, reader_of, topic_figures

log = logging.getLogger("training.new_branch")

_KEPT_OUTPUTS = ("embedding", TOKEN_VECTORS)


def weights_behind(graph: onnx.GraphProto, outputs: Sequence[str]) -> set[str]:
    """Return the names of all weights on which outputs of a graph depend."""
    made_by = {name: node for node in graph.node for name in node.output}
    needed = [name for name in outputs if name in {output.name for output in graph.output}]
    seen = set(needed)
    for name in needed:
        for source in made_by[name].input if name in made_by else ():
            if source not in seen:
                seen.add(source)
                needed.append(source)
    return seen & {tensor.name for tensor in graph.initializer}


def take_branch(model: onnx.ModelProto, other: onnx.ModelProto) -> None:
    """Replace the weights of the branch and its heads by those of another text graph, in place.

    Raises
    ------
    ModelError
        If the other graph has a branch of another form.
    """
    kept = weights_behind(model.graph, _KEPT_OUTPUTS)
    theirs = {tensor.name: tensor for tensor in other.graph.initializer}
    for tensor in model.graph.initializer:
        if tensor.name in kept:
            continue
        new = theirs.get(tensor.name)
        if new is None or (new.dims, new.data_type) != (tensor.dims, tensor.data_type):
            raise ModelError(
                f"The other text graph has a branch of another form: {tensor.name} does not fit."
            )
        tensor.CopyFrom(new)


def replace_branch(data: Path, model: Path, texts: Path, out: Path) -> None:
    """Write a copy of a model folder with the branch of another folder's text graph, and fit its calibration."""
    shutil.copytree(model, out, dirs_exist_ok=True)
    graph = onnx.load(out / GRAPHS["single"])
    take_branch(graph, onnx.load(texts / GRAPHS["single"]))
    onnx.save(graph, out / GRAPHS["single"])
    read, singles = reader_of(out), dev_texts(data)
    fitted = calibrate_topics(read, singles)
    config = read_config(out)
    config["calibration"] = fitted.as_config()
    config["thresholds"] |= {"topic": fitted.threshold}
    write_config(config, out)
    log.info("topics on dev: %s", topic_figures(read, singles))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.new_branch", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with topic.parquet")
    parser.add_argument("--model", type=Path, required=True, help="model folder whose encoder stays")
    parser.add_argument(
        "--texts", type=Path, required=True, help="model folder whose branch for topics is taken"
    )
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return exit_code_of(lambda: replace_branch(args.data, args.model, args.texts, args.out))


if __name__ == "__main__":
    sys.exit(main())
