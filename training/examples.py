"""Choosing the statements for op-eds in training: labelled statements, and statements that a piece is silent on."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from models import STANCES
from models.calibration import Floats
from training.excerpts import BANK as EXCERPT_BANK
from training.excerpts import SHORT
from training.hashes import number_of
from training.opeds_data import Label, OpEd
from training.packing import Prepared, own_statements_of, wordings_of
from training.rewordings import NONE, Rewordings
from training.sides import OTHER_SIDE

#: Sizes of packs, in tokens. They differ so that the network does not depend on one size; small ones are cheaper.
PACK_TOKENS = (110, 140, 170, 210, 300)
#: Share of the statements with another wording that are asked in both wordings, so that the answers can be compared.
BOTH_WORDINGS = 0.7
#: Probability that the denial of a labelled statement is asked too, if one was written; and probability that a silent
#: statement is replaced by one of its other wordings or denials, if it has any.
DENIED, REWORDED = 0.35, 0.6
#: Share of the labelled statements whose passages are chosen by both wordings, as a target's aliases are used.
ALIASED = 0.15
#: Probability that a labelled statement is asked when its piece is drawn: for statements that were written for the
#: piece, and for general ones. The network learns more from few statements on many pieces than from many on few.
OWN, GENERAL = 0.3, 0.45
#: Probability that a statement with a phrase is replaced by it; also for silent statements from other pieces.
PHRASED = 0.4
#: Probability that a near statement is asked.
NEAR = 0.2
#: Of the statements that a piece is silent on, some of the hardest are asked: those that were asked one by one, or else
#: those of the bank that are nearest to one of its passages. Number of the hardest, number of those asked, and
#: probability that one of the bank's other statements is asked too.
HARDEST, HARD, EASY = 8, 2, 0.15
#: Probability that a statement is asked on which the piece is silent and a network wrongly saw a stance.
MISTAKEN = 0.6
#: How many times a piece is drawn in an epoch: an excerpt and a short text, which have fewer labels than a whole
#: piece; a whole piece with many statements on which a network wrongly saw a stance; how many are many; a whole piece
#: with statements that were written for excerpts and comments; and a whole piece with statements in the words of a
#: user. Others: once.
EXCERPT_DRAWN, SHORT_DRAWN, MISTAKEN_DRAWN, MANY_MISTAKEN, MENTIONED_DRAWN = 5, 1, 4, 3, 6
IN_USER_WORDS_DRAWN = 12
#: A piece is silent on statements written for other pieces too. It may speak about the nearest all the same, and the
#: most distant teach nothing, so they are drawn from these ranks in order of nearness. Then the probability that one
#: is asked, and its weight.
OTHERS = (250, 4000)
OTHER, OTHER_WEIGHT = 0.25, 0.6
#: Training uses one in this many of the reports and other pieces, because most of their labels are neutral.
ONE_OF_OTHER_KINDS = 4


@dataclass(frozen=True, slots=True)
class Example:
    """A text with a target, and the answers that the network should give.

    Attributes
    ----------
    target, text
        The two inputs of the network.
    stance
        Index into ``models.STANCES``; None if the text does not speak about the target. There is one exception: the
        neutral texts of VAST count as not speaking about it (`about` is 0), and have the index of neutral.
    about
        1 if the text shows a stance on the target, 0 if it does not speak about it, None if it is not known.
    starts
        Offsets of the starts of the sentences in `text`, in characters; empty if the evidence is not known.
    shown
        For each sentence, whether it lies in a paragraph that shows the stance.
    weight
        Weight of the stance and of the relevance of this example in the loss.
    """

    target: str
    text: str
    stance: int | None
    about: float | None
    starts: tuple[int, ...] = ()
    shown: tuple[bool, ...] = ()
    weight: float = 1.0


#: One example, or two with the two wordings of a statement; they stay in one batch.
Group: TypeAlias = tuple[Example, ...]


def labelled_example(
    one: Prepared, label: Label, wording: str, vector: Floats, rng: random.Random
) -> Example:
    """Make an example of a labelled statement in one wording; its pack shows the stance and has a random size."""
    packed = one.pack_showing(wording, vector, rng.choice(PACK_TOKENS), label.paragraphs)
    stance = STANCES.index(label.stance)
    if not label.paragraphs:
        return Example(wording, packed.text, stance, 1.0)
    return Example(wording, packed.text, stance, 1.0, packed.starts, one.shown_by(packed, label.paragraphs))


def silent_example(
    one: Prepared, statement: str, vector: Floats, rng: random.Random, weight: float = 1.0
) -> Example:
    """Make an example of a statement that the piece does not speak about; its pack has a random size."""
    packed = one.pack(statement, vector, rng.choice(PACK_TOKENS))
    return Example(statement, packed.text, None, 0.0, weight=weight)


def denied(label: Label) -> Label:
    """Return the label of the denial of a statement: the opposite side."""
    return replace(label, stance=OTHER_SIDE.get(label.stance, label.stance))


class OpEdExamples:
    """Draws examples from op-eds.

    Parameters
    ----------
    pieces
        The op-eds, cut into passages.
    vectors
        Embedding [hidden] of every statement that can be asked.
    others
        Ranks, in order of nearness, from which the statements written for other pieces are drawn.
    rewordings
        Other wordings, denials and phrases of statements, by statement.
    """

    def __init__(
        self,
        pieces: Sequence[Prepared],
        vectors: Mapping[str, Floats],
        others: tuple[int, int] = OTHERS,
        rewordings: Mapping[str, Rewordings] = MappingProxyType({}),
    ) -> None:
        self._pieces, self._vectors, self._others = pieces, vectors, others
        self._rewordings = rewordings
        self._own = own_statements_of([prepared.piece for prepared in pieces])
        self._own_vectors = self._stacked(self._own)

    def __len__(self) -> int:
        return len(self._pieces)

    def of_piece(self, number: int, rng: random.Random) -> list[Group]:
        """Draw examples from one piece."""
        prepared = self._pieces[number]
        groups = [
            group
            for label in prepared.piece.labels
            if rng.random() < (OWN if label.own else GENERAL)
            for group in self._labelled(prepared, label, rng)
        ]
        groups += [
            self._silent(prepared, self._reworded(near, rng), rng)
            for near in (*prepared.piece.near, *prepared.piece.mentioned)
            if rng.random() < NEAR
        ]
        groups += [self._silent(prepared, statement, rng) for statement in self._of_bank(prepared, rng)]
        if prepared.piece.kind == "opinion":
            groups += [
                self._silent(prepared, statement, rng, OTHER_WEIGHT)
                for statement in self._of_others(prepared, rng)
            ]
        return groups

    def _labelled(self, prepared: Prepared, label: Label, rng: random.Random) -> list[Group]:
        reworded = self._rewordings.get(label.target, NONE)
        if reworded.phrases and rng.random() < PHRASED:
            phrase = rng.choice(reworded.phrases)
            right = denied(label) if phrase in reworded.opposed else label
            return [(labelled_example(prepared, right, phrase, self._vectors[phrase], rng),)]
        known = (*wordings_of(label), *reworded.same)
        both = len(known) > 1 and rng.random() < BOTH_WORDINGS
        wordings = rng.sample(known, 2 if both else 1)
        vectors = [self._vectors[wording] for wording in wordings]
        if rng.random() < ALIASED:  # a target's aliases choose passages too, beside the wording that is asked
            vectors = [
                self._stacked(list(dict.fromkeys((wording, *wordings_of(label))))) for wording in wordings
            ]
        groups: list[Group] = [
            tuple(
                labelled_example(prepared, label, wording, vector, rng)
                for wording, vector in zip(wordings, vectors, strict=True)
            )
        ]
        if reworded.denials and rng.random() < DENIED:
            denial = rng.choice(reworded.denials)
            groups.append((labelled_example(prepared, denied(label), denial, self._vectors[denial], rng),))
        return groups

    def _silent(self, prepared: Prepared, statement: str, rng: random.Random, weight: float = 1.0) -> Group:
        return (silent_example(prepared, statement, self._vectors[statement], rng, weight),)

    def _of_bank(self, prepared: Prepared, rng: random.Random) -> list[str]:
        hard, rest = list(prepared.piece.hard), list(prepared.piece.silent)
        if rest and not hard:
            order = [rest[row] for row in self._nearest_first(prepared, self._stacked(rest))]
            hard, rest = order[:HARDEST], order[HARDEST:]
        asked = rng.sample(hard, min(HARD, len(hard)))
        if rest and rng.random() < EASY:
            asked.append(rng.choice(rest))
        asked += [statement for statement in prepared.piece.mistaken if rng.random() < MISTAKEN]
        return [self._reworded(statement, rng) for statement in asked]

    def _reworded(self, statement: str, rng: random.Random) -> str:
        sentences = self._rewordings.get(statement, NONE).sentences
        return rng.choice(sentences) if sentences and rng.random() < REWORDED else statement

    def _phrased(self, statement: str, rng: random.Random) -> str:
        phrases = self._rewordings.get(statement, NONE).phrases
        return rng.choice(phrases) if phrases and rng.random() < PHRASED else statement

    def _of_others(self, prepared: Prepared, rng: random.Random) -> list[str]:
        if rng.random() >= OTHER or not self._own:
            return []
        asked_here = {wording for label in prepared.piece.labels for wording in wordings_of(label)}
        rows = self._nearest_first(prepared, self._own_vectors)[slice(*self._others)]
        statements = [self._own[row] for row in rows if self._own[row] not in asked_here]
        return [self._phrased(rng.choice(statements), rng)] if statements else []

    @staticmethod
    def _nearest_first(prepared: Prepared, statements: Floats) -> list[int]:
        likeness = (prepared.embeddings @ statements.T).max(axis=0)
        return [int(row) for row in np.argsort(-likeness, kind="stable")]

    def _stacked(self, statements: Sequence[str]) -> Floats:
        return (
            np.stack([self._vectors[statement] for statement in statements])
            if statements
            else np.zeros((0, 0), np.float32)
        )


def times_drawn(piece: OpEd) -> int:
    """Return how many times a piece is drawn in an epoch."""
    if piece.bank == EXCERPT_BANK:
        return SHORT_DRAWN if piece.outlet in SHORT else EXCERPT_DRAWN
    if piece.in_user_words:
        return IN_USER_WORDS_DRAWN
    if piece.mentioned:  # as all whole pieces with such statements have
        return MENTIONED_DRAWN
    return MISTAKEN_DRAWN if len(piece.mistaken) >= MANY_MISTAKEN else 1


def training_pieces(pieces: Sequence[OpEd], left_out: frozenset[str]) -> list[OpEd]:
    """Return the pieces without those left out, those without a text, and most of those that are not opinion."""
    return [
        piece
        for piece in pieces
        if piece.id not in left_out
        and piece.text.strip()
        and (piece.kind == "opinion" or number_of(piece.id) % ONE_OF_OTHER_KINDS == 0)
    ]
