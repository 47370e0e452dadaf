"""``python -m training.export``: a checkpoint becomes a model folder."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from training.answers import remembering
from training.calibrate import calibrate, calibrate_texts
from training.checkpoints import load_pair_network, load_text_network, untrained_embedder
from training.commands import exit_code_of
from training.corpus import singles
from training.folder import (
    Calibration,
    Facts,
    Thresholds,
    config_of,
    kept_settings,
    write_config,
    write_model,
    write_texts,
)
from training.measure import dev_sets, measure, measure_texts
from training.network import base_checkpoint
from training.onnx_run import OnnxModel
from training.opeds import OPEDS, read_pieces, topic_texts
from training.report import markdown, write_json
from training.rounding import some_pairs

log = logging.getLogger("training.export")


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.export",
        description="Export two checkpoints to ONNX int8, calibrate what was exported on the dev splits, measure it.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the .parquet files")
    parser.add_argument(
        "--pairs",
        type=Path,
        required=True,
        help="checkpoint of python -m training, or a model folder whose pair graph stays as it is",
    )
    parser.add_argument(
        "--texts",
        type=Path,
        required=True,
        help="checkpoint of python -m training.texts, or a model folder whose text graph stays as it is",
    )
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--base", type=Path, help="the pretrained encoder that --pairs started from")
    parser.add_argument("--seed", type=int, default=17, help="seed of the training run, for the record")
    parser.add_argument("--figures", type=Path, help="where to write the dev figures as JSON")
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return exit_code_of(lambda: export(args))


def export_texts(args: argparse.Namespace) -> None:
    """Write a folder with the pair graph of another and a new text graph; stance and relevance stay as they were."""
    config = json.loads((args.pairs / "config.json").read_text(encoding="utf-8"))
    write_texts(*load_text_network(args.texts), args.pairs, args.out)
    texts = [*singles(args.data, "dev"), *topic_texts(read_pieces(OPEDS, "dev"))]
    runner = remembering(OnnxModel(args.out).run)
    calibration, thresholds = calibrate_texts(runner, texts, *kept_settings(config))
    for head in ("topic", "opinion"):
        config["calibration"][head] = {
            "temperature": getattr(calibration, f"{head}_temperature"),
            "bias": getattr(calibration, f"{head}_bias"),
        }
    config["thresholds"]["topic"] = thresholds.topic
    figures = measure_texts(runner, config, texts)
    config["training"]["dev"] |= {name: round(f.value, 4) for name, f in figures.items()}
    write_config(config, args.out)
    if args.figures:
        write_json(figures, args.figures)
    log.info("%s\n%s\n%s", calibration, thresholds, markdown(figures))


def export(args: argparse.Namespace) -> None:
    """Write the graph, then fit the calibration on the answers of exactly that graph."""
    if args.pairs.is_dir():
        export_texts(args)
        return
    network, tokenizer, progress = load_pair_network(args.pairs, args.base)
    made_from = (args.base or base_checkpoint()).name
    facts = Facts(pair_base=made_from, steps=progress.step, seed=args.seed)
    texts = args.texts if args.texts.is_dir() else load_text_network(args.texts)[0]
    write_model(network, texts, tokenizer, args.out, some_pairs(args.data))
    write_config(config_of(network, Calibration(), Thresholds(), facts), args.out)
    runner = remembering(OnnxModel(args.out).run)
    sets = dev_sets(args.data, untrained_embedder())
    before = measure(runner, config_of(network, Calibration(), Thresholds(), facts), sets)
    calibration, thresholds = calibrate(runner, sets.for_calibration(), sets.texts)
    config = config_of(network, calibration, thresholds, facts)
    figures = {"stance ECE before calibration": before["stance ECE"], **measure(runner, config, sets)}
    facts = replace(facts, dev={name: round(f.value, 4) for name, f in figures.items()})
    write_config(config_of(network, calibration, thresholds, facts), args.out)
    if args.figures:
        write_json(figures, args.figures)
    log.info("%s\n%s\n%s", calibration, thresholds, markdown(figures))


if __name__ == "__main__":
    sys.exit(main())
