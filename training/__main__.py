"""``python -m training``: train the pair network on whole op-eds and short arguments.

    python -m training --data DIR --base MPNET --out RUN --minutes 100

Without ``--start``, the heads begin with random weights on the pretrained layers. The defaults of the options are those
of the bundled model. Its training began with an earlier network, which had been trained on passages (``--start``).
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from commentariat import ConfigError
from models.folder import open_text_graph
from training.added_statements import with_added_statements
from training.commands import exit_code_of
from training.corpus import stance_pairs
from training.cross_statements import with_cross_statements
from training.embeddings import embedder, kept_in, vectors_of
from training.examples import OpEdExamples, times_drawn, training_pieces
from training.excerpts import read_excerpts
from training.folder import GRAPHS
from training.hashes import name_of
from training.held_out import held_out
from training.inference_pairs import InferenceExamples, inference_pairs
from training.invented import InventedExamples, invented_pieces
from training.loop import Budget, Recipe, train
from training.mixture import Mixture
from training.network import PairNetwork, base_checkpoint, bf16_pays, freeze, load_mpnet
from training.opeds import OPEDS, read_pieces
from training.opeds_data import KINDS, read_opeds
from training.packing import prepare, statements_of
from training.rewordings import read_rewordings
from training.short_arguments import ShortExamples
from training.start import start_from

log = logging.getLogger("training")


def _parser() -> argparse.ArgumentParser:
    recipe = Recipe()
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train the pair network (stance, relevance, evidence). --resume continues from OUT/last.pt; the "
        "budget may be another one.",
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with opeds.parquet and stance.parquet"
    )
    parser.add_argument("--base", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the log")
    parser.add_argument(
        "--texts",
        type=Path,
        default=Path("models/fast"),
        help="model folder whose text graph chooses passages and whose tokenizer is used (%(default)s)",
    )
    parser.add_argument(
        "--start",
        type=Path,
        nargs="+",
        default=[],
        help="begin with the weights of model folders, checkpoints (.pt) or .safetensors; a later one replaces earlier",
    )
    parser.add_argument(
        "--opeds", type=Path, default=OPEDS, help="folder of invented op-eds (the project's own)"
    )
    parser.add_argument("--layers", type=int, default=8, help="layers to keep, from the bottom (%(default)s)")
    parser.add_argument(
        "--frozen", type=int, default=2, help="lower layers that keep their pretrained weights (%(default)s)"
    )
    parser.add_argument(
        "--resting",
        type=int,
        default=0,
        help="lower layers that keep the weights of --start, frozen ones included (%(default)s)",
    )
    parser.add_argument("--minutes", type=float, help="budget: minutes of training steps")
    parser.add_argument("--tokens", type=float, help="budget: tokens")
    parser.add_argument("--rate", type=float, default=recipe.peak_rate, help="learning rate (%(default)s)")
    parser.add_argument(
        "--decay",
        type=float,
        default=recipe.decay,
        help="share of the budget with a falling rate (%(default)s)",
    )
    parser.add_argument(
        "--batch-tokens", type=int, default=recipe.batch_tokens, help="tokens in a batch (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=recipe.seed, help="(%(default)s)")
    parser.add_argument("--resume", action="store_true", help="continue from OUT/last.pt")
    parser.add_argument("--save-every", type=int, default=200, help="steps between checkpoints (%(default)s)")
    parser.add_argument(
        "--vectors", type=Path, help="folder where embeddings are kept between runs (default: OUT/vectors)"
    )
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: torch decides)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (%(default)s)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    args = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.threads:
        torch.set_num_threads(args.threads)
    return exit_code_of(lambda: _train(args))


def _train(args: argparse.Namespace) -> None:
    if not args.minutes and not args.tokens:
        raise ConfigError("The budget is missing: name it with --minutes 100, or with --tokens 4e6.")
    recipe = Recipe(peak_rate=args.rate, decay=args.decay, batch_tokens=args.batch_tokens, seed=args.seed)
    budget = Budget(args.minutes, int(args.tokens) if args.tokens else None)
    torch.manual_seed(recipe.seed)
    texts = open_text_graph(args.texts, args.threads or None)
    network = PairNetwork(load_mpnet(base_checkpoint(args.base), texts.tokenizer, args.layers))
    if args.start:
        start_from(network, args.start, args.frozen)
    freeze(network, max(args.frozen, args.resting))

    every = read_opeds(args.data, "train", kinds=KINDS)
    left_out = held_out(every)
    asked = with_cross_statements(with_added_statements(every))
    excerpts = read_excerpts(args.data, {name_of(statement): statement for statement in statements_of(asked)})
    whole = training_pieces(asked, left_out)
    log.info(
        "%d op-eds and %d excerpts; %d of the train split left out; embedding passages",
        len(whole),
        len(excerpts),
        len(left_out),
    )
    embed = kept_in(args.vectors or args.out / "vectors", args.texts / GRAPHS["single"], embedder(texts))
    invented = invented_pieces(read_pieces(args.opeds, "train"))
    statements = statements_of([*whole, *excerpts, *invented])
    rewordings = read_rewordings(statements)
    statements = sorted(
        {*statements, *(wording for reworded in rewordings.values() for wording in reworded.every)}
    )
    vectors = vectors_of(statements, embed)
    mixture = Mixture(
        OpEdExamples(
            [
                prepared
                for prepared in prepare([*whole, *excerpts], texts.count_tokens, embed)
                for _ in range(times_drawn(prepared.piece))
            ],
            vectors,
            rewordings=rewordings,
        ),
        InventedExamples(prepare(invented, texts.count_tokens, embed), vectors),
        ShortExamples(stance_pairs(args.data, "train")),
        InferenceExamples(inference_pairs(args.data, "train")),
        seed=recipe.seed,
    )
    log.info("training; the figures go into %s", args.out / "log.jsonl")
    done = train(
        network,
        texts.tokenizer,
        mixture,
        recipe,
        budget,
        args.out,
        resume=args.resume,
        save_every=args.save_every,
        device=args.device,
        dtype=torch.bfloat16 if bf16_pays(args.device) else torch.float32,
    )
    log.info("%d steps, %.2f million tokens: %s", done.step, done.tokens / 1e6, args.out / "last.pt")


if __name__ == "__main__":
    sys.exit(main())
