"""The training stream: which examples come when, as a pure function of the seed and the block number.

A block is a few thousand examples, cut into batches of similar length. Every source runs through its rows in a
new random order each epoch; what is built (restated targets, mismatches, quotations) is drawn by a generator
seeded with the block number. So a run resumed at block *k* sees what an uninterrupted one would have seen.
"""

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from training import compose
from training.corpus import Pair, Single
from training.opeds import STYLES, Piece, Style, passage, places
from training.restate import negate, restate, subject_of

Row = TypeVar("Row")

#: Share of pair examples by source: (while warming up, afterwards).
PAIR_SHARES: Mapping[str, tuple[float, float]] = {
    "nli": (0.40, 0.10),
    "vast": (0.06, 0.19),
    "room_for_debate": (0.02, 0.06),
    "procon20": (0.02, 0.16),
    "ibm_arg_30k": (0.18, 0.19),
    "perspectrum": (0.14, 0.14),
    "newsmtsc": (0.04, 0.08),
    "semeval2016": (0.00, 0.01),
    "manifesto": (0.00, 0.00),
    "plain": (0.00, 1.00),
    "oblique": (0.00, 0.10),
    "rivalry": (0.00, 0.50),
    "composed": (0.03, 0.07),
    "mismatch": (0.07, 0.06),
    "mention": (0.05, 0.04),
    "empty": (0.004, 0.003),
    "unlabelled": (0.00, 0.60),
}
#: Chance that a target is put in another form (the label follows), once the model can tell sides at all. Denied
#: targets take away every short cut from words to labels; from the start they keep a small model from learning.
RESTATED = {
    "ibm_arg_30k": 0.35,
    "perspectrum": 0.3,
    "procon20": 0.35,
    "room_for_debate": 0.2,
    "vast": 0.06,
    "nli": 0.1,
}
#: What is left of that chance in the first blocks.
CALM = 0.2


