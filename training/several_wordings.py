"""Fitting how certain an answer to several wordings is, compared with the answer to each of them.

Two wordings that agree show a side more surely than one does: on pieces that training left out, the mean of two answers
is right for nine of ten sides, and its probability is eight of ten. The number that is fitted here mends this
(:attr:`models.answers.AnswerSettings.several_wordings`). Most statements of the labels have one other wording, so the
number is fitted on pairs, and is used for three and more wordings too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped,unused-ignore]  # no stubs of its own

from models import STANCES, Classifier, RawScore
from models.answers import AnswerSettings, probabilities
from models.interface import Target, Wording
from training.asking import stances_on
from training.opeds_data import Label, OpEd

#: Limits of the number.
_LEAST, _MOST = 1.0, 3.0


def ask_in_two_wordings(classifier: Classifier, pieces: Sequence[OpEd]) -> tuple[list[RawScore], list[int]]:
    """Read each piece for its labelled statements, each in two wordings.

    Returns
    -------
    raw, gold
        The raw scores of both wordings, and the right class as an index in STANCES. Statements without another wording,
        and those that the screen leaves out, have none.
    """
    asked = [(piece, [label for label in piece.labels if label.other_wording]) for piece in pieces]
    asked = [(piece, labels) for piece, labels in asked if labels]
    answers = stances_on(
        classifier, [(piece, [_in_two_wordings(label) for label in labels]) for piece, labels in asked]
    )
    raw: list[RawScore] = []
    gold: list[int] = []
    for (_, labels), stances in zip(asked, answers, strict=True):
        for label, answer in zip(labels, stances, strict=True):
            if answer.raw.wordings:
                raw.append(answer.raw)
                gold.append(STANCES.index(label.stance))
    return raw, gold


def _in_two_wordings(label: Label) -> Target:
    return Target(label.target, label.target, also=(Wording(label.other_wording or ""),))


def fit_several_wordings(raw: Sequence[RawScore], gold: Sequence[int], settings: AnswerSettings) -> float:
    """Find the number with the least log loss of the stance, given that the text shows one; 1 without any answer."""
    if not raw:
        return 1.0

    def loss(number: float) -> float:
        fitted = replace(settings, several_wordings=number)
        chances = np.stack([probabilities(raw_score, fitted) for raw_score in raw]).astype(np.float64)
        of_right = chances[np.arange(len(gold)), list(gold)] / chances.sum(axis=1)
        return float(-np.log(np.clip(of_right, 1e-7, 1.0)).mean())

    return float(minimize_scalar(loss, bounds=(_LEAST, _MOST), method="bounded").x)
