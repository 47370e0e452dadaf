"""Pairs that nobody labelled, for a network that learns from a larger one's answers.

Labelled pairs are a text and a target that belong together, or ones that surely do not. In between lies most of what
is read in use: a passage of a whole piece asked about a matter next to its own. There no label follows from how a
pair is built, but a teacher has an answer.
"""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from training.compose import window
from training.corpus import Pair, Single
from training.mixture import Neighbours
from training.opeds import Asked, Piece, passage
from training.restate import restate

SOURCE = "unlabelled"
#: Shares of passages of articles, and of short arguments; what remains are passages of op-eds.
ARTICLES, ARGUMENTS = 0.45, 0.3
#: Cosines of two targets between which they are about the same matter, but not the same words.
NEAR, SAME = 0.4, 0.95


class Unlabelled:
    """Draws pairs without a label.

    Parameters
    ----------
    pairs, singles, opeds
        Train rows whose texts and targets are put together anew.
    neighbours
        Every distinct target and its vector.
    embed
        The untrained encoder, which tells what is near a passage.
    seed, passages
        Which passages of articles are drawn, and how many.
    """

    def __init__(
        self,
        pairs: Sequence[Pair],
        singles: Sequence[Single],
        opeds: Sequence[Piece],
        neighbours: Neighbours,
        embed: Callable[[Sequence[str]], NDArray[np.float32]],
        seed: int,
        passages: int = 6000,
    ) -> None:
        self._targets, self._vectors = neighbours.targets, neighbours.target_vectors
        self._place = {target: place for place, target in enumerate(self._targets)}
        self._arguments = [
            pair for pair in pairs if pair.stance in (0, 1) and not pair.source.startswith("manifesto")
        ]
        self._passages = _passages_of_articles(singles, passages, seed)
        self._passage_vectors = embed(self._passages)
        self._opeds = _asked_of_others(opeds)

    def __call__(self, rng: random.Random) -> Pair:
        """Draw a pair whose stance and relevance nobody knows."""
        draw = rng.random()
        if draw < ARTICLES and self._passages:
            pair = self._article(rng)
        elif draw < ARTICLES + ARGUMENTS or not self._opeds:
            pair = self._argument(rng)
        else:
            pair = self._oped(rng)
        return pair.having(target=restate(pair.target, rng)[0]) if rng.random() < 0.3 else pair

    def _article(self, rng: random.Random) -> Pair:
        """Pair a passage of an article with one of the targets nearest to it."""
        number = rng.randrange(len(self._passages))
        likeness = self._vectors @ self._passage_vectors[number]
        target = self._targets[rng.choice(np.argsort(-likeness)[:30].tolist())]
        return Pair(target, self._passages[number], None, None, SOURCE)

    def _argument(self, rng: random.Random) -> Pair:
        """Pair a short argument with a target of others about the same matter."""
        pair = rng.choice(self._arguments)
        likeness = self._vectors @ self._vectors[self._place[pair.target]]
        near = np.flatnonzero((likeness > NEAR) & (likeness < SAME)).tolist()
        target = self._targets[rng.choice(near)] if near else pair.target
        return Pair(target, pair.text, None, None, SOURCE)

    def _oped(self, rng: random.Random) -> Pair:
        """Pair a passage of an op-ed with what was asked of another piece on its subject."""
        piece, others = rng.choice(self._opeds)
        asked = Asked(rng.choice(others), "neutral", (None,) * len(piece.paragraphs))
        read = passage(piece, asked, rng.randrange(len(piece.paragraphs)), rng)
        return read.having(stance=None, about=None)


def _asked_of_others(opeds: Sequence[Piece]) -> list[tuple[Piece, list[str]]]:
    """Find the targets of each piece's subject that it was not asked itself; most are asked of all its pieces."""
    asked: dict[str, set[str]] = defaultdict(set)
    for piece in opeds:
        asked[piece.subject].update(one.target for one in piece.targets)
    found = [(piece, asked[piece.subject] - {one.target for one in piece.targets}) for piece in opeds]
    return [(piece, sorted(others)) for piece, others in found if others]


def _passages_of_articles(singles: Sequence[Single], count: int, seed: int) -> list[str]:
    """Cut a window from each of some articles at random, commentary and reports."""
    rng = random.Random(f"{seed}:articles")
    articles = [single.text for single in singles if single.source.startswith("allsides")]
    rng.shuffle(articles)
    windows = (window(text, rng) for text in articles[:count])
    return [text for text in windows if len(text.split()) > 8]