@dataclass(slots=True)
class Carousel(Generic[Row]):
    """Rows in a new random order each epoch, addressable by position."""

    rows: Sequence[Row]
    name: str
    seed: int
    _order: dict[int, list[int]] = field(default_factory=dict)

    def at(self, position: int) -> Row:
        """Return the row at a position of the endless sequence."""
        epoch, place = divmod(position, len(self.rows))
        if epoch not in self._order:
            order = list(range(len(self.rows)))
            random.Random(f"{self.seed}:{self.name}:{epoch}").shuffle(order)
            self._order = {epoch: order}
        return self.rows[self._order[epoch][place]]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Vectors of the untrained encoder, to find what is near a target.

    Attributes
    ----------
    targets, target_vectors
        Every distinct target of the stance data and its unit vector.
    reports, report_vectors
        Passages of news reports and their unit vectors.
    """

    targets: list[str]
    target_vectors: NDArray[np.float32]
    reports: list[str]
    report_vectors: NDArray[np.float32]


class Mixture:
    """All sources together.

    Parameters
    ----------
    pairs, nli, singles
        Train rows.
    neighbours
        What is near what; see :class:`Neighbours`.
    seed
        Everything drawn follows from it.
    block_size
        Examples a block.
    warm_blocks
        Blocks of the first phase, which is mostly inference pairs and short arguments.
    calm_blocks
        Blocks in which targets are seldom put in another form.
    opeds
        Whole op-eds of our own (:mod:`training.opeds`). Oblique ones are few: more of them taught a small
        network only to be unsure.
    unlabelled
        Draws pairs that nobody labelled, for a network that has a teacher (:mod:`training.unlabelled`).
    """

    def __init__(
        self,
        pairs: Sequence[Pair],
        nli: Sequence[Pair],
        singles: Sequence[Single],
        neighbours: Neighbours,
        *,
        seed: int,
        block_size: int = 4096,
        warm_blocks: int = 4,
        calm_blocks: int = 6,
        opeds: Sequence[Piece] = (),
        unlabelled: Callable[[random.Random], Pair] | None = None,
    ) -> None:
        self.calm_blocks = calm_blocks
        self.seed, self.block_size, self.warm_blocks = seed, block_size, warm_blocks
        self.neighbours = neighbours
        self._target_index = {target: i for i, target in enumerate(neighbours.targets)}
        grouped: dict[str, list[Pair]] = defaultdict(list)
        for pair in pairs:
            grouped["manifesto" if pair.source.startswith("manifesto") else pair.source].append(pair)
        grouped["nli"] = list(nli)
        self._pairs = {
            name: Carousel(rows, name, seed) for name, rows in grouped.items() if name in PAIR_SHARES
        }
        self._opeds = opeds
        self._places = {
            style: Carousel(rows, style, seed) for style in STYLES if (rows := places(opeds, style))
        }
        self._debates = _debates(pairs)
        self._statements = sorted(
            {pair.target for pair in pairs if pair.source in RESTATED and pair.source != "vast"}
        )
        self._texts = [pair for pair in pairs if pair.source != "manifesto" and len(pair.text.split()) > 3]
        self._articles = [
            single.text for single in singles if single.opinion is not None or single.topics is None
        ]
        self._build: Mapping[str, Callable[[random.Random], Pair]] = {
            "composed": self._composed,
            "mismatch": self._mismatch,
            "mention": self._mention,
            "empty": self._empty,
        } | ({"unlabelled": unlabelled} if unlabelled is not None else {})

    def _count(self, name: str, block: int) -> int:
        there = {*self._pairs, *self._build, *self._places}
        available = {name: shares for name, shares in PAIR_SHARES.items() if name in there}
        phase = 0 if block < self.warm_blocks else 1
        total = sum(share[phase] for share in available.values())
        return round((available[name][phase] if name in available else 0.0) / total * self.block_size)

    def _start(self, name: str, block: int) -> int:
        warm = min(block, self.warm_blocks)
        return warm * self._count(name, 0) + (block - warm) * self._count(name, self.warm_blocks)

    def block(self, number: int) -> list[Pair]:
        """Pairs of block `number`; the same for the same seed, whatever came before."""
        rng = random.Random(f"{self.seed}:block:{number}")
        calm = CALM if number < self.calm_blocks else 1.0
        pairs: list[Pair] = []
        for name, carousel in self._pairs.items():
            start = self._start(name, number)
            positions = range(start, start + self._count(name, number))
            pairs.extend(self._vary(carousel.at(position), name, calm, rng) for position in positions)
        for name, build in self._build.items():
            pairs.extend(build(rng) for _ in range(self._count(name, number)))
        for style in self._places:
            start = self._start(style, number)
            positions = range(start, start + self._count(style, number))
            pairs.extend(self._oped(style, position, rng) for position in positions)
        return pairs

    def _oped(self, style: Style, position: int, rng: random.Random) -> Pair:
        """Take a passage of an op-ed with a target asked of it or, now and then, one asked of another subject."""
        number, asked, paragraph = self._places[style].at(position)
        piece = self._opeds[number]
        pair = passage(piece, piece.targets[asked], paragraph, rng)
        if rng.random() < 0.12:
            other = rng.choice(self._opeds)
            if other.subject != piece.subject:
                pair = pair.having(target=rng.choice(other.targets).target, stance=2, about=0.0)
        return self._restated(pair, 0.25, rng)

    def _vary(self, pair: Pair, name: str, calm: float, rng: random.Random) -> Pair:
        if name in RESTATED and rng.random() < RESTATED[name] * calm:
            target, flipped = restate(pair.target, rng)
            pair = pair.having(target=target, stance=_flip(pair.stance) if flipped else pair.stance)
        if name == "nli" and rng.random() < 0.15 * calm and pair.stance == 0 and len(pair.target.split()) > 4:
            # the denial of what follows from a text contradicts it
            said = negate(pair.target)
            return pair.having(target=said[0], stance=1) if said is not None else pair
        return pair

    def _restated(self, pair: Pair, chance: float, rng: random.Random) -> Pair:
        if rng.random() >= chance:
            return pair
        target, flipped = restate(pair.target, rng)
        return pair.having(target=target, stance=_flip(pair.stance) if flipped else pair.stance)

    def _composed(self, rng: random.Random) -> Pair:
        favor, against = rng.choice(self._debates)
        author, opponent = (favor, against) if rng.random() < 0.5 else (against, favor)
        mine, theirs = rng.choice(author), rng.choice(opponent)
        draw = rng.random()
        if draw < 0.27:
            built = compose.rebuttal(mine, theirs, rng)
        elif draw < 0.47:
            built = compose.concession(mine, theirs, rng)
        elif draw < 0.62:
            built = compose.both_sides(mine, theirs, rng)
        elif draw < 0.82:
            built = compose.several(rng.sample(author, k=min(len(author), rng.randint(2, 3))))
        else:
            filler = compose.sentences(rng.choice(self.neighbours.reports))[: rng.randint(1, 2)]
            built = compose.surrounded(mine, filler, rng)
        return self._restated(built, 0.5, rng)

    def _mismatch(self, rng: random.Random) -> Pair:
        """Pair a text with a target it does not speak about: anybody's, or one near the text's own."""
        pair = rng.choice(self._texts)
        text, own = pair.text, self._target_index[pair.target]
        if rng.random() < 0.2:
            text = compose.window(rng.choice(self._articles), rng)
            own = -1
        target = rng.choice(self._statements if rng.random() < 0.6 else self.neighbours.targets)
        about: float | None = 0.0
        if own >= 0:
            vectors = self.neighbours.target_vectors
            if rng.random() < 0.35:
                near = np.argsort(-(vectors @ vectors[own]))[1:60]
                fitting = [i for i in near if 0.15 < float(vectors[i] @ vectors[own]) < 0.42]
                if fitting:
                    target = self.neighbours.targets[rng.choice(fitting)]
            likeness = float(vectors[own] @ vectors[self._target_index[target]])
            if likeness > 0.45:  # perhaps the same issue: the label would be a guess
                return self._mismatch(rng)
            about = 0.0 if likeness < 0.3 else None
        target, _ = restate(target, rng) if rng.random() < 0.3 else (target, False)
        return Pair(target=target, text=text, stance=2, about=about, source="mismatch")

    def _mention(self, rng: random.Random) -> Pair:
        """Pair a target with a text that names its subject and takes no side."""
        if rng.random() < 0.3:
            for _ in range(20):
                target = rng.choice(self._statements)
                if (subject := subject_of(target)) is not None:
                    built = compose.mention(target, subject, rng)
                    if rng.random() < 0.4:
                        filler = compose.sentences(rng.choice(self.neighbours.reports))[:1]
                        built = compose.surrounded(built, filler, rng).having(source="mention_built")
                    return self._restated(built, 0.4, rng)
        for _ in range(50):
            target = rng.choice(self._statements if rng.random() < 0.7 else self.neighbours.targets)
            likeness = (
                self.neighbours.report_vectors @ self.neighbours.target_vectors[self._target_index[target]]
            )
            nearest = np.argsort(-likeness)[:8] if len(likeness) <= 8 else np.argpartition(-likeness, 8)[:8]
            fitting = [i for i in nearest if likeness[i] > 0.45]
            if fitting:
                found = rng.choice(fitting)
                about = 1.0 if likeness[found] > 0.5 else None
                pair = Pair(target, self.neighbours.reports[found], 2, about, "mention_found", 0.7)
                return self._restated(pair, 0.4, rng)
        return self._empty(rng)

    def _empty(self, rng: random.Random) -> Pair:
        return Pair("", rng.choice(self._texts).text, 2, 0.0, "empty")


def _flip(stance: int | None) -> int | None:
    return {0: 1, 1: 0}.get(stance, stance) if stance is not None else None


def _debates(pairs: Sequence[Pair]) -> list[tuple[list[Pair], list[Pair]]]:
    """Short arguments on targets with at least two on either side."""
    by_target: dict[str, tuple[list[Pair], list[Pair]]] = defaultdict(lambda: ([], []))
    for pair in pairs:
        if pair.source in {"ibm_arg_30k", "perspectrum"} and pair.stance in (0, 1):
            by_target[pair.target][pair.stance].append(pair)
    kept = [sides for _, sides in sorted(by_target.items()) if min(map(len, sides)) >= 2]
    # a motion with hundreds of arguments counts for more than a claim with four, but not by its full size
    return [sides for sides in kept for _ in range(max(1, round(len(sides[0] + sides[1]) ** 0.5 / 2)))]
