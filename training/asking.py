"""Asking a classifier about statements on op-eds, some pieces at a time, through the usual interface of classifiers."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from models import Classifier, Document, Target, TargetStance
from training.opeds_data import OpEd

log = logging.getLogger("training.asking")

#: Number of pieces that are read together. It affects the memory needed, and not the answers.
AT_ONCE = 16


def stances_on(
    classifier: Classifier, asked: Sequence[tuple[OpEd, Sequence[Target | str]]]
) -> Iterator[tuple[TargetStance, ...]]:
    """Read pieces, each with its targets or statements; yield the answers to those of each piece, in their order."""
    for start in range(0, len(asked), AT_ONCE):
        part = asked[start : start + AT_ONCE]
        readings = classifier.read(
            [Document(piece.id, piece.text, piece.title) for piece, _ in part],
            [[_as_target(question) for question in questions] for _, questions in part],
            with_topics=False,
        )
        yield from (reading.stances for reading in readings)
        log.info("%d of %d pieces read", start + len(part), len(asked))


def _as_target(question: Target | str) -> Target:
    return Target(question, question) if isinstance(question, str) else question
