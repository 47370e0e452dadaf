"""Asking a model statements on real op-eds, and keeping each answer with the author's stance."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models import STANCES, TargetStance, load_classifier
from training.asking import stances_on
from training.opeds_data import Label, OpEd
from training.sides import likelier_side


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement asked of a piece, and the answer.

    ``kind`` is own, other (another wording of an own statement), bank, near or silent; ``label`` is None for the last
    two. ``weight`` is the number of statements that this one represents: only some of the silent ones are asked.
    """

    piece: OpEd
    kind: str
    label: Label | None
    answer: TargetStance
    weight: float = 1.0

    @property
    def gold(self) -> str:
        """The author's stance, or "silent"."""
        return self.label.stance if self.label else "silent"

    @property
    def side(self) -> str:
        """The likelier of the two sides, even if the answer states no side."""
        return likelier_side(self.answer)

    @property
    def p_side(self) -> float:
        """Probability of the likelier side."""
        return max(self.answer.p_favor, self.answer.p_against)

    @property
    def has_side(self) -> bool:
        """Whether the author takes a side."""
        return self.gold in STANCES[:2]

    @property
    def states_side(self) -> bool:
        """Whether the model states a side."""
        return self.answer.stance in STANCES[:2]


def ask(model: str, pieces: Sequence[OpEd], silent: int, stated_right: float) -> list[Asked]:
    """Ask each piece its labelled statements, and `silent` of the statements that it does not speak about."""
    classifier = load_classifier(model, stated_right=stated_right)
    rng = random.Random(11)
    asked = [(piece, list(_statements(piece, silent, rng))) for piece in pieces]
    answers = stances_on(
        classifier, [(piece, [statement[0] for statement in statements]) for piece, statements in asked]
    )
    return [
        Asked(piece, kind, label, answer, weight)
        for (piece, statements), stances in zip(asked, answers, strict=True)
        for (_, kind, label, weight), answer in zip(statements, stances, strict=True)
    ]


def _statements(
    piece: OpEd, silent: int, rng: random.Random
) -> Iterator[tuple[str, str, Label | None, float]]:
    for label in piece.labels:
        yield label.target, "own" if label.own else "bank", label, 1.0
        if label.other_wording:
            yield label.other_wording, "other", label, 1.0
    for statement in piece.near:
        yield statement, "near", None, 1.0
    chosen = rng.sample(piece.silent, min(silent, len(piece.silent)))
    for statement in chosen:
        yield statement, "silent", None, len(piece.silent) / len(chosen)
