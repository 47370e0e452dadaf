"""Test sets built from the dev splits for what a single-target test cannot show.

Each asks the same kind of question with something changed that must change the answer, or must not: another
target, no target, the target denied, a text that only mentions the subject, a text that quotes the other side.
Their sentence patterns are not those used for training (:mod:`training.compose`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.compose import capital, fill, sentences
from training.corpus import Pair, Single
from training.figures import Array
from training.neighbours import REPORTING
from training.restate import negate, subject_of

DEV_MENTIONS = (
    "{0} will be the subject of a public meeting at the town hall on Thursday evening.",
    "The documentary follows five families and looks at {0} from several angles.",
    "A spokeswoman said the ministry had received 340 letters about {0} since January.",
    "Parliament will vote on a bill concerning {0} before the summer recess.",
    "This article explains what {0} means and how the rules came about.",
    "Researchers interviewed 60 officials about {0}; their findings appear in this month's journal.",
    "The editors have asked two experts to write about {0}, and their replies will be printed on Sunday.",
    "{0} came up twice in last night's debate.",
)
DEV_REBUTTALS = (
    "My opponents maintain that {0} They could hardly be more mistaken. {1}",
    'We are told, again and again, "{0}" That argument collapses on inspection: {1}',
    "{1} Anyone who claims that {0} has not looked at the facts.",
)
DEV_CONCESSIONS = (
    "One must admit that {0} And yet {1}",
    "There is something to the argument that {0} All the same, {1}",
    "No doubt {0} Nonetheless, {1}",
)
DEV_REPORTS = (
    "The hearing lasted four hours. Witnesses for one side said {0} Witnesses for the other said {1}",
    'Asked for her view, one resident said: "{0}" Her neighbor disagreed: "{1}"',
)


@dataclass(frozen=True, slots=True)
class Trap:
    """A set of pairs with the answer each must get; `original` holds the unchanged pairs where that matters."""

    pairs: list[Pair]
    original: list[Pair] | None = None


def _sided(pairs: Sequence[Pair]) -> list[Pair]:
    return [
        pair
        for pair in pairs
        if pair.stance in (0, 1) and not pair.source.startswith(("manifesto", "semeval"))
    ]


def some_of_each_source(pairs: Sequence[Pair], per_source: int, rng: random.Random) -> list[Pair]:
    """Draw at most `per_source` pairs of each source."""
    by_source: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_source.setdefault(pair.source, []).append(pair)
    return [
        pair for _, rows in sorted(by_source.items()) for pair in rng.sample(rows, min(per_source, len(rows)))
    ]


def swapped(
    pairs: Sequence[Pair], likeness: Mapping[tuple[str, str], float] | None, rng: random.Random
) -> Trap:
    """Targets exchanged among texts of the same source, so that the form of the target gives nothing away.

    `likeness` gives the cosine of two targets; pairs of targets above 0.3 are not exchanged.
    """
    original = some_of_each_source(_sided(pairs), 250, rng)
    out = []
    for pair in original:
        pool = sorted(
            {
                other.target
                for other in original
                if other.source == pair.source and other.target != pair.target
            }
        )
        rng.shuffle(pool)
        for target in pool:
            if likeness is None or likeness.get((pair.target, target), 0.0) < 0.3:
                out.append(pair.having(target=target, stance=2, about=0.0))
                break
    return Trap(out)


def removed(pairs: Sequence[Pair], rng: random.Random) -> Trap:
    """No target at all."""
    return Trap(
        [p.having(target="", stance=2, about=0.0) for p in some_of_each_source(_sided(pairs), 100, rng)]
    )


def negated(pairs: Sequence[Pair], rng: random.Random) -> Trap:
    """Statements denied, where grammar makes that safe; the stance must turn round."""
    fitting = [pair for pair in _sided(pairs) if negate(pair.target) is not None]
    original = some_of_each_source(fitting, 500, rng)
    turned = []
    for pair in original:
        said = negate(pair.target)
        assert said is not None and pair.stance is not None
        turned.append(pair.having(target=said[0], stance=1 - pair.stance))
    return Trap(turned, original)


def mentions_built(pairs: Sequence[Pair], rng: random.Random) -> Trap:
    """Sentences that name the subject of a statement and take no side."""
    out: list[Pair] = []
    for target in sorted(
        {p.target for p in _sided(pairs) if p.source in {"ibm_arg_30k", "perspectrum", "procon20"}}
    ):
        subject = subject_of(target)
        if subject is None:
            continue
        for pattern in rng.sample(DEV_MENTIONS, 3):
            text = capital(pattern.format(subject))
            out.append(Pair(target, text, 2, 1.0, "mention_built"))
    return Trap(out)


def mentions_found(
    targets: Sequence[str],
    target_vectors: Array,
    passages: Sequence[str],
    passage_vectors: Array,
    floor: float = 0.42,
) -> Trap:
    """News passages of held-out outlets whose subject is near that of a statement."""
    out: list[Pair] = []
    for i, target in enumerate(targets):
        likeness = passage_vectors @ target_vectors[i]
        near = [found for found in np.argsort(-likeness)[:3] if likeness[found] >= floor]
        out.extend(Pair(target, passages[int(found)], 2, 1.0, "mention_found") for found in near)
    return Trap(out)


def dev_passages(singles: Sequence[Single]) -> list[str]:
    """Two-sentence passages of dev news articles and front-page headlines."""
    out: list[str] = []
    for single in singles:
        if single.source == "us_bills" or single.opinion == 1.0:
            continue
        if single.source != "nyt_front_page" and single.source not in REPORTING and single.opinion is None:
            continue
        parts = [part for part in sentences(single.text) if 6 <= len(part.split()) <= 60]
        out.extend(" ".join(parts[i : i + 2]) for i in range(0, min(len(parts), 6), 2))
    return out


def quoted(pairs: Sequence[Pair], rng: random.Random, count: int = 300) -> dict[str, Trap]:
    """Rebuttals, concessions and reports of both sides, from dev arguments on the same target."""
    sides: dict[str, tuple[list[Pair], list[Pair]]] = {}
    for pair in pairs:
        if pair.source in {"ibm_arg_30k", "perspectrum"} and pair.stance in (0, 1):
            sides.setdefault(pair.target, ([], []))[pair.stance].append(pair)
    debates = [both for _, both in sorted(sides.items()) if both[0] and both[1]]
    out: dict[str, list[Pair]] = {"rebuttal": [], "concession": [], "both_sides": []}
    for name, patterns in (
        ("rebuttal", DEV_REBUTTALS),
        ("concession", DEV_CONCESSIONS),
        ("both_sides", DEV_REPORTS),
    ):
        for _ in range(count):
            favor, against = rng.choice(debates)
            mine, theirs = rng.choice(favor), rng.choice(against)
            if rng.random() < 0.5:
                mine, theirs = theirs, mine
            text = fill(rng.choice(patterns), theirs.text, mine.text)
            out[name].append(
                mine.having(text=text, stance=2 if name == "both_sides" else mine.stance, source=name)
            )
    return {name: Trap(rows) for name, rows in out.items()}
