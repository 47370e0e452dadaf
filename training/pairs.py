"""Train the pair network on whole op-eds, on short arguments and on pairs of natural language inference."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from models.encoder import Encoder
from models.folder import open_text_graph
from training.corpus import stance_pairs
from training.embeddings import Embed, embedder, kept_in, vectors_of
from training.examples import OpEdExamples, times_drawn
from training.folder import GRAPHS
from training.inference_pairs import InferenceExamples, inference_pairs
from training.invented import InventedExamples
from training.loop import Budget, Recipe, train
from training.mixture import Mixture
from training.network import PairNetwork, base_checkpoint, bf16_pays, freeze, load_mpnet
from training.opeds import OPEDS
from training.packing import prepare
from training.rewordings import read_rewordings
from training.short_arguments import ShortExamples
from training.start import start_from
from training.training_set import training_set

log = logging.getLogger("training.pairs")


@dataclass(frozen=True, slots=True)
class Layers:
    """Numbers of layers of the pretrained encoder, counted from the bottom.

    Attributes
    ----------
    kept
        The layers that the network has.
    frozen
        Of these, the layers that keep their pretrained weights.
    resting
        Of these, the layers that keep the weights with which the run begins, frozen ones included.
    """

    kept: int = 8
    frozen: int = 2
    resting: int = 0


def train_pairs(
    data: Path,
    base: Path,
    texts: Path,
    out: Path,
    *,
    budget: Budget,
    recipe: Recipe,
    layers: Layers,
    start: Sequence[Path] = (),
    opeds: Path = OPEDS,
    vectors: Path | None = None,
    resume: bool = False,
    save_every: int = 200,
    threads: int | None = None,
    device: str = "cpu",
) -> None:
    """Train a pair network until the budget is used; write its tokenizer, ``last.pt`` and ``log.jsonl`` into `out`.

    Parameters
    ----------
    data
        The folder with the data (:mod:`training.corpus` and :mod:`training.opeds_data` describe the files).
    base
        The folder of the pretrained encoder.
    texts
        The model folder whose text graph chooses passages, and whose tokenizer is used.
    out
        The folder for checkpoints and the log.
    budget, recipe, layers
        The length of the run, how it learns, and which layers the network has and trains.
    start
        Sources of weights with which to begin, as for :func:`training.start.start_from`; without one, the heads begin
        with random weights.
    opeds
        The folder of invented op-eds.
    vectors
        The folder where embeddings are kept between runs; None for the folder ``vectors`` in `out`.
    resume
        Whether to continue from ``last.pt`` in `out`.
    save_every
        Number of steps between checkpoints.
    threads
        CPU threads of the text graph; None for the number that its runtime chooses.
    device
        The device of the network, ``cpu`` or ``cuda``.

    Raises
    ------
    CommentariatError
        If data, weights or a checkpoint are missing or do not fit.
    """
    torch.manual_seed(recipe.seed)
    text_graph = open_text_graph(texts, threads)
    network = PairNetwork(load_mpnet(base_checkpoint(base), text_graph.tokenizer, layers.kept))
    if start:
        start_from(network, start, layers.frozen)
    freeze(network, max(layers.frozen, layers.resting))
    embed = kept_in(vectors or out / "vectors", texts / GRAPHS["single"], embedder(text_graph))
    mixture = _mixture(data, opeds, text_graph, embed, recipe.seed)
    log.info("training; the figures go into %s", out / "log.jsonl")
    done = train(
        network,
        text_graph.tokenizer,
        mixture,
        recipe,
        budget,
        out,
        resume=resume,
        save_every=save_every,
        device=device,
        dtype=torch.bfloat16 if bf16_pays(device) else torch.float32,
    )
    log.info("%d steps, %.2f million tokens: %s", done.step, done.tokens / 1e6, out / "last.pt")


def _mixture(data: Path, opeds: Path, text_graph: Encoder, embed: Embed, seed: int) -> Mixture:
    """Read all data to train on, embed their passages and statements, and mix them."""
    pieces = training_set(data, opeds)
    log.info(
        "%d op-eds and %d excerpts; %d of the train split left out; embedding passages",
        len(pieces.whole),
        len(pieces.excerpts),
        pieces.left_out,
    )
    statements = pieces.statements
    rewordings = read_rewordings(statements)
    statements = sorted(
        {*statements, *(wording for reworded in rewordings.values() for wording in reworded.every)}
    )
    vectors = vectors_of(statements, embed)
    return Mixture(
        OpEdExamples(
            [
                prepared
                for prepared in prepare(pieces.real, text_graph, embed)
                for _ in range(times_drawn(prepared.piece))
            ],
            vectors,
            rewordings=rewordings,
        ),
        InventedExamples(prepare(pieces.invented, text_graph, embed), vectors),
        ShortExamples(stance_pairs(data, "train")),
        InferenceExamples(inference_pairs(data, "train")),
        seed=seed,
    )
