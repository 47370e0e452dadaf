"""The examples of benchmarks of pair networks: packs of dev op-eds that take a side, and short arguments of dev."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

from models import STANCES
from models.folder import open_text_graph
from models.packs import PACK_TOKENS
from training.corpus import Pair, stance_pairs
from training.embeddings import embedder, vectors_of
from training.examples import Example
from training.opeds_data import read_opeds
from training.packing import prepare, statements_of

#: Name of the source "op-eds"; the other sources are named as in ``stance.parquet``.
OPEDS = "real op-eds"
#: Banks whose dev pieces are used for choices between networks.
_BANKS = "ab"


def dev_examples(data: Path, texts: Path, pieces: int, rows: int) -> list[tuple[str, Example]]:
    """Draw examples, each with its source; the same ones each time.

    Parameters
    ----------
    data
        Folder with opeds.parquet and stance.parquet.
    texts
        Model folder whose text graph chooses the passages of packs.
    pieces
        Number of dev op-eds; each is asked all statements on which its author takes a side.
    rows
        Number of short arguments of each source.
    """
    rng = random.Random(0)
    every = read_opeds(data, "dev", banks=_BANKS)
    drawn = rng.sample(every, min(pieces, len(every)))
    encoder = open_text_graph(texts)
    embed, statements = embedder(encoder), statements_of(drawn)
    vectors = vectors_of(statements, embed)
    examples = [
        (
            OPEDS,
            Example(
                label.target,
                prepared.pack(label.target, vectors[label.target], PACK_TOKENS).text,
                STANCES.index(label.stance),
                1.0,
            ),
        )
        for prepared in prepare(drawn, encoder, embed)
        for label in prepared.piece.labels
        if label.stance != "neutral"
    ]
    by_source: dict[str, list[Pair]] = defaultdict(list)
    for pair in stance_pairs(data, "dev"):
        by_source[pair.source].append(pair)
    for source, pairs in sorted(by_source.items()):
        examples += [
            (source, Example(pair.target, pair.text, pair.stance, pair.about))
            for pair in rng.sample(pairs, min(rows, len(pairs)))
        ]
    return examples
