"""Asking a classifier statements of op-eds, some pieces at a time, by the same door as everything else."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from models import Classifier, Document, Target, TargetStance
from training.opeds_data import OpEd

log = logging.getLogger("training.asking")

#: Pieces read at once: an answer does not depend on it, memory does.
AT_ONCE = 16


def stances_on(
    classifier: Classifier, asked: Sequence[tuple[OpEd, Sequence[str]]]
) -> Iterator[tuple[TargetStance, ...]]:
    """Read pieces, each with its statements; give the answers to these, piece by piece, in their order."""
    for at in range(0, len(asked), AT_ONCE):
        some = asked[at : at + AT_ONCE]
        readings = classifier.read(
            [Document(piece.id, piece.text, piece.title) for piece, _ in some],
            [[Target(statement, statement) for statement in statements] for _, statements in some],
            with_topics=False,
        )
        yield from (reading.stances for reading in readings)
        log.info("%d of %d pieces read", at + len(some), len(asked))
