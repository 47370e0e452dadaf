"""``python -m training.export``: make a model folder from checkpoints.

    python -m training.export --data DIR --texts TEXTS.pt --out FOLDER                      the text graph alone
    python -m training.export --data DIR --texts FOLDER --pairs RUN/last.pt --out MODEL     a new pair graph beside it
    python -m training.export --data DIR --texts TEXTS.pt --pairs MODEL --out NEW           a new text graph

Weights are rounded to seven bits (:mod:`training.seven_bits`), those of the pair graph after smooth quantisation
(:mod:`training.smooth_quant`). The topics of a new text graph are calibrated on dev. A new pair graph has no
calibration yet: run ``python -m training.calibrate_answers`` next.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from transformers import PreTrainedTokenizerBase

from commentariat import ConfigError
from models.folder import open_text_graph
from models.tokenizer import load_tokenizer
from training.batches import encode_pairs, pad
from training.calibrate_topics import calibrate_topics
from training.checkpoints import load_pair_network, load_text_network
from training.commands import exit_code_of
from training.corpus import stance_pairs
from training.embeddings import embedder, vectors_of
from training.examples import Example, OpEdExamples
from training.folder import (
    describe,
    read_config,
    take_over,
    write_config,
    write_pairs,
    write_texts,
    write_tokenizer,
)
from training.opeds_data import read_opeds
from training.packing import prepare, statements_of
from training.short_arguments import ShortExamples
from training.smooth_quant import Inputs
from training.token_vectors import write_token_vectors
from training.topic_figures import dev_texts, reader_of, topic_figures

log = logging.getLogger("training.export")

#: Number of op-eds and of short texts whose inputs are used to even the layers: about 60 packs and 20 texts.
PIECES, SHORTS = 6, 20
#: Weight of a document's worth in the logit of the relevance (:class:`models.pairs.BundledPairs`): the ratio of two
#: coefficients of a logistic regression on the general statements on which answers are calibrated (docs/results).
WORTH_WEIGHT = 4.4
#: Keys of ``config.json`` that belong to the text graph.
_OF_TEXTS = ("taxonomy", "topics", "max_single_tokens", "calibration", "thresholds")


def export(data: Path, texts: Path, pairs: Path | None, out: Path) -> None:
    """Write a model folder.

    Parameters
    ----------
    data
        Folder with the ``.parquet`` files.
    texts, pairs
        Each is a checkpoint (``.pt``), or a model folder whose graph and settings are copied. Without `pairs` the
        written folder has only a text graph; training of the pair network needs such a folder.
    out
        The folder to write.

    Raises
    ------
    ConfigError
        If both are model folders, because then nothing would be new.
    ModelError
        If a source is missing, or the two use different word pieces.
    """
    if texts.is_dir() and (pairs is None or pairs.is_dir()):
        raise ConfigError("--texts and --pairs are both folders: name a checkpoint (.pt) for one of them.")
    if not texts.is_dir():
        _export_texts(data, texts, out)
        texts = out
    if pairs is not None and pairs.is_dir():
        _keep_pairs(pairs, out)
    elif pairs is not None:
        _export_pairs(data, texts, pairs, out)


def _export_texts(data: Path, checkpoint: Path, out: Path) -> None:
    """Write a folder with only a text graph, which gives vectors of tokens too."""
    network, tokenizer = load_text_network(checkpoint)
    write_tokenizer(tokenizer, out)
    write_texts(network, out)
    config = describe(network.encoder.config)
    write_config(config, out)
    read, singles = reader_of(out), dev_texts(data)
    fitted = calibrate_topics(read, singles)
    config["calibration"] = fitted.as_config()
    config["thresholds"] = {"topic": fitted.threshold}
    write_config(config, out)
    write_token_vectors(data, out)
    log.info("topics on dev: %s", topic_figures(read, singles))


def _keep_pairs(pairs: Path, out: Path) -> None:
    """Copy the pair graph of a folder, and its part of the config, into the folder of a new text graph."""
    take_over("pair", pairs, load_tokenizer(out), out)
    kept, new = read_config(pairs), read_config(out)
    write_config(kept | {name: new[name] for name in _OF_TEXTS}, out)


def _export_pairs(data: Path, texts: Path, checkpoint: Path, out: Path) -> None:
    """Write a folder with a new pair graph and the text graph of another folder."""
    network, tokenizer, progress = load_pair_network(checkpoint)
    kept = read_config(texts)
    take_over("single", texts, tokenizer, out)
    write_pairs(network, read_in_use(data, texts, tokenizer), out)
    made = {"steps": progress.step, "tokens": progress.tokens}
    of_texts = {name: kept[name] for name in _OF_TEXTS if name in kept}
    of_pairs = {"worth_weight": WORTH_WEIGHT, "training": made}
    write_config(describe(network.encoder.config) | of_texts | of_pairs, out)


def read_in_use(data: Path, texts: Path, tokenizer: PreTrainedTokenizerBase) -> list[Inputs]:
    """Make inputs like those of the pair graph in use, from packs and short texts of the train split."""
    rng = random.Random(1)
    pieces = read_opeds(data, "train")
    pieces = rng.sample(pieces, min(PIECES, len(pieces)))
    encoder = open_text_graph(texts)
    embed, statements = embedder(encoder), statements_of(pieces)
    examples = OpEdExamples(prepare(pieces, encoder, embed), vectors_of(statements, embed))
    asked: list[Example] = [
        example
        for number in range(len(pieces))
        for group in examples.of_piece(number, rng)
        for example in group
    ]
    asked += [
        example for group in ShortExamples(stance_pairs(data, "train")).draw(SHORTS, rng) for example in group
    ]
    return [pad([encoding], tokenizer.pad_token_id)[0] for encoding in encode_pairs(tokenizer, asked)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.export",
        description="Write a model folder from checkpoints: two graphs with rounded weights, tokenizer, config.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the .parquet files")
    parser.add_argument(
        "--texts",
        type=Path,
        required=True,
        help="checkpoint of python -m training.texts, or a model folder whose text graph is copied",
    )
    parser.add_argument(
        "--pairs",
        type=Path,
        help="checkpoint of python -m training, or a model folder whose pair graph is copied",
    )
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return exit_code_of(lambda: export(args.data, args.texts, args.pairs, args.out))


if __name__ == "__main__":
    sys.exit(main())
