"""Train the pair network on whole op-eds, on short arguments and on pairs of natural language inference."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from models.folder import open_text_graph
from models.passages import TokenCounter
from training.added_statements import with_added_statements
from training.corpus import stance_pairs
from training.cross_statements import with_cross_statements
from training.embeddings import Embed, embedder, kept_in, vectors_of
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
    mixture = _mixture(data, opeds, text_graph.count_tokens, embed, recipe.seed)
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


def _mixture(data: Path, opeds: Path, count_tokens: TokenCounter, embed: Embed, seed: int) -> Mixture:
    """Read all data to train on, embed their passages and statements, and mix them."""
    every = read_opeds(data, "train", kinds=KINDS)
    left_out = held_out(every)
    asked = with_cross_statements(with_added_statements(every))
    excerpts = read_excerpts(data, {name_of(statement): statement for statement in statements_of(asked)})
    whole = training_pieces(asked, left_out)
    log.info(
        "%d op-eds and %d excerpts; %d of the train split left out; embedding passages",
        len(whole),
        len(excerpts),
        len(left_out),
    )
    invented = invented_pieces(read_pieces(opeds, "train"))
    statements = statements_of([*whole, *excerpts, *invented])
    rewordings = read_rewordings(statements)
    statements = sorted(
        {*statements, *(wording for reworded in rewordings.values() for wording in reworded.every)}
    )
    vectors = vectors_of(statements, embed)
    return Mixture(
        OpEdExamples(
            [
                prepared
                for prepared in prepare([*whole, *excerpts], count_tokens, embed)
                for _ in range(times_drawn(prepared.piece))
            ],
            vectors,
            rewordings=rewordings,
        ),
        InventedExamples(prepare(invented, count_tokens, embed), vectors),
        ShortExamples(stance_pairs(data, "train")),
        InferenceExamples(inference_pairs(data, "train")),
        seed=seed,
    )
